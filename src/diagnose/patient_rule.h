// What several lesions together say about the patient (docs/diagnosis-rule.md).
#pragma once

#include <string>
#include <vector>

#include "dataset/diagnosis.h"
#include "plan/plan.h"

namespace parotis::diagnose {

struct PatientClass {
  dataset::Verdict verdict = dataset::Verdict::kNoTumour;  // kClass or kIndeterminate
  std::vector<double> class_probabilities;
  std::string class_name;
  std::string reason;
};

// `lesions`: at least one. A decisive class whose probability in any lesion reaches its threshold is the patient's,
// with that lesion's probabilities (of several: the most probable). Otherwise the volume-weighted mean over lesions
// decides, and below rule.min_class_probability nothing is decided. A class with an operating point is named by its
// threshold alone: below it the likeliest of the others decides. Ties go to the earlier label.
PatientClass ClassOfPatient(const std::vector<dataset::Lesion>& lesions, const std::vector<std::string>& classes,
                            const plan::DiagnosisPlan& rule);

// Whether the class has an operating point: it is named from its threshold on, and never below, so that as many other
// tumours as were asked for are not called so.
bool HasOperatingPoint(const std::string& class_name, const plan::DiagnosisPlan& rule);

// The index of the largest; the first of equals.
std::size_t LikeliestClass(const std::vector<double>& probabilities);

}  // namespace parotis::diagnose
