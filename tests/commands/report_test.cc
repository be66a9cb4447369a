// `parotis report --study` as a user runs it, on a study whose networks are made up.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/json.h"
#include "tests/support/program.h"
#include "tests/support/xml.h"

namespace parotis {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class ReportOfAStudy : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new test::TemporaryFolder;
    Fake("--dataset " + Dataset().string());
    Fake("--dataset " + (folder_->path() / "further").string() + " another-");
    Fake(Dataset().string() + " " + Runs().string() + " 2");
  }
  static void TearDownTestSuite() { delete folder_; }

  static void Fake(const std::string& arguments) {
    const std::string quiet = " > " + (folder_->path() / "fake.log").string() + " 2>&1";
    ASSERT_EQ(std::system((std::string(PAROTIS_FAKE_STUDY) + " " + arguments + quiet).c_str()), 0);
  }
  static fs::path Dataset() { return folder_->path() / "dataset"; }
  static fs::path Runs() { return folder_->path() / "runs"; }
  static fs::path Page() { return folder_->path() / "report.html"; }
  static test::Outcome Report(std::vector<std::string> more) {
    more.insert(more.begin(), {"report", "--study", Runs().string(), "-o", Page().string()});
    return test::RunProgram(more);
  }

  static test::TemporaryFolder* folder_;
};
test::TemporaryFolder* ReportOfAStudy::folder_ = nullptr;

TEST_F(ReportOfAStudy, ShowsTheFiguresThatTheStudyFound) {
  const fs::path pdf = folder_->path() / "report.pdf";
  const test::Outcome outcome = Report({"-d", Dataset().string(), "--pdf", pdf.string(), "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(base::ParseJson(outcome.out, "out")["complete"], 2);
  const std::string page = base::ReadFile(Page());
  EXPECT_EQ(test::FaultInMarkup(page), "");
  const base::Json results = base::ReadJson(Runs() / "study-results.json");
  for (const base::Json& whole : results["cross_validations"]) {
    const base::Json strict = whole["figures"]["strict_accuracy"];
    EXPECT_THAT(page, HasSubstr(fmt::format("{:.2f}", strict["value"].get<double>())));
    EXPECT_THAT(page, HasSubstr(fmt::format("/{})", strict["n"].get<int>())));
  }
  EXPECT_THAT(page, HasSubstr(results["study"]["splits_sha256"][0].get<std::string>()));
  for (const auto& [variant, hash] : results["study"]["plan_sha256"].items())
    EXPECT_THAT(page, HasSubstr(hash.get<std::string>()));
  EXPECT_THAT(page, HasSubstr("SYNTHETIC patients"));
  EXPECT_THAT(page, Not(HasSubstr(folder_->path().string())));  // no folder of this machine
  EXPECT_THAT(base::ReadFile(pdf), StartsWith("%PDF-"));
}

TEST_F(ReportOfAStudy, WithoutItsDatasetThePageSaysWhatItDoesNotKnow) {
  ASSERT_EQ(Report({}).exit_code, 0);
  const std::string page = base::ReadFile(Page());
  EXPECT_THAT(page, HasSubstr("The dataset was not at hand"));
  EXPECT_THAT(page, HasSubstr("there are no pictures"));
}

TEST_F(ReportOfAStudy, ResultsThatWereChangedAfterwardsAreNotShown) {
  const fs::path file = Runs() / "plan" / "one" / "repeat-0" / "seed-1" / "fold-0" / "evaluation.json";
  const std::string before = base::ReadFile(file);
  base::WriteFile(file, before + "\n");
  const test::Outcome outcome = Report({});
  base::WriteFile(file, before);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("not finished"));
  const std::string page = base::ReadFile(Page());
  EXPECT_THAT(page, HasSubstr("is not the file that result.json was written for"));
  EXPECT_THAT(page, HasSubstr("3 of 4"));
}

TEST_F(ReportOfAStudy, TestsOnOtherPatientsAreHeldAgainstTheirResultsToo) {
  const fs::path file = Runs() / "plan/one/repeat-0/seed-1/final/tests/elsewhere/evaluation.json";
  ASSERT_EQ(Report({}).exit_code, 0);
  EXPECT_THAT(base::ReadFile(Page()), HasSubstr("elsewhere (Small)"));
  const std::string before = base::ReadFile(file);
  base::WriteFile(file, before + "\n");
  const test::Outcome outcome = Report({});
  base::WriteFile(file, before);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(base::ReadFile(Page()),
              HasSubstr("tests/elsewhere/evaluation.json is not the file that result.json was written for"));
}

TEST_F(ReportOfAStudy, AnUnfinishedStudyHasAPageThatSaysHowFarItIs) {
  const fs::path copy = folder_->path() / "unfinished";
  fs::copy(Runs(), copy, fs::copy_options::recursive);
  for (const char* set : {"one", "both"})
    fs::remove(copy / "plan" / set / "repeat-0" / "seed-1" / "fold-2" / "result.json");
  base::WriteFile(copy / "plan" / "one" / "repeat-0" / "seed-1" / "fold-2" / "failed.json",
                  R"({"reason": "no <room>"})");
  const test::Outcome outcome = test::RunProgram({"report", "--study", copy.string(), "-o", Page().string()});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const std::string page = base::ReadFile(Page());
  EXPECT_EQ(test::FaultInMarkup(page), "");
  for (const char* part : {"The study is not finished", "no &lt;room&gt;", "this page has no results"})
    EXPECT_THAT(page, HasSubstr(part));
  EXPECT_THAT(page, Not(HasSubstr("Highest strict accuracy")));
}

TEST_F(ReportOfAStudy, AnotherDatasetAndAFolderWithoutAStudyAreRefused) {
  const fs::path other = folder_->path() / "other";
  fs::copy(Dataset(), other, fs::copy_options::recursive);
  fs::remove(other / "labelsTr" / "alpha_00.nii.gz");
  std::string people = base::ReadFile(other / "participants.tsv");
  people.replace(people.find("patient alpha_00"), 16, "patient alpha_XX");
  base::WriteFile(other / "participants.tsv", people);
  const test::Outcome outcome = Report({"-d", other.string()});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("is a study of another dataset"));
  const test::Outcome none = test::RunProgram({"report", "--study", Dataset().string(), "-o", Page().string()});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("holds no study"));
}

TEST_F(ReportOfAStudy, EvaluationsAndAStudyAreNotOnePage) {
  EXPECT_EQ(Report({"-i", "evaluation.json"}).exit_code, 2);
  EXPECT_EQ(test::RunProgram({"report", "-o", Page().string()}).exit_code, 2);
}

}  // namespace
}  // namespace parotis
