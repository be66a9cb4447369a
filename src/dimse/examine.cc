#include "dimse/examine.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>

#include "base/error.h"
#include "dicom/attributes.h"
#include "dicom/derived_object.h"
#include "dicom/load.h"
#include "dimse/presentation.h"

namespace parotis::dimse {
namespace {

// As it is written, without padding, so that nothing that only looks like a UID becomes one.
std::string UidIn(DcmItem& dataset, const dicom::Tag& tag) {
  std::string uid = dicom::RawText(dataset, tag);
  while (!uid.empty() && (uid.back() == '\0' || uid.back() == ' ')) uid.pop_back();
  return uid;
}

Examined ExamineDataset(DcmDataset& dataset, Arrival& arrival) {
  if (UidIn(dataset, dicom::tag::kSopClassUid) != arrival.sop_class_uid)
    return {Reception::kDoesNotMatch, "SOP class UID of command and dataset differ"};
  if (UidIn(dataset, dicom::tag::kSopInstanceUid) != arrival.sop_instance_uid)
    return {Reception::kDoesNotMatch, "SOP instance UID of command and dataset differ"};
  arrival.study_uid = UidIn(dataset, dicom::tag::kStudyInstanceUid);
  arrival.series_uid = UidIn(dataset, dicom::tag::kSeriesInstanceUid);
  if (!IsUid(arrival.study_uid)) return {Reception::kDoesNotMatch, "study instance UID is missing or no UID"};
  if (!IsUid(arrival.series_uid)) return {Reception::kDoesNotMatch, "series instance UID is missing or no UID"};
  dicom::Series series;
  series.manufacturer = dicom::Code(dataset, dicom::tag::kManufacturer);
  arrival.own_result = dicom::IsOwn(series);
  return {};
}

}  // namespace

Examined Examine(Arrival& arrival) {
  try {
    const dicom::ReadableFile readable(arrival.file);
    DcmFileFormat file;
    if (const auto reason = dicom::Load(file, readable, dicom::Extent::kWhole))
      return {Reception::kCannotRead, fmt::format("dataset cannot be read: {}", *reason)};
    return ExamineDataset(*file.getDataset(), arrival);
  } catch (const base::Error&) {
    return {Reception::kCannotRead, "dataset was made to exhaust its reader"};
  }
}

}  // namespace parotis::dimse
