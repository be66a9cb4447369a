// A lesion's class from several answers (late fusion): the segmentation, the patient head, what was measured in the
// lesion and what is known about the patient. docs/diagnosis-rule.md has the formula.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dataset/diagnosis.h"
#include "plan/plan.h"

namespace parotis::diagnose {

// What stands in place of log 0: a class ruled out altogether must not cost an infinite loss.
inline constexpr double kSmallestProbability = 1e-6;

// The value of an input of FusionPlan for one lesion of a patient; nothing when it is not known.
std::optional<double> InputOf(const std::string& name, const dataset::Lesion& lesion,
                              const dataset::Diagnosis& diagnosis);
// The inputs that the plan's names stand for, "means" and "medians" expanded to the channels with a unit among
// `channels`; "patient_head" is not among them.
std::vector<std::string> InputNames(const std::vector<std::string>& inputs, const std::vector<std::string>& channels);

// How unusual a standardised input is, whichever way: (z² − 1) / √2 with z at most 3 either way, the second Hermite
// polynomial normalised as z is, so that one prior fits both. Classes of different spread differ by it.
double SquareTerm(double standardised);

// log p per class of the segmentation, of the patient head (without its "no tumour", renormalised; zeros without a
// head).
std::vector<double> LogSegmentation(const dataset::Lesion& lesion);
std::vector<double> LogPatientHead(const dataset::Diagnosis& diagnosis);

// The probabilities of the lesion's classes under the rule: fused when something was fitted, else at its temperature.
std::vector<double> ClassProbabilities(const dataset::Lesion& lesion, const dataset::Diagnosis& diagnosis,
                                       const plan::DiagnosisPlan& rule);

// Puts what `rule` says in place of what the diagnosis says about classes: the lesions' probabilities, then the
// patient's, and the flag of lesions that disagree. Lesions that the rule does not keep are removed (never added: those
// below the thresholds under which the diagnosis was made are not in it). The diagnosis must not be a refusal.
void Decide(dataset::Diagnosis& diagnosis, const plan::DiagnosisPlan& rule);

// Whether the rule's thresholds keep a region.
bool IsKept(double volume_ml, double peak_score, const plan::DiagnosisPlan& rule);

}  // namespace parotis::diagnose
