// How well class probabilities order the patients with a tumour, whatever the threshold. A patient in whom the
// diagnosis rule found no tumour has the score 0 for every class, as the one-vs-rest table counts him: leaving such
// patients out would reward a run for missing the hard ones. The areas without them stand beside.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "evaluate/multiclass_auc.h"
#include "evaluate/patient.h"
#include "evaluate/precision_recall.h"
#include "evaluate/roc.h"

namespace parotis::evaluate {

// Patients with a tumour whose scores are known.
struct ScoredPatients {
  std::vector<std::string> patient_ids;
  ScoreTable table;
  std::vector<bool> found;                 // [patient]: probabilities were given; false: no tumour found, scores 0
  std::int64_t scored_zero = 0;            // of them, no tumour found
  std::int64_t without_probabilities = 0;  // left out: only a label map, or the study was refused
};

ScoredPatients ScoresOf(const std::vector<PatientResult>& patients, const std::vector<std::string>& classes);
// [run]: the patients whom every run scores, in the same order. Each run's patients are in the order of their ids.
std::vector<ScoreTable> ScoresInCommon(const std::vector<const std::vector<PatientResult>*>& runs,
                                       const std::vector<std::string>& classes);
// Those with probabilities only.
ScoreTable OnlyFound(const ScoredPatients& patients);

// One class against all other tumours.
struct ClassDiscrimination {
  std::string class_name;
  RocCurve roc;
  PrecisionRecall precision_recall;
  double auc_when_found = 0;  // over patients with probabilities
};

struct Discrimination {
  std::int64_t n = 0;
  std::int64_t scored_zero = 0;
  std::int64_t without_probabilities = 0;
  std::int64_t n_found = 0;  // n − scored_zero
  std::vector<ClassDiscrimination> classes;
  double mean_auc = 0;         // MultiClassAuc; NaN with fewer than two classes
  Interval mean_auc_interval;  // bootstrap, each class drawn apart
  double mean_auc_when_found = 0;
};

Discrimination Discriminate(const std::vector<PatientResult>& patients, const std::vector<std::string>& classes,
                            const BootstrapOptions& bootstrap);

base::Json ToJson(const Discrimination& discrimination);

}  // namespace parotis::evaluate
