#include "dicom/rt_structure.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>

#include <map>

#include "dicom/archive.h"
#include "dicom/attributes.h"
#include "dicom/load.h"
#include "dicom/outline_tags.h"
#include "dicom/text.h"

namespace parotis::dicom {
namespace {

[[noreturn]] void RefuseFile(const std::string& name, const std::string& fact) {
  base::Refuse(base::Found("truth_unreadable", fmt::format("{} {}", name, fact)));
}

// The frame of reference, the study and the series are named in sequences within each other (PS3.3 C.8.8.5).
OutlineObject ReadObject(DcmItem& dataset, const std::filesystem::path& path) {
  OutlineObject object;
  object.path = path;
  object.study_uid = Code(dataset, tag::kStudyInstanceUid);
  object.frame_of_reference_uid = Code(dataset, tag::kFrameOfReferenceUid);
  for (DcmItem* frame : SequenceItems(dataset, tag::kReferencedFrameOfReferenceSequence)) {
    if (object.frame_of_reference_uid.empty()) object.frame_of_reference_uid = Code(*frame, tag::kFrameOfReferenceUid);
    for (DcmItem* study : SequenceItems(*frame, tag::kRtReferencedStudySequence)) {
      for (DcmItem* series : SequenceItems(*study, tag::kRtReferencedSeriesSequence)) {
        const std::string uid = Code(*series, tag::kSeriesInstanceUid);
        if (!uid.empty()) object.referenced_series_uids.push_back(uid);
      }
    }
  }
  return object;
}

Contour ReadContour(DcmItem& item, const std::string& name, const std::string& region) {
  Contour contour;
  contour.slab_thickness_mm = Number(item, tag::kContourSlabThickness).value_or(0);
  const std::vector<double> numbers = Numbers(item, tag::kContourData);
  if (numbers.empty() || numbers.size() % 3 != 0)
    RefuseFile(name, fmt::format("holds a contour of \"{}\" that is no list of points", region));
  for (std::size_t at = 0; at < numbers.size(); at += 3)
    contour.points_world.push_back({numbers[at], numbers[at + 1], numbers[at + 2]});
  return contour;
}

// Contours that enclose nothing are left out and said.
void ReadContours(DcmItem& roi, RegionOfInterest& region, StructureSet& set) {
  const std::string name = set.object.path.string();
  int open = 0;
  for (DcmItem* item : SequenceItems(roi, tag::kContourSequence)) {
    Contour contour = ReadContour(*item, name, region.name);
    // CLOSEDPLANAR_XOR (PS3.3 C.8.8.6.3) is what the even-odd rule does with any closed contours of one plane.
    const std::string type = Code(*item, tag::kContourGeometricType);
    const bool closed = type == "CLOSED_PLANAR" || type == "CLOSEDPLANAR_XOR";
    if (!closed || contour.points_world.size() < 3) {
      ++open;
      continue;
    }
    region.contours.push_back(std::move(contour));
  }
  if (open == 0) return;
  set.findings.push_back(
      base::Found("contour_not_closed", fmt::format("{}: {} contours of \"{}\" are points or open lines "
                                                    "and were left out",
                                                    name, open, region.name)));
}

std::map<int, std::vector<std::string>> ReadCodes(DcmItem& dataset) {
  std::map<int, std::vector<std::string>> codes;
  for (DcmItem* item : SequenceItems(dataset, tag::kRoiObservationsSequence)) {
    const auto number = Integer(*item, tag::kReferencedRoiNumber);
    if (number) codes[*number] = CodedTerms(item, tag::kRoiIdentificationCodeSequence);
  }
  return codes;
}

}  // namespace

StructureSet ReadStructureSet(const std::filesystem::path& path) {
  const std::string name = path.string();
  const ReadableFile readable(path);
  DcmFileFormat file;
  if (const auto reason = Load(file, readable, Extent::kWhole))
    RefuseFile(name, fmt::format("cannot be read as DICOM: {}", *reason));
  DcmDataset& dataset = *file.getDataset();
  if (!IsStructureSet(Code(dataset, tag::kSopClassUid))) RefuseFile(name, "is no RT structure set");
  StructureSet set;
  set.object = ReadObject(dataset, path);
  const std::string character_set = CleanText(RawText(dataset, tag::kSpecificCharacterSet));
  const std::map<int, std::vector<std::string>> codes = ReadCodes(dataset);
  std::map<int, DcmItem*> contours;
  for (DcmItem* item : SequenceItems(dataset, tag::kRoiContourSequence)) {
    if (const auto number = Integer(*item, tag::kReferencedRoiNumber)) contours[*number] = item;
  }
  for (DcmItem* item : SequenceItems(dataset, tag::kStructureSetRoiSequence)) {
    const auto number = Integer(*item, tag::kRoiNumber);
    if (!number) RefuseFile(name, "holds a region without a number");
    RegionOfInterest region;
    region.number = *number;
    region.name = Text(*item, tag::kRoiName, character_set);
    region.frame_of_reference_uid = Code(*item, tag::kReferencedFrameOfReferenceUid);
    if (region.frame_of_reference_uid.empty()) region.frame_of_reference_uid = set.object.frame_of_reference_uid;
    if (const auto found = codes.find(*number); found != codes.end()) region.codes = found->second;
    if (const auto found = contours.find(*number); found != contours.end()) ReadContours(*found->second, region, set);
    set.regions.push_back(std::move(region));
  }
  return set;
}

}  // namespace parotis::dicom
