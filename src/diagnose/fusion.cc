#include "diagnose/fusion.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "dataset/case.h"
#include "diagnose/lesions.h"
#include "diagnose/patient_rule.h"

namespace parotis::diagnose {
namespace {

constexpr double kMostUnusual = 3;  // standard deviations: a failed measurement must not decide alone
constexpr std::string_view kMeanPrefix = "mean:";
constexpr std::string_view kMedianPrefix = "median:";
constexpr const char* kLesionsDisagree = "lesions_disagree";

double SafeLog(double probability) { return std::log(std::max(probability, kSmallestProbability)); }

std::vector<double> Softmax(std::vector<double> logits) {
  const double highest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (double& logit : logits) sum += logit = std::exp(logit - highest);
  for (double& logit : logits) logit /= sum;
  return logits;
}

std::vector<double> Fuse(const dataset::Lesion& lesion, const dataset::Diagnosis& diagnosis,
                         const plan::FusionPlan& fusion) {
  const std::vector<double> segmentation = LogSegmentation(lesion), head = LogPatientHead(diagnosis);
  std::vector<double> logits = fusion.offsets;
  for (std::size_t c = 0; c < logits.size(); ++c)
    logits[c] += fusion.segmentation * segmentation[c] + fusion.patient_head * head[c];
  for (const plan::FusionInput& input : fusion.inputs) {
    const std::optional<double> value = InputOf(input.name, lesion, diagnosis);
    if (!value) continue;
    const double standardised = (*value - input.mean) / input.sd;
    for (std::size_t c = 0; c < logits.size(); ++c) logits[c] += input.weights[c] * standardised;
    for (std::size_t c = 0; c < input.square_weights.size(); ++c)
      logits[c] += input.square_weights[c] * SquareTerm(standardised);
  }
  return Softmax(std::move(logits));
}

std::string ReasonForNothingKept(std::size_t found, const plan::DiagnosisPlan& rule) {
  return fmt::format(
      "None of the {} regions found is kept: they are smaller than {:.2g} ml or have no voxel of tumour probability "
      "{:.2f} or more.",
      found, rule.min_volume_ml, rule.min_peak_probability);
}

void FlagDisagreement(dataset::Diagnosis& diagnosis) {
  const std::vector<dataset::Lesion>& lesions = diagnosis.lesions;
  const bool disagree = std::any_of(lesions.begin(), lesions.end(), [&](const dataset::Lesion& lesion) {
    return LikeliestClass(lesion.class_probabilities) != LikeliestClass(lesions[0].class_probabilities);
  });
  if (!disagree) return;
  diagnosis.flags.push_back(
      {kLesionsDisagree, "The lesions' likeliest classes differ; read each lesion's own probabilities."});
}

}  // namespace

std::optional<double> InputOf(const std::string& name, const dataset::Lesion& lesion,
                              const dataset::Diagnosis& diagnosis) {
  if (name == "log_volume") return std::log(std::max(lesion.volume_ml, 1e-3));
  const auto find = [](const auto& values, const std::string& key) -> std::optional<double> {
    const auto found = values.find(key);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
  if (name.starts_with(kMeanPrefix)) return find(lesion.channel_means, name.substr(kMeanPrefix.size()));
  if (name.starts_with(kMedianPrefix)) return find(lesion.channel_medians, name.substr(kMedianPrefix.size()));
  return find(diagnosis.covariates, name);
}

std::vector<std::string> InputNames(const std::vector<std::string>& inputs, const std::vector<std::string>& channels) {
  std::vector<std::string> names;
  for (const std::string& input : inputs) {
    if (input == "patient_head") continue;
    if (input != "means" && input != "medians") {
      names.push_back(input);
      continue;
    }
    const std::string prefix(input == "means" ? kMeanPrefix : kMedianPrefix);
    for (const std::string& channel : channels) {
      if (dataset::IsQuantity(channel)) names.push_back(prefix + channel);
    }
  }
  return names;
}

double SquareTerm(double standardised) {
  const double z = std::clamp(standardised, -kMostUnusual, kMostUnusual);
  return (z * z - 1) / std::numbers::sqrt2;
}

std::vector<double> LogSegmentation(const dataset::Lesion& lesion) {
  std::vector<double> logs;
  logs.reserve(lesion.network_probabilities.size());
  for (const double p : lesion.network_probabilities) logs.push_back(SafeLog(p));
  return logs;
}

std::vector<double> LogPatientHead(const dataset::Diagnosis& diagnosis) {
  std::vector<double> logs(diagnosis.classes.size(), 0);
  if (diagnosis.patient_head.empty()) return logs;
  const double tumour = std::accumulate(diagnosis.patient_head.begin() + 1, diagnosis.patient_head.end(), 0.0);
  for (std::size_t c = 0; c < logs.size(); ++c)
    logs[c] = SafeLog(diagnosis.patient_head[c + 1] / std::max(tumour, kSmallestProbability));
  return logs;
}

std::vector<double> ClassProbabilities(const dataset::Lesion& lesion, const dataset::Diagnosis& diagnosis,
                                       const plan::DiagnosisPlan& rule) {
  if (!rule.fusion.offsets.empty()) return Fuse(lesion, diagnosis, rule.fusion);
  std::vector<double> probabilities = lesion.network_probabilities;
  ApplyTemperature(probabilities, rule.temperature);
  return probabilities;
}

bool IsKept(double volume_ml, double peak_score, const plan::DiagnosisPlan& rule) {
  return volume_ml >= rule.min_volume_ml && peak_score >= rule.min_peak_probability;
}

void Decide(dataset::Diagnosis& diagnosis, const plan::DiagnosisPlan& rule) {
  const std::size_t found = diagnosis.lesions.size();
  std::erase_if(diagnosis.lesions,
                [&](const dataset::Lesion& lesion) { return !IsKept(lesion.volume_ml, lesion.peak_score, rule); });
  diagnosis.class_probabilities.clear();
  diagnosis.class_name.clear();
  diagnosis.tumour_probability = 0;
  std::erase_if(diagnosis.flags, [](const dataset::QualityFlag& flag) { return flag.code == kLesionsDisagree; });
  if (diagnosis.lesions.empty()) {
    diagnosis.verdict = dataset::Verdict::kNoTumour;
    if (found > 0) diagnosis.reason = ReasonForNothingKept(found, rule);
    return;
  }
  for (dataset::Lesion& lesion : diagnosis.lesions) {
    lesion.class_probabilities = ClassProbabilities(lesion, diagnosis, rule);
    diagnosis.tumour_probability = std::max(diagnosis.tumour_probability, lesion.mean_score);
  }
  PatientClass patient = ClassOfPatient(diagnosis.lesions, diagnosis.classes, rule);
  diagnosis.verdict = patient.verdict;
  diagnosis.class_probabilities = std::move(patient.class_probabilities);
  diagnosis.class_name = std::move(patient.class_name);
  diagnosis.reason = std::move(patient.reason);
  FlagDisagreement(diagnosis);
}

}  // namespace parotis::diagnose
