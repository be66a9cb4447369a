// plan, verify and info as a script uses them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "plan/plan.h"
#include "tests/support/chain.h"
#include "tests/support/small_dataset.h"

namespace parotis {
namespace {

using test::Outcome;
using test::RunProgram;
using testing::HasSubstr;

TEST(PlanCommand, WritesThePlanThatItPrints) {
  const test::TemporaryFolder folder;
  test::WriteSmallDataset(folder.path() / "d", 3);
  const std::filesystem::path file = folder.path() / "plan.json";
  const Outcome outcome = RunProgram({"plan", "-d", (folder.path() / "d").string(), "-o", file.string(), "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const base::Json json = base::ParseJson(outcome.out, "plan");
  EXPECT_EQ(json["plan"].dump(), base::ReadJson(file).dump());
  EXPECT_EQ(json["plan_hash"], plan::HashOf(plan::ReadPlan(file)));
  EXPECT_EQ(json["fingerprint"]["cases"], 3);
}

TEST(PlanCommand, SaysForPeopleWhatItDecided) {
  const test::TemporaryFolder folder;
  test::WriteSmallDataset(folder.path() / "d", 3);
  const Outcome outcome =
      RunProgram({"plan", "-d", (folder.path() / "d").string(), "-o", (folder.path() / "plan.json").string()});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  for (const char* part :
       {"T2 (robust), ADC (physical)", "warthin (1 of 3 cases", "malignant (2 of 3 cases", "axial"}) {
    EXPECT_THAT(outcome.out, HasSubstr(part));
  }
}

TEST(VerifyCommand, EndsWithThreeAndListsEveryProblem) {
  const test::TemporaryFolder folder;
  test::WriteSmallDataset(folder.path(), 3);
  EXPECT_EQ(RunProgram({"verify", "-d", folder.path().string()}).exit_code, 0);
  std::filesystem::remove(folder.path() / "labelsTr/case_001.nii.gz");
  std::filesystem::remove(folder.path() / "imagesTr/case_003_0001.nii.gz");
  const Outcome outcome = RunProgram({"verify", "-d", folder.path().string(), "--json"});
  EXPECT_EQ(outcome.exit_code, 3);
  const base::Json json = base::ParseJson(outcome.out, "verify");
  EXPECT_FALSE(json["ok"].get<bool>());
  ASSERT_EQ(json["problems"].size(), 2U);
  EXPECT_EQ(json["problems"][0]["case"], "case_001");
  EXPECT_EQ(json["problems"][1]["case"], "case_003");
}

TEST(InfoCommand, SaysWhatAModelReadsAndFinds) {
  const Outcome outcome = RunProgram({"info", test::ModelFile(), "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const base::Json json = base::ParseJson(outcome.out, "info");
  EXPECT_FALSE(json["channels"].empty());
  EXPECT_GT(json["parameters"].get<std::int64_t>(), 1000);
  EXPECT_EQ(json["file_hash"].get<std::string>().size(), 64U);
  const Outcome text = RunProgram({"info", "-m", test::ModelFile()});
  EXPECT_THAT(text.out, HasSubstr("Research use only"));
  EXPECT_THAT(text.out, HasSubstr(json["plan_hash"].get<std::string>()));
}

TEST(InfoCommand, AFileThatIsNoModelIsNamed) {
  const test::TemporaryFolder folder;
  base::WriteFile(folder.path() / "model.safetensors", "nothing of the kind");
  const Outcome outcome = RunProgram({"info", (folder.path() / "model.safetensors").string()});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("model.safetensors"));
  EXPECT_TRUE(outcome.out.empty());
}

}  // namespace
}  // namespace parotis
