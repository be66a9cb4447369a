#include "experiment/study_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/errors.h"

namespace parotis::experiment {
namespace {

using base::Json;
using testing::ElementsAre;
using testing::HasSubstr;

Study Read(Json json) {
  json["name"] = "study";
  return StudyFromJson(json, "study.json", "/data");
}
std::string ComplaintOf(const Json& json) {
  return test::ErrorOf([&] { Read(json); });
}

TEST(StudyFile, WhatIsLeftOutHasADefault) {
  const Study study = Read(Json::object());
  EXPECT_EQ(study.folds, 5);
  EXPECT_THAT(study.seeds, ElementsAre(1));
  ASSERT_EQ(study.variants.size(), 1U);
  EXPECT_EQ(study.variants[0].name, "plan");
  EXPECT_EQ(study.selection, Selection::kNested);
}

TEST(StudyFile, SeedsAreACountOrAList) {
  EXPECT_THAT(Read({{"seeds", 3}}).seeds, ElementsAre(1, 2, 3));
  EXPECT_THAT(Read({{"seeds", {7U, 5U}}}).seeds, ElementsAre(7, 5));
  EXPECT_THAT(ComplaintOf({{"seeds", 0}}), HasSubstr("at least one"));
  EXPECT_THAT(ComplaintOf({{"seeds", {4U, 4U}}}), HasSubstr("different"));
}

TEST(StudyFile, PathsAreRelativeToIt) {
  const Study study =
      Read({{"plan", "plans/a.json"}, {"from", "/else/b.safetensors"}, {"variants", {{"x", Json::object()}}}});
  EXPECT_EQ(study.plan, "/data/plans/a.json");
  EXPECT_EQ(study.variants[0].from, "/else/b.safetensors");
}

TEST(StudyFile, AVariantsOwnWeightsStandBeforeTheStudys) {
  const Json variants = {{"x", {{"from", "x.safetensors"}}}, {"fresh", {{"from", ""}}}, {"y", Json::object()}};
  const Study study = Read({{"from", "all.safetensors"}, {"variants", variants}});
  EXPECT_EQ(study.variants[0].from, "/data/x.safetensors");
  EXPECT_FALSE(study.variants[1].from);
  EXPECT_EQ(study.variants[2].from, "/data/all.safetensors");
}

TEST(StudyFile, ChangesOfThePlanComeBeforeAVariantsOwn) {
  const Json changes = {{"batch", {{"size", 8}, {"patch", {96, 96}}}}};
  const Json variants = {{"same", Json::object()},
                         {"uniform", {{"plan", {{"batch", {{"size", nullptr}, {"design", "uniform"}}}}}}}};
  const Study study = Read({{"plan_changes", changes}, {"variants", variants}});
  EXPECT_EQ(study.variants[0].plan_patch, changes);
  EXPECT_EQ(study.variants[1].plan_patch,
            Json({{"batch", {{"size", nullptr}, {"patch", {96, 96}}, {"design", "uniform"}}}}));
  EXPECT_THAT(ComplaintOf({{"plan_changes", 3}}), HasSubstr("plan_changes must be an object"));
}

TEST(StudyFile, WrittenAndReadItIsTheSame) {
  const Json variants = {{"x", {{"plan", {{"batch", {{"quota", nullptr}}}}}}}};
  const Study study = Read({{"seeds", {3U}},
                            {"variants", variants},
                            {"tests", {{{"name", "t"}, {"dataset", "d"}}}},
                            {"slurm", {{"time", "1:00:00"}, {"extra", {"--account=x"}}}}});
  EXPECT_EQ(ToJson(StudyFromJson(ToJson(study), "again", "/elsewhere")), ToJson(study));
}

TEST(StudyFile, WhatContradictsItselfIsRefusedWithTheKey) {
  EXPECT_THAT(ComplaintOf({{"fold", 5}}), HasSubstr("folds"));
  EXPECT_THAT(ComplaintOf({{"folds", 2}}), HasSubstr("nested selection needs at least 3"));
  EXPECT_THAT(ComplaintOf({{"splits", "a"}, {"split_by", "site"}}), HasSubstr("either"));
  EXPECT_THAT(ComplaintOf({{"splits", "a"}, {"repeats", 2}}), HasSubstr("repeats"));
  EXPECT_THAT(ComplaintOf({{"contrast_sets", {"t2", "t2"}}}), HasSubstr("twice"));
  EXPECT_THAT(ComplaintOf({{"variants", {{"results", Json::object()}}}}), HasSubstr("folder of the study's own"));
  EXPECT_THAT(ComplaintOf({{"variants", {{"a/b", Json::object()}}}}), HasSubstr("cannot name a folder"));
  EXPECT_THAT(ComplaintOf({{"selection", "best"}}), HasSubstr("nested"));
}

TEST(StudyFile, TheShippedExamplesAreRead) {
  for (const char* name :
       {"study.json", "study-compact.json", "study-extended.json", "study-ablation.json", "study-options.json"})
    EXPECT_NO_THROW(ReadStudy(std::filesystem::path(PAROTIS_SOURCE_DIR) / "configs" / name)) << name;
}

}  // namespace
}  // namespace parotis::experiment
