#include "evaluate/lesions.h"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "evaluate/json_values.h"
#include "evaluate/overlap.h"

namespace parotis::evaluate {
namespace {

struct OfPatient {
  DetectionCounts counts;
  FrocPatient scored;
  bool has_scores = true;
};

std::vector<OfPatient> ByPatient(const std::vector<CaseResult>& cases) {
  std::map<std::string, OfPatient> by_id;
  for (const CaseResult& result : cases) {
    OfPatient& patient = by_id[result.patient_id];
    patient.counts.true_positive += result.lesions.true_positive;
    patient.counts.false_positive += result.lesions.false_positive;
    patient.counts.false_negative += result.lesions.false_negative;
    patient.scored.reference_lesions += result.lesions.true_positive + result.lesions.false_negative;
    if (!result.detections) {
      patient.has_scores = false;
      continue;
    }
    patient.scored.detections.insert(patient.scored.detections.end(), result.detections->begin(),
                                     result.detections->end());
  }
  std::vector<OfPatient> patients;
  for (auto& [id, patient] : by_id) patients.push_back(std::move(patient));
  return patients;
}

void FillIntervals(LesionSummary& summary, const std::vector<OfPatient>& patients, const BootstrapOptions& bootstrap) {
  const std::vector<std::size_t> one_stratum(patients.size(), 0);
  const BootstrapDraws draws = DrawStratified(
      one_stratum, 2,
      [&](Weights weights, std::span<double> results) {
        double found = 0;
        double lesions = 0;
        double invented = 0;
        for (std::size_t p = 0; p < patients.size(); ++p) {
          const DetectionCounts& counts = patients[p].counts;
          found += weights[p] * static_cast<double>(counts.true_positive);
          lesions += weights[p] * static_cast<double>(counts.true_positive + counts.false_negative);
          invented += weights[p] * static_cast<double>(counts.false_positive);
        }
        results[0] = lesions == 0 ? kUndefined : found / lesions;
        results[1] = invented / static_cast<double>(patients.size());
      },
      bootstrap);
  summary.sensitivity_bootstrap = draws.IntervalOf(0);
  summary.false_per_patient_interval = draws.IntervalOf(1);
}

double Share(std::int64_t count, std::size_t n) {
  return n == 0 ? kUndefined : static_cast<double>(count) / static_cast<double>(n);
}

}  // namespace

LesionSummary LesionsOf(const Evaluation& evaluation, const BootstrapOptions& bootstrap) {
  const std::vector<OfPatient> patients = ByPatient(evaluation.cases);
  LesionSummary summary;
  summary.cases = static_cast<std::int64_t>(evaluation.cases.size());
  summary.patients = static_cast<std::int64_t>(patients.size());
  std::vector<FrocPatient> scored;
  for (const OfPatient& patient : patients) {
    summary.counts.true_positive += patient.counts.true_positive;
    summary.counts.false_positive += patient.counts.false_positive;
    summary.counts.false_negative += patient.counts.false_negative;
    if (patient.has_scores) scored.push_back(patient.scored);
  }
  const DetectionCounts& counts = summary.counts;
  summary.sensitivity = {counts.true_positive, counts.true_positive + counts.false_negative,
                         evaluation.proportion_interval};
  summary.false_per_case = Share(counts.false_positive, evaluation.cases.size());
  summary.false_per_patient = Share(counts.false_positive, patients.size());
  FillIntervals(summary, patients, bootstrap);
  summary.without_scores = static_cast<std::int64_t>(patients.size() - scored.size());
  summary.froc = FrocOf(scored, bootstrap);
  return summary;
}

base::Json ToJson(const LesionSummary& l) {
  return {{"TP", l.counts.true_positive},
          {"FP", l.counts.false_positive},
          {"FN", l.counts.false_negative},
          {"cases", l.cases},
          {"patients", l.patients},
          {"sensitivity", ToJson(l.sensitivity)},
          {"sensitivity_bootstrap_95", ToJson(l.sensitivity_bootstrap)},
          {"false_per_case", OrNull(l.false_per_case)},
          {"false_per_patient",
           {{"estimate", OrNull(l.false_per_patient)}, {"interval_95", ToJson(l.false_per_patient_interval)}}},
          {"without_scores", l.without_scores},
          {"froc", l.froc.patients == 0 ? base::Json(nullptr) : ToJson(l.froc)}};
}

std::string TextOf(const LesionSummary& l) {
  const auto number = [](double value) {
    return std::isnan(value) ? std::string("n/a") : fmt::format("{:.2f}", value);
  };
  const auto interval = [&](const Interval& i) { return fmt::format("[{}, {}]", number(i.low), number(i.high)); };
  std::string text = fmt::format(
      "Lesions: {} found, {} missed, {} invented\n  sensitivity {} {}, invented per patient {} {}\n",
      l.counts.true_positive, l.counts.false_negative, l.counts.false_positive, number(l.sensitivity.estimate()),
      interval(l.sensitivity_bootstrap), number(l.false_per_patient), interval(l.false_per_patient_interval));
  if (l.froc.patients == 0) return text;
  std::vector<std::string> rates;
  for (const FrocRate& rate : l.froc.rates)
    rates.push_back(fmt::format("{:g}: {}", rate.false_per_patient, number(rate.sensitivity)));
  return text + fmt::format(
                    "  FROC, {} patients ({} without scores), sensitivity at false lesions per patient\n  {}; "
                    "mean {} {}\n",
                    l.froc.patients, l.without_scores, fmt::join(rates, ", "), number(l.froc.mean_sensitivity),
                    interval(l.froc.mean_sensitivity_interval));
}

}  // namespace parotis::evaluate
