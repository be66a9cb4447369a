#include "diagnose/calibrate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "diagnose/lesions.h"
#include "tests/support/errors.h"

namespace parotis::diagnose {
namespace {

// Patients whose classes are drawn with the probabilities of a model that is then made `too_sure` times too sure.
std::vector<KnownPatient> Overconfident(std::size_t count, double too_sure) {
  std::vector<KnownPatient> patients;
  for (std::size_t p = 0; p < count; ++p) {
    base::Random random(3, {p});
    std::vector<double> honest(3);
    double sum = 0;
    for (double& value : honest) sum += value = std::exp(random.Uniform(-1.5, 1.5));
    for (double& value : honest) value /= sum;
    const double draw = random.Uniform(0, 1);
    KnownPatient patient;
    patient.truth = draw < honest[0] ? 0 : (draw < honest[0] + honest[1] ? 1 : 2);
    patient.diagnosis.classes = {"alpha", "beta", "gamma"};
    dataset::Lesion lesion;
    lesion.volume_ml = 1;
    lesion.network_probabilities = honest;
    ApplyTemperature(lesion.network_probabilities, 1 / too_sure);
    patient.diagnosis.lesions = {lesion};
    patients.push_back(std::move(patient));
  }
  return patients;
}

TEST(FitTemperature, FindsHowMuchTooSureTheModelWas) {
  const Calibration calibration = FitTemperature(Overconfident(4000, 3), {});
  EXPECT_NEAR(calibration.temperature, 3, 0.3);
  EXPECT_LT(calibration.loss_after, calibration.loss_before);
  EXPECT_EQ(calibration.patients, 4000U);
}

TEST(FitTemperature, LeavesAnHonestModelAlone) {
  EXPECT_NEAR(FitTemperature(Overconfident(4000, 1), {}).temperature, 1, 0.1);
}

TEST(FitTemperature, DoesNotDependOnTheTemperatureThatWasApplied) {
  plan::DiagnosisPlan rule;
  rule.temperature = 2;
  EXPECT_EQ(FitTemperature(Overconfident(500, 3), rule).temperature,
            FitTemperature(Overconfident(500, 3), {}).temperature);
}

TEST(FitTemperature, AClassRuledOutAltogetherCostsMuchButNotEverything) {
  std::vector<KnownPatient> patients = Overconfident(30, 1);
  patients[0].truth = 0;
  patients[0].diagnosis.lesions[0].network_probabilities = {0, 1, 0};
  EXPECT_TRUE(std::isfinite(FitTemperature(patients, {}).loss_after));
}

TEST(FitTemperature, FewPatientsAreRefused) {
  EXPECT_THAT(test::ErrorOf([] { FitTemperature(Overconfident(19, 1), {}); }),
              testing::HasSubstr("19 patients with a tumour that was found are too few"));
}

}  // namespace
}  // namespace parotis::diagnose
