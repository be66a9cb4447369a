#include "base/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <iterator>

#include "base/error.h"
#include "tests/support/temporary_folder.h"

namespace parotis::base {
namespace {

std::size_t EntriesIn(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST(AtomicFile, LeavesTheOldFileAndNoTemporaryWhenItIsNotCommitted) {
  const test::TemporaryFolder folder;
  WriteFile(folder.path() / "a", std::string_view("old"));
  {
    AtomicFile file(folder.path() / "a");
    file.Write(std::string_view("half of the ne"));
  }
  EXPECT_EQ(ReadFile(folder.path() / "a"), "old");
  EXPECT_EQ(EntriesIn(folder.path()), 1U);
}

TEST(AtomicFile, IsNotVisibleUnderItsNameBeforeCommit) {
  const test::TemporaryFolder folder;
  AtomicFile file(folder.path() / "a");
  file.Write(std::string_view("x"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "a"));
  file.Commit();
  EXPECT_EQ(ReadFile(folder.path() / "a"), "x");
}

TEST(FilesTogether, AppearTogetherAndLeaveTheOldOnesWhenNotCommitted) {
  const test::TemporaryFolder folder;
  WriteFile(folder.path() / "a", std::string_view("old a"));
  WriteFile(folder.path() / "gone", std::string_view("old"));
  {
    FilesTogether files(folder.path());
    WriteFile(files.For("a"), std::string_view("new a"));
    files.Remove("gone");
  }
  EXPECT_EQ(ReadFile(folder.path() / "a"), "old a");
  EXPECT_EQ(EntriesIn(folder.path()), 2U);
  FilesTogether files(folder.path());
  WriteFile(files.For("a"), std::string_view("new a"));
  WriteFile(files.For("b"), std::string_view("new b"));
  files.Remove("gone");
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "b"));
  files.Commit();
  EXPECT_EQ(ReadFile(folder.path() / "a"), "new a");
  EXPECT_EQ(ReadFile(folder.path() / "b"), "new b");
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "gone"));
}

// RLIMIT_FSIZE makes write() fail part-way, as a full disk does.
TEST(AtomicFile, AWriteThatFailsPartWayLeavesNothingBehindAndSaysWhich) {
  const test::TemporaryFolder folder;
  WriteFile(folder.path() / "a", std::string_view("old"));
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{4096, before.rlim_max};
  std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  try {
    WriteFile(folder.path() / "a", std::string(100'000, 'x'));
    ADD_FAILURE() << "the write should have failed";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kIo);
    EXPECT_THAT(error.what(), testing::HasSubstr((folder.path() / "a").string()));
  }
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(ReadFile(folder.path() / "a"), "old");
  EXPECT_EQ(EntriesIn(folder.path()), 1U);
}

TEST(ReadFile, RefusesAFileLargerThanTheLimit) {
  const test::TemporaryFolder folder;
  WriteFile(folder.path() / "a", std::string(100, 'x'));
  EXPECT_EQ(ReadFile(folder.path() / "a", 100).size(), 100U);
  EXPECT_THROW(ReadFile(folder.path() / "a", 99), Error);
}

TEST(ReadFile, NamesAMissingFile) {
  try {
    ReadFile("/nowhere/at/all");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("/nowhere/at/all"));
  }
}

TEST(ReadFile, RefusesAFolder) {
  const test::TemporaryFolder folder;
  EXPECT_THROW(ReadFile(folder.path()), Error);
  EXPECT_THROW(MappedFile{folder.path()}, Error);
}

TEST(ReadFile, ReadsFilesWhoseSizeTheSystemDoesNotKnow) {
  EXPECT_THAT(ReadFile("/proc/self/status"), testing::HasSubstr("Pid:"));
}

TEST(MappedFile, AnEmptyFileIsAnEmptySpan) {
  const test::TemporaryFolder folder;
  WriteFile(folder.path() / "a", std::string_view(""));
  EXPECT_TRUE(MappedFile(folder.path() / "a").bytes().empty());
}

}  // namespace
}  // namespace parotis::base
