#include "dicom/pseudonyms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/files.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dicom {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

Study StudyOf(const std::string& uid, const std::string& id, const std::string& issuer = "") {
  Study study;
  study.uid = uid;
  study.patient.id = id;
  study.patient.issuer = issuer;
  return study;
}

TEST(Pseudonyms, AreTheSameForTheSameKeyAndOtherwiseNot) {
  const Study study = StudyOf("1.2.3", "4711", "HOSPITAL");
  EXPECT_EQ(PatientPseudonym(study.patient, study.uid, "a"), PatientPseudonym(study.patient, "1.2.4", "a"));
  EXPECT_NE(PatientPseudonym(study.patient, study.uid, "a"), PatientPseudonym(study.patient, study.uid, "b"));
  EXPECT_NE(PatientPseudonym(study.patient, study.uid, "a"),
            PatientPseudonym(StudyOf("1.2.3", "4711", "OTHER").patient, study.uid, "a"));
  EXPECT_NE(CasePseudonym(study, "a"), CasePseudonym(StudyOf("1.2.3", "4712", "HOSPITAL"), "a"));
}

TEST(Pseudonyms, OfUidsAreValidUidsOfVersion8) {
  for (int i = 0; i < 50; ++i) {
    const std::string uid = UidPseudonym("1.2.840.113619." + std::to_string(i), "key");
    EXPECT_THAT(uid, testing::MatchesRegex("2\\.25\\.[1-9][0-9]{1,38}"));
    EXPECT_LE(uid.size(), 64U);
  }
  EXPECT_EQ(UidPseudonym("1.2", "key"), UidPseudonym("1.2", "key"));
  EXPECT_NE(UidPseudonym("1.2", "key"), UidPseudonym("1.3", "key"));
}

TEST(Pseudonyms, DatesAreMovedByWholeDaysOfTheCalendar) {
  EXPECT_EQ(DateEarlier("20240301", 1), "20240229");
  EXPECT_EQ(DateEarlier("20230301", 1), "20230228");
  EXPECT_EQ(DateEarlier("20240101", 366), "20221231");
  EXPECT_EQ(DateEarlier("20240230", 1), "");
  EXPECT_EQ(DateEarlier("someday", 1), "");
  for (int i = 0; i < 100; ++i) {
    const int shift = DateShiftDays("patient-" + std::to_string(i), "key");
    EXPECT_GE(shift, 400);
    EXPECT_LT(shift, 4000);
  }
}

TEST(KeyFile, IsMadeOnceForItsOwnerAloneAndReadAgain) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.path() / "keys" / "hospital.key";
  const std::string key = ReadOrCreateKey(file, {folder.path() / "out"});
  EXPECT_EQ(key.size(), 64U);
  struct stat info{};
  ASSERT_EQ(stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  EXPECT_EQ(ReadOrCreateKey(file, {folder.path() / "out"}), key);
}

TEST(KeyFile, IsNeverWhereTheDataIsGivenAway) {
  const test::TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  fs::create_directories(out);
  fs::create_directory_symlink(out, folder.path() / "link");
  for (const fs::path& file :
       {out / "a.key", out / "deep" / "a.key", out / ".." / "out" / "a.key", folder.path() / "link" / "a.key"}) {
    EXPECT_THAT(test::ErrorOf([&] { ReadOrCreateKey(file, {out}); }), HasSubstr("lies within")) << file;
    EXPECT_FALSE(fs::exists(file));
  }
  EXPECT_NO_THROW(ReadOrCreateKey(folder.path() / "out.key", {out}));
}

TEST(KeyFile, ThatHoldsNoKeyIsRefused) {
  const test::TemporaryFolder folder;
  base::WriteFile(folder.path() / "k", "not a key\n");
  EXPECT_THAT(test::ErrorOf([&] { ReadOrCreateKey(folder.path() / "k", {}); }), HasSubstr("holds no key"));
}

TEST(Map, GrowsBesideTheKeyAndIsTheOwnersAlone) {
  const test::TemporaryFolder folder;
  const fs::path key = folder.path() / "k";
  ReadOrCreateKey(key, {});
  AddToMap(key, {{"patient", "patient-1", "4711"}});
  AddToMap(key, {{"case", "case-1", "1.2\t3"}, {"patient", "patient-1", "4711"}});
  EXPECT_EQ(base::ReadFile(MapFileOf(key)),
            "kind\tpseudonym\toriginal\ncase\tcase-1\t1.2 3\npatient\tpatient-1\t4711\n");
  struct stat info{};
  ASSERT_EQ(stat(MapFileOf(key).c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
}

}  // namespace
}  // namespace parotis::dicom
