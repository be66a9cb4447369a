// The cohort is what it says: the figures that the literature gives for each class, measured in simulated images.
#include "audit/cohort_audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include "audit/audit_page.h"
#include "audit/intensity_reader.h"

namespace parotis::audit {
namespace {

using testing::AllOf;
using testing::Gt;
using testing::HasSubstr;
using testing::Lt;

// More patients for the manual's figures: PAROTIS_AUDIT_PATIENTS.
std::int64_t PatientCount() {
  const char* const text = std::getenv("PAROTIS_AUDIT_PATIENTS");
  return text == nullptr ? 500 : std::stoll(text);
}

phantom::Mix PaperMix() { return phantom::ParseMix(phantom::FindPreset("paper").mix, phantom::DefaultPriors()); }

const QuantityAudit& Quantity(const CohortAudit& audit, const std::string& key) {
  for (const QuantityAudit& quantity : audit.quantities) {
    if (quantity.key == key) return quantity;
  }
  ADD_FAILURE() << "no " << key;
  return audit.quantities[0];
}

std::map<std::string, double> AucsOf(const QuantityAudit& quantity) {
  std::map<std::string, double> aucs;
  for (const phantom::PairAuc& pair : quantity.auc) aucs[pair.higher + ">" + pair.lower] = pair.auc;
  return aucs;
}

// Means within 5 % and standard deviations within 15 % of 1.73 ± 0.38, 0.95 ± 0.20 and 1.10 ± 0.36 · 10⁻³ mm²/s.
void ExpectPublishedAdc(const CohortAudit& audit) {
  const std::map<std::string, MeanSd> targets = {
      {"pleomorphic", {1730, 380}}, {"warthin", {950, 200}}, {"malignant", {1100, 360}}};
  for (const Realised& realised : Quantity(audit, "adc_um2_s").classes) {
    const MeanSd& target = targets.at(realised.tumour);
    EXPECT_NEAR(realised.measured.mean, target.mean, 0.05 * target.mean) << realised.tumour;
    EXPECT_NEAR(realised.measured.sd, target.sd, 0.15 * target.sd) << realised.tumour;
    EXPECT_LT(realised.not_measured, 0.15 * static_cast<double>(realised.values.size()));
  }
  const auto adc = AucsOf(Quantity(audit, "adc_um2_s"));
  EXPECT_THAT(adc.at("pleomorphic>warthin"), AllOf(Gt(0.88), Lt(0.97)));
  EXPECT_THAT(adc.at("pleomorphic>malignant"), AllOf(Gt(0.80), Lt(0.92)));
  EXPECT_THAT(adc.at("malignant>warthin"), AllOf(Gt(0.55), Lt(0.70)));
  EXPECT_THAT(AucsOf(Quantity(audit, "washout_percent")).at("warthin>malignant"), AllOf(Gt(0.85), Lt(0.95)));
}

// What is measured in the images is what was drawn, but for texture and the fit.
void ExpectImagesToShowWhatWasDrawn(const CohortAudit& audit) {
  for (const char* key : {"adc_um2_s", "t2_ms", "perfusion_fraction", "dstar_um2_s", "kurtosis"}) {
    for (const Realised& realised : Quantity(audit, key).classes)
      EXPECT_NEAR(realised.measured.mean / realised.drawn.mean, 1, 0.04) << key << " " << realised.tumour;
  }
  for (const Realised& realised : Quantity(audit, "washout_percent").classes)
    EXPECT_NEAR(realised.measured.mean, realised.drawn.mean, 3) << realised.tumour;
}

void ExpectSharesOfTheirPriors(const CohortAudit& audit) {
  for (const ShareAudit& share : audit.shares) {
    const double n = static_cast<double>(share.n);
    const double tolerance = 3.5 * std::sqrt(share.prior * (1 - share.prior) / n) + 1 / n;
    EXPECT_NEAR(static_cast<double>(share.count) / n, share.prior, tolerance) << share.name << " " << share.tumour;
  }
  EXPECT_THAT(static_cast<double>(audit.unusable) / static_cast<double>(audit.patients), AllOf(Gt(0.12), Lt(0.25)));
}

// One test, because every patient is measured in images that have to be made.
TEST(CohortAudit, FiveHundredPatientsAreWhatTheLiteratureLeadsOneToExpect) {
  const auto rows = MeasureCohort(phantom::DefaultPriors(), PaperMix(), 1, PatientCount(), {});
  const CohortAudit audit = Audit(phantom::DefaultPriors(), PaperMix(), 1, rows, 1000);
  ExpectPublishedAdc(audit);
  ExpectImagesToShowWhatWasDrawn(audit);
  ExpectSharesOfTheirPriors(audit);
}

TEST(CohortAudit, TheFieldMovesEchoPlanarImagesAtTheLesion) {
  const auto rows = MeasureCohort(phantom::DefaultPriors(), PaperMix(), 1, 6, {.distortion = true});
  for (const PatientRow& row : rows) {
    ASSERT_TRUE(row.distortion.has_value());
    EXPECT_THAT(row.distortion->shift_mm, AllOf(Gt(0.02), Lt(25)));
  }
}

TEST(CohortAudit, TheTargetOfAMixtureHasItsMoments) {
  phantom::TumourPriors tumour;
  tumour.subtypes.resize(2);
  tumour.subtypes[0].weight = 3, tumour.subtypes[1].weight = 1;
  tumour.subtypes[0].lesion.adc_um2_s = {1000, 100}, tumour.subtypes[1].lesion.adc_um2_s = {2000, 200};
  const MeanSd target =
      TargetOf(tumour, [](const phantom::LesionPriors& p) { return MeanSd{p.adc_um2_s.mean, p.adc_um2_s.sd}; });
  EXPECT_NEAR(target.mean, 1250, 1e-9);
  // Within: 0.75 · 100² + 0.25 · 200²; between: 0.75 · 250² + 0.25 · 750².
  EXPECT_NEAR(target.sd, std::sqrt(17500.0 + 187500.0), 1e-6);
}

// The lesions cannot be found by intensity alone.
TEST(IntensityReader, GreyValuesAloneDoNotFindTheTumours) {
  const IntensityReading reading = ReadByIntensity(phantom::DefaultPriors(), PaperMix(), 1, 24, {}, 0, {});
  EXPECT_EQ(reading.tested_on, 12);
  EXPECT_LT(reading.test_dice, 0.5);
  EXPECT_GT(reading.train_dice, 0.05) << "the regression itself works";
}

TEST(AuditPage, SaysThatItIsSyntheticAndEscapesWhatItIsGiven) {
  CohortAudit audit;
  audit.patients = 1;
  const std::string page = AuditPage(audit, {}, {}, "parotis <x>");
  EXPECT_THAT(page, HasSubstr("Synthetic."));
  EXPECT_THAT(page, HasSubstr("parotis &lt;x&gt;"));
}

}  // namespace
}  // namespace parotis::audit
