// Proportions, curves and calibration against SciPy, scikit-learn, R and pROC on random inputs.
#include <set>

#include "base/random.h"
#include "evaluate/calibration.h"
#include "evaluate/classification.h"
#include "evaluate/discrimination.h"
#include "evaluate/logistic.h"
#include "tests/evaluate/reference.h"

namespace parotis::evaluate {
namespace {

using base::Json;
using test::ClassSample;
using test::DrawClasses;
using test::DrawSample;
using test::ExpectSame;
using test::Reference;
using test::Sample;

constexpr int kSamples = 250;
const BootstrapOptions kFewDraws = {20, 1, kConfidence, 1};

#define SKIP_WITHOUT(reference) \
  if (!(reference).IsThere()) GTEST_SKIP() << "the reference implementation is not installed; run scripts/setup.sh"

Json Question(const char* ask, const Sample& sample) {
  return {
      {"ask", ask}, {"scores", sample.scores}, {"other_scores", sample.other_scores}, {"positive", sample.positive}};
}

std::vector<Sample> DrawSamples(std::uint64_t seed) {
  base::Random random(seed);
  std::vector<Sample> samples;
  for (int s = 0; s < kSamples; ++s) samples.push_back(DrawSample(random));
  samples.push_back({{0.5}, {0.1}, {1}});
  samples.push_back({{0.5, 0.5, 0.5, 0.5}, {0.1, 0.1, 0.1, 0.1}, {1, 0, 1, 0}});
  return samples;
}

TEST(Reference, ProportionsHaveSciPysIntervals) {
  Reference python = Reference::Python();
  SKIP_WITHOUT(python);
  base::Random random(1);
  std::vector<Proportion> asked;
  for (int s = 0; s < kSamples; ++s) {
    const std::int64_t n = random.Integer(s < 20 ? 3 : 400);
    const Proportion proportion{random.Integer(n + 1), n};
    for (const char* method : {"wilson", "clopper_pearson"}) {
      python.Ask({{"ask", method}, {"count", proportion.count}, {"n", n}, {"confidence", 0.95}});
    }
    asked.push_back(proportion);
  }
  const auto answers = python.Answers();
  for (std::size_t i = 0; i < asked.size(); ++i) {
    Proportion p = asked[i];
    ExpectSame({p.interval().low, p.interval().high}, answers[2 * i], "Wilson");
    p.method = ProportionInterval::kClopperPearson;
    ExpectSame({p.interval().low, p.interval().high}, answers[2 * i + 1], "Clopper-Pearson");
  }
}

TEST(Reference, AreasAndCurvesAreScikitLearns) {
  Reference python = Reference::Python();
  SKIP_WITHOUT(python);
  const auto samples = DrawSamples(2);
  for (const Sample& sample : samples) {
    for (const char* ask : {"auc", "average_precision", "roc_points", "pr_points"}) python.Ask(Question(ask, sample));
  }
  const auto answers = python.Answers();
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const RocCurve roc = RocOf(samples[i].scores, samples[i].positive, kFewDraws);
    const PrecisionRecall pr = PrecisionRecallOf(samples[i].scores, samples[i].positive, kFewDraws);
    ExpectSame(roc.auc, answers[4 * i], "AUC");
    ExpectSame(pr.average_precision, answers[4 * i + 1], "average precision");
    std::vector<double> sensitivity, false_positive_rate, threshold, recall, precision;
    for (std::size_t p = 1; p < roc.points.size(); ++p) {
      sensitivity.push_back(roc.points[p].sensitivity);
      false_positive_rate.push_back(roc.points[p].false_positive_rate);
      threshold.push_back(roc.points[p].threshold);
    }
    for (const auto* more : {&false_positive_rate, &threshold})
      sensitivity.insert(sensitivity.end(), more->begin(), more->end());
    ExpectSame(sensitivity, answers[4 * i + 2], "ROC points");
    for (const PrecisionRecallPoint& point : pr.points) {
      recall.push_back(point.recall);
      precision.push_back(point.precision);
    }
    recall.insert(recall.end(), precision.begin(), precision.end());
    ExpectSame(recall, answers[4 * i + 3], "precision and recall");
  }
}

TEST(Reference, SensitivityAtFixedSpecificityIsTheBestOfAllThresholds) {
  Reference python = Reference::Python();
  SKIP_WITHOUT(python);
  std::vector<RocCurve> curves;
  for (const Sample& sample : DrawSamples(3)) {
    RocCurve curve = RocOf(sample.scores, sample.positive, kFewDraws);
    if (curve.points.empty()) continue;
    for (const int percent : {80, 85, 90}) {
      Json question = Question("sensitivity_at", sample);
      question["percent"] = percent;
      python.Ask(question);
    }
    curves.push_back(std::move(curve));
  }
  const auto answers = python.Answers();
  for (std::size_t i = 0; i < curves.size(); ++i) {
    for (std::size_t s = 0; s < 3; ++s) {
      const OperatingPoint& point = curves[i].operating_points[s];
      ExpectSame(point.sensitivity.estimate(), answers[3 * i + s], "sensitivity");
      EXPECT_GE(point.specificity, point.least_specificity - 1e-9);
    }
  }
}

TEST(Reference, TheVarianceOfAnAreaAndOfADifferenceIsProcs) {
  Reference r = Reference::R();
  SKIP_WITHOUT(r);
  const auto samples = DrawSamples(4);
  for (const Sample& sample : samples) {
    r.Ask(Question("delong_variance", sample));
    r.Ask(Question("delong_paired", sample));
  }
  const auto answers = r.Answers();
  int compared = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const Placements first = PlacementsOf(samples[i].scores, samples[i].positive);
    const Placements second = PlacementsOf(samples[i].other_scores, samples[i].positive);
    ExpectSame(DeLongCovariance(first, first), answers[2 * i], "variance");
    const Json& paired = answers[2 * i + 1];
    ExpectSame(DeLongCovariance(first, second), paired[0], "covariance");
    const PairedAuc difference = CompareAuc(first, second);
    if (!(difference.standard_error > 1e-6)) continue;
    ExpectSame({difference.p, difference.interval.low, difference.interval.high}, {paired[1], paired[2], paired[3]},
               "paired test");
    ++compared;
  }
  EXPECT_GT(compared, kSamples / 2);
}

TEST(Reference, TheScoreIntervalOfAnAreaSolvesNewcombesEquation) {
  Reference python = Reference::Python();
  SKIP_WITHOUT(python);
  base::Random random(5);
  std::vector<Interval> intervals;
  for (int s = 0; s < kSamples; ++s) {
    const auto positives = static_cast<std::size_t>(1 + random.Integer(60));
    const auto negatives = static_cast<std::size_t>(1 + random.Integer(60));
    const double auc = s % 3 == 0 ? 1.0 : s % 3 == 1 ? 0.0 : random.Uniform();
    intervals.push_back(IntervalOfAuc(auc, 0, positives, negatives).interval);
    python.Ask({{"ask", "auc_score_interval"}, {"positives", positives}, {"negatives", negatives}, {"auc", auc}});
  }
  const auto answers = python.Answers();
  for (std::size_t i = 0; i < intervals.size(); ++i)
    ExpectSame({intervals[i].low, intervals[i].high}, answers[i], "score interval");
}

ScoreTable TableOf(const ClassSample& sample) {
  ScoreTable table;
  table.truth = sample.truth;
  table.scores.resize(sample.probabilities[0].size());
  for (const auto& row : sample.probabilities) {
    for (std::size_t c = 0; c < row.size(); ++c) table.scores[c].push_back(row[c]);
  }
  return table;
}

TEST(Reference, HandAndTillsAreaIsScikitLearnsAndProcs) {
  Reference python = Reference::Python();
  Reference r = Reference::R();
  SKIP_WITHOUT(python);
  SKIP_WITHOUT(r);
  base::Random random(6);
  std::vector<ClassSample> samples;
  for (int s = 0; s < kSamples; ++s) {
    samples.push_back(DrawClasses(random, 3 + static_cast<std::size_t>(random.Integer(3))));
    for (const char* ask : {"hand_till", "hand_till_sklearn"})
      python.Ask({{"ask", ask}, {"truth", samples.back().truth}, {"probabilities", samples.back().probabilities}});
    r.Ask({{"ask", "hand_till"}, {"truth", samples.back().truth}, {"probabilities", samples.back().probabilities}});
  }
  const auto answers = python.Answers();
  const auto more = r.Answers();
  int by_proc = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double ours = MultiClassAuc(TableOf(samples[i])).Of();
    ExpectSame(ours, answers[2 * i], "by definition");
    ExpectSame(ours, answers[2 * i + 1], "scikit-learn");
    if (more[i].is_null()) continue;  // pROC wants every class
    ExpectSame(ours, more[i], "pROC");
    ++by_proc;
  }
  EXPECT_GT(by_proc, kSamples / 2);
}

const std::vector<std::string> kFour = {"alpha", "beta", "gamma", "delta"};

std::vector<PatientResult> PatientsFrom(const ClassSample& sample, base::Random& random) {
  std::vector<PatientResult> patients;
  for (std::size_t p = 0; p < sample.truth.size(); ++p) {
    PatientResult patient;
    patient.patient_id = "p" + std::to_string(p);
    patient.truth = kFour[sample.truth[p]];
    const auto guess = static_cast<std::size_t>(random.Integer(6));
    patient.verdict.predicted = guess < 4 ? kFour[random.Chance(0.5) ? sample.truth[p] : guess]
                                          : (guess == 4 ? kNoTumourFound : kIndeterminate);
    patient.verdict.class_probabilities = sample.probabilities[p];
    patients.push_back(patient);
  }
  return patients;
}

TEST(Reference, CalibrationIsWhatItsDefinitionSays) {
  Reference python = Reference::Python();
  SKIP_WITHOUT(python);
  base::Random random(7);
  std::vector<Calibration> ours;
  for (int s = 0; s < kSamples; ++s) {
    const ClassSample sample = DrawClasses(random, 4);
    python.Ask({{"ask", "calibration"}, {"truth", sample.truth}, {"probabilities", sample.probabilities}});
    ours.push_back(Calibrate(PatientsFrom(sample, random), kFour));
  }
  const auto answers = python.Answers();
  for (std::size_t i = 0; i < ours.size(); ++i)
    ExpectSame({ours[i].brier, ours[i].ece, ours[i].adaptive_ece}, answers[i], "Brier, ECE, adaptive ECE");
}

TEST(Reference, LogisticRegressionIsGlms) {
  Reference r = Reference::R();
  SKIP_WITHOUT(r);
  base::Random random(8);
  std::vector<std::vector<double>> ours;
  for (int s = 0; s < 60; ++s) {
    std::vector<double> x;
    std::vector<int> outcome;
    const std::int64_t n = 20 + random.Integer(60);
    for (std::int64_t i = 0; i < n; ++i) {
      x.push_back(random.Normal(0.5, 1.2));
      outcome.push_back(random.Chance(1 / (1 + std::exp(-(0.3 + 0.8 * x.back())))) ? 1 : 0);
    }
    const LogisticFit both = FitLogistic(x, outcome);
    const LogisticFit shift = FitLogisticIntercept(x, outcome);
    if (std::isnan(both.slope)) continue;  // separated: glm gives a number that means nothing
    r.Ask({{"ask", "logistic"}, {"x", x}, {"outcome", outcome}});
    ours.push_back(
        {both.intercept, both.slope, both.intercept_error, both.slope_error, shift.intercept, shift.intercept_error});
  }
  const auto answers = r.Answers();
  EXPECT_GT(ours.size(), 50U);
  for (std::size_t i = 0; i < ours.size(); ++i) ExpectSame(ours[i], answers[i], "glm", 1e-7);
}

TEST(Reference, TheTableOfOneClassAgainstTheRestAndKappaAreScikitLearns) {
  Reference python = Reference::Python();
  SKIP_WITHOUT(python);
  base::Random random(9);
  std::vector<Classification> ours;
  for (int s = 0; s < kSamples; ++s) {
    const auto patients = PatientsFrom(DrawClasses(random, 4), random);
    std::vector<std::string> truth, predicted;
    for (const PatientResult& patient : patients) {
      truth.push_back(patient.truth);
      predicted.push_back(patient.verdict.predicted);
    }
    for (const std::string& name : kFour)
      python.Ask({{"ask", "one_versus_rest"}, {"class", name}, {"truth", truth}, {"predicted", predicted}});
    python.Ask({{"ask", "kappa"}, {"first", truth}, {"second", predicted}});
    python.Ask({{"ask", "balanced_accuracy"}, {"truth", truth}, {"predicted", predicted}});
    ours.push_back(Classify(patients, kFour, kFewDraws));
  }
  const auto answers = python.Answers();
  for (std::size_t i = 0; i < ours.size(); ++i) {
    for (std::size_t c = 0; c < 4; ++c) {
      const OneVersusRest& table = ours[i].one_vs_rest[c];
      ExpectSame({table.accuracy().estimate(), table.sensitivity().estimate(), table.specificity().estimate(),
                  table.ppv().estimate(), table.npv().estimate()},
                 answers[6 * i + c], "one against the rest");
    }
    ExpectSame(ours[i].kappa, answers[6 * i + 4], "kappa");
    ExpectSame(ours[i].balanced_accuracy, answers[6 * i + 5], "balanced accuracy");
  }
}

TEST(Reference, TestsOfPairsAreSciPys) {
  Reference python = Reference::Python();
  SKIP_WITHOUT(python);
  base::Random random(10);
  std::vector<double> ours;
  for (int s = 0; s < kSamples; ++s) {
    const PairedCounts counts{3, random.Integer(40), random.Integer(40), 2};
    python.Ask({{"ask", "mcnemar"}, {"only_first", counts.only_first}, {"only_second", counts.only_second}});
    ours.push_back(McNemarExactP(counts));
    std::vector<double> differences;
    const std::int64_t n = 1 + random.Integer(70);
    const int steps = s % 2 == 0 ? 0 : 5;
    for (std::int64_t i = 0; i < n; ++i) differences.push_back(test::Coarse(random.Normal(0.2, 1), steps));
    python.Ask({{"ask", "wilcoxon"}, {"differences", differences}});
    ours.push_back(WilcoxonSignedRankP(differences));
  }
  const auto answers = python.Answers();
  for (std::size_t i = 0; i < ours.size(); ++i) ExpectSame(ours[i], answers[i], i % 2 == 0 ? "McNemar" : "Wilcoxon");
}

TEST(Reference, TheBootstrapOfAMeanIsSciPysWithinMonteCarloError) {
  Reference python = Reference::Python();
  SKIP_WITHOUT(python);
  base::Random random(11);
  std::vector<double> values;
  for (int i = 0; i < 50; ++i) values.push_back(random.LogNormal(1, 0.5));
  python.Ask({{"ask", "bootstrap_mean"}, {"values", values}});
  const Interval ours = BootstrapMean(values, {20000, 3, kConfidence, 0});
  const std::vector<std::size_t> one_stratum(values.size(), 0);
  const Interval stratified = DrawStratified(one_stratum, 1,
                                             [&](Weights weights, std::span<double> results) {
                                               results[0] = 0;
                                               for (std::size_t i = 0; i < values.size(); ++i)
                                                 results[0] +=
                                                     weights[i] * values[i] / static_cast<double>(values.size());
                                             },
                                             {20000, 4, kConfidence, 0})
                                  .IntervalOf(0);
  const auto answers = python.Answers();
  // The standard error of a 2.5 % quantile from 20,000 draws is about 0.02 standard errors of the mean.
  const double tolerance = 5 * 0.02 * StandardDeviationOf(values) / std::sqrt(50.0);
  for (const Interval& interval : {ours, stratified}) {
    EXPECT_NEAR(interval.low, answers[0][0].get<double>(), tolerance);
    EXPECT_NEAR(interval.high, answers[0][1].get<double>(), tolerance);
  }
}

}  // namespace
}  // namespace parotis::evaluate
