#include "evaluate/discrimination.h"

#include <algorithm>
#include <map>

#include "evaluate/classification.h"

namespace parotis::evaluate {
namespace {

void Add(ScoredPatients& scored, const PatientResult& patient, std::size_t truth, bool found) {
  scored.patient_ids.push_back(patient.patient_id);
  scored.table.truth.push_back(truth);
  scored.found.push_back(found);
  for (std::size_t c = 0; c < scored.table.scores.size(); ++c) {
    scored.table.scores[c].push_back(found ? patient.verdict.class_probabilities[c] : 0.0);
  }
}

double AucOf(const ScoreTable& table, std::size_t class_index) {
  const std::vector<int> once(table.size(), 1);
  return AreaUnderCurve(Rank(table.scores[class_index]), AgainstTheRest(table.truth, class_index), once);
}

}  // namespace

ScoredPatients ScoresOf(const std::vector<PatientResult>& patients, const std::vector<std::string>& classes) {
  ScoredPatients scored;
  scored.table.scores.resize(classes.size());
  for (const PatientResult& patient : patients) {
    if (!HasTumour(patient)) continue;
    const std::size_t truth = dataset::PlaceOf(patient.truth, classes);
    const CaseVerdict& verdict = patient.verdict;
    if (verdict.class_probabilities.size() == classes.size()) {
      Add(scored, patient, truth, true);
    } else if (verdict.from_diagnosis && verdict.predicted == kNoTumourFound) {
      Add(scored, patient, truth, false);
      ++scored.scored_zero;
    } else {
      ++scored.without_probabilities;
    }
  }
  return scored;
}

std::vector<ScoreTable> ScoresInCommon(const std::vector<const std::vector<PatientResult>*>& runs,
                                       const std::vector<std::string>& classes) {
  std::vector<ScoredPatients> scored;
  std::map<std::string, std::size_t> runs_with;
  for (const auto* patients : runs) {
    scored.push_back(ScoresOf(*patients, classes));
    for (const std::string& id : scored.back().patient_ids) ++runs_with[id];
  }
  std::vector<ScoreTable> tables;
  for (const ScoredPatients& run : scored) {
    ScoreTable& table = tables.emplace_back();
    table.scores.resize(classes.size());
    for (std::size_t p = 0; p < run.patient_ids.size(); ++p) {
      if (runs_with.at(run.patient_ids[p]) < runs.size()) continue;
      table.truth.push_back(run.table.truth[p]);
      for (std::size_t k = 0; k < classes.size(); ++k) table.scores[k].push_back(run.table.scores[k][p]);
    }
  }
  return tables;
}

ScoreTable OnlyFound(const ScoredPatients& patients) {
  ScoreTable table;
  table.scores.resize(patients.table.scores.size());
  for (std::size_t p = 0; p < patients.found.size(); ++p) {
    if (!patients.found[p]) continue;
    table.truth.push_back(patients.table.truth[p]);
    for (std::size_t c = 0; c < table.scores.size(); ++c) table.scores[c].push_back(patients.table.scores[c][p]);
  }
  return table;
}

Discrimination Discriminate(const std::vector<PatientResult>& patients, const std::vector<std::string>& classes,
                            const BootstrapOptions& bootstrap) {
  const ScoredPatients scored = ScoresOf(patients, classes);
  const ScoreTable& table = scored.table;
  const ScoreTable found = OnlyFound(scored);
  Discrimination result;
  result.n = static_cast<std::int64_t>(table.size());
  result.scored_zero = scored.scored_zero;
  result.without_probabilities = scored.without_probabilities;
  result.n_found = static_cast<std::int64_t>(found.size());
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const std::vector<int> positive = AgainstTheRest(table.truth, c);
    result.classes.push_back({classes[c], RocOf(table.scores[c], positive, bootstrap),
                              PrecisionRecallOf(table.scores[c], positive, bootstrap), AucOf(found, c)});
  }
  const MultiClassAuc mean(table);
  result.mean_auc = mean.Of();
  result.mean_auc_interval =
      DrawStratified(
          table.truth, 1, [&](Weights weights, std::span<double> results) { results[0] = mean.Of(weights); }, bootstrap)
          .IntervalOf(0);
  result.mean_auc_when_found = MultiClassAuc(found).Of();
  return result;
}

}  // namespace parotis::evaluate
