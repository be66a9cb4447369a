// The patient as the unit of classification. A patient may have several cases (examinations); they are joined first, so
// that no patient counts twice.
#pragma once

#include <string>
#include <vector>

#include "dataset/diagnosis.h"
#include "image/volume.h"

namespace parotis::evaluate {

// What can stand in place of a class name.
inline constexpr const char* kNoTumourFound = "no tumour found";
inline constexpr const char* kIndeterminate =
    "indeterminate";  // a tumour was found, or the study refused, and no class given

// What was said about one case. Without a diagnosis the label map speaks: its class of largest volume.
struct CaseVerdict {
  std::string predicted = kNoTumourFound;   // a class, kNoTumourFound or kIndeterminate
  std::vector<double> class_probabilities;  // per class; empty when none were given
  std::vector<double> class_volumes_ml;     // per class, of the label map
  bool from_diagnosis = false;
};

// Throws kInput when the diagnosis knows other classes than `classes`: class names and order come from the dataset.
CaseVerdict VerdictOf(const dataset::Diagnosis& diagnosis, const std::vector<std::string>& classes);
// Of equal volumes the earlier label wins.
CaseVerdict VerdictOf(const image::LabelVolume& labels, const std::vector<std::string>& classes);

struct PatientResult {
  std::string patient_id;
  std::vector<std::string> case_ids;
  std::string truth;  // a class or dataset::kTumourFree
  CaseVerdict verdict;
};

// Several cases: those that found a tumour speak. Do all of them that name a class agree, that class is the patient's;
// do they differ, the mean of their class probabilities decides, or the summed volumes where probabilities are missing.
CaseVerdict JoinVerdicts(const std::vector<CaseVerdict>& verdicts, const std::vector<std::string>& classes);

}  // namespace parotis::evaluate
