// Lesions over all patients: what was found and what was invented, and the FROC curve of the lesions' scores.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "evaluate/evaluation.h"
#include "evaluate/froc.h"

namespace parotis::evaluate {

struct LesionSummary {
  DetectionCounts counts;  // of the label maps
  std::int64_t cases = 0;
  std::int64_t patients = 0;
  Proportion sensitivity;          // lesions of one patient are not independent: this interval is a little narrow …
  Interval sensitivity_bootstrap;  // … this one draws patients with all their lesions
  double false_per_case = 0;
  double false_per_patient = 0;
  Interval false_per_patient_interval;  // bootstrap over patients
  // Of the patients whose diagnoses score their lesions: the score is the peak of 1 − P(background), the threshold that
  // of the diagnosis rule. A lesion that the rule has dropped already cannot come back.
  Froc froc;
  std::int64_t without_scores = 0;  // patients left out of `froc`
};

LesionSummary LesionsOf(const Evaluation& evaluation, const BootstrapOptions& bootstrap);

base::Json ToJson(const LesionSummary& lesions);
std::string TextOf(const LesionSummary& lesions);

}  // namespace parotis::evaluate
