// Structured Reports of TID 1500 "Measurement Report" (PS3.16): measurements of findings in segmentations, and what is
// said of the patient as a whole. Written as Comprehensive 3D SR (PS3.3 A.35.13), complete and UNVERIFIED: a program
// reports, a reader verifies.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dicom/derived_object.h"

namespace parotis::dicom {

// A number with its unit (TID 1419 and TID 300).
struct ReportedMeasurement {
  CodedConcept quantity;
  double value = 0;
  CodedConcept unit;                                             // UCUM
  std::optional<CodedConcept> derivation;                        // mean, minimum, … of the voxels
  std::vector<std::pair<CodedConcept, CodedConcept>> modifiers;  // concept and its value

  friend bool operator==(const ReportedMeasurement&, const ReportedMeasurement&) = default;
};

// A question, and a code or a sentence that answers it.
struct ReportedEvaluation {
  CodedConcept question;
  std::optional<CodedConcept> code;
  std::string text;  // without a code

  friend bool operator==(const ReportedEvaluation&, const ReportedEvaluation&) = default;
};

struct ReferencedSegment {
  std::string sop_instance_uid;  // of a segmentation
  int number = 0;

  friend bool operator==(const ReferencedSegment&, const ReferencedSegment&) = default;
};

// TID 1411 "Volumetric ROI Measurements" with a segment, else TID 1501 "Measurement Group".
struct ReportedGroup {
  std::string tracking_id, tracking_uid;
  std::optional<CodedConcept> finding, site, laterality;
  std::optional<ReferencedSegment> segment;
  std::string source_series_uid;  // that was segmented; with a segment
  std::vector<ReportedMeasurement> measurements;
  std::vector<ReportedEvaluation> evaluations;

  friend bool operator==(const ReportedGroup&, const ReportedGroup&) = default;
};

struct MeasurementReport {
  std::string device_uid, device_name, device_manufacturer, device_model,
      device_serial_number;         // TID 1004, the observer
  std::string person;               // TID 1003, who observed, too; "": nobody
  CodedConcept procedure;           // that is reported (CID 100)
  std::vector<SourceImage> images;  // image library (TID 1600) and evidence
  std::vector<ReportedGroup> groups;
  std::vector<ReportedEvaluation> evaluations;  // of the whole (row 12)
  std::optional<SourceImage> predecessor;       // the report that it replaces, of the same study (PS3.3 C.17.2)

  friend bool operator==(const MeasurementReport&, const MeasurementReport&) = default;
};

// Codes of a scheme of one's own that the report uses: what it is and whose.
struct PrivateScheme {
  std::string designator, name, organisation;
};

// Evidence is `report.images` and the segmentations that are referenced, whose series is `segmentation_series_uid`.
// Texts in ASCII. Throws kInternal for what the template refuses.
void WriteMeasurementReport(const std::filesystem::path& path, const DerivedObject& object,
                            const MeasurementReport& report, const std::string& segmentation_series_uid,
                            const PrivateScheme& scheme);

// A report of TID 1500 from anywhere. Without `images` of other studies; measurements without a number (PS3.3
// C.18.1, value qualifiers) are left out. Throws kInput: not a Structured Report, or of another template.
MeasurementReport ReadMeasurementReport(const std::filesystem::path& path);

}  // namespace parotis::dicom
