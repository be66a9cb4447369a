// `evaluate` and `compare` as a user runs them, on a cohort of tiny cases.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/files.h"
#include "dataset/splits.h"
#include "tests/evaluate/small_cohort.h"
#include "tests/support/program.h"

namespace parotis {
namespace {

using evaluate::test::BlockOf;
using evaluate::test::SmallCohort;
using parotis::test::Outcome;
using parotis::test::RunProgram;
using testing::HasSubstr;

// Twelve patients: alpha, beta, gamma in turn, at two sites, in two folds.
class EvaluateCommand : public testing::Test {
 protected:
  EvaluateCommand() : cohort_(Cases()) {
    dataset::Dataset dataset = dataset::OpenDataset(cohort_.folder());
    std::string readers = "participant_id,reader,class\n";
    for (std::size_t p = 0; p < dataset.participants.size(); ++p) {
      dataset.participants[p].columns["site"] = p % 2 == 0 ? "north" : "south";
      readers += dataset.participants[p].patient_id + ",ann," + dataset.participants[p].diagnosis + "\n";
      readers += dataset.participants[p].patient_id + ",bob,alpha\n";
    }
    dataset::WriteParticipants(cohort_.folder() / "participants.tsv", dataset.participants);
    base::WriteFile(Path("readers.csv"), readers);
    dataset::WriteSplits(Path("splits.json"), dataset::MakeSplits(dataset, 2, 1));
  }

  static std::vector<evaluate::test::SmallCase> Cases() {
    std::vector<evaluate::test::SmallCase> cases;
    const std::vector<std::string> classes = {"alpha", "beta", "gamma"};
    for (int p = 0; p < 12; ++p) {
      cases.push_back({"c" + std::to_string(10 + p), "p" + std::to_string(10 + p),
                       classes[static_cast<std::size_t>(p % 3)], static_cast<std::uint8_t>(p % 3 + 1)});
    }
    return cases;
  }

  std::string Path(const std::string& name) const { return (cohort_.root() / name).string(); }

  // Predicts the true class but for every `wrong`-th patient, and evaluates.
  Outcome Evaluate(const std::string& name, int wrong) {
    const auto cases = Cases();
    for (int p = 0; p < 12; ++p) {
      const auto& one = cases[static_cast<std::size_t>(p)];
      const bool is_wrong = p % wrong == 0;
      cohort_.Predict(one.id, BlockOf(is_wrong ? static_cast<std::uint8_t>(one.label % 3 + 1) : one.label, is_wrong));
    }
    return RunProgram({"evaluate", "-d", cohort_.folder().string(), "-i", cohort_.predictions().string(), "--splits",
                       Path("splits.json"), "--by", "site", "--interval", "clopper-pearson", "--name", name, "-o",
                       Path(name + ".json")});
  }

  SmallCohort cohort_;
};

std::size_t LongestLine(const std::string& text) {
  std::istringstream lines(text);
  std::size_t longest = 0;
  for (std::string line; std::getline(lines, line);) longest = std::max(longest, line.size());
  return longest;
}

TEST_F(EvaluateCommand, PoolsFoldsListsSubgroupsAndComparesRunsAndReaders) {
  const Outcome evaluated = Evaluate("first", 6);
  ASSERT_EQ(evaluated.exit_code, 0) << evaluated.err;
  EXPECT_THAT(evaluated.out, HasSubstr("By site"));
  EXPECT_LE(LongestLine(evaluated.out), 100U) << evaluated.out;
  const base::Json document = base::ReadJson(Path("first.json"));
  EXPECT_EQ(document["proportion_interval"], "clopper-pearson");
  EXPECT_EQ(document["summary"]["classification"]["strict_accuracy"]["count"], 10);
  EXPECT_TRUE(document["metric_per_case"][0]["fold"].is_number());

  ASSERT_EQ(Evaluate("second", 2).exit_code, 0);
  const Outcome compared = RunProgram({"compare", Path("first.json"), Path("second.json"), "--readers",
                                       Path("readers.csv"), "-o", Path("comparison.json")});
  ASSERT_EQ(compared.exit_code, 0) << compared.err;
  EXPECT_LE(LongestLine(compared.out), 100U) << compared.out;
  EXPECT_THAT(compared.out, HasSubstr("Nadeau and Bengio"));
  const base::Json comparison = base::ReadJson(Path("comparison.json"));
  EXPECT_EQ(comparison["comparisons"][0]["strict_accuracy"]["counts"]["only_first"], 4);
  EXPECT_EQ(comparison["folds"]["count"], 2);
  EXPECT_EQ(comparison["family"]["size"], 3);
  EXPECT_EQ(comparison["readers"][0]["readers"][1]["comparison"]["strict_accuracy"]["second"], 1.0 / 3);
}

TEST_F(EvaluateCommand, OneRunAloneAUselessColumnAndAStrangeReadingAreRefused) {
  ASSERT_EQ(Evaluate("first", 6).exit_code, 0);
  EXPECT_EQ(RunProgram({"compare", Path("first.json")}).exit_code, 2);
  EXPECT_EQ(RunProgram({"compare", Path("first.json"), Path("first.json"), "--measures", "accuracy"}).exit_code, 2);
  const Outcome column = RunProgram({"evaluate", "-d", cohort_.folder().string(), "-i", cohort_.predictions().string(),
                                     "--by", "scanner", "-o", Path("x.json")});
  EXPECT_EQ(column.exit_code, 1);
  EXPECT_THAT(column.err, HasSubstr("it has site"));
  base::WriteFile(Path("strange.csv"), "participant_id,reader,class\np99,ann,alpha\n");
  const Outcome reading = RunProgram({"compare", Path("first.json"), "--readers", Path("strange.csv")});
  EXPECT_EQ(reading.exit_code, 1);
  EXPECT_THAT(reading.err, HasSubstr("line 2"));
}

}  // namespace
}  // namespace parotis
