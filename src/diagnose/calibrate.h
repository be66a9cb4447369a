// The temperature at which a model's class probabilities are as sure as its answers are right (Guo et al., ICML 2017).
#pragma once

#include <cstddef>
#include <vector>

#include "dataset/diagnosis.h"
#include "plan/plan.h"

namespace parotis::diagnose {

// A patient whose class is known and in whom lesions were found.
struct KnownPatient {
  dataset::Diagnosis diagnosis;
  std::size_t truth = 0;  // index into diagnosis.classes
};

struct Calibration {
  double temperature = 1;
  std::size_t patients = 0;
  double loss_before = 0;  // mean −ln of the probability given to the true class, at the rule's own temperature
  double loss_after = 0;
};

// The temperature between 1/4 and 16, in steps of 2 %, that makes the loss of the patients' probabilities smallest
// under the rest of `rule`, fusion aside. The patients must be others than the model was trained on. Throws kInput when
// there are fewer than 20 patients.
Calibration FitTemperature(const std::vector<KnownPatient>& patients, const plan::DiagnosisPlan& rule);

}  // namespace parotis::diagnose
