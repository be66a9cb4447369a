#include "evaluate/paired_measures.h"

#include <algorithm>
#include <cmath>

#include "evaluate/calibration.h"
#include "evaluate/classification.h"
#include "evaluate/discrimination.h"
#include "evaluate/overlap.h"
#include "evaluate/weighted_means.h"

namespace parotis::evaluate {
namespace {

constexpr const char* kBootstrapMethod = "bootstrap";
constexpr const char* kBootstrapTest = "bootstrap";

// A statistic of each run under the weights of one resample.
using PairStatistic = std::function<std::pair<double, double>(Weights)>;

// What every measure needs: the values, the bootstrapped difference, and its test unless another one is better.
PairedMeasure Bootstrapped(const std::string& name, const std::vector<std::size_t>& strata,
                           const PairStatistic& statistic, const BootstrapOptions& bootstrap) {
  PairedMeasure measure;
  measure.name = name;
  measure.n = static_cast<std::int64_t>(strata.size());
  const auto [first, second] = statistic(std::vector<int>(strata.size(), 1));
  measure.first = first;
  measure.second = second;
  measure.difference = first - second;
  const BootstrapDraws draws = DrawStratified(
      strata, 1,
      [&](Weights weights, std::span<double> results) {
        const auto [a, b] = statistic(weights);
        results[0] = a - b;
      },
      bootstrap);
  measure.bootstrap = measure.interval = draws.IntervalOf(0);
  measure.interval_method = kBootstrapMethod;
  measure.test = kBootstrapTest;
  measure.p = std::isnan(measure.difference) ? kUndefined : draws.PValueOf(0);
  measure.p_holm = kUndefined;
  measure.detectable = DetectableByNormal(measure.difference, draws.StandardErrorOf(0), measure.n);
  return measure;
}

// The patients with a tumour of both runs, and what was measured on each.
struct Tumours {
  std::vector<std::size_t> truth;  // class
  std::vector<double> first_correct, second_correct;
  std::vector<double> first_dice, second_dice;    // empty when a run has no label maps
  std::vector<double> first_brier, second_brier;  // NaN without probabilities
};

double BrierOrNan(const PatientResult& patient, const std::vector<std::string>& classes) {
  const std::vector<double>& p = patient.verdict.class_probabilities;
  return p.size() == classes.size() ? BrierOf(patient.truth, p, classes) : kUndefined;
}

Tumours TumoursOf(const RunView& first, const RunView& second) {
  Tumours tumours;
  const bool has_maps = !first.tumour_dice.empty() && !second.tumour_dice.empty();
  for (std::size_t p = 0; p < first.patients.size(); ++p) {
    const PatientResult& a = first.patients[p];
    const PatientResult& b = second.patients[p];
    if (!HasTumour(a)) continue;
    tumours.truth.push_back(dataset::PlaceOf(a.truth, first.classes));
    tumours.first_correct.push_back(IsStrictlyCorrect(a) ? 1 : 0);
    tumours.second_correct.push_back(IsStrictlyCorrect(b) ? 1 : 0);
    tumours.first_brier.push_back(BrierOrNan(a, first.classes));
    tumours.second_brier.push_back(BrierOrNan(b, first.classes));
    if (has_maps) {
      tumours.first_dice.push_back(first.tumour_dice[p]);
      tumours.second_dice.push_back(second.tumour_dice[p]);
    }
  }
  return tumours;
}

PairedMeasure CompareStrict(const Tumours& t, const PairedCounts& counts, const BootstrapOptions& bootstrap) {
  PairedMeasure measure = Bootstrapped(
      kStrictAccuracy, t.truth,
      [&](Weights w) { return std::pair(WeightedMean(t.first_correct, w), WeightedMean(t.second_correct, w)); },
      bootstrap);
  measure.interval = NewcombePairedInterval(counts, bootstrap.confidence);
  measure.interval_method = "Newcombe 1998, method 10";
  measure.test = "McNemar, exact";
  measure.p = measure.n == 0 ? kUndefined : McNemarExactP(counts);
  measure.detectable = DetectableByMcNemar(counts);
  return measure;
}

PairedMeasure CompareBalanced(const Tumours& t, std::size_t classes, const BootstrapOptions& bootstrap) {
  return Bootstrapped(
      kBalancedAccuracy, t.truth,
      [&](Weights w) {
        return std::pair(MeanOverClasses(t.first_correct, t.truth, classes, w),
                         MeanOverClasses(t.second_correct, t.truth, classes, w));
      },
      bootstrap);
}

// The patients for whom both values exist.
struct Pairs {
  std::vector<std::size_t> truth;
  std::vector<double> first, second, differences;
  std::int64_t left_out = 0;
};

Pairs Complete(const std::vector<std::size_t>& truth, const std::vector<double>& first,
               const std::vector<double>& second) {
  Pairs pairs;
  for (std::size_t p = 0; p < truth.size(); ++p) {
    if (std::isnan(first[p]) || std::isnan(second[p])) {
      ++pairs.left_out;
      continue;
    }
    pairs.truth.push_back(truth[p]);
    pairs.first.push_back(first[p]);
    pairs.second.push_back(second[p]);
    pairs.differences.push_back(first[p] - second[p]);
  }
  return pairs;
}

PairedMeasure CompareMeans(const std::string& name, const Pairs& pairs, const std::string& left_out_reason,
                           const BootstrapOptions& bootstrap) {
  PairedMeasure measure = Bootstrapped(
      name, pairs.truth,
      [&](Weights w) { return std::pair(WeightedMean(pairs.first, w), WeightedMean(pairs.second, w)); }, bootstrap);
  measure.left_out = pairs.left_out;
  measure.left_out_reason = left_out_reason;
  return measure;
}

PairedMeasure CompareDice(const Tumours& t, const BootstrapOptions& bootstrap) {
  const Pairs pairs = Complete(t.truth, t.first_dice, t.second_dice);
  PairedMeasure measure = CompareMeans(kTumourDice, pairs, "a run has no Dice", bootstrap);
  measure.test = "Wilcoxon signed ranks";
  measure.p = pairs.differences.empty() ? kUndefined : WilcoxonSignedRankP(pairs.differences);
  measure.detectable = DetectableByPairedT(pairs.differences);
  return measure;
}

PairedMeasure CompareBrier(const Tumours& t, const BootstrapOptions& bootstrap) {
  PairedMeasure measure =
      CompareMeans(kBrier, Complete(t.truth, t.first_brier, t.second_brier),
                   "a run gave no probabilities (no tumour found, or a label map alone)", bootstrap);
  measure.lower_is_better = true;
  return measure;
}

// Scores of the patients whom both runs score.
struct ScoredPairs {
  ScoreTable first, second;
  std::int64_t left_out = 0;
};

ScoredPairs ScoredByBoth(const RunView& first, const RunView& second, std::size_t tumours) {
  std::vector<ScoreTable> tables = ScoresInCommon({&first.patients, &second.patients}, first.classes);
  return {tables[0], tables[1], static_cast<std::int64_t>(tumours - tables[0].size())};
}

void SayWhoIsLeftOut(PairedMeasure& measure, const ScoredPairs& pairs) {
  measure.left_out = pairs.left_out;
  measure.left_out_reason = "a run gave no probabilities (a label map alone, or the study was refused)";
}

PairedMeasure CompareMeanAuc(const ScoredPairs& pairs, const BootstrapOptions& bootstrap) {
  const MultiClassAuc first(pairs.first);
  const MultiClassAuc second(pairs.second);
  PairedMeasure measure = Bootstrapped(
      kMeanAuc, pairs.first.truth, [&](Weights w) { return std::pair(first.Of(w), second.Of(w)); }, bootstrap);
  SayWhoIsLeftOut(measure, pairs);
  return measure;
}

PairedMeasure CompareClassAuc(const ScoredPairs& pairs, std::size_t class_index, const std::string& class_name,
                              const BootstrapOptions& bootstrap) {
  const std::vector<int> positive = AgainstTheRest(pairs.first.truth, class_index);
  const std::vector<double>& a = pairs.first.scores[class_index];
  const std::vector<double>& b = pairs.second.scores[class_index];
  const RankedScores first = Rank(a);
  const RankedScores second = Rank(b);
  PairedMeasure measure = Bootstrapped(
      kAucPrefix + class_name, pairs.first.truth,
      [&](Weights w) { return std::pair(AreaUnderCurve(first, positive, w), AreaUnderCurve(second, positive, w)); },
      bootstrap);
  const PairedAuc delong = CompareAuc(PlacementsOf(a, positive), PlacementsOf(b, positive), bootstrap.confidence);
  measure.interval = delong.interval;
  measure.interval_method = "DeLong";
  measure.test = "DeLong, paired";
  measure.p = delong.p;
  measure.detectable = DetectableByNormal(delong.difference, delong.standard_error, measure.n);
  SayWhoIsLeftOut(measure, pairs);
  return measure;
}

void AddCurveMeasures(std::vector<PairedMeasure>& measures, const RunView& first, const RunView& second,
                      const Tumours& tumours, const BootstrapOptions& bootstrap) {
  const ScoredPairs pairs = ScoredByBoth(first, second, tumours.truth.size());
  if (pairs.first.truth.empty()) return;
  measures.push_back(CompareMeanAuc(pairs, bootstrap));
  for (std::size_t c = 0; c < first.classes.size(); ++c)
    measures.push_back(CompareClassAuc(pairs, c, first.classes[c], bootstrap));
  measures.push_back(CompareBrier(tumours, bootstrap));
}

}  // namespace

const std::vector<std::string>& MainMeasures() {
  static const std::vector<std::string> kMain = {kStrictAccuracy, kMeanAuc, kTumourDice};
  return kMain;
}

std::vector<std::string> MainMeasuresOf(const RunView& run) {
  std::vector<std::string> measures;
  for (const auto& [name, difference] : MeasureDifferences(run, run)) {
    if (std::find(MainMeasures().begin(), MainMeasures().end(), name) != MainMeasures().end()) measures.push_back(name);
  }
  return measures;
}

std::vector<PairedMeasure> MeasurePairs(const RunView& first, const RunView& second,
                                        const BootstrapOptions& bootstrap) {
  const Tumours tumours = TumoursOf(first, second);
  std::vector<PairedMeasure> measures;
  if (first.labels_are_diagnoses) {
    measures.push_back(CompareStrict(tumours, StrictCounts(first, second), bootstrap));
    measures.push_back(CompareBalanced(tumours, first.classes.size(), bootstrap));
    AddCurveMeasures(measures, first, second, tumours, bootstrap);
  }
  if (!tumours.first_dice.empty() || (!first.tumour_dice.empty() && !second.tumour_dice.empty()))
    measures.push_back(CompareDice(tumours, bootstrap));
  return measures;
}

PairedCounts StrictCounts(const RunView& first, const RunView& second) {
  PairedCounts counts;
  for (std::size_t p = 0; p < first.patients.size(); ++p) {
    if (HasTumour(first.patients[p]))
      counts.Add(IsStrictlyCorrect(first.patients[p]), IsStrictlyCorrect(second.patients[p]));
  }
  return counts;
}

PairedCounts TumourFreeCounts(const RunView& first, const RunView& second) {
  PairedCounts counts;
  for (std::size_t p = 0; p < first.patients.size(); ++p) {
    if (HasTumour(first.patients[p])) continue;
    counts.Add(first.patients[p].verdict.predicted == kNoTumourFound,
               second.patients[p].verdict.predicted == kNoTumourFound);
  }
  return counts;
}

std::vector<std::pair<std::string, double>> MeasureDifferences(const RunView& first, const RunView& second) {
  BootstrapOptions no_draws;
  no_draws.draws = 0;
  std::vector<std::pair<std::string, double>> differences;
  for (const PairedMeasure& measure : MeasurePairs(first, second, no_draws))
    differences.emplace_back(measure.name, measure.difference);
  return differences;
}

}  // namespace parotis::evaluate
