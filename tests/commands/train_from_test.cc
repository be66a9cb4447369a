// `parotis train --from` as a user runs it: a file that could do harm is refused before anything is prepared.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/program.h"
#include "tests/support/small_dataset.h"

namespace parotis {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(TrainFrom, AFileThatAsksForACommandIsRefusedAndRunsNothing) {
  const test::TemporaryFolder folder;
  const fs::path dataset = folder.path() / "dataset", plan = folder.path() / "plan.json", run = folder.path() / "run";
  test::WriteSmallDataset(dataset, 6);
  ASSERT_EQ(test::RunProgram({"plan", "-d", dataset.string(), "-o", plan.string(), "-q"}).exit_code, 0);
  const std::string file = std::string(PAROTIS_SOURCE_DIR) + "/fuzz/seeds/pickle/command.pt";
  const test::Outcome outcome =
      test::RunProgram({"train", "-d", dataset.string(), "-p", plan.string(), "-o", run.string(), "--from", file});
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("command.pt asks for posix.system"), HasSubstr("weights_unsafe"),
                                 Not(HasSubstr("this must never be seen"))));
  EXPECT_THAT(outcome.out, Not(HasSubstr("this must never be seen")));
  EXPECT_FALSE(fs::exists(run));
  EXPECT_FALSE(fs::exists(dataset / ".parotis-cache"));
}

}  // namespace
}  // namespace parotis
