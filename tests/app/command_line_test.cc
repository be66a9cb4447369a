// The program as a newcomer meets it: help, version, exit codes, the obvious mistakes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "base/json.h"
#include "tests/support/program.h"

namespace parotis {
namespace {

using test::Outcome;
using test::RunProgram;
using testing::HasSubstr;

std::set<std::string> CommandsInHelp() {
  const std::string help = RunProgram({"--help"}).out;
  std::set<std::string> commands;
  const std::regex line("\n  ([a-z]+) +[a-z]");
  for (std::sregex_iterator it(help.begin() + static_cast<std::ptrdiff_t>(help.find("Subcommands:")), help.end(), line),
       end;
       it != end; ++it) {
    commands.insert((*it)[1]);
  }
  return commands;
}

TEST(CommandLine, HelpListsEveryCommandOfTheChain) {
  EXPECT_THAT(CommandsInHelp(),
              testing::IsSupersetOf({"doctor", "simulate", "inspect", "import", "convert", "plan", "prepare", "train",
                                     "predict", "evaluate", "compare", "diagnose", "report", "info", "verify"}));
}

TEST(CommandLine, EveryCommandsHelpHasAnExampleThatStartsWithTheCommand) {
  for (const std::string& command : CommandsInHelp()) {
    const Outcome outcome = RunProgram({command, "--help"});
    EXPECT_EQ(outcome.exit_code, 0) << command;
    EXPECT_THAT(outcome.out, HasSubstr("Example:\n  parotis " + command)) << command;
  }
}

TEST(CommandLine, VersionNamesTheBuildAndTheLibraries) {
  const Outcome outcome = RunProgram({"--version"});
  EXPECT_EQ(outcome.exit_code, 0);
  for (const char* part : {"parotis 0.", "LibTorch ", "DCMTK ", "ITK ", "Research use only"})
    EXPECT_THAT(outcome.out, HasSubstr(part));
}

TEST(CommandLine, MistakesAreUsageErrorsAndSaySoOnStandardError) {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{}, {"frobnicate"}, {"doctor", "--frobnicate"}, {"plan"}}) {
    const Outcome outcome = RunProgram(arguments);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.out, testing::IsEmpty());
    EXPECT_THAT(outcome.err, testing::Not(testing::IsEmpty()));
  }
}

TEST(CommandLine, AnUnknownCommandIsNamed) {
  EXPECT_THAT(RunProgram({"diagnos", "folder"}).err, HasSubstr("diagnos is not a command"));
}

TEST(CommandLine, AMissingFolderIsNamedInOneSentence) {
  for (const char* command : {"inspect", "verify"}) {
    const std::vector<std::string> arguments = std::string(command) == "verify"
                                                   ? std::vector<std::string>{"verify", "-d", "/nowhere/here"}
                                                   : std::vector<std::string>{command, "/nowhere/here"};
    const Outcome outcome = RunProgram(arguments);
    EXPECT_THAT(outcome.exit_code, testing::AnyOf(1, 2)) << command;
    EXPECT_THAT(outcome.err, HasSubstr("/nowhere/here")) << command;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  }
}

TEST(Doctor, AnswersInJsonWithAFindingForEverythingItChecks) {
  const Outcome outcome = RunProgram({"doctor", "--json"});
  const base::Json json = base::ParseJson(outcome.out, "doctor");
  std::set<std::string> names;
  for (const auto& finding : json["findings"]) names.insert(finding["what"].get<std::string>());
  EXPECT_THAT(names, testing::IsSupersetOf(
                         {"cpu", "threads", "memory", "disk", "gpu", "libraries", "network library", "model"}));
}

TEST(Doctor, FindsThatTheNetworkLibraryLoads) {
  const Outcome outcome = RunProgram({"doctor", "--load"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("LibTorch"));
  EXPECT_THAT(outcome.out, HasSubstr("cpu"));
}

TEST(Program, IsNotLinkedAgainstLibTorch) {
  // The dynamic section of the program names the libraries the loader maps before main.
  const std::string program = base::ReadFile(PAROTIS_PROGRAM);
  EXPECT_EQ(program.find("libtorch_cpu.so"), std::string::npos);
  EXPECT_EQ(program.find("libtorch.so"), std::string::npos);
}

}  // namespace
}  // namespace parotis
