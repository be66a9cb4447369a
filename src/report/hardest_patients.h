// Whom a run judged worst: what a reader of a report wants to see with his own eyes.
#pragma once

#include <string>
#include <vector>

#include "evaluate/evaluation.h"

namespace parotis::report {

struct HardPatient {
  std::string patient_id, case_id, truth, said;  // of several cases the one with the largest reference
  int fold = evaluate::kNoFold;
  std::vector<double> probabilities;  // per class; empty when none were given
  double loss = 0;                    // −ln of the probability of the true class; infinite when the tumour was missed
  double dice = 0;                    // of the tumour; NaN when there is none
};

// With a tumour, the largest loss first, missed ones before all; of equal ones the smaller Dice first. Without
// probabilities wrong ones stand before right ones.
std::vector<HardPatient> HardestPatients(const evaluate::Evaluation& evaluation, std::size_t count);

}  // namespace parotis::report
