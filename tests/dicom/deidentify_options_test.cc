// What the options of the confidentiality profile let stay, as another reader finds it in the files that were let out.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <set>

#include "dicom/confidentiality_profile.h"
#include "dicom/deidentify.h"
#include "tests/support/dicom_file.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dicom {
namespace {

namespace fs = std::filesystem;
using test::DicomItem;

class LetOut {
 public:
  LetOut(const DicomItem& item, DeidentifyOptions options) {
    options.key = "key";
    test::WriteDicom(folder_.path() / "in" / "a", item);
    EXPECT_TRUE(Deidentify(IndexDicom(folder_.path() / "in"), folder_.path() / "out", options).at(0).written());
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path() / "out")) {
      if (entry.path().extension() == ".dcm") loaded_ = file_.loadFile(entry.path().c_str()).good();
    }
    EXPECT_TRUE(loaded_);
  }

  bool Has(std::uint16_t group, std::uint16_t element) {
    return file_.getDataset()->tagExists(DcmTagKey(group, element));
  }
  std::string Value(std::uint16_t group, std::uint16_t element) {
    OFString value;
    file_.getDataset()->findAndGetOFStringArray(DcmTagKey(group, element), value);
    return value.c_str();
  }
  std::set<std::string> Methods() {
    std::set<std::string> codes;
    DcmItem* item = nullptr;
    OFString code;
    for (long i = 0; file_.getDataset()->findAndGetSequenceItem(DCM_DeidentificationMethodCodeSequence, item, i).good();
         ++i) {
      item->findAndGetOFString(DCM_CodeValue, code);
      codes.insert(code.c_str());
    }
    return codes;
  }

 private:
  test::TemporaryFolder folder_;
  DcmFileFormat file_;
  bool loaded_ = false;
};

DicomItem Patient() {
  DicomItem item = test::MrSlice(1, 0);
  item.Set(0x0008, 0x0020, "DA", "20240301").Set(0x0008, 0x0030, "TM", "101500").Set(0x0010, 0x0030, "DA", "19530817");
  item.Set(0x0010, 0x0032, "TM", "0415").Set(0x0010, 0x0040, "CS", "F").Set(0x0010, 0x1010, "AS", "093Y");
  item.Set(0x0010, 0x1020, "DS", "1.71").Set(0x0010, 0x1030, "DS", "64").Set(0x0010, 0x2160, "SH", "Frisian");
  item.Set(0x0010, 0x21a0, "CS", "NO").SetUs(0x0010, 0x21c0, 4).Set(0x0010, 0x2110, "LO", "Gadovist, says Dr Moll");
  item.Set(0x0018, 0x1042, "TM", "101200").Set(0x0018, 0x1200, "DA", "20240102\\20240105");
  item.Set(0x0008, 0x002a, "DT", "20240301101503.25+0100").Set(0x0038, 0x0020, "DA", "20240228");
  return item;
}

DeidentifyOptions With(bool drop_dates, bool drop_characteristics) {
  DeidentifyOptions options;
  options.drop_dates = drop_dates;
  options.drop_characteristics = drop_characteristics;
  return options;
}

// PS3.15 E.3.7 and the column of table E.1-1.
TEST(PatientCharacteristics, AllThatTheOptionNamesStayAndItIsClaimed) {
  LetOut file(Patient(), With(false, false));
  EXPECT_EQ(file.Value(0x0010, 0x0040), "F");
  EXPECT_EQ(file.Value(0x0010, 0x1010), "090Y");
  EXPECT_EQ(file.Value(0x0010, 0x1020), "1.71");
  EXPECT_EQ(file.Value(0x0010, 0x1030), "64");
  EXPECT_EQ(file.Value(0x0010, 0x2160), "Frisian");
  EXPECT_EQ(file.Value(0x0010, 0x21a0), "NO");
  EXPECT_EQ(file.Value(0x0010, 0x21c0), "4");
  EXPECT_EQ(file.Value(0x0010, 0x2110), "Gadovist");
  EXPECT_TRUE(file.Methods().contains("113108"));
  EXPECT_THAT(file.Value(0x0012, 0x0063), testing::HasSubstr("90"));
}

TEST(PatientCharacteristics, WithoutTheOptionTheProfileAppliesAndNothingIsClaimed) {
  LetOut file(Patient(), With(false, true));
  EXPECT_EQ(file.Value(0x0010, 0x0040), "");
  for (const std::uint16_t element : {0x1010, 0x1020, 0x1030, 0x2110, 0x2160, 0x21a0, 0x21c0})
    EXPECT_FALSE(file.Has(0x0010, element)) << element;
  EXPECT_FALSE(file.Methods().contains("113108"));
}

std::chrono::sys_days Day(const std::string& date) {
  return std::chrono::year(std::stoi(date.substr(0, 4))) /
         std::chrono::month(static_cast<unsigned>(std::stoi(date.substr(4, 2)))) /
         std::chrono::day(static_cast<unsigned>(std::stoi(date.substr(6, 2))));
}

// E.3.6: every date by the same number of days, times of day as they are: how long after the injection an image was
// acquired can still be said.
TEST(ModifiedDates, AllDatesMoveTogetherAndTimesStay) {
  LetOut file(Patient(), With(false, false));
  EXPECT_TRUE(file.Methods().contains("113107"));
  EXPECT_EQ(file.Value(0x0028, 0x0303), "MODIFIED");
  EXPECT_EQ(file.Value(0x0018, 0x1042), "101200");
  const std::string study = file.Value(0x0008, 0x0020), calibrations = file.Value(0x0018, 0x1200);
  EXPECT_EQ(study.size(), 8U);
  EXPECT_LT(study, "20230301");
  EXPECT_EQ(file.Value(0x0008, 0x002a), study + "101503.25+0100");
  ASSERT_EQ(calibrations.size(), 17U);
  EXPECT_EQ(Day(calibrations.substr(9)) - Day(calibrations), std::chrono::days(3));
  EXPECT_EQ(Day(study) - Day(calibrations), std::chrono::days(59));
  EXPECT_TRUE(file.Has(0x0038, 0x0020));
  EXPECT_EQ(file.Value(0x0010, 0x0030), "");
  EXPECT_FALSE(file.Has(0x0010, 0x0032));
}

TEST(ModifiedDates, DroppedTheProfileAppliesToTimesToo) {
  LetOut file(Patient(), With(true, false));
  EXPECT_FALSE(file.Methods().contains("113107"));
  EXPECT_EQ(file.Value(0x0028, 0x0303), "REMOVED");
  EXPECT_EQ(file.Value(0x0008, 0x0020) + file.Value(0x0008, 0x0030), "");  // Z
  for (const auto& [group, element] : std::set<std::pair<int, int>>{{0x18, 0x1042}, {0x18, 0x1200}, {0x38, 0x20}})
    EXPECT_FALSE(file.Has(static_cast<std::uint16_t>(group), static_cast<std::uint16_t>(element)));  // X
  EXPECT_EQ(file.Value(0x0008, 0x002a), "19000101");                                                 // X/Z/D
}

// E.3.5 asks for what is removed, E.3.10 for what is kept and known to be safe: both hold of every file.
TEST(Options, AreClaimedAsTheyWereApplied) {
  EXPECT_THAT(LetOut(Patient(), With(true, true)).Methods(), testing::ElementsAre("113100", "113105", "113111"));
  EXPECT_THAT(LetOut(Patient(), With(false, false)).Methods(),
              testing::ElementsAre("113100", "113105", "113107", "113108", "113111"));
}

}  // namespace
}  // namespace parotis::dicom
