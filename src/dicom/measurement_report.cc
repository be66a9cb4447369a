// Reads the content tree (PS3.3 C.17.3) from DCMTK's items and without its report classes, which write it: what
// was written is checked by other code than what wrote it.
#include "dicom/measurement_report.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>

#include <map>

#include "base/error.h"
#include "dicom/attributes.h"
#include "dicom/derived_items.h"
#include "dicom/outline_tags.h"

namespace parotis::dicom {
namespace {

namespace content {
constexpr Tag kReferencedSopSequence{0x0008, 0x1199, "SQ"};
constexpr Tag kReferencedSopClass{0x0008, 0x1150, "UI"};
constexpr Tag kReferencedFrame{0x0008, 0x1160, "IS"};
constexpr Tag kEvidence{0x0040, 0xa375, "SQ"};
constexpr Tag kPredecessors{0x0040, 0xa360, "SQ"};
constexpr Tag kPersonName{0x0040, 0xa123, "PN"};
constexpr Tag kRelationship{0x0040, 0xa010, "CS"};
constexpr Tag kValueType{0x0040, 0xa040, "CS"};
constexpr Tag kConceptName{0x0040, 0xa043, "SQ"};
constexpr Tag kUid{0x0040, 0xa124, "UI"};
constexpr Tag kText{0x0040, 0xa160, "UT"};
constexpr Tag kConceptCode{0x0040, 0xa168, "SQ"};
constexpr Tag kMeasuredValue{0x0040, 0xa300, "SQ"};
constexpr Tag kNumericValue{0x0040, 0xa30a, "DS"};
constexpr Tag kContent{0x0040, 0xa730, "SQ"};
}  // namespace content

// Concepts by value; the scheme is DCM unless another is named.
const CodedConcept kMeasurementReport = {"126000", "DCM", ""};
const CodedConcept kImageLibrary = {"111028", "DCM", ""};
const CodedConcept kImageLibraryGroup = {"126200", "DCM", ""};
const CodedConcept kMeasurements = {"126010", "DCM", ""};
const CodedConcept kGroup = {"125007", "DCM", ""};
const CodedConcept kEvaluations = {"C0034375", "UMLS", ""};
const CodedConcept kTrackingId = {"112039", "DCM", ""};
const CodedConcept kTrackingUid = {"112040", "DCM", ""};
const CodedConcept kFinding = {"121071", "DCM", ""};
const CodedConcept kFindingSite = {"363698007", "SCT", ""};
const CodedConcept kLaterality = {"272741003", "SCT", ""};
const CodedConcept kReferencedSegment = {"121191", "DCM", ""};
const CodedConcept kSourceSeries = {"121232", "DCM", ""};
const CodedConcept kDerivation = {"121401", "DCM", ""};
const CodedConcept kProcedure = {"121058", "DCM", ""};
const CodedConcept kPersonObserver = {"121008", "DCM", ""};
const CodedConcept kDeviceUid = {"121012", "DCM", ""};
const CodedConcept kDeviceName = {"121013", "DCM", ""};
const CodedConcept kDeviceManufacturer = {"121014", "DCM", ""};
const CodedConcept kDeviceModel = {"121015", "DCM", ""};
const CodedConcept kDeviceSerialNumber = {"121016", "DCM", ""};

// SNOMED CT identifiers as reports of before 2019 write them (PS3.16 annex O).
CodedConcept Current(CodedConcept code) {
  if (code.scheme == "SRT" && code.value == "G-C0E3") return {"363698007", "SCT", code.meaning};
  if (code.scheme == "SRT" && code.value == "G-C171") return {"272741003", "SCT", code.meaning};
  return code;
}

class ContentItem {
 public:
  ContentItem(DcmItem& item, const std::string& character_set) : item_(item), character_set_(character_set) {}

  std::string relationship() const { return Code(item_, content::kRelationship); }
  std::string type() const { return Code(item_, content::kValueType); }
  CodedConcept name() const { return Current(CodeIn(&item_, content::kConceptName, character_set_)); }
  CodedConcept code() const { return Current(CodeIn(&item_, content::kConceptCode, character_set_)); }
  std::string text() const { return Text(item_, content::kText, character_set_); }
  std::string person() const { return Text(item_, content::kPersonName, character_set_); }
  std::string uid() const { return Code(item_, content::kUid); }
  DcmItem* referenced() const { return SequenceItem(&item_, content::kReferencedSopSequence); }
  DcmItem* measured() const { return SequenceItem(&item_, content::kMeasuredValue); }

  std::vector<ContentItem> children() const {
    std::vector<ContentItem> children;
    for (DcmItem* item : SequenceItems(item_, content::kContent)) children.emplace_back(*item, character_set_);
    return children;
  }
  std::vector<ContentItem> children(const CodedConcept& name) const {
    std::vector<ContentItem> named;
    for (const ContentItem& child : children()) {
      if (child.name() == name) named.push_back(child);
    }
    return named;
  }
  CodedConcept UnitOf(DcmItem& measured) const {
    return CodeIn(&measured, tag::kMeasurementUnitsSequence, character_set_);
  }

 private:
  DcmItem& item_;
  std::string character_set_;
};

std::optional<ReportedMeasurement> MeasurementOf(const ContentItem& item) {
  DcmItem* measured = item.measured();
  const auto number = measured != nullptr ? Number(*measured, content::kNumericValue) : std::nullopt;
  if (!number) return std::nullopt;
  ReportedMeasurement measurement;
  measurement.quantity = item.name();
  measurement.value = *number;
  measurement.unit = item.UnitOf(*measured);
  for (const ContentItem& child : item.children()) {
    if (child.type() != "CODE") continue;
    if (child.name() == kDerivation) {
      measurement.derivation = child.code();
    } else if (child.relationship() == "HAS CONCEPT MOD") {
      measurement.modifiers.emplace_back(child.name(), child.code());
    }
  }
  return measurement;
}

ReportedEvaluation EvaluationOf(const ContentItem& item) {
  ReportedEvaluation evaluation;
  evaluation.question = item.name();
  if (item.type() == "CODE")
    evaluation.code = item.code();
  else
    evaluation.text = item.text();
  return evaluation;
}

void ReadSite(const ContentItem& item, ReportedGroup& group) {
  group.site = item.code();
  for (const ContentItem& laterality : item.children(kLaterality)) group.laterality = laterality.code();
}

void ReadSegment(const ContentItem& item, ReportedGroup& group) {
  DcmItem* referenced = item.referenced();
  if (referenced == nullptr) return;
  group.segment = ReferencedSegment{Code(*referenced, tag::kReferencedSopInstanceUid),
                                    Integer(*referenced, tag::kReferencedSegmentNumber).value_or(0)};
}

ReportedGroup GroupOf(const ContentItem& container) {
  ReportedGroup group;
  for (const ContentItem& item : container.children()) {
    const CodedConcept name = item.name();
    if (item.type() == "NUM") {
      if (auto measurement = MeasurementOf(item)) group.measurements.push_back(std::move(*measurement));
    } else if (name == kTrackingId) {
      group.tracking_id = item.text();
    } else if (name == kTrackingUid) {
      group.tracking_uid = item.uid();
    } else if (name == kFinding && item.type() == "CODE") {
      group.finding = item.code();
    } else if (name == kFindingSite) {
      ReadSite(item, group);
    } else if (name == kReferencedSegment) {
      ReadSegment(item, group);
    } else if (name == kSourceSeries) {
      group.source_series_uid = item.uid();
    } else if (item.type() == "CODE" || item.type() == "TEXT") {
      group.evaluations.push_back(EvaluationOf(item));
    }
  }
  return group;
}

std::map<std::string, std::string> SeriesOfEvidence(DcmItem& dataset) {
  std::map<std::string, std::string> series_of;  // by instance
  for (DcmItem* study : SequenceItems(dataset, content::kEvidence)) {
    for (DcmItem* series : SequenceItems(*study, tag::kReferencedSeriesSequence)) {
      const std::string uid = Code(*series, tag::kSeriesInstanceUid);
      for (DcmItem* instance : SequenceItems(*series, content::kReferencedSopSequence))
        series_of[Code(*instance, tag::kReferencedSopInstanceUid)] = uid;
    }
  }
  return series_of;
}

void ReadImages(const ContentItem& library, std::map<std::string, std::string> series_of, MeasurementReport& report) {
  for (const ContentItem& group : library.children(kImageLibraryGroup)) {
    for (const ContentItem& item : group.children()) {
      DcmItem* referenced = item.referenced();
      if (referenced == nullptr) continue;
      const std::string instance = Code(*referenced, tag::kReferencedSopInstanceUid);
      report.images.push_back({series_of[instance], Code(*referenced, content::kReferencedSopClass), instance,
                               Integer(*referenced, content::kReferencedFrame).value_or(0)});
    }
  }
}

std::optional<SourceImage> PredecessorOf(DcmItem& dataset) {
  for (DcmItem* study : SequenceItems(dataset, content::kPredecessors)) {
    for (DcmItem* series : SequenceItems(*study, tag::kReferencedSeriesSequence)) {
      for (DcmItem* instance : SequenceItems(*series, content::kReferencedSopSequence))
        return SourceImage{Code(*series, tag::kSeriesInstanceUid), Code(*instance, content::kReferencedSopClass),
                           Code(*instance, tag::kReferencedSopInstanceUid), 0};
    }
  }
  return std::nullopt;
}

void ReadObserver(const ContentItem& item, MeasurementReport& report) {
  const CodedConcept name = item.name();
  if (name == kPersonObserver) report.person = item.person();
  if (name == kDeviceUid) report.device_uid = item.uid();
  if (name == kDeviceName) report.device_name = item.text();
  if (name == kDeviceManufacturer) report.device_manufacturer = item.text();
  if (name == kDeviceModel) report.device_model = item.text();
  if (name == kDeviceSerialNumber) report.device_serial_number = item.text();
  if (name == kProcedure) report.procedure = item.code();
}

}  // namespace

MeasurementReport ReadMeasurementReport(const std::filesystem::path& path) {
  SourceHeader header(path);
  DcmDataset& dataset = header.dataset();
  const ContentItem root(dataset, RawText(dataset, tag::kSpecificCharacterSet));
  if (!(root.name() == kMeasurementReport))
    base::Throw(base::ErrorKind::kInput, fmt::format("{} is no measurement report (TID 1500): its title is \"{}\"",
                                                     path.string(), root.name().meaning));
  MeasurementReport report;
  report.predecessor = PredecessorOf(dataset);
  for (const ContentItem& item : root.children()) {
    const CodedConcept name = item.name();
    if (name == kImageLibrary) ReadImages(item, SeriesOfEvidence(dataset), report);
    if (name == kMeasurements) {
      for (const ContentItem& group : item.children(kGroup)) report.groups.push_back(GroupOf(group));
    }
    if (name == kEvaluations) {
      for (const ContentItem& evaluation : item.children()) report.evaluations.push_back(EvaluationOf(evaluation));
    }
    ReadObserver(item, report);
  }
  return report;
}

}  // namespace parotis::dicom
