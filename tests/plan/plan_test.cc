#include "plan/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "tests/plan/example_plan.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace parotis::plan {
namespace {

using base::Json;
using test::ErrorOf;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

Json MinimalJson() {
  return {{"labels", {"background", "warthin", "malignant"}}, {"channels", {{{"name", "T2"}}, {{"name", "ADC"}}}}};
}

// Calls visit(pointer, member) for every member of every object and list, depth first.
template <class Visit>
void ForEachMember(const Json& json, const Json::json_pointer& at, const Visit& visit) {
  for (const auto& [key, member] : json.items()) {
    const Json::json_pointer here = json.is_array() ? at / std::stoul(key) : at / key;
    visit(here, member);
    if (member.is_structured()) ForEachMember(member, here, visit);
  }
}

// "/channels/1/scale" as messages write it: "channels[1].scale".
std::string PathOf(const Json::json_pointer& pointer) {
  std::string path;
  std::string text = pointer.to_string();
  for (std::size_t start = 1; start < text.size();) {
    const std::size_t end = std::min(text.find('/', start), text.size());
    const std::string part = text.substr(start, end - start);
    path +=
        std::isdigit(static_cast<unsigned char>(part[0])) != 0 ? "[" + part + "]" : (path.empty() ? "" : ".") + part;
    start = end + 1;
  }
  return path;
}

Json WithKeysReversed(const Json& json) {
  if (json.is_array()) {
    Json list = Json::array();
    for (const Json& member : json) list.push_back(WithKeysReversed(member));
    return list;
  }
  if (!json.is_object()) return json;
  std::vector<std::string> keys;
  for (const auto& [key, member] : json.items()) keys.insert(keys.begin(), key);
  Json reversed = Json::object();
  for (const std::string& key : keys) reversed[key] = WithKeysReversed(json.at(key));
  return reversed;
}

TEST(Plan, LabelsAndChannelsAreEnough) {
  const Plan plan = PlanFromJson(MinimalJson(), "plan.json");
  Plan expected;
  expected.labels = plan.labels;
  expected.channels = {{.name = "T2"}, {.name = "ADC"}};
  expected.batch.quota = {{"warthin", 6}, {"malignant", 5}, {"tumour_free", 5}};
  EXPECT_EQ(ToJson(plan).dump(), ToJson(expected).dump());
}

TEST(Plan, LabelsAndChannelsHaveNoDefault) {
  for (const char* key : {"labels", "channels"}) {
    Json json = MinimalJson();
    json.erase(key);
    EXPECT_THAT(ErrorOf([&] { PlanFromJson(json, "plan.json"); }),
                HasSubstr(std::string("plan.json: ") + key + " is missing"));
  }
  Json json = MinimalJson();
  json["channels"][1].erase("name");
  EXPECT_THAT(ErrorOf([&] { PlanFromJson(json, "plan.json"); }), HasSubstr("channels[1].name is missing"));
}

RC_GTEST_PROP(Plan, ReadingWhatWasWrittenGivesTheSamePlan, ()) {
  const Plan plan = RandomPlan();
  const test::TemporaryFolder folder;
  WritePlan(folder.path() / "plan.json", plan);
  const Plan back = ReadPlan(folder.path() / "plan.json");
  RC_ASSERT(ToJson(back).dump() == ToJson(plan).dump());
  RC_ASSERT(HashOf(back) == HashOf(plan));
  RC_ASSERT(back.preparation == plan.preparation);
}

TEST(Plan, EveryUnknownKeyIsRefusedNamingItsPath) {
  const Json sound = ToJson(ParotidPlan());
  std::vector<Json::json_pointer> objects = {Json::json_pointer()};
  ForEachMember(sound, Json::json_pointer(), [&](const Json::json_pointer& at, const Json& member) {
    const bool has_free_keys = at.back() == "quota" || at.back() == "contrast_sets" || at.back() == "class_weights" ||
                               at.back() == "decisive_classes" || at.back() == "learning_rate_factors" ||
                               at.back() == "label_sources";
    if (member.is_object() && !has_free_keys) objects.push_back(at);
  });
  EXPECT_EQ(objects.size(), 1U + 10 + 2 + 5) << "the plan, its ten sections, two of the rule, five channels";
  for (const Json::json_pointer& object : objects) {
    Json json = sound;
    json[object / "surprise"] = 1;
    EXPECT_THAT(ErrorOf([&] { PlanFromJson(json, "plan.json"); }),
                HasSubstr(PathOf(object / "surprise") + " is not a known key"));
  }
}

TEST(Plan, EveryValueOfAWrongTypeIsRefusedNamingItsPath) {
  const Json sound = ToJson(ParotidPlan());
  int places = 0;
  ForEachMember(sound, Json::json_pointer(), [&](const Json::json_pointer& at, const Json& member) {
    Json json = sound;
    json[at] = member.is_string() ? Json(3.5) : Json("text");
    EXPECT_THAT(ErrorOf([&] { PlanFromJson(json, "plan.json"); }), HasSubstr("plan.json: " + PathOf(at))) << at;
    ++places;
  });
  EXPECT_GT(places, 80);
}

TEST(Plan, ANearMissIsAnsweredWithTheKnownKey) {
  Json json = MinimalJson();
  json["network"] = {{"witdhs", {8, 16}}};
  EXPECT_THAT(ErrorOf([&] { PlanFromJson(json, "plan.json"); }),
              AllOf(HasSubstr("network.witdhs"), HasSubstr("did you mean \"widths\"?")));
}

TEST(Plan, EnumerationsAreLowerCaseNames) {
  Json json = MinimalJson();
  json["preparation"]["crop"] = "nonzero";
  json["batch"] = {{"design", "foreground"}};
  json["optimiser"]["kind"] = "sgd";
  json["network"]["norm"] = "group";
  const Plan plan = PlanFromJson(json, "plan.json");
  EXPECT_EQ(plan.preparation.crop, CropRule::kNonzero);
  EXPECT_EQ(plan.batch.design, BatchDesign::kForeground);
  EXPECT_EQ(plan.optimiser.kind, OptimiserKind::kSgd);
  EXPECT_EQ(plan.network.norm, NetworkNorm::kGroup);
  EXPECT_TRUE(plan.batch.quota.empty()) << "a foreground design has no quota";
  json["preparation"]["crop"] = "Body";
  EXPECT_THAT(ErrorOf([&] { PlanFromJson(json, "plan.json"); }),
              HasSubstr("preparation.crop is \"Body\"; it must be one of body, nonzero, none"));
}

TEST(Plan, ANumberNoMachineCanHoldIsRefusedAsBadInput) {
  const test::TemporaryFolder folder;
  base::WriteFile(folder.path() / "plan.json",
                  R"({"labels": ["background", "a"], "channels": [{"name": "T2"}], "loss": {"dice": 1e999}})");
  EXPECT_THAT(ErrorOf([&] { ReadPlan(folder.path() / "plan.json"); }), HasSubstr("plan.json"));
}

TEST(PlanHash, DoesNotDependOnHowTheFileIsWritten) {
  const Plan plan = ParotidPlan();
  const test::TemporaryFolder folder;
  base::WriteFile(folder.path() / "plan.json", "// a comment\n" + WithKeysReversed(ToJson(plan)).dump(7, '\t'));
  EXPECT_EQ(HashOf(ReadPlan(folder.path() / "plan.json")), HashOf(plan));
  Json short_json = ToJson(plan);
  short_json.erase("optimiser");
  EXPECT_EQ(HashOf(PlanFromJson(short_json, "plan.json")), HashOf(plan))
      << "a default that is not written is the same default";
  EXPECT_EQ(HashOf(plan).size(), 64U);
}

TEST(PlanHash, ChangesWithEveryNumberAndThePreparationHashOnlyWithItsPart) {
  const Plan plan = ParotidPlan();
  const Json json = ToJson(plan);
  int changed = 0;
  ForEachMember(json, Json::json_pointer(), [&](const Json::json_pointer& at, const Json& member) {
    Json other = json;
    if (member.is_boolean())
      other[at] = !member.get<bool>();
    else if (member.is_number_integer())
      other[at] = member.get<int>() + 1;
    else if (member.is_number())
      other[at] = member.get<double>() * 0.875 + 0.01;
    else
      return;
    Plan different;
    try {
      different = PlanFromJson(other, "plan.json");
    } catch (const base::Error&) {
      return;  // contradicts another part, as a single share of the quota does
    }
    ++changed;
    EXPECT_NE(HashOf(different), HashOf(plan)) << at;
    const bool prepares = at.to_string().starts_with("/preparation") || at.to_string().starts_with("/channels");
    EXPECT_EQ(PreparationHashOf(different) != PreparationHashOf(plan), prepares) << at;
  });
  EXPECT_GT(changed, 45);
}

TEST(PlanHash, ThePreparationDependsOnTheOrderOfChannelsAndLabels) {
  const Plan plan = ParotidPlan();
  Plan swapped = plan;
  std::swap(swapped.channels[0], swapped.channels[1]);
  EXPECT_NE(PreparationHashOf(swapped), PreparationHashOf(plan));
  swapped = plan;
  std::swap(swapped.labels[1], swapped.labels[3]);
  EXPECT_NE(PreparationHashOf(swapped), PreparationHashOf(plan));
}

TEST(ContrastSets, AreFoundByNameByChannelAndByList) {
  const Plan plan = ParotidPlan();
  EXPECT_THAT(plan.ChannelsOf(""), ElementsAre("T2", "T1C", "B0", "B1000", "ADC"));
  EXPECT_THAT(plan.ChannelsOf("diffusion"), ElementsAre("B0", "B1000", "ADC"));
  EXPECT_THAT(plan.ChannelsOf("diffusion+t1c"), ElementsAre("B0", "B1000", "ADC", "T1C"));
  EXPECT_THAT(plan.ChannelsOf("ADC"), ElementsAre("ADC"));
  EXPECT_THAT(plan.ChannelsOf("ADC+T2"), ElementsAre("ADC", "T2"));
  EXPECT_THAT(plan.ChannelsOf("T1C,B0"), ElementsAre("T1C", "B0"));
  for (const char* bad : {"Diffusion", "T2+", "T2+T2", "T2 + ADC", "flair"}) {
    EXPECT_THAT(ErrorOf([&] { plan.ChannelsOf(bad); }),
                AllOf(HasSubstr(bad), HasSubstr("structural"), HasSubstr("B1000")))
        << bad;
  }
  EXPECT_EQ(plan.Channel("ADC").normalisation, Normalisation::kPhysical);
  EXPECT_THAT(ErrorOf([&] { plan.Channel("FLAIR"); }), HasSubstr("no channel FLAIR"));
}

}  // namespace
}  // namespace parotis::plan
