#include "dataset/participants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/files.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dataset {
namespace {

using test::ErrorOf;
using testing::AllOf;
using testing::HasSubstr;

std::vector<Participant> Read(const std::string& table) {
  const test::TemporaryFolder folder;
  base::WriteFile(folder.path() / "participants.tsv", table);
  return ReadParticipants(folder.path() / "participants.tsv");
}

TEST(Participants, ColumnsAreFoundByNameAndMissingValuesAreEmpty) {
  const auto participants = Read("sex\tcase_id\tdiagnosis\tparticipant_id\nF\tc1\tn/a\tp1\nn/a\tc2\twarthin\tp1\n");
  ASSERT_EQ(participants.size(), 2U);
  EXPECT_EQ(participants[0].patient_id, "p1");
  EXPECT_EQ(participants[0].case_id, "c1");
  EXPECT_EQ(participants[0].diagnosis, "");
  EXPECT_EQ(participants[0].columns.at("sex"), "F");
  EXPECT_EQ(participants[1].columns.at("sex"), "");
}

TEST(Participants, TablesFromASpreadsheetAreRead) {
  const auto participants = Read("\xEF\xBB\xBFparticipant_id\tcase_id\tdiagnosis\r\np1\tc1\tmalignant\r\n");
  ASSERT_EQ(participants.size(), 1U);
  EXPECT_EQ(participants[0].diagnosis, "malignant");
}

TEST(Participants, ABrokenTableIsRefusedNamingTheLine) {
  const std::string header = "participant_id\tcase_id\tdiagnosis\n";
  const std::pair<std::string, std::string> cases[] = {
      {"", "line 1: the column participant_id is missing"},
      {"participant_id\tdiagnosis\np\td\n", "line 1: the column case_id is missing"},
      {"participant_id,case_id,diagnosis\n", "separated by tabs"},
      {"participant_id\tcase_id\tdiagnosis\tsex\tsex\n", "line 1: every column needs a name of its own"},
      {header + "p1\tc1\twarthin\np2\tc2\n", "line 3: 2 cells where the header has 3"},
      {header + "p1\tc1\twarthin\tmore\n", "line 2: 4 cells"},
      {header + "p1\tc1\twarthin\n\np2\tc2\twarthin\n", "line 3: 1 cells"},
      {header + "p1\tc1\twarthin\np2\tc1\twarthin\n", "line 3: the case c1 stands twice"},
      {header + "n/a\tc1\twarthin\n", "line 2: participant_id and case_id must not be missing"},
      {header + "p1\tc1\twar\x01thin\n", "line 2: a control character"},
  };
  for (const auto& [table, says] : cases)
    EXPECT_THAT(ErrorOf([&] { Read(table); }), AllOf(HasSubstr("participants.tsv"), HasSubstr(says)));
}

TEST(Participants, ColumnsAreWrittenInOneOrder) {
  const test::TemporaryFolder folder;
  WriteParticipants(folder.path() / "p.tsv",
                    {{"p2", "c2", "warthin", {{"sex", "M"}}}, {"p1", "c1", "", {{"age_years", "61"}}}});
  EXPECT_EQ(base::ReadFile(folder.path() / "p.tsv"),
            "participant_id\tcase_id\tdiagnosis\tage_years\tsex\np2\tc2\twarthin\tn/a\tM\np1\tc1\tn/a\t61\tn/a\n");
}

TEST(Participants, AValueThatWouldBreakTheTableIsNotWritten) {
  const test::TemporaryFolder folder;
  for (const char* bad : {"a\tb", "a\nb", "a\rb"}) {
    EXPECT_THAT(ErrorOf([&] { WriteParticipants(folder.path() / "p.tsv", {{"p1", "c1", bad, {}}}); }),
                HasSubstr("diagnosis"));
    EXPECT_THAT(ErrorOf([&] { WriteParticipants(folder.path() / "p.tsv", {{"p1", "c1", "", {{bad, "x"}}}}); }),
                HasSubstr("further column"));
  }
  EXPECT_THAT(ErrorOf([&] { WriteParticipants(folder.path() / "p.tsv", {{"p1", "c1", "", {{"case_id", "c2"}}}}); }),
              HasSubstr("case_id"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "p.tsv"));
}

RC_GTEST_PROP(Participants, WhatWasWrittenIsReadBack, ()) {
  const auto text = rc::gen::container<std::string>(rc::gen::inRange<char>(' ', '~'));
  const auto rows = *rc::gen::container<std::vector<std::pair<std::string, std::string>>>(rc::gen::pair(text, text));
  std::vector<Participant> participants;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    participants.push_back(
        {"p" + std::to_string(r / 2), "c" + std::to_string(r), rows[r].first, {{"site", rows[r].second}}});
    for (std::string* value : {&participants.back().diagnosis, &participants.back().columns["site"]}) {
      if (*value == "n/a") value->clear();
    }
  }
  const test::TemporaryFolder folder;
  WriteParticipants(folder.path() / "p.tsv", participants);
  const auto back = ReadParticipants(folder.path() / "p.tsv");
  RC_ASSERT(back.size() == participants.size());
  for (std::size_t r = 0; r < back.size(); ++r) {
    RC_ASSERT(back[r].patient_id == participants[r].patient_id);
    RC_ASSERT(back[r].diagnosis == participants[r].diagnosis);
    RC_ASSERT(back[r].columns == participants[r].columns);
  }
}

}  // namespace
}  // namespace parotis::dataset
