// The rule that turns lesions into a diagnosis, chosen on patients the networks have not met: which lesions are kept,
// how the answers are weighed, from where a class decides, whom to leave open. Nothing else in the project chooses by
// looking at results.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "diagnose/calibrate.h"

namespace parotis::diagnose {

// A patient and what is known about the lesions that were found.
struct JudgedPatient {
  dataset::Diagnosis diagnosis;  // made under CandidateRule
  std::string truth;             // a class or dataset::kTumourFree
  std::vector<bool> is_true;     // per lesion: it is one of the reference's
  std::int64_t reference_lesions = 0;
};

// The rule under which candidates for the choice are collected: everything that could become a lesion is kept, and
// nothing fitted before is applied.
plan::DiagnosisPlan CandidateRule(const plan::DiagnosisPlan& rule);

struct FittedRule {
  plan::DiagnosisPlan rule;
  base::Json record;  // what was chosen, from how many patients, at which losses: for decision.json and the bundle
};

// By rule.choose and rule.inputs, in this order: the thresholds of lesions, then the temperature and, where its
// cross-validated loss is smaller than the segmentation's alone, the fusion, on patients with a tumour and at least one
// kept true lesion; then the operating point and the abstention, each patient with a tumour judged by all lesions that
// are kept, false ones, too, and by a fusion fitted without them.
// `channels`: the network's.
// Deterministic. Throws kInput with fewer than 20 patients to fit on.
FittedRule FitRule(const std::vector<JudgedPatient>& patients, const plan::DiagnosisPlan& rule,
                   const std::vector<std::string>& channels);

// What a rule's probabilities are worth on other patients than it was fitted on: of each class the probabilities that
// the patients with a tumour and a kept lesion got, in five bins, against how many of them had it: {"patients",
// "classes": {class: [{"predicted", "observed", "n"}]}}, bins without patients left out; as FitRule records it of its
// own patients. Throws kInput without such a patient.
base::Json ReliabilityOf(const std::vector<JudgedPatient>& patients, const plan::DiagnosisPlan& rule);

}  // namespace parotis::diagnose
