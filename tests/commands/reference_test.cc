// `parotis reference`: the committed pages are the program's, manual pages are clean roff, completions complete.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "base/files.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"

namespace parotis {
namespace {

using test::RunProgram;
using testing::HasSubstr;
using testing::Not;

namespace fs = std::filesystem;

class Reference : public testing::Test {
 protected:
  void Write(const std::string& form) {
    ASSERT_EQ(RunProgram({"reference", "--" + form, folder_.path().string()}).exit_code, 0);
  }
  static std::set<std::string> Names(const fs::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename().string());
    return names;
  }
  std::string Read(const std::string& name) const { return base::ReadFile(folder_.path() / name); }
  // What `shell` prints of `script`, to which $1 is the folder.
  std::string Shell(const std::string& script) const {
    const fs::path out = folder_.path() / "out";
    const std::string command =
        "bash -c '" + script + "' - " + folder_.path().string() + " > " + out.string() + " 2>&1";
    return std::system(command.c_str()) == 0 ? base::ReadFile(out) : "failed: " + base::ReadFile(out);
  }

  test::TemporaryFolder folder_;
};

TEST_F(Reference, TheCommittedPagesAreWhatTheProgramSays) {
  if (RunProgram({"diagnose", "--help"}).exit_code != 0) GTEST_SKIP() << "this build has not all commands";
  Write("markdown");
  const fs::path committed = fs::path(PAROTIS_SOURCE_DIR) / "docs" / "reference";
  ASSERT_EQ(Names(committed), Names(folder_.path())) << "run `make reference`";
  for (const std::string& name : Names(committed)) {
    EXPECT_EQ(base::ReadFile(committed / name), Read(name)) << name << ": run `make reference`";
  }
}

TEST_F(Reference, EveryVisibleCommandHasAPageWithDefaultsValuesExampleAndExitCodes) {
  Write("markdown");
  const std::string simulate = Read("simulate.md");
  EXPECT_THAT(simulate, HasSubstr("| `--seed N` | 1 |"));
  EXPECT_THAT(simulate, HasSubstr("Allowed: `paper`, `extended`"));
  EXPECT_THAT(simulate, HasSubstr("    parotis simulate -o cohort --preset paper --seed 1\n"));
  EXPECT_THAT(simulate, HasSubstr("| 3 | some cases failed, or the input was refused |"));
  EXPECT_THAT(Read("report.md"), HasSubstr("Exactly one of `--input`, `--study` must be given."));
  EXPECT_THAT(Read("train.md"), HasSubstr("Not with `--fold`"));
  EXPECT_THAT(Names(folder_.path()), Not(testing::Contains("reference.md")));
}

TEST_F(Reference, HiddenOptionsAreInNoPage) {
  Write("markdown");
  EXPECT_THAT(Read("study.md"), Not(HasSubstr("--measure")));
}

TEST_F(Reference, ManualPagesNameTheirCommandAndKeepTypedHyphens) {
  Write("man");
  EXPECT_THAT(Read("parotis-train.1"), HasSubstr(".SH NAME\nparotis\\-train \\- train a model"));
  EXPECT_THAT(Read("parotis-train.1"), HasSubstr("\\-\\-contrast\\-set"));
  EXPECT_THAT(Read("parotis.1"), HasSubstr("\\fBparotis\\-doctor\\fR(1)"));
}

TEST_F(Reference, BashCompletesCommandsOptionsAndValues) {
  Write("completion");
  const std::string complete =
      "source $1/parotis.bash; COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _parotis; echo ${COMPREPLY[@]}";
  EXPECT_EQ(Shell("COMP_WORDS=(parotis tr); " + complete), "train\n");
  EXPECT_EQ(Shell("COMP_WORDS=(parotis train --cont); " + complete), "--contrast-set\n");
  EXPECT_EQ(Shell("COMP_WORDS=(parotis simulate --protocol e); " + complete), "extended\n");
  EXPECT_EQ(Shell("COMP_WORDS=(parotis plan -d fol); " + complete), "\n");
}

TEST_F(Reference, AskedForNothingItSaysWhatCanBeAskedFor) {
  const test::Outcome outcome = RunProgram({"reference"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--markdown"));
}

}  // namespace
}  // namespace parotis
