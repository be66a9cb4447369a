// `parotis simulate` as a user runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/files.h"
#include "base/hash.h"
#include "base/json.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"

namespace parotis {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Hashes = std::map<std::string, std::string>;

class SimulateCommand : public testing::Test {
 protected:
  fs::path At(const std::string& name) const { return folder_.path() / name; }
  void Expect(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"simulate", "-q"});
    const test::Outcome outcome = test::RunProgram(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  }
  Hashes FilesOf(const fs::path& dataset, const std::string& sub_folder) const {
    Hashes hashes;
    for (const auto& entry : fs::directory_iterator(dataset / sub_folder)) {
      hashes[entry.path().filename().string()] = base::HashOf(base::ReadFile(entry.path()));
    }
    return hashes;
  }

 private:
  test::TemporaryFolder folder_;
};

TEST_F(SimulateCommand, TheSameSeedGivesTheSameBytesOnAnyNumberOfThreads) {
  const std::vector<std::string> cohort = {"--n", "3", "--mix", "warthin=1,malignant=1,tumour_free=1", "--seed", "41"};
  const auto made = [&](const std::string& name, const std::string& threads) {
    std::vector<std::string> arguments = {"-o", At(name).string(), "--threads", threads};
    arguments.insert(arguments.end(), cohort.begin(), cohort.end());
    Expect(arguments);
    Hashes all = FilesOf(At(name), "imagesTr");
    all.merge(FilesOf(At(name), "labelsTr"));
    all["participants"] = base::HashOf(base::ReadFile(At(name) / "participants.tsv"));
    return all;
  };
  const Hashes one = made("one", "1"), three = made("three", "3");
  EXPECT_EQ(one.size(), 3U * 6 + 1);
  EXPECT_EQ(one, three);
}

TEST_F(SimulateCommand, APatientDoesNotDependOnHowManyAreDrawn) {
  const std::string mix = "warthin=2,pleomorphic=2";
  Expect({"-o", At("many").string(), "--n", "3", "--mix", mix, "--seed", "42"});
  Expect({"-o", At("last").string(), "--n", "1", "--first", "2", "--mix", mix, "--seed", "42"});
  const Hashes many = FilesOf(At("many"), "imagesTr"), last = FilesOf(At("last"), "imagesTr");
  ASSERT_EQ(last.size(), 5U);
  for (const auto& [name, hash] : last) EXPECT_EQ(many.at(name), hash) << name;
}

TEST_F(SimulateCommand, AnExtendedProtocolHasTheFittedChannels) {
  Expect({"-o", At("extended").string(), "--protocol", "extended", "--n", "1", "--mix", "warthin=1", "--field", "3"});
  const std::string description = base::ReadFile(At("extended") / "dataset.json");
  for (const char* channel : {"DSTAR", "WASHOUT", "TTP", "\"K\""}) EXPECT_THAT(description, HasSubstr(channel));
  EXPECT_EQ(FilesOf(At("extended"), "imagesTr").size(), 12U);
  EXPECT_EQ(test::RunProgram({"verify", "-d", At("extended").string(), "-q"}).exit_code, 0);
}

TEST_F(SimulateCommand, ACohortToTransferFromShowsStructures) {
  Expect({"-o", At("source").string(), "--preset", "domain-random", "--n", "2", "--mix", "warthin=1,tumour_free=1"});
  EXPECT_THAT(base::ReadFile(At("source") / "dataset.json"), HasSubstr("submandibular"));
  const std::string participants = base::ReadFile(At("source") / "participants.tsv");
  EXPECT_THAT(participants, HasSubstr("tumour_class"));
  EXPECT_THAT(participants, HasSubstr("tumour_free"));
  EXPECT_EQ(test::RunProgram({"verify", "-d", At("source").string(), "-q"}).exit_code, 0);
}

TEST_F(SimulateCommand, TheCalibrationPageAndItsFiguresAreMade) {
  const test::Outcome outcome = test::RunProgram(
      {"simulate", "--json", "--calibrate", At("page.html").string(), "--n", "6", "--seed", "3", "--preset", "paper"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const base::Json json = base::ParseJson(outcome.out, "output");
  EXPECT_EQ(json["synthetic"], true);
  EXPECT_TRUE(json["quantities"]["adc_um2_s"]["classes"].contains("warthin")) << outcome.out;
  EXPECT_TRUE(json["oracle"].contains("all+washout"));
  EXPECT_TRUE(json["intensity_only"].contains("test_dice"));
  EXPECT_THAT(base::ReadFile(At("page.html")), HasSubstr("nobody was"));
}

TEST_F(SimulateCommand, WhatCannotBeDoneIsSaidInOneSentence) {
  const auto said = [](const std::vector<std::string>& arguments) {
    std::vector<std::string> all = {"simulate"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const test::Outcome outcome = test::RunProgram(all);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    return outcome.err;
  };
  EXPECT_THAT(said({}), HasSubstr("nothing to do"));
  EXPECT_THAT(said({"--preset", "papers", "--oracle", "5"}), HasSubstr("domain-random"));
  EXPECT_THAT(said({"--mix", "lipoma=3", "--oracle", "5"}), HasSubstr("lipoma"));
}

}  // namespace
}  // namespace parotis
