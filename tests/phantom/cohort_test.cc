#include "phantom/cohort.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "base/error.h"
#include "phantom/oracle.h"
#include "phantom/patient.h"

namespace parotis::phantom {
namespace {

Mix MixOf(const std::string& text) { return ParseMix(text, DefaultPriors()); }

TEST(Cohort, ThePaperPresetIsDealtExactly) {
  const Preset& paper = FindPreset("paper");
  const Mix mix = MixOf(paper.mix);
  std::map<std::string, int> counts;
  for (int k = 0; k < paper.patients; ++k) ++counts[DiagnosisOf(mix, 1, k)];
  EXPECT_EQ(counts, (std::map<std::string, int>{{"warthin", 30}, {"pleomorphic", 30}, {"malignant", 25}}));
}

RC_GTEST_PROP(Cohort, EveryDeckHoldsTheMix, (std::uint64_t seed)) {
  const int deck = *rc::gen::inRange(0, 50);
  const Mix mix = MixOf("warthin=3,malignant=2,tumour_free=1");
  std::multiset<std::string> dealt;
  for (int k = 0; k < 6; ++k) dealt.insert(DiagnosisOf(mix, seed, deck * 6 + k));
  RC_ASSERT(dealt ==
            (std::multiset<std::string>{"malignant", "malignant", "tumour_free", "warthin", "warthin", "warthin"}));
}

TEST(Cohort, AnotherSeedDealsAnotherOrder) {
  const Mix mix = MixOf("warthin=30,pleomorphic=30,malignant=25");
  int same = 0;
  for (int k = 0; k < 85; ++k) same += DiagnosisOf(mix, 1, k) == DiagnosisOf(mix, 2, k) ? 1 : 0;
  EXPECT_LT(same, 50);
}

TEST(Cohort, AMixThatCannotBeReadNamesWhatIsWrong) {
  EXPECT_THROW(MixOf("warthin"), base::Error);
  EXPECT_THROW(MixOf("warthin=-1"), base::Error);
  EXPECT_THROW(MixOf("warthin=2x"), base::Error);
  EXPECT_THROW(MixOf("lipoma=3"), base::Error);
  EXPECT_THROW(MixOf("warthin=1,warthin=2"), base::Error);
  EXPECT_THROW(MixOf("warthin=0"), base::Error);
}

TEST(Patient, DependsOnSeedAndIndexOnly) {
  const Patient a = DrawPatient(DefaultPriors(), 3, 14, "warthin");
  const Patient b = DrawPatient(DefaultPriors(), 3, 14, "warthin");
  const Patient other = DrawPatient(DefaultPriors(), 3, 15, "warthin");
  EXPECT_EQ(a.lesions[0].adc_um2_s, b.lesions[0].adc_um2_s);
  EXPECT_EQ(a.lesions[0].centre_head, b.lesions[0].centre_head);
  EXPECT_NE(a.lesions[0].adc_um2_s, other.lesions[0].adc_um2_s);
}

TEST(Patient, LesionsAreOnTheirSideAndApart) {
  for (int k = 0; k < 400; ++k) {
    const Patient patient = DrawPatient(DefaultPriors(), 5, k, "warthin");
    for (std::size_t a = 0; a < patient.lesions.size(); ++a) {
      const Lesion& lesion = patient.lesions[a];
      // The head frame is LPS: +x is the left.
      EXPECT_GT(lesion.side == dataset::Side::kLeft ? lesion.centre_head[0] : -lesion.centre_head[0], 25);
      for (std::size_t b = 0; b < a; ++b) {
        double squared = 0;
        for (int axis = 0; axis < 3; ++axis)
          squared += std::pow(lesion.centre_head[axis] - patient.lesions[b].centre_head[axis], 2);
        EXPECT_GT(std::sqrt(squared) * patient.body.scale, 0.5 * (lesion.size_mm + patient.lesions[b].size_mm));
      }
    }
  }
}

TEST(Patient, WarthinTumoursAreOftenSeveralAndPleomorphicAdenomasAlmostNever) {
  int warthin = 0, pleomorphic = 0, on_both_sides = 0;
  for (int k = 0; k < 1000; ++k) {
    const Patient patient = DrawPatient(DefaultPriors(), 6, k, "warthin");
    warthin += patient.lesions.size() > 1 ? 1 : 0;
    on_both_sides += patient.lesions.back().side != patient.lesions.front().side ? 1 : 0;
    pleomorphic += DrawPatient(DefaultPriors(), 6, k, "pleomorphic").lesions.size() > 1 ? 1 : 0;
  }
  EXPECT_THAT(warthin, testing::AllOf(testing::Gt(150), testing::Lt(290)));
  EXPECT_THAT(on_both_sides, testing::AllOf(testing::Gt(50), testing::Lt(120)));
  EXPECT_LT(pleomorphic, 40);
}

TEST(Patient, GlandsGetFattierWithAge) {
  double young = 0, old = 0;
  int young_count = 0, old_count = 0;
  for (int k = 0; k < 2000; ++k) {
    const Patient patient = DrawPatient(DefaultPriors(), 7, k, "tumour_free");
    if (patient.age_years < 40) young += patient.body.parotid_fat, ++young_count;
    if (patient.age_years > 65) old += patient.body.parotid_fat, ++old_count;
  }
  EXPECT_GT(old / old_count, young / young_count + 0.12);
}

// No set of contrasts solves everything, and each is worth what the literature leads one to expect.
TEST(Oracle, EverySetOfContrastsIsWorthWhatItShould) {
  const Oracle oracle = AskOracle(DefaultPriors(), MixOf("warthin=30,pleomorphic=30,malignant=25"), 20000, 1);
  std::map<std::string, double> accuracy;
  for (const OracleRow& row : oracle.rows) accuracy[row.name] = row.strict_accuracy;
  const std::map<std::string, std::array<double, 2>> wanted = {
      {"adc", {0.60, 0.68}}, {"structural", {0.55, 0.63}},  {"diffusion", {0.66, 0.74}},
      {"all", {0.70, 0.78}}, {"all+washout", {0.80, 0.87}}, {"everything", {0.93, 0.99}}};
  for (const auto& [name, range] : wanted)
    EXPECT_THAT(accuracy.at(name), testing::AllOf(testing::Gt(range[0]), testing::Lt(range[1]))) << name;
}

TEST(Oracle, AdcSeparatesThePairsAsPublished) {
  const Oracle oracle = AskOracle(DefaultPriors(), MixOf("warthin=30,pleomorphic=30,malignant=25"), 20000, 2);
  std::map<std::string, double> auc;
  for (const PairAuc& pair : oracle.adc_auc) auc[pair.higher + ">" + pair.lower] = pair.auc;
  EXPECT_THAT(auc.at("pleomorphic>warthin"), testing::AllOf(testing::Gt(0.88), testing::Lt(0.97)));
  EXPECT_THAT(auc.at("pleomorphic>malignant"), testing::AllOf(testing::Gt(0.80), testing::Lt(0.92)));
  EXPECT_THAT(auc.at("malignant>warthin"), testing::AllOf(testing::Gt(0.55), testing::Lt(0.70)));
  for (const PairAuc& pair : oracle.washout_auc) auc[pair.higher + ">" + pair.lower] = pair.auc;
  EXPECT_THAT(auc.at("warthin>malignant"), testing::AllOf(testing::Gt(0.85), testing::Lt(0.95)));
}

TEST(Oracle, KnowingMoreIsNeverWorse) {
  const Oracle oracle = AskOracle(DefaultPriors(), MixOf("warthin=30,pleomorphic=30,malignant=25"), 20000, 3);
  std::map<std::string, double> accuracy;
  for (const OracleRow& row : oracle.rows) accuracy[row.name] = row.strict_accuracy;
  EXPECT_GT(accuracy["diffusion"], accuracy["adc"]);
  EXPECT_GT(accuracy["all"], accuracy["diffusion"]);
  EXPECT_GT(accuracy["diffusion"], accuracy["structural"] + 0.05);
  EXPECT_LT(accuracy["all"], 0.80) << "one look must not solve everything";
}

}  // namespace
}  // namespace parotis::phantom
