#include "dataset/diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/errors.h"

namespace parotis::dataset {
namespace {

using base::Json;
using test::ErrorOf;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

Diagnosis Example() {
  Diagnosis diagnosis;
  diagnosis.case_id = "case_001";
  diagnosis.verdict = Verdict::kClass;
  diagnosis.classes = {"warthin", "pleomorphic", "malignant"};
  diagnosis.class_probabilities = {0.1, 0.2, 0.7};
  diagnosis.class_name = "malignant";
  diagnosis.reason = "The largest lesion is most probably malignant.";
  diagnosis.tumour_probability = 0.93;
  Lesion lesion;
  lesion.id = 1;
  lesion.side = Side::kLeft;
  lesion.centre_world = {-41.25, 3, 1e-7};
  lesion.long_axis_mm = 22.5;
  lesion.adc_mean_um2_s = 1034.0625;
  lesion.class_probabilities = {0.1, 0.2, 0.7};
  diagnosis.lesions = {lesion};
  diagnosis.flags = {{"forced", "The examination was read although it was refused."}};
  diagnosis.bundle_hash = "ab12";
  return diagnosis;
}

TEST(Diagnosis, ReadingWhatWasWrittenGivesTheSame) {
  const Diagnosis back = DiagnosisFromJson(base::ParseJson(base::DumpJson(ToJson(Example())), "d"), "d");
  EXPECT_EQ(ToJson(back).dump(), ToJson(Example()).dump());
  EXPECT_EQ(back.lesions[0].side, Side::kLeft);
  EXPECT_EQ(back.lesions[0].adc_mean_um2_s, 1034.0625);
  EXPECT_FALSE(back.lesions[0].adc_sd_um2_s.has_value());
  EXPECT_THAT(back.class_probabilities, ElementsAre(0.1, 0.2, 0.7));
}

TEST(Diagnosis, ProbabilitiesBelongToNamesWhateverTheirOrderInTheFile) {
  Json json = ToJson(Example());
  json["class_probabilities"] = {{"malignant", 0.7}, {"warthin", 0.1}, {"pleomorphic", 0.2}};
  EXPECT_THAT(DiagnosisFromJson(json, "d").class_probabilities, ElementsAre(0.1, 0.2, 0.7));
}

TEST(Diagnosis, SaysThatItIsForResearchOnly) {
  EXPECT_THAT(ToJson(Diagnosis{}).dump(), HasSubstr("Research use only"));
}

TEST(Diagnosis, ARefusalCarriesItsReasonAndNoClass) {
  Diagnosis refusal;
  refusal.verdict = Verdict::kRefused;
  refusal.reason = "BodyPartExamined is PROSTATE.";
  const Diagnosis back = DiagnosisFromJson(ToJson(refusal), "d");
  EXPECT_EQ(back.verdict, Verdict::kRefused);
  EXPECT_EQ(back.reason, refusal.reason);
  EXPECT_TRUE(back.class_name.empty() && back.class_probabilities.empty() && back.lesions.empty());
}

TEST(Diagnosis, ADamagedFileIsRefusedNamingThePlace) {
  const auto says = [](const std::function<void(Json&)>& spoil) {
    Json json = ToJson(Example());
    spoil(json);
    return ErrorOf([&] { DiagnosisFromJson(json, "diagnosis.json"); });
  };
  EXPECT_THAT(says([](Json& j) { j["verdict"] = "benign"; }),
              AllOf(HasSubstr("verdict is \"benign\""), HasSubstr("no_tumour_found")));
  EXPECT_THAT(says([](Json& j) { j["class"] = "lymphoma"; }), HasSubstr("none of the classes"));
  EXPECT_THAT(says([](Json& j) { j["verdict"] = "refused"; }), HasSubstr("must be null unless"));
  EXPECT_THAT(says([](Json& j) { j["class_probabilities"].erase("warthin"); }),
              HasSubstr("class_probabilities.warthin is missing"));
  EXPECT_THAT(says([](Json& j) { j["class_probabilities"]["warthin"] = 1.5; }), HasSubstr("between 0 and 1"));
  EXPECT_THAT(says([](Json& j) { j["lesions"][0]["side"] = "L"; }), HasSubstr("lesions[0].side"));
  EXPECT_THAT(says([](Json& j) { j["lesions"][0]["centre_world_mm"] = {1, 2}; }),
              HasSubstr("lesions[0].centre_world_mm"));
  EXPECT_THAT(says([](Json& j) { j["lesions"][0]["colour"] = "red"; }),
              HasSubstr("lesions[0].colour is not a known key"));
  EXPECT_THAT(says([](Json& j) { j["surprise"] = 1; }), HasSubstr("surprise is not a known key"));
  EXPECT_THAT(says([](Json& j) { j.erase("reason"); }), HasSubstr("reason is missing"));
  EXPECT_EQ(says([](Json& j) { j["provenance"] = {{"study", "1.2.3"}}; }), "nothing was thrown");
}

}  // namespace
}  // namespace parotis::dataset
