// What is handed to sbatch; here a script of the test's own stands in for it. scripts/slurm_test.sh asks a real Slurm.
#include "experiment/slurm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/support/errors.h"
#include "tests/support/fake_study.h"

namespace parotis::experiment {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::SizeIs;

class Slurm : public testing::Test {
 protected:
  Slurm() : cohort_(test::FakePatients()) {
    Study study = test::FakeStudy();
    study.slurm = {"long", "01:00:00", "4G", {"--account=it's"}, {"module load x"}};
    setting_ = Begin(study, dataset::OpenDataset(cohort_.folder()), {}, cohort_.root() / "runs", test::FakePlan);
    path_before_ = std::getenv("PATH");
  }
  ~Slurm() override { setenv("PATH", path_before_.c_str(), 1); }

  std::vector<SlurmScript> Write(const std::vector<TaskOutcome>& outcomes) const {
    return WriteSlurmScripts(setting_, outcomes, {"/bin/parotis", "study", "-o", "a b"});
  }
  std::vector<TaskOutcome> NothingDone() const { return std::vector<TaskOutcome>(setting_.tasks.size()); }
  // An sbatch that notes how it was called and answers with job ids 100, 101, …, or fails.
  void PutSbatchOnPath(const std::string& body) const {
    const fs::path bin = cohort_.root() / "bin";
    base::WriteFile(bin / "sbatch", "#!/bin/sh\n" + body);
    fs::permissions(bin / "sbatch", fs::perms::owner_all);
    setenv("PATH", (bin.string() + ":" + path_before_).c_str(), 1);
  }
  fs::path Calls() const { return cohort_.root() / "calls"; }

  evaluate::test::SmallCohort cohort_;
  Setting setting_;
  std::string path_before_;
};

TEST_F(Slurm, MembersRunsAndFinalModelsAreAnArrayEachAndOneJobGathers) {
  const std::vector<SlurmScript> scripts = Write(NothingDone());
  ASSERT_THAT(scripts, SizeIs(4));
  const std::string members = base::ReadFile(scripts[0].file), runs = base::ReadFile(scripts[1].file);
  for (const char* line :
       {"#SBATCH --array=0-11\n", "#SBATCH --partition=long\n", "#SBATCH --time=01:00:00\n", "#SBATCH --mem=4G\n",
        "#SBATCH --cpus-per-task=1\n", "#SBATCH --account=it's\n",
        "\nmodule load x\nexec '/bin/parotis' 'study' '-o' 'a b' --task $((SLURM_ARRAY_TASK_ID + 0))\n"})
    EXPECT_THAT(members, HasSubstr(line));
  EXPECT_THAT(runs, HasSubstr("#SBATCH --array=12-19\n"));
  EXPECT_THAT(base::ReadFile(scripts[2].file), HasSubstr("#SBATCH --array=20-21\n"));
  EXPECT_THAT(base::ReadFile(scripts[3].file), HasSubstr("'--gather'"));
}

TEST_F(Slurm, WhatIsDoneIsNotSubmittedAgain) {
  std::vector<TaskOutcome> outcomes = NothingDone();
  for (const std::size_t index : {0, 1, 5, 11}) outcomes[index].state = TaskState::kDone;
  EXPECT_THAT(base::ReadFile(Write(outcomes)[0].file), HasSubstr("#SBATCH --array=2-4,6-10\n"));
  for (std::size_t member = 0; member < 12; ++member) outcomes[member].state = TaskState::kDone;
  const std::vector<SlurmScript> scripts = Write(outcomes);
  ASSERT_THAT(scripts, SizeIs(3));
  EXPECT_THAT(scripts[0].waits_for, SizeIs(0));
  EXPECT_FALSE(fs::exists(setting_.runs / "slurm" / "members-0.sh")) << "the old script is gone";
}

TEST_F(Slurm, EachWaitsForWhatItNeedsHoweverThatEnds) {
  PutSbatchOnPath("echo \"$@\" >> " + Calls().string() + "; echo \"$((99 + $(wc -l < " + Calls().string() +
                  ")));cluster\"\n");
  EXPECT_THAT(Submit(Write(NothingDone())), testing::ElementsAre("100", "101", "102", "103"));
  const std::string calls = base::ReadFile(Calls());
  EXPECT_THAT(calls, HasSubstr("--parsable " + (setting_.runs / "slurm/members-0.sh").string()));
  EXPECT_THAT(calls, HasSubstr("--parsable --dependency=afterany:100 " + (setting_.runs / "slurm/runs-0.sh").string()));
  EXPECT_THAT(calls, HasSubstr("--parsable --dependency=afterany:102 " + (setting_.runs / "slurm/gather.sh").string()));
}

TEST_F(Slurm, WhatSbatchComplainsOfIsSaid) {
  PutSbatchOnPath("echo 'sbatch: error: invalid partition' >&2; exit 1\n");
  EXPECT_THAT(test::ErrorOf([&] { Submit(Write(NothingDone())); }), HasSubstr("invalid partition"));
}

}  // namespace
}  // namespace parotis::experiment
