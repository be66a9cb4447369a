// What was found in a study as a measurement report (TID 1500).
#pragma once

#include <string>
#include <vector>

#include "dicom/measurement_report.h"
#include "results/study_objects.h"

namespace parotis::results {

// The lesion's name in segmentation and report: "Lesion 1".
std::string NameOfLesion(const dataset::Lesion& lesion);

dicom::CodedConcept Neoplasm();
dicom::CodedConcept ParotidGland();
// Nothing near the midline.
std::optional<dicom::CodedConcept> CodeOfSide(dataset::Side side);

struct ReportReferences {
  std::vector<dicom::SourceImage> images;  // of all series that were used
  std::string reference_series_uid;        // on whose grid the segmentation lies
  std::string segmentation_uid;            // "" without lesions
  std::string name;                        // from which UIDs are made
};

// Numbers as a decimal string (PS3.5 6.2) can hold them.
dicom::MeasurementReport ReportOf(const StudyObjectsInput& input, const ReportReferences& references);

// Of the finding, the same in segmentation and report, and in a reader's version that of the version before.
std::string TrackingUid(const StudyObjectsInput& input, const std::string& name, const dataset::Lesion& lesion);

}  // namespace parotis::results
