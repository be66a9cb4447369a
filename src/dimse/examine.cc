#include "dimse/examine.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>

#include "base/error.h"
#include "dicom/instance_identity.h"
#include "dicom/load.h"

namespace parotis::dimse {
namespace {

Examined ExamineDataset(DcmDataset& dataset, Arrival& arrival) {
  if (dicom::UidOf(dataset, dicom::tag::kSopClassUid) != arrival.sop_class_uid)
    return {Reception::kDoesNotMatch, "SOP class UID of command and dataset differ"};
  if (dicom::UidOf(dataset, dicom::tag::kSopInstanceUid) != arrival.sop_instance_uid)
    return {Reception::kDoesNotMatch, "SOP instance UID of command and dataset differ"};
  arrival.study_uid = dicom::UidOf(dataset, dicom::tag::kStudyInstanceUid);
  arrival.series_uid = dicom::UidOf(dataset, dicom::tag::kSeriesInstanceUid);
  if (arrival.study_uid.empty()) return {Reception::kDoesNotMatch, "study instance UID is missing or no UID"};
  if (arrival.series_uid.empty()) return {Reception::kDoesNotMatch, "series instance UID is missing or no UID"};
  arrival.own_result = dicom::IsOwnResult(dataset);
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
