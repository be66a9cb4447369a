#include "diagnose/fit_classes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>

#include "diagnose/fusion.h"
#include "diagnose/logit.h"

namespace parotis::diagnose {
namespace {

using plan::DiagnosisPlan;

constexpr std::array kRidges = {0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0};
// Prior standard deviations of how much an answer counts, and of a class's offset: about what temperatures vary by.
constexpr double kAnswerPrecision = 1 / (0.5 * 0.5);
constexpr double kOffsetPrecision = 1;
constexpr double kFixed = 1e9;  // precision of what is to stay where its prior is

// How a fusion is fitted: the prior precision of its inputs' weights, and whether their squares take part.
struct FusionChoice {
  double ridge = 0;
  bool squares = false;
};

// What the logit is made of, and the way back to a FusionPlan. θ: segmentation, patient head, offsets, weights of each
// input in turn, weights of each input's square in turn.
class FusionFit {
 public:
  FusionFit(const std::vector<KnownPatient>& patients, const DiagnosisPlan& rule,
            const std::vector<std::string>& channels)
      : classes_(patients.at(0).diagnosis.classes.size()),
        uses_head_(std::find(rule.inputs.begin(), rule.inputs.end(), "patient_head") != rule.inputs.end()),
        segmentation_(1 / rule.temperature) {
    for (const std::string& name : InputNames(rule.inputs, channels)) AddInput(name, patients);
    for (const KnownPatient& patient : patients) samples_.push_back(SampleOf(patient));
  }

  // What has the smallest cross-validated loss; nothing when the segmentation alone does better.
  std::optional<FusionChoice> Choose(base::Json& record) const {
    const double alone = CrossValidatedLoss(SegmentationAlone());
    double best_loss = INFINITY;
    FusionChoice best;
    base::Json losses = base::Json::object();
    for (const bool squares : {false, true}) {
      for (const double ridge : kRidges) {
        const double loss = CrossValidatedLoss(PriorFor({ridge, squares}));
        losses[squares ? "with_squares" : "linear"][fmt::format("{}", ridge)] = loss;
        if (loss >= best_loss) continue;
        best_loss = loss;
        best = {ridge, squares};
      }
    }
    const bool is_worth_it = best_loss < alone;
    record = {{"patients", samples_.size()},
              {"ridge", best.ridge},
              {"squares", best.squares},
              {"loss_by_ridge", losses},
              {"cross_validated_loss", best_loss},
              {"loss_of_segmentation_alone", alone},
              {"used", is_worth_it}};
    return is_worth_it ? std::optional(best) : std::nullopt;
  }
  plan::FusionPlan Fit(const FusionChoice& choice) const {
    return FusionOf(FitLogit(samples_, PriorFor(choice)), choice.squares);
  }
  // As it would be without the patients `fold`, `fold` + kFusionFolds, …
  plan::FusionPlan FitWithout(std::size_t fold, const FusionChoice& choice) const {
    return FusionOf(FitLogit(Without(fold), PriorFor(choice)), choice.squares);
  }

 private:
  void AddInput(const std::string& name, const std::vector<KnownPatient>& patients) {
    std::vector<double> values;
    for (const KnownPatient& patient : patients) {
      if (const auto value = InputOf(name, patient.diagnosis.lesions[0], patient.diagnosis)) values.push_back(*value);
    }
    if (values.size() < 2) return;
    const auto count = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
    double squares = 0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    const double sd = std::sqrt(squares / (count - 1));
    if (sd <= 1e-9 * (1 + std::abs(mean))) return;
    inputs_.push_back({name, mean, sd, {}, {}});
    // Of two values the square says nothing that they do not.
    has_square_.push_back(std::set<double>(values.begin(), values.end()).size() > 2);
  }

  LogitSample SampleOf(const KnownPatient& patient) const {
    const dataset::Lesion& lesion = patient.diagnosis.lesions[0];
    const std::vector<double> segmentation = LogSegmentation(lesion), head = LogPatientHead(patient.diagnosis);
    LogitSample sample{{}, patient.truth};
    for (std::size_t c = 0; c < classes_; ++c) {
      std::vector<double> row(2 + classes_ * (1 + 2 * inputs_.size()), 0);
      row[0] = segmentation[c];
      row[1] = uses_head_ ? head[c] : 0;
      row[2 + c] = 1;
      for (std::size_t i = 0; i < inputs_.size(); ++i) {
        const auto value = InputOf(inputs_[i].name, lesion, patient.diagnosis);
        if (!value) continue;
        const double standardised = (*value - inputs_[i].mean) / inputs_[i].sd;
        row[WeightsOf(i) + c] = standardised;
        if (has_square_[i]) row[SquareWeightsOf(i) + c] = SquareTerm(standardised);
      }
      sample.design.push_back(std::move(row));
    }
    return sample;
  }

  std::size_t WeightsOf(std::size_t input) const { return 2 + classes_ * (1 + input); }
  std::size_t SquareWeightsOf(std::size_t input) const { return WeightsOf(inputs_.size() + input); }

  LogitPrior PriorFor(const FusionChoice& choice) const {
    LogitPrior prior;
    prior.mean = {segmentation_, 0};
    prior.precision = {kAnswerPrecision, kAnswerPrecision};
    prior.precision.insert(prior.precision.end(), classes_, kOffsetPrecision);
    prior.precision.insert(prior.precision.end(), classes_ * inputs_.size(), choice.ridge);
    prior.precision.insert(prior.precision.end(), classes_ * inputs_.size(), choice.squares ? choice.ridge : kFixed);
    prior.mean.resize(prior.precision.size(), 0);
    return prior;
  }

  // Everything but the segmentation's weight stays at 0: a temperature.
  LogitPrior SegmentationAlone() const {
    LogitPrior prior = PriorFor({kFixed, false});
    std::fill(prior.precision.begin() + 1, prior.precision.end(), kFixed);
    return prior;
  }

  std::vector<LogitSample> Without(std::size_t fold) const {
    std::vector<LogitSample> others;
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      if (i % kFusionFolds != fold) others.push_back(samples_[i]);
    }
    return others;
  }

  double CrossValidatedLoss(const LogitPrior& prior) const {
    double loss = 0;
    for (std::size_t fold = 0; fold < kFusionFolds; ++fold) {
      const std::vector<double> theta = FitLogit(Without(fold), prior);
      for (std::size_t i = fold; i < samples_.size(); i += kFusionFolds) loss += LogitLoss(samples_[i], theta);
    }
    return loss / static_cast<double>(samples_.size());
  }

  plan::FusionPlan FusionOf(const std::vector<double>& theta, bool squares) const {
    const auto per_class = [&](std::size_t first) {
      const auto at = theta.begin() + static_cast<std::ptrdiff_t>(first);
      return std::vector<double>(at, at + static_cast<std::ptrdiff_t>(classes_));
    };
    plan::FusionPlan fusion;
    fusion.segmentation = theta[0];
    fusion.patient_head = uses_head_ ? theta[1] : 0;
    fusion.offsets = per_class(2);
    fusion.inputs = inputs_;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      fusion.inputs[i].weights = per_class(WeightsOf(i));
      if (squares && has_square_[i]) fusion.inputs[i].square_weights = per_class(SquareWeightsOf(i));
    }
    return fusion;
  }

  std::size_t classes_;
  bool uses_head_;
  double segmentation_;  // how much it counts without anything else
  std::vector<plan::FusionInput> inputs_;
  std::vector<bool> has_square_;  // of each input
  std::vector<LogitSample> samples_;
};

}  // namespace

DiagnosisPlan UnseenFusions::RuleFor(const dataset::Diagnosis& diagnosis, DiagnosisPlan rule) const {
  const auto fold = fold_of.find(diagnosis.case_id);
  if (fold != fold_of.end()) rule.fusion = without[fold->second];
  return rule;
}

UnseenFusions FitClasses(const std::vector<KnownPatient>& known, DiagnosisPlan& rule,
                         const std::vector<std::string>& channels, base::Json& record) {
  rule.fusion = {};
  DiagnosisPlan plain = rule;
  plain.decisive_classes.clear();
  const Calibration calibration = FitTemperature(known, plain);
  rule.temperature = calibration.temperature;
  record["temperature"] = {{"temperature", calibration.temperature},
                           {"patients", calibration.patients},
                           {"loss_before", calibration.loss_before},
                           {"loss_after", calibration.loss_after}};
  UnseenFusions unseen;
  if (rule.inputs.empty()) return unseen;
  const FusionFit fit(known, rule, channels);
  const std::optional<FusionChoice> choice = fit.Choose(record["fusion"]);
  if (!choice) return unseen;
  rule.fusion = fit.Fit(*choice);
  for (std::size_t fold = 0; fold < kFusionFolds; ++fold) unseen.without[fold] = fit.FitWithout(fold, *choice);
  for (std::size_t i = 0; i < known.size(); ++i) unseen.fold_of[known[i].diagnosis.case_id] = i % kFusionFolds;
  return unseen;
}

}  // namespace parotis::diagnose
