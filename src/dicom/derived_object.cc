#include "dicom/derived_object.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include "base/error.h"
#include "base/files.h"
#include "dicom/attributes.h"
#include "dicom/dcmtk_setup.h"
#include "dicom/derived_items.h"
#include "dicom/load.h"
#include "dicom/outline_tags.h"
#include "dicom/put.h"
#include "dicom/save_file.h"

namespace parotis::dicom {
namespace {

// Type 2 attributes of patient and study: there even when nothing is known.
const std::array kDemanded = {DCM_PatientName, DCM_PatientID,       DCM_PatientBirthDate,
                              DCM_PatientSex,  DCM_StudyDate,       DCM_StudyTime,
                              DCM_StudyID,     DCM_AccessionNumber, DCM_ReferringPhysicianName};
// The others, copied where they are.
const std::array kCopied = {DCM_SpecificCharacterSet,
                            DCM_StudyInstanceUID,
                            DCM_StudyDescription,
                            DCM_IssuerOfPatientID,
                            DCM_IssuerOfPatientIDQualifiersSequence,
                            DCM_PatientBirthTime,
                            DCM_OtherPatientIDsSequence,
                            DCM_OtherPatientNames,
                            DCM_PatientIdentityRemoved,
                            DCM_DeidentificationMethod,
                            DCM_DeidentificationMethodCodeSequence,
                            DCM_PatientAge,
                            DCM_PatientSize,
                            DCM_PatientWeight,
                            DCM_IssuerOfAccessionNumberSequence,
                            DCM_ProcedureCodeSequence};
const std::array kPlaced = {DCM_FrameOfReferenceUID, DCM_PositionReferenceIndicator};

void Copy(DcmItem& source, const DcmTagKey& tag, DcmItem& target) {
  target.findAndDeleteElement(tag);
  DcmElement* element = nullptr;
  if (source.findAndGetElement(tag, element, OFFalse, OFTrue).bad() || element == nullptr) return;
  const OFCondition inserted = target.insert(element, OFTrue);
  if (inserted.bad()) delete element;
  Demand(inserted, "copying an attribute of the study");
}

// The source's offset from UTC, +HHMM or -HHMM; absent unless it is one that the standard allows (PS3.3 C.12.1.1.8).
std::optional<int> OffsetMinutes(DcmItem& source) {
  constexpr int kWest = -12 * 60, kEast = 14 * 60;
  const std::string text = Code(source, tag::kTimezoneOffsetFromUtc);
  if (text.size() != 5 || (text[0] != '+' && text[0] != '-') || text == "-0000") return std::nullopt;
  if (!std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  const int hours = std::stoi(text.substr(1, 2)), minutes = std::stoi(text.substr(3, 2));
  const int offset = (text[0] == '-' ? -1 : 1) * (60 * hours + minutes);
  if (minutes > 59 || offset < kWest || offset > kEast) return std::nullopt;
  return offset;
}

void PutMoment(DcmItem& item, DcmItem& source, std::time_t made_at) {
  const std::optional<int> offset = OffsetMinutes(source);
  const std::tm moment = offset ? fmt::gmtime(made_at + std::time_t{60} * *offset) : fmt::localtime(made_at);
  for (const DcmTagKey& date : {DCM_SeriesDate, DCM_ContentDate, DCM_InstanceCreationDate})
    Put(item, date, fmt::format("{:%Y%m%d}", moment));
  for (const DcmTagKey& time : {DCM_SeriesTime, DCM_ContentTime, DCM_InstanceCreationTime})
    Put(item, time, fmt::format("{:%H%M%S}", moment));
  item.findAndDeleteElement(DCM_TimezoneOffsetFromUTC);
  if (offset) Put(item, DCM_TimezoneOffsetFromUTC, Code(source, tag::kTimezoneOffsetFromUtc));
}

// Of Latin-1, from À on: what remains of a letter without its accent.
constexpr std::string_view kPlainLetters = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty";
constexpr char32_t kFirstLetter = 0xC0;

const std::map<char32_t, std::string_view>& Replacements() {
  static const std::map<char32_t, std::string_view> kReplacements = {
      {U'\u00A0', " "}, {U'\u00B0', " deg"}, {U'\u00B1', "+/-"}, {U'\u00B2', "2"},  {U'\u00B3', "3"},
      {U'\u00B5', "u"}, {U'\u00B7', "*"},    {U'\u00B9', "1"},   {U'\u00DF', "ss"}, {U'\u03BC', "u"},
      {U'\u2010', "-"}, {U'\u2011', "-"},    {U'\u2012', "-"},   {U'\u2013', "-"},  {U'\u2014', "-"},
      {U'\u2018', "'"}, {U'\u2019', "'"},    {U'\u201C', "\""},  {U'\u201D', "\""}, {U'\u2026', "..."},
      {U'\u207B', "-"}, {U'\u2070', "0"},    {U'\u2074', "4"},   {U'\u2075', "5"},  {U'\u2076', "6"},
      {U'\u2077', "7"}, {U'\u2078', "8"},    {U'\u2079', "9"},   {U'\u2192', "->"}, {U'\u2212', "-"},
      {U'\u2248', "~"}, {U'\u2264', "<="},   {U'\u2265', ">="}};
  return kReplacements;
}

// The code point that begins at `at`, which moves behind it; '?' for what is no UTF-8.
char32_t NextCodePoint(const std::string& text, std::size_t& at) {
  const auto first = static_cast<unsigned char>(text[at++]);
  if (first < 0x80) return first;
  const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  if (more == 0) return U'?';
  char32_t point = first & (0x3FU >> static_cast<unsigned>(more));
  for (int n = 0; n < more; ++n) {
    if (at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80) return U'?';
    point = point << 6U | (static_cast<unsigned char>(text[at++]) & 0x3FU);
  }
  return point;
}

}  // namespace

bool IsOwn(const Series& series) { return series.manufacturer == kOwnManufacturer; }

std::vector<SourceImage> SourceImagesOf(const Series& series, const SeriesVolume& volume) {
  std::set<int> multi_frame;
  for (const SeriesVolume& each : series.volumes) {
    for (const PlaneSource& plane : each.planes) {
      if (plane.frame > 0) multi_frame.insert(plane.file);
    }
  }
  std::vector<SourceImage> images;
  for (const PlaneSource& plane : volume.planes) {
    const FileReference& file = series.files[static_cast<std::size_t>(plane.file)];
    images.push_back({series.uid, file.sop_class_uid, file.sop_instance_uid,
                      multi_frame.contains(plane.file) ? plane.frame + 1 : 0});
  }
  return images;
}

std::vector<SourceImage> SourceImagesOf(const Series& series) {
  std::vector<SourceImage> images;
  images.reserve(series.files.size());
  for (const FileReference& file : series.files)
    images.push_back({series.uid, file.sop_class_uid, file.sop_instance_uid, 0});
  return images;
}

std::string AsciiOf(const std::string& text) {
  std::string ascii;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t point = NextCodePoint(text, at);
    const auto replacement = Replacements().find(point);
    if (point < 0x20 || point == 0x7F) {
      ascii += ' ';
    } else if (point < 0x7F) {
      ascii += static_cast<char>(point);
    } else if (replacement != Replacements().end()) {
      ascii += replacement->second;
    } else if (point >= kFirstLetter && point - kFirstLetter < kPlainLetters.size()) {
      ascii += kPlainLetters[point - kFirstLetter];
    } else {
      ascii += '?';
    }
  }
  return ascii;
}

SourceHeader::SourceHeader(const std::filesystem::path& path)
    : readable_(path), file_(std::make_unique<DcmFileFormat>()) {
  SetUpDcmtk();
  if (const auto reason = Load(*file_, readable_, Extent::kHeader))
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{} cannot be read as DICOM: {}; nothing can be put beside it", path.string(), *reason));
}

SourceHeader::~SourceHeader() = default;

DcmDataset& SourceHeader::dataset() { return *file_->getDataset(); }

CodedConcept CodeIn(DcmItem* item, const Tag& sequence, const std::string& character_set) {
  DcmItem* code = SequenceItem(item, sequence);
  if (code == nullptr) return {};
  return {Code(*code, tag::kCodeValue), Code(*code, tag::kCodingScheme), Text(*code, tag::kCodeMeaning, character_set)};
}

void Demand(const OFCondition& condition, const char* attempt) {
  if (condition.good()) return;
  base::Throw(base::ErrorKind::kInternal, fmt::format("{} failed: {}", attempt, condition.text()));
}

void PutDerivedObject(DcmItem& item, DcmItem& source, const DerivedObject& object, bool placed) {
  for (const DcmTagKey& tag : kDemanded) {
    Copy(source, tag, item);
    if (!item.tagExists(tag)) Put(item, tag, "");
  }
  for (const DcmTagKey& tag : kCopied) Copy(source, tag, item);
  if (placed) {
    for (const DcmTagKey& tag : kPlaced) Copy(source, tag, item);
    if (!item.tagExists(DCM_PositionReferenceIndicator)) Put(item, DCM_PositionReferenceIndicator, "");
  }
  Put(item, DCM_SOPInstanceUID, object.instance_uid);
  Put(item, DCM_SeriesInstanceUID, object.series_uid);
  PutInteger(item, DCM_SeriesNumber, object.series_number);
  Put(item, DCM_SeriesDescription, object.series_description);
  PutInteger(item, DCM_InstanceNumber, 1);
  PutMoment(item, source, object.made_at);
  Put(item, DCM_Manufacturer, object.manufacturer);
  Put(item, DCM_ManufacturerModelName, object.model);
  Put(item, DCM_DeviceSerialNumber, object.serial_number);
  Put(item, DCM_SoftwareVersions, object.software);
}

DcmItem& AddReference(DcmItem& item, const DcmTagKey& sequence, const std::string& sop_class_uid,
                      const std::string& sop_instance_uid) {
  DcmItem& reference = AddItem(item, sequence);
  Put(reference, DCM_ReferencedSOPClassUID, sop_class_uid);
  Put(reference, DCM_ReferencedSOPInstanceUID, sop_instance_uid);
  return reference;
}

void PutReferencedSeries(DcmItem& item, const std::vector<SourceImage>& images) {
  std::map<std::string, std::map<std::string, std::string>> series;  // series → instance → class
  for (const SourceImage& image : images) series[image.series_uid][image.sop_instance_uid] = image.sop_class_uid;
  item.findAndDeleteElement(DCM_ReferencedSeriesSequence);
  for (const auto& [series_uid, instances] : series) {
    DcmItem& referenced = AddItem(item, DCM_ReferencedSeriesSequence);
    Put(referenced, DCM_SeriesInstanceUID, series_uid);
    for (const auto& [instance_uid, class_uid] : instances)
      AddReference(referenced, DCM_ReferencedInstanceSequence, class_uid, instance_uid);
  }
}

void SaveDerivedObject(const std::filesystem::path& path, DcmFileFormat& file) {
  base::AtomicFile output(path);
  SaveFile(file, UID_LittleEndianExplicitTransferSyntax, output);
  output.Commit();
}

}  // namespace parotis::dicom
