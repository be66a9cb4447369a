#include "evaluate/classification.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "dataset/participants.h"
#include "evaluate/overlap.h"

namespace parotis::evaluate {
namespace {

std::size_t PlaceOf(const std::vector<std::string>& names, const std::string& name, const std::string& patient_id) {
  const auto place = std::find(names.begin(), names.end(), name);
  if (place == names.end()) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("patient {} has \"{}\", which is none of {}", patient_id, name, fmt::join(names, ", ")));
  }
  return static_cast<std::size_t>(place - names.begin());
}

ConfusionMatrix MatrixOf(const std::vector<PatientResult>& patients, const std::vector<std::string>& classes) {
  const auto any = [&](auto predicate) { return std::any_of(patients.begin(), patients.end(), predicate); };
  ConfusionMatrix matrix{classes, classes, {}};
  if (any([](const PatientResult& p) { return !HasTumour(p); })) matrix.truths.emplace_back(dataset::kTumourFree);
  matrix.predictions.emplace_back(kNoTumourFound);
  if (any([](const PatientResult& p) { return p.verdict.predicted == kIndeterminate; })) {
    matrix.predictions.emplace_back(kIndeterminate);
  }
  matrix.counts.assign(matrix.truths.size(), std::vector<std::int64_t>(matrix.predictions.size(), 0));
  for (const PatientResult& p : patients) {
    ++matrix.counts[PlaceOf(matrix.truths, p.truth, p.patient_id)]
                   [PlaceOf(matrix.predictions, p.verdict.predicted, p.patient_id)];
  }
  return matrix;
}

// Cohen, Educ Psychol Meas 1960;20:37; what is no class counts as a category of its own.
double Kappa(const std::vector<PatientResult>& tumours, std::span<const std::size_t> drawn,
             const std::vector<std::string>& categories) {
  std::vector<double> truths(categories.size(), 0);
  std::vector<double> predictions(categories.size(), 0);
  double agreed = 0;
  const auto place = [&](const std::string& name) {
    return static_cast<std::size_t>(std::find(categories.begin(), categories.end(), name) - categories.begin());
  };
  for (const std::size_t unit : drawn) {
    const PatientResult& patient = tumours[unit];
    ++truths[place(patient.truth)];
    ++predictions[place(patient.verdict.predicted)];
    agreed += IsStrictlyCorrect(patient) ? 1 : 0;
  }
  const auto n = static_cast<double>(drawn.size());
  double expected = 0;
  for (std::size_t c = 0; c < categories.size(); ++c) expected += truths[c] * predictions[c] / (n * n);
  return n == 0 || expected == 1 ? kUndefined : (agreed / n - expected) / (1 - expected);
}

void FillKappa(Classification& result, const std::vector<PatientResult>& tumours, const BootstrapOptions& bootstrap) {
  std::vector<std::size_t> everyone(tumours.size());
  for (std::size_t unit = 0; unit < everyone.size(); ++unit) everyone[unit] = unit;
  const auto& categories = result.confusion.predictions;
  result.kappa = Kappa(tumours, everyone, categories);
  result.kappa_interval = Bootstrap(
      tumours.size(), [&](std::span<const std::size_t> drawn) { return Kappa(tumours, drawn, categories); }, bootstrap);
}

OneVersusRest Against(const std::string& class_name, const std::vector<PatientResult>& tumours,
                      ProportionInterval method) {
  OneVersusRest table;
  table.method = method;
  table.class_name = class_name;
  for (const PatientResult& patient : tumours) {
    const bool truth = patient.truth == class_name;
    const bool guess = patient.verdict.predicted == class_name;
    table.true_positive += truth && guess;
    table.false_positive += !truth && guess;
    table.false_negative += truth && !guess;
    table.true_negative += !truth && !guess;
  }
  return table;
}

}  // namespace

Proportion OneVersusRest::accuracy() const {
  return {true_positive + true_negative, true_positive + false_positive + false_negative + true_negative, method};
}
Proportion OneVersusRest::sensitivity() const { return {true_positive, true_positive + false_negative, method}; }
Proportion OneVersusRest::specificity() const { return {true_negative, true_negative + false_positive, method}; }
Proportion OneVersusRest::ppv() const { return {true_positive, true_positive + false_positive, method}; }
Proportion OneVersusRest::npv() const { return {true_negative, true_negative + false_negative, method}; }

bool IsStrictlyCorrect(const PatientResult& patient) { return patient.truth == patient.verdict.predicted; }
bool HasTumour(const PatientResult& patient) { return patient.truth != dataset::kTumourFree; }

Classification Classify(const std::vector<PatientResult>& patients, const std::vector<std::string>& classes,
                        const BootstrapOptions& bootstrap, ProportionInterval method) {
  Classification result;
  for (Proportion* p : {&result.strict_accuracy, &result.tumour_found, &result.tumour_free_correct}) p->method = method;
  result.confusion = MatrixOf(patients, classes);
  std::vector<PatientResult> tumours;
  for (const PatientResult& patient : patients) {
    const bool found = patient.verdict.predicted != kNoTumourFound;
    Proportion& detection = HasTumour(patient) ? result.tumour_found : result.tumour_free_correct;
    ++detection.n;
    detection.count += found == HasTumour(patient);
    if (HasTumour(patient)) tumours.push_back(patient);
  }
  std::vector<Proportion> with_patients;
  for (const std::string& name : classes) {
    result.one_vs_rest.push_back(Against(name, tumours, method));
    result.recall.push_back(result.one_vs_rest.back().sensitivity());
    result.strict_accuracy.count += result.recall.back().count;
    if (result.recall.back().n > 0) with_patients.push_back(result.recall.back());
  }
  result.strict_accuracy.n = static_cast<std::int64_t>(tumours.size());
  std::vector<double> recalls;
  for (const Proportion& recall : with_patients) recalls.push_back(recall.estimate());
  result.balanced_accuracy = MeanOf(recalls);
  result.balanced_accuracy_interval = IntervalOfMean(with_patients, bootstrap.confidence);
  FillKappa(result, tumours, bootstrap);
  return result;
}

}  // namespace parotis::evaluate
