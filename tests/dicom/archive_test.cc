#include "dicom/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "dicom/index.h"
#include "dicom/pixels.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/zip_file.h"

namespace parotis::dicom {
namespace {

namespace fs = std::filesystem;
using test::FileBytes;
using test::MrSlice;
using test::ZipBytes;
using test::ZipEntry;
using testing::HasSubstr;

class Archives : public testing::Test {
 protected:
  fs::path Written(const std::string& bytes) {
    const fs::path path = folder_.path() / "study.zip";
    base::WriteFile(path, bytes);
    return path;
  }
  fs::path Written(const std::vector<ZipEntry>& entries) { return Written(ZipBytes(entries)); }

  // The condition by which the archive is refused; the message must name it.
  std::string CodeOf(const std::string& bytes, const ArchiveLimits& limits = {}) {
    try {
      for (const fs::path& name : OpenArchive(Written(bytes), limits)) ReadableFile file(name);
    } catch (const base::Error& error) {
      EXPECT_THAT(error.message(), HasSubstr("study.zip"));
      return error.code();
    }
    return "accepted";
  }
  std::string CodeOf(const ZipEntry& entry) { return CodeOf(ZipBytes({entry})); }

  test::TemporaryFolder folder_;
};

TEST_F(Archives, AStudyInAnArchiveIsTheStudyInAFolder) {
  const fs::path zip = Written({{"study/a", FileBytes(MrSlice(1, 0))},
                                {"study/", ""},
                                {"study/deep/b", FileBytes(MrSlice(2, 4))},
                                {"study/notes.txt", "no DICOM"}});
  const Index index = IndexDicom(zip);
  ASSERT_EQ(index.studies.size(), 1U);
  const image::Volume volume = LoadVolume(index.studies[0].series.at(0), 0);
  EXPECT_THAT(volume.geometry.size, testing::ElementsAre(3, 2, 2));
  EXPECT_EQ(volume.At(2, 1, 1), 5);
  ASSERT_EQ(index.skipped.size(), 1U);
  EXPECT_EQ(index.skipped[0].code, "not_dicom");
  EXPECT_THAT(index.skipped[0].reason, HasSubstr("study.zip!study/notes.txt"));
}

TEST_F(Archives, MessagesNameTheEntry) {
  const fs::path zip = Written({{"cut", FileBytes(MrSlice(1, 0).Set(0x7fe0, 0x0010, "OW", "ab"))}});
  try {
    LoadVolume(IndexDicom(zip).studies.at(0).series.at(0), 0);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "pixels_missing");
    EXPECT_THAT(error.message(), HasSubstr("study.zip!cut"));
  }
}

TEST_F(Archives, NamesThatLeadOutAreUnsafe) {
  for (const char* name : {"../up", "a/../../up", "/etc/passwd", "C:/windows", "..\\up", "a\\b", ""})
    EXPECT_EQ(CodeOf(ZipEntry{name, "x"}), "archive_unsafe") << name;
}

TEST_F(Archives, LinksDevicesAndTwinsAreUnsafe) {
  EXPECT_EQ(CodeOf(ZipEntry{"link", "/etc/passwd", 0120777}), "archive_unsafe");
  EXPECT_EQ(CodeOf(ZipEntry{"device", "", 0020666}), "archive_unsafe");
  EXPECT_EQ(CodeOf(ZipBytes({{"a", "1"}, {"a", "2"}})), "archive_unsafe");
}

TEST_F(Archives, BombsAreRefusedBeforeAnythingIsUnpacked) {
  ZipEntry bomb{"bomb", "x"};
  bomb.method = 8;
  bomb.claimed_bytes = 1U << 30U;
  EXPECT_EQ(CodeOf(bomb), "archive_unsafe");  // ratio
  bomb.claimed_bytes = 0xFFFFFFF0;
  EXPECT_EQ(CodeOf(bomb), "archive_unsafe");  // one entry's size
  ArchiveLimits few;
  few.entries = 2;
  EXPECT_EQ(CodeOf(ZipBytes({{"a", ""}, {"b", ""}, {"c", ""}}), few), "archive_unsafe");
  ArchiveLimits small;
  small.bytes = 5;
  EXPECT_EQ(CodeOf(ZipBytes({{"a", "1234"}, {"b", "5678"}}), small), "archive_unsafe");
}

TEST_F(Archives, EntriesThatShareBytesAreUnsafe) {
  const std::string content(4096, 'x');
  std::string bytes = ZipBytes({{"a", content}, {"b", content}});
  // Without the second copy: the directory moves up, and both entries point to the first.
  const std::size_t second = bytes.find("PK\x03\x04", 4);
  const std::size_t directory = bytes.find("PK\x01\x02");
  std::string tail = bytes.substr(directory);
  const std::size_t other = tail.find("PK\x01\x02", 4);
  tail.replace(other + 42, 4, test::LittleEndian(0, 4));
  tail.replace(tail.size() - 6, 4, test::LittleEndian(static_cast<std::uint32_t>(second), 4));
  EXPECT_EQ(CodeOf(bytes.substr(0, second) + tail), "archive_unsafe");
}

TEST_F(Archives, NestedArchivesAreNotOpened) {
  const std::string inner = ZipBytes({{"a", FileBytes(MrSlice(1, 0))}});
  const Index index = IndexDicom(Written({{"inner.zip", inner}}));
  EXPECT_TRUE(index.studies.empty());
  EXPECT_EQ(index.skipped.at(0).code, "not_dicom");
}

TEST_F(Archives, DamageIsNamedWhereverItIs) {
  const std::string good = ZipBytes({{"a", "some content"}});
  EXPECT_EQ(CodeOf(good), "accepted");
  EXPECT_EQ(CodeOf(good.substr(0, good.size() / 2)), "archive_damaged");
  std::string flipped = good;
  flipped[flipped.find("content")] = 'C';
  EXPECT_EQ(CodeOf(flipped), "archive_damaged");
  ZipEntry longer{"a", "some content"};
  longer.claimed_bytes = 3;
  EXPECT_EQ(CodeOf(longer), "archive_damaged");
  ZipEntry strange{"a", "some content"};
  strange.method = 77;
  EXPECT_EQ(CodeOf(strange), "archive_damaged");
  EXPECT_THROW(IndexDicom(Written(flipped)), base::Error);
}

TEST_F(Archives, APasswordIsNotAskedFor) {
  ZipEntry secret{"a", "some content"};
  secret.encrypted = true;
  EXPECT_EQ(CodeOf(secret), "archive_encrypted");
}

TEST_F(Archives, ContentIsOnlyInMemoryAndGoesWithItsReader) {
  const fs::path name = OpenArchive(Written({{"a", "some content"}})).at(0);
  fs::path path;
  {
    const ReadableFile file(name);
    path = file.path();
    EXPECT_EQ(base::ReadFile(path), "some content");
    EXPECT_TRUE(path.string().starts_with("/proc/self/fd/"));
  }
  EXPECT_NE(fs::exists(path) ? base::ReadFile(path) : "", "some content");
}

}  // namespace
}  // namespace parotis::dicom
