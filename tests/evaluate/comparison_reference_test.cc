// Corrections, power, variance components, agreement and bootstrapped differences against R, SciPy and plain
// definitions on random inputs.
#include <fmt/format.h>

#include <algorithm>

#include "base/random.h"
#include "evaluate/agreement.h"
#include "evaluate/holm.h"
#include "evaluate/overlap.h"
#include "evaluate/paired_measures.h"
#include "evaluate/power.h"
#include "evaluate/variance.h"
#include "tests/evaluate/reference.h"

namespace parotis::evaluate {
namespace {

using base::Json;
using test::ExpectSame;
using test::Reference;

constexpr int kSamples = 200;

#define SKIP_WITHOUT(reference) \
  if (!(reference).IsThere()) GTEST_SKIP() << "the reference implementation is not installed; run scripts/setup.sh"

TEST(ComparisonReference, HolmsCorrectionIsRs) {
  Reference r = Reference::R();
  SKIP_WITHOUT(r);
  base::Random random(21);
  std::vector<std::vector<double>> ours;
  for (int s = 0; s < kSamples; ++s) {
    std::vector<double> p;
    const std::int64_t size = 2 + random.Integer(15);
    for (std::int64_t h = 0; h < size; ++h)
      p.push_back(random.Chance(0.2) ? 0.02 : std::pow(random.Uniform(), 1 + static_cast<double>(s % 4)));
    r.Ask({{"ask", "holm"}, {"p", p}});
    ours.push_back(HolmAdjusted(p));
  }
  const auto answers = r.Answers();
  for (std::size_t i = 0; i < ours.size(); ++i) ExpectSame(ours[i], answers[i], "Holm");
}

TEST(ComparisonReference, VarianceComponentsAreThoseOfAnAnalysisOfVariance) {
  Reference r = Reference::R();
  SKIP_WITHOUT(r);
  base::Random random(22);
  std::vector<std::vector<double>> ours;
  for (int s = 0; s < 60; ++s) {
    const std::int64_t seeds = 2 + random.Integer(4);
    const std::int64_t folds = 2 + random.Integer(4);
    std::vector<RunMetric> runs;
    std::vector<double> of_seed, of_fold;
    for (std::int64_t i = 0; i < 6; ++i) {
      of_seed.push_back(random.Normal(0, 0.03));
      of_fold.push_back(random.Normal(0, 0.05));
    }
    Json question = {{"ask", "components"}, {"value", Json::array()}, {"seed", Json::array()}, {"fold", Json::array()}};
    for (std::int64_t seed = 0; seed < seeds; ++seed) {
      for (std::int64_t fold = 0; fold < folds; ++fold) {
        const double value = 0.7 + of_seed[static_cast<std::size_t>(seed)] + of_fold[static_cast<std::size_t>(fold)] +
                             random.Normal(0, 0.02);
        runs.push_back({seed, fold, value});
        question["value"].push_back(value);
        question["seed"].push_back(seed);
        question["fold"].push_back(fold);
      }
    }
    r.Ask(question);
    const VarianceComponents c = ComponentsOf(runs);
    ours.push_back({c.seed_variance, c.fold_variance, c.residual_variance, c.sd_across_seeds, c.sd_across_folds});
  }
  const auto answers = r.Answers();
  for (std::size_t i = 0; i < ours.size(); ++i) ExpectSame(ours[i], answers[i], "components");
}

TEST(ComparisonReference, TheCorrectedResampledTIsItsFormula) {
  Reference python = Reference::Python();
  SKIP_WITHOUT(python);
  base::Random random(23);
  std::vector<std::vector<double>> ours;
  for (int s = 0; s < kSamples; ++s) {
    std::vector<double> differences;
    const std::int64_t folds = 2 + random.Integer(9);
    for (std::int64_t f = 0; f < folds; ++f) differences.push_back(random.Normal(0.03, 0.05));
    const double share = 1 / static_cast<double>(folds - 1);
    python.Ask({{"ask", "corrected_t"}, {"differences", differences}, {"test_share", share}});
    const CorrectedResampled t = CorrectedResampledT(differences, share);
    ours.push_back({t.mean, t.standard_error, t.interval.low, t.interval.high, t.p});
  }
  const auto answers = python.Answers();
  for (std::size_t i = 0; i < ours.size(); ++i) ExpectSame(ours[i], answers[i], "corrected t");
}

TEST(ComparisonReference, PowerOfMcNemarsTestSolvesConnorsEquation) {
  Reference python = Reference::Python();
  SKIP_WITHOUT(python);
  base::Random random(24);
  std::vector<std::vector<double>> ours;
  for (int s = 0; s < kSamples; ++s) {
    const PairedCounts counts{random.Integer(60), random.Integer(20), 1 + random.Integer(20), random.Integer(40)};
    const auto n = static_cast<double>(counts.n());
    const double discordance = static_cast<double>(counts.only_first + counts.only_second) / n;
    python.Ask({{"ask", "connor"}, {"n", n}, {"discordance", discordance}, {"difference", counts.difference()}});
    const Detectable found = DetectableByMcNemar(counts);
    ours.push_back({found.difference, std::isinf(found.patients_needed) ? kUndefined : found.patients_needed});
  }
  const auto answers = python.Answers();
  for (std::size_t i = 0; i < ours.size(); ++i) ExpectSame(ours[i], answers[i], "Connor");
}

TEST(ComparisonReference, PowerOfThePairedTIsRs) {
  Reference r = Reference::R();
  SKIP_WITHOUT(r);
  base::Random random(25);
  std::vector<std::vector<double>> ours;
  for (int s = 0; s < 60; ++s) {
    const std::int64_t n = 3 + random.Integer(120);
    const double effect = random.Uniform(0.1, 1.5);
    r.Ask({{"ask", "paired_t"}, {"n", n}, {"effect", effect}});
    // Differences with mean `effect` and standard deviation 1.
    std::vector<double> differences;
    for (std::int64_t i = 0; i < n; ++i) differences.push_back(random.Normal());
    const double mean = MeanOf(differences);
    const double sd = StandardDeviationOf(differences);
    for (double& difference : differences) difference = (difference - mean) / sd + effect;
    const Detectable found = DetectableByPairedT(differences);
    ours.push_back({PowerOfPairedT(effect, n), found.difference, found.patients_needed});
  }
  const auto answers = r.Answers();
  // R's noncentral t (AS 243) is good to about eight digits.
  for (std::size_t i = 0; i < ours.size(); ++i) ExpectSame(ours[i], answers[i], "paired t", 1e-7);
}

TEST(ComparisonReference, AgreementOfReadersIsScikitLearnsAndItsDefinition) {
  Reference python = Reference::Python();
  SKIP_WITHOUT(python);
  base::Random random(26);
  const std::vector<std::string> said = {"alpha", "beta", "gamma", "no tumour found"};
  std::vector<double> ours;
  for (int s = 0; s < kSamples; ++s) {
    const std::int64_t patients = 1 + random.Integer(40);
    const std::int64_t readers = 2 + random.Integer(4);
    const std::int64_t used = 1 + random.Integer(4);
    std::vector<std::vector<std::string>> ratings;
    std::vector<std::string> first, second;
    for (std::int64_t p = 0; p < patients; ++p) {
      const auto usual = static_cast<std::size_t>(random.Integer(used));
      ratings.emplace_back();
      for (std::int64_t reader = 0; reader < readers; ++reader) {
        const auto other = static_cast<std::size_t>(random.Integer(used));
        ratings.back().push_back(said[random.Chance(0.5) ? usual : other]);
      }
      first.push_back(ratings.back()[0]);
      second.push_back(ratings.back()[1]);
    }
    python.Ask({{"ask", "fleiss"}, {"ratings", ratings}});
    python.Ask({{"ask", "kappa"}, {"first", first}, {"second", second}});
    ours.push_back(FleissKappa(ratings));
    ours.push_back(CohenKappa(first, second));
  }
  const auto answers = python.Answers();
  for (std::size_t i = 0; i < ours.size(); ++i) ExpectSame(ours[i], answers[i], i % 2 == 0 ? "Fleiss" : "Cohen");
}

const std::vector<std::string> kThree = {"alpha", "beta", "gamma"};

// 85 patients, a run that is right with `skill`.
RunView DrawRun(base::Random& random, const std::string& name, double skill) {
  RunView run{name, kThree, {}, {}};
  for (int p = 0; p < 85; ++p) {
    const std::size_t truth = p < 30 ? 0 : p < 60 ? 1 : 2;
    std::vector<double> weights = {1 + 2 * random.Uniform(), 1 + 2 * random.Uniform(), 1 + 2 * random.Uniform()};
    weights[truth] += skill * random.Uniform();
    const double sum = weights[0] + weights[1] + weights[2];
    for (double& weight : weights) weight /= sum;
    PatientResult patient;
    patient.patient_id = fmt::format("p{:03}", p);
    patient.truth = kThree[truth];
    patient.verdict.class_probabilities = weights;
    patient.verdict.from_diagnosis = true;
    const auto likeliest = std::max_element(weights.begin(), weights.end()) - weights.begin();
    patient.verdict.predicted = kThree[static_cast<std::size_t>(likeliest)];
    run.patients.push_back(patient);
  }
  return run;
}

Json RunToJson(const RunView& run) {
  Json correct = Json::array();
  Json probabilities = Json::array();
  for (const PatientResult& patient : run.patients) {
    correct.push_back(patient.truth == patient.verdict.predicted ? 1 : 0);
    probabilities.push_back(patient.verdict.class_probabilities);
  }
  return {{"correct", correct}, {"probabilities", probabilities}};
}

TEST(ComparisonReference, BootstrappedDifferencesAgreeWithinMonteCarloError) {
  Reference python = Reference::Python();
  SKIP_WITHOUT(python);
  base::Random random(27);
  const RunView first = DrawRun(random, "first", 3);
  const RunView second = DrawRun(random, "second", 1.5);
  Json truth = Json::array();
  for (int p = 0; p < 85; ++p) truth.push_back(p < 30 ? 0 : p < 60 ? 1 : 2);
  python.Ask({{"ask", "resampled_differences"},
              {"truth", truth},
              {"runs", Json::array({RunToJson(first), RunToJson(second)})},
              {"draws", 3000}});
  const auto measures = MeasurePairs(first, second, {10000, 1, kConfidence, 0});
  const Json answer = python.Answers()[0];
  const std::vector<std::string> names = {kStrictAccuracy, kBalancedAccuracy, kMeanAuc, kBrier};
  for (std::size_t m = 0; m < names.size(); ++m) {
    const auto measure =
        std::find_if(measures.begin(), measures.end(), [&](const PairedMeasure& one) { return one.name == names[m]; });
    ASSERT_NE(measure, measures.end());
    // The 2.5 % quantile of 3,000 draws has an error of about 0.05 standard errors of the statistic; accuracies come in
    // steps of 1/85.
    const double tolerance = 5 * 0.05 * answer[8 + m].get<double>() + (m < 2 ? 1.0 / 60 : 0);
    EXPECT_NEAR(measure->bootstrap.low, answer[m].get<double>(), tolerance) << names[m];
    EXPECT_NEAR(measure->bootstrap.high, answer[4 + m].get<double>(), tolerance) << names[m];
  }
}

// A study whose true difference is the detectable one finds it in four of five tries.
TEST(Power, AStudyFindsTheDetectableDifferenceFourTimesInFive) {
  const PairedCounts observed{50, 30, 20, 50};
  const double delta = DetectableByMcNemar(observed).difference;
  const double discordance = 50.0 / 150;
  base::Random random(28);
  int found = 0;
  for (int study = 0; study < 2000; ++study) {
    double only_first = 0;
    double only_second = 0;
    for (int patient = 0; patient < 150; ++patient) {
      const double u = random.Uniform();
      only_first += u < (discordance + delta) / 2 ? 1 : 0;
      only_second += u > 1 - (discordance - delta) / 2 ? 1 : 0;
    }
    found += std::abs(only_first - only_second) > 1.959964 * std::sqrt(only_first + only_second) ? 1 : 0;
  }
  EXPECT_NEAR(found / 2000.0, kPower, 0.04);
}

TEST(Power, WithTooFewDiscordantPatientsAllAreTakenToSpeakForOneRun) {
  const Detectable many = DetectableByMcNemar({200, 0, 0, 0});
  // The smallest d with (1.96 √d + 0.84 √(d − d²))² ≤ 200 d².
  EXPECT_NEAR(many.difference, 0.0386, 5e-4);
  EXPECT_TRUE(std::isnan(many.patients_needed));
  EXPECT_TRUE(std::isnan(DetectableByMcNemar({2, 0, 0, 0}).difference)) << "two patients can show nothing";
  EXPECT_TRUE(std::isnan(DetectableByMcNemar({}).difference));
  EXPECT_TRUE(std::isnan(DetectableByPairedT(std::vector<double>{0.1}).difference));
}

TEST(VarianceComponents, AnIncompleteTableIsRefused) {
  EXPECT_THROW(ComponentsOf(std::vector<RunMetric>{{1, 0, 0.5}, {1, 1, 0.5}, {2, 0, 0.5}}), base::Error);
  EXPECT_THROW(ComponentsOf(std::vector<RunMetric>{{1, 0, 0.5}, {1, 0, 0.6}}), base::Error);
  EXPECT_THROW(ComponentsOf(std::vector<RunMetric>{{1, 0, kUndefined}}), base::Error);
  const VarianceComponents one_seed = ComponentsOf(std::vector<RunMetric>{{1, 0, 0.5}, {1, 1, 0.7}});
  EXPECT_TRUE(std::isnan(one_seed.seed_variance));
  EXPECT_TRUE(std::isnan(one_seed.sd_across_seeds));
  EXPECT_NEAR(one_seed.sd_across_folds, std::sqrt(0.02), 1e-12);
}

}  // namespace
}  // namespace parotis::evaluate
