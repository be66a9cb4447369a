#include "evaluate/froc.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "tests/evaluate/reference.h"

namespace parotis::evaluate {
namespace {

using base::Json;
using test::ExpectSame;
using test::Reference;

const BootstrapOptions kFewDraws = {200, 1, kConfidence, 1};

// Two lesions in two patients; false alarms score 0.8 and 0.3.
std::vector<FrocPatient> TwoPatients() { return {{1, {{0.9, true}, {0.8, false}}}, {1, {{0.5, true}, {0.3, false}}}}; }

TEST(Froc, CountsByHand) {
  const Froc froc = FrocOf(TwoPatients(), kFewDraws);
  ASSERT_EQ(froc.points.size(), 4U);
  EXPECT_EQ(froc.points[0].sensitivity, 0.5);
  EXPECT_EQ(froc.points[0].false_per_patient, 0);
  EXPECT_EQ(froc.points[1].false_per_patient, 0.5);
  EXPECT_EQ(froc.points[2].sensitivity, 1);
  EXPECT_EQ(froc.rates[0].sensitivity, 0.5) << "at 0.125 false lesions per patient";
  EXPECT_EQ(froc.rates[2].sensitivity, 1) << "at 0.5";
  EXPECT_NEAR(froc.mean_sensitivity, (0.5 + 0.5 + 5) / 7, 1e-12);
}

TEST(Froc, WithoutReferenceLesionsThereIsNoSensitivity) {
  const Froc froc = FrocOf(std::vector<FrocPatient>{{0, {{0.4, false}}}}, kFewDraws);
  EXPECT_TRUE(std::isnan(froc.mean_sensitivity));
  EXPECT_TRUE(std::isnan(FrocOf({}, kFewDraws).mean_sensitivity));
}

TEST(Froc, IntervalsDrawPatientsWithAllTheirLesions) {
  // Five patients with two found lesions each, five with two missed ones: lesions alone would give a narrower interval.
  std::vector<FrocPatient> patients;
  for (int p = 0; p < 5; ++p) {
    patients.push_back({2, {{0.9, true}, {0.8, true}}});
    patients.push_back({2, {}});
  }
  const Froc froc = FrocOf(patients, {4000, 1, kConfidence, 1});
  EXPECT_EQ(froc.mean_sensitivity, 0.5);
  // Quantiles of a binomial of 10 patients at one half: 2 and 8 of 10.
  EXPECT_NEAR(froc.mean_sensitivity_interval.low, 0.2, 1e-12);
  EXPECT_NEAR(froc.mean_sensitivity_interval.high, 0.8, 1e-12);
}

TEST(Froc, IsTheBestOfAllThresholds) {
  Reference python = Reference::Python();
  if (!python.IsThere()) GTEST_SKIP() << "the reference implementation is not installed; run scripts/setup.sh";
  base::Random random(31);
  std::vector<std::vector<double>> ours;
  for (int s = 0; s < 200; ++s) {
    std::vector<FrocPatient> patients(static_cast<std::size_t>(1 + random.Integer(30)));
    Json question = {{"ask", "froc"}, {"patients", Json::array()}};
    for (FrocPatient& patient : patients) {
      Json detections = Json::array();
      const std::int64_t hits = random.Integer(3);
      patient.reference_lesions = hits + random.Integer(2);
      for (std::int64_t d = random.Integer(5) + hits; d > 0; --d) {
        patient.detections.push_back({test::Coarse(random.Uniform(), s % 2 == 0 ? 0 : 8), d <= hits});
        detections.push_back({patient.detections.back().score, patient.detections.back().is_true ? 1 : 0});
      }
      question["patients"].push_back({{"lesions", patient.reference_lesions}, {"detections", detections}});
    }
    python.Ask(question);
    const Froc froc = FrocOf(patients, {1, 1, kConfidence, 1});
    ours.emplace_back();
    for (const FrocRate& rate : froc.rates) ours.back().push_back(rate.sensitivity);
    ours.back().push_back(froc.mean_sensitivity);
  }
  const auto answers = python.Answers();
  for (std::size_t i = 0; i < ours.size(); ++i) ExpectSame(ours[i], answers[i], "FROC");
}

}  // namespace
}  // namespace parotis::evaluate
