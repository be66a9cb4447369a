#include "diagnose/fit_rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <tuple>

#include "base/error.h"
#include "diagnose/fusion.h"
#include "diagnose/logit.h"
#include "diagnose/patient_rule.h"

namespace parotis::diagnose {
namespace {

using plan::DiagnosisPlan;

constexpr double kSmallestCandidate_ml = 0.02;
constexpr std::array kPeaks = {0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998, 0.999};
constexpr std::array kVolumes_ml = {0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0};
constexpr std::array kRidges = {0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0};
constexpr std::size_t kFolds = 5;  // of the fusion's own cross-validation
constexpr std::size_t kReliabilityBins = 5;
// Prior standard deviations of how much an answer counts, and of a class's offset: about what temperatures vary by.
constexpr double kAnswerPrecision = 1 / (0.5 * 0.5);
constexpr double kOffsetPrecision = 1;
constexpr double kFixed = 1e9;  // precision of what is to stay where its prior is

struct Detections {
  std::int64_t found = 0, false_ones = 0;
};

Detections DetectionsUnder(const std::vector<JudgedPatient>& patients, const DiagnosisPlan& rule) {
  Detections detections;
  for (const JudgedPatient& patient : patients) {
    for (std::size_t i = 0; i < patient.diagnosis.lesions.size(); ++i) {
      const dataset::Lesion& lesion = patient.diagnosis.lesions[i];
      if (!IsKept(lesion.volume_ml, lesion.peak_score, rule)) continue;
      ++(patient.is_true.at(i) ? detections.found : detections.false_ones);
    }
  }
  return detections;
}

// Most true lesions within the allowed number of false ones; of equal choices the one with fewest false ones.
void ChooseThresholds(const std::vector<JudgedPatient>& patients, DiagnosisPlan& rule, base::Json& record) {
  const double allowed = rule.choose.false_findings_per_patient * static_cast<double>(patients.size());
  if (allowed == 0) return;
  DiagnosisPlan best = rule;
  Detections reached{-1, 0};
  for (const double peak : kPeaks) {
    for (const double volume_ml : kVolumes_ml) {
      DiagnosisPlan candidate = rule;
      candidate.min_peak_probability = peak;
      candidate.min_volume_ml = volume_ml;
      const Detections detections = DetectionsUnder(patients, candidate);
      const bool within = static_cast<double>(detections.false_ones) <= allowed;
      const bool better = detections.found > reached.found ||
                          (detections.found == reached.found && detections.false_ones < reached.false_ones);
      if (!within || !better) continue;
      best = candidate;
      reached = detections;
    }
  }
  if (reached.found < 0) {
    record["thresholds"] = "no choice keeps to the number of false findings; the plan's own stay";
    return;
  }
  rule = best;
  const auto reference =
      std::accumulate(patients.begin(), patients.end(), std::int64_t{0},
                      [](std::int64_t sum, const JudgedPatient& patient) { return sum + patient.reference_lesions; });
  record["thresholds"] = {{"min_volume_ml", rule.min_volume_ml}, {"min_peak_probability", rule.min_peak_probability},
                          {"patients", patients.size()},         {"reference_lesions", reference},
                          {"true_findings", reached.found},      {"false_findings", reached.false_ones}};
}

enum class Lesions { kTrue, kKept };

// The patients with a tumour and at least one lesion of that kind that the rule keeps; the largest one leads.
std::vector<KnownPatient> PatientsWith(Lesions kind, const std::vector<JudgedPatient>& patients,
                                       const DiagnosisPlan& rule) {
  std::vector<KnownPatient> known;
  for (const JudgedPatient& patient : patients) {
    const auto& classes = patient.diagnosis.classes;
    const std::size_t truth = dataset::PlaceOf(patient.truth, classes);
    if (truth == classes.size()) continue;
    KnownPatient entry{patient.diagnosis, truth};
    entry.diagnosis.lesions.clear();
    for (std::size_t i = 0; i < patient.diagnosis.lesions.size(); ++i) {
      const dataset::Lesion& lesion = patient.diagnosis.lesions[i];
      if ((kind == Lesions::kKept || patient.is_true.at(i)) && IsKept(lesion.volume_ml, lesion.peak_score, rule))
        entry.diagnosis.lesions.push_back(lesion);
    }
    if (!entry.diagnosis.lesions.empty()) known.push_back(std::move(entry));
  }
  std::stable_sort(known.begin(), known.end(), [](const KnownPatient& a, const KnownPatient& b) {
    return std::tie(a.truth, a.diagnosis.case_id) < std::tie(b.truth, b.diagnosis.case_id);
  });
  return known;
}

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
  // As it would be without the patients `fold`, `fold` + kFolds, …
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
      if (i % kFolds != fold) others.push_back(samples_[i]);
    }
    return others;
  }

  double CrossValidatedLoss(const LogitPrior& prior) const {
    double loss = 0;
    for (std::size_t fold = 0; fold < kFolds; ++fold) {
      const std::vector<double> theta = FitLogit(Without(fold), prior);
      for (std::size_t i = fold; i < samples_.size(); i += kFolds) loss += LogitLoss(samples_[i], theta);
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

// The rule as it would be had a patient not been looked at: what a threshold is chosen from. A fusion of many inputs
// separates the patients it was fitted on better than others.
struct UnseenFusions {
  std::array<plan::FusionPlan, kFolds> without;  // each fold
  std::map<std::string, std::size_t> fold_of;    // by case: of those it was fitted on

  DiagnosisPlan RuleFor(const dataset::Diagnosis& diagnosis, DiagnosisPlan rule) const {
    const auto fold = fold_of.find(diagnosis.case_id);
    if (fold != fold_of.end()) rule.fusion = without[fold->second];
    return rule;
  }
};

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
  for (std::size_t fold = 0; fold < kFolds; ++fold) unseen.without[fold] = fit.FitWithout(fold, *choice);
  for (std::size_t i = 0; i < known.size(); ++i) unseen.fold_of[known[i].diagnosis.case_id] = i % kFolds;
  return unseen;
}

double HighestProbability(const dataset::Diagnosis& diagnosis, std::size_t label, const DiagnosisPlan& rule) {
  double highest = 0;
  for (const dataset::Lesion& lesion : diagnosis.lesions)
    highest = std::max(highest, ClassProbabilities(lesion, diagnosis, rule)[label]);
  return highest;
}

// The smallest threshold that leaves the wanted share of the other tumours below it: halfway to the next score.
// `met`: with all lesions that the rule keeps; a false one may be called what a threshold is for, too.
void ChooseOperatingPoint(const std::vector<KnownPatient>& met, const UnseenFusions& unseen, DiagnosisPlan& rule,
                          base::Json& record) {
  if (rule.choose.operating_specificity == 0) return;
  const auto& classes = met.at(0).diagnosis.classes;
  const std::size_t label = dataset::PlaceOf(rule.choose.operating_class, classes);
  std::vector<double> others, all;
  std::vector<double> of_label;
  for (const KnownPatient& patient : met) {
    all.push_back(HighestProbability(patient.diagnosis, label, unseen.RuleFor(patient.diagnosis, rule)));
    (patient.truth == label ? of_label : others).push_back(all.back());
  }
  if (others.empty() || of_label.empty()) return;
  std::sort(others.begin(), others.end());
  std::sort(all.begin(), all.end());
  const auto below = static_cast<std::size_t>(
      std::ceil(rule.choose.operating_specificity * static_cast<double>(others.size()) - 1e-9));
  const double last_below = others[std::clamp<std::size_t>(below, 1, others.size()) - 1];
  const auto next = std::upper_bound(all.begin(), all.end(), last_below);
  const double threshold = next == all.end() ? 1 : (last_below + *next) / 2;
  rule.decisive_classes = {{rule.choose.operating_class, threshold}};
  const auto found = std::count_if(of_label.begin(), of_label.end(), [&](double p) { return p >= threshold; });
  record["operating_point"] = {{"class", rule.choose.operating_class},
                               {"specificity", rule.choose.operating_specificity},
                               {"threshold", threshold},
                               {"patients_with", of_label.size()},
                               {"patients_without", others.size()},
                               {"found", found}};
}

// What `min_class_probability` is held against: the likeliest class, or the one named in its place.
double SurenessOf(const dataset::Diagnosis& diagnosis, const DiagnosisPlan& rule) {
  const std::string& likeliest = diagnosis.classes[LikeliestClass(diagnosis.class_probabilities)];
  const std::string& counts = HasOperatingPoint(likeliest, rule) ? diagnosis.class_name : likeliest;
  return diagnosis.class_probabilities[dataset::PlaceOf(counts, diagnosis.classes)];
}

void ChooseAbstention(const std::vector<KnownPatient>& met, const UnseenFusions& unseen, DiagnosisPlan& rule,
                      base::Json& record) {
  if (rule.choose.coverage == 1) return;
  rule.min_class_probability = 0;
  std::vector<double> sure;
  for (const KnownPatient& patient : met) {
    dataset::Diagnosis diagnosis = patient.diagnosis;
    Decide(diagnosis, unseen.RuleFor(diagnosis, rule));
    sure.push_back(SurenessOf(diagnosis, rule));
  }
  std::sort(sure.begin(), sure.end(), std::greater<>());
  const auto kept = static_cast<std::size_t>(std::ceil(rule.choose.coverage * static_cast<double>(sure.size()) - 1e-9));
  rule.min_class_probability = sure[std::clamp<std::size_t>(kept, 1, sure.size()) - 1];
  record["abstention"] = {{"coverage", rule.choose.coverage},
                          {"min_class_probability", rule.min_class_probability},
                          {"patients", sure.size()}};
}

// Of each class: the probabilities that the patients got, in bins, against how many of them had it. `unseen` keeps a
// fusion from judging whom it was fitted on.
void RecordReliability(const std::vector<KnownPatient>& met, const UnseenFusions& unseen, const DiagnosisPlan& rule,
                       base::Json& record) {
  struct Bin {
    double predicted = 0;
    std::int64_t observed = 0, n = 0;
  };
  const auto& classes = met.at(0).diagnosis.classes;
  std::vector<std::array<Bin, kReliabilityBins>> bins(classes.size());
  for (const KnownPatient& patient : met) {
    dataset::Diagnosis diagnosis = patient.diagnosis;
    Decide(diagnosis, unseen.RuleFor(diagnosis, rule));
    for (std::size_t label = 0; label < classes.size(); ++label) {
      const double probability = diagnosis.class_probabilities[label];
      Bin& bin = bins[label][std::min(kReliabilityBins - 1, static_cast<std::size_t>(probability * kReliabilityBins))];
      bin.predicted += probability;
      bin.observed += patient.truth == label ? 1 : 0;
      ++bin.n;
    }
  }
  base::Json curves = base::Json::object();
  for (std::size_t label = 0; label < classes.size(); ++label) {
    base::Json points = base::Json::array();
    for (const Bin& bin : bins[label]) {
      if (bin.n == 0) continue;
      const auto n = static_cast<double>(bin.n);
      points.push_back(
          {{"predicted", bin.predicted / n}, {"observed", static_cast<double>(bin.observed) / n}, {"n", bin.n}});
    }
    curves[classes[label]] = points;
  }
  record["reliability"] = {{"patients", met.size()}, {"classes", curves}};
}

}  // namespace

DiagnosisPlan CandidateRule(const DiagnosisPlan& rule) {
  DiagnosisPlan candidates = rule;
  candidates.min_volume_ml = std::min(rule.min_volume_ml, kSmallestCandidate_ml);
  candidates.min_peak_probability = 0;
  candidates.temperature = 1;
  candidates.fusion = {};
  candidates.min_class_probability = 0;
  return candidates;
}

FittedRule FitRule(const std::vector<JudgedPatient>& patients, const DiagnosisPlan& rule,
                   const std::vector<std::string>& channels) {
  FittedRule fitted{rule, base::Json::object()};
  ChooseThresholds(patients, fitted.rule, fitted.record);
  const UnseenFusions unseen =
      FitClasses(PatientsWith(Lesions::kTrue, patients, fitted.rule), fitted.rule, channels, fitted.record);
  const std::vector<KnownPatient> met = PatientsWith(Lesions::kKept, patients, fitted.rule);
  ChooseOperatingPoint(met, unseen, fitted.rule, fitted.record);
  ChooseAbstention(met, unseen, fitted.rule, fitted.record);
  RecordReliability(met, unseen, fitted.rule, fitted.record);
  return fitted;
}

}  // namespace parotis::diagnose
