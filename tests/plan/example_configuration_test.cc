// configs/plan.json is the manual of the plan: it must hold every key, and the default of each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "tests/plan/example_plan.h"

namespace parotis::plan {
namespace {

using base::Json;

const std::filesystem::path kExample = std::filesystem::path(PAROTIS_SOURCE_DIR) / "configs" / "plan.json";

void ExpectSameKeys(const Json& example, const Json& written, const std::string& path) {
  for (const auto& [key, member] : written.items()) {
    ASSERT_TRUE(example.contains(key)) << path << key << " is not explained in configs/plan.json";
    if (member.is_object()) ExpectSameKeys(example.at(key), member, path + key + ".");
  }
}

TEST(ExampleConfiguration, HoldsTheDefaultsOfTheProgram) {
  EXPECT_EQ(ToJson(ReadPlan(kExample)).dump(2), ToJson(ParotidPlan()).dump(2));
}

TEST(ExampleConfiguration, ExplainsEveryKey) {
  const Json example = base::ReadJson(kExample);
  ExpectSameKeys(example, ToJson(ParotidPlan()), "");
  for (const Json& channel : example.at("channels"))
    ExpectSameKeys(channel, ToJson(ParotidPlan())["channels"][0], "channels[].");
}

TEST(ExampleConfiguration, IsReadTheSameWithTheOptionalPartsLeftOut) {
  Json json = base::ReadJson(kExample);
  for (const char* section :
       {"preparation", "network", "batch", "augmentation", "optimiser", "loss", "training", "inference"})
    json.erase(section);
  EXPECT_EQ(ToJson(PlanFromJson(json, "plan.json")).dump(), ToJson(ReadPlan(kExample)).dump());
}

}  // namespace
}  // namespace parotis::plan
