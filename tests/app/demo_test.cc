// `parotis demo` as a user runs it, on one patient and the smallest study.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "base/json.h"
#include "base/resumable.h"
#include "tests/support/chain.h"

namespace parotis {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Of a size that has every tumour in both folds.
std::vector<std::string> Demo(const fs::path& folder, const std::string& patients) {
  return {"demo",   folder.string(),      "--once", "--json", "-q", "--n", "1", "--study",
          patients, "--study-iterations", "1"};
}

// When the study's first network was done.
fs::file_time_type FirstMember(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(folder / "study/runs/members"))
    if (entry.path().filename() == "result.json") return entry.last_write_time();
  return {};
}

TEST(Demo, LeavesANodeWithAnAnswerAndAFinishedStudyAndGoesOnFromThem) {
  if (!fs::exists(fs::path(PAROTIS_SOURCE_DIR) / "web/dist/index.html"))
    GTEST_SKIP() << "the page is not built; scripts/build_page.sh builds it";
  const test::TemporaryFolder folder;
  const test::Outcome first = test::RunProgram(Demo(folder.path(), "16"));
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const base::Json said = base::ParseJson(first.out, "what it said");
  EXPECT_THAT(said.at("url").get<std::string>(), StartsWith("http://127.0.0.1:"));
  EXPECT_THAT(said.at("study").get<std::string>(), HasSubstr("/#token="));
  ASSERT_TRUE(fs::exists(folder.path() / "study/runs/study-results.json"));
  const fs::file_time_type done = FirstMember(folder.path());
  ASSERT_NE(done, fs::file_time_type());

  const test::Outcome second = test::RunProgram(Demo(folder.path(), "16"));
  ASSERT_EQ(second.exit_code, 0) << second.err;
  EXPECT_EQ(FirstMember(folder.path()), done) << "the study was done twice";
  EXPECT_NE(base::ParseJson(second.out, "what it said").at("password"), said.at("password"));
}

// How many analyses the nodes of the folder's demos have recorded, each with its own model.
std::vector<int> Analyses(const fs::path& folder) {
  std::vector<int> counts;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!entry.path().filename().string().starts_with("kept-")) continue;
    counts.push_back(static_cast<int>(std::distance(fs::directory_iterator(entry.path() / "results"), {})));
  }
  return counts;
}

TEST(Demo, AnotherModelAnswersTheSamePatientsAnew) {
  const test::TemporaryFolder folder;
  const fs::path shipped = fs::path(PAROTIS_SOURCE_DIR) / "models/parotis-synthetic-0.2.safetensors";
  const fs::path other = folder.path() / "other.safetensors";
  ASSERT_EQ(test::RunProgram({"ensemble", "-m", shipped.string(), "-o", other.string()}).exit_code, 0);
  const std::vector<std::string> demo = {
      "demo", (folder.path() / "demo").string(), "--once", "--json", "-q", "--n", "1", "--study", "0"};
  ASSERT_EQ(test::RunProgram(demo).exit_code, 0);
  std::vector<std::string> with_other = demo;
  with_other.insert(with_other.end(), {"-m", other.string()});
  const test::Outcome outcome = test::RunProgram(with_other);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(Analyses(folder.path() / "demo"), testing::ElementsAre(1, 1));
}

TEST(Demo, ASecondOneInTheSameFolderLeavesTheFirstAlone) {
  const test::TemporaryFolder folder;
  base::WriteFile(folder.path() / ".parotis-demo", "");
  const base::OutputLock first(folder.path() / ".parotis-demo.lock", "busy");
  const test::Outcome outcome = test::RunProgram(Demo(folder.path(), "16"));
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("another parotis demo runs in " + folder.path().string()));
  EXPECT_FALSE(fs::exists(folder.path() / "node.json"));
}

TEST(Demo, AStudyThatCannotBeDoneIsSaidWithItsLog) {
  const test::TemporaryFolder folder;
  base::WriteFile(folder.path() / ".parotis-demo", "");
  base::WriteFile(folder.path() / "study", "in the way");
  const test::Outcome outcome = test::RunProgram(Demo(folder.path(), "16"));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr((folder.path() / "study").string()));
}

TEST(Demo, LeavesAFolderOfSomebodyElseAlone) {
  const test::TemporaryFolder folder;
  base::WriteFile(folder.path() / "studies/real.dcm", "images");
  const test::Outcome outcome = test::RunProgram(Demo(folder.path(), "16"));
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr(folder.path().string() + " holds something else than a demo's"));
  EXPECT_EQ(base::ReadFile(folder.path() / "studies/real.dcm"), "images");
}

}  // namespace
}  // namespace parotis
