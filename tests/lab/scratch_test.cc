// Patients' images in TMPDIR: they go with the program, or with the next one when it was killed.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/files.h"
#include "lab/scratch.h"
#include "tests/support/temporary_folder.h"

namespace parotis {
namespace {

namespace fs = std::filesystem;
using lab::Scratch;

class ScratchFolders : public ::testing::Test {
 protected:
  // As a program leaves it that was killed.
  fs::path Abandoned(const std::string& name, ::mode_t mode = 0700) const {
    const fs::path folder = temporary_.path() / name;
    base::WriteFile(folder / "case" / "channel-0.nii.gz", std::string_view("a patient"));
    base::WriteFile(folder / ".lock", std::string_view());
    ::chmod(folder.c_str(), mode);
    return folder;
  }

  test::TemporaryFolder temporary_;
};

TEST_F(ScratchFolders, AreForOneUserAloneAndGoWithTheProgram) {
  fs::path folder;
  {
    const Scratch scratch(temporary_.path());
    folder = scratch.path();
    EXPECT_EQ(fs::status(folder).permissions(), fs::perms::owner_all);
    base::WriteFile(folder / "case" / "channel-0.nii.gz", std::string_view("a patient"));
  }
  EXPECT_FALSE(fs::exists(folder));
  EXPECT_TRUE(fs::is_empty(temporary_.path()));
}

TEST_F(ScratchFolders, OfAKilledProgramGoWhenTheNextOneStarts) {
  const fs::path locked = Abandoned("parotis-browse-aaaaaa"), half_removed = Abandoned("parotis-browse-bbbbbb");
  fs::remove(half_removed / ".lock");
  const Scratch scratch(temporary_.path());
  EXPECT_FALSE(fs::exists(locked));
  EXPECT_FALSE(fs::exists(half_removed));
}

TEST_F(ScratchFolders, OfAProgramThatRunsStay) {
  const Scratch first(temporary_.path()), second(temporary_.path());
  EXPECT_TRUE(fs::exists(first.path()));
  EXPECT_NE(first.path(), second.path());
}

TEST_F(ScratchFolders, OnlyWhatThisUserKeptToHimselfIsRemovedAndNoLinkIsFollowed) {
  const fs::path elsewhere = Abandoned("elsewhere"), shared = Abandoned("parotis-browse-cccccc", 0755);
  const fs::path link = temporary_.path() / "parotis-browse-dddddd", file = temporary_.path() / "parotis-browse-eeeeee";
  fs::create_directory_symlink(elsewhere, link);
  base::WriteFile(file, std::string_view("somebody's"));
  const fs::path abandoned = Abandoned("parotis-browse-ffffff");
  fs::create_directory_symlink(elsewhere, abandoned / "inside");
  const Scratch scratch(temporary_.path());
  EXPECT_FALSE(fs::exists(abandoned));
  EXPECT_TRUE(fs::exists(elsewhere / "case" / "channel-0.nii.gz"));
  for (const fs::path& kept : {shared, link, file}) EXPECT_TRUE(fs::exists(kept)) << kept;
}

}  // namespace
}  // namespace parotis
