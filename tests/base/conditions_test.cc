#include "base/conditions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>

#include "base/error.h"
#include "base/files.h"

namespace parotis::base {
namespace {

namespace fs = std::filesystem;

// Every "quoted_name" in the sources below `folder`, but for the table itself.
std::set<std::string> QuotedNamesIn(const std::string& folder) {
  std::set<std::string> names;
  const std::regex quoted("\"([a-z0-9]+(_[a-z0-9]+)*)\"");
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(PAROTIS_SOURCE_DIR) / folder)) {
    const std::string file = entry.path().string();
    if (!entry.is_regular_file() || file.ends_with("base/conditions.cc")) continue;
    const std::string text = ReadFile(entry.path());
    for (std::sregex_iterator match(text.begin(), text.end(), quoted), end; match != end; ++match)
      names.insert((*match)[1]);
  }
  return names;
}

TEST(Conditions, EachIsRaisedSomewhereAndTestedSomewhere) {
  const std::set<std::string> sources = QuotedNamesIn("src");
  const std::set<std::string> tests = QuotedNamesIn("tests");
  for (const Condition& condition : Conditions()) {
    EXPECT_TRUE(sources.contains(std::string(condition.code))) << condition.code << " is raised nowhere";
    EXPECT_TRUE(tests.contains(std::string(condition.code))) << condition.code << " is tested nowhere";
  }
}

TEST(Conditions, NamesAreUniqueAndSentencesAreThere) {
  std::set<std::string_view> seen;
  for (const Condition& condition : Conditions()) {
    EXPECT_TRUE(seen.insert(condition.code).second) << condition.code;
    EXPECT_FALSE(condition.meaning.empty()) << condition.code;
    EXPECT_FALSE(condition.remedy.empty()) << condition.code;
  }
}

TEST(Conditions, TheManualsTableIsTheProgramsTable) {
  const std::string manual = ReadFile(fs::path(PAROTIS_SOURCE_DIR) / "docs" / "conditions.md");
  EXPECT_THAT(manual, testing::HasSubstr(ConditionsAsMarkdown()))
      << "replace the table by what `parotis conditions --markdown` prints";
}

TEST(Conditions, RefusingNamesTheFactTheRemedyAndTheCondition) {
  try {
    Refuse(Found("slices_missing", "series 4: 1 slice is missing"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kRefused);
    EXPECT_EQ(error.code(), "slices_missing");
    EXPECT_STREQ(error.what(), "series 4: 1 slice is missing; send the missing images [slices_missing]");
  }
}

TEST(Conditions, AnUnknownNameIsOurOwnMistake) {
  try {
    Found("no_such_thing", "x");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInternal);
  }
}

}  // namespace
}  // namespace parotis::base
