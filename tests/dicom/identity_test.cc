#include "dicom/identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dicom/index.h"
#include "tests/support/dicom_file.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dicom {
namespace {

using test::MrSlice;
using testing::HasSubstr;

// Two files, the second changed.
Index IndexOfTwo(const std::function<void(test::DicomItem&)>& change) {
  const test::TemporaryFolder folder;
  const auto named = [](int instance, double z) {
    return MrSlice(instance, z)
        .Set(0x0010, 0x0010, "PN", "DOE^JANE")
        .Set(0x0010, 0x0030, "DA", "19601231")
        .Set(0x0010, 0x0040, "CS", "F");
  };
  test::WriteDicom(folder.path() / "a", named(1, 0));
  test::DicomItem second = named(2, 4);
  change(second);
  test::WriteDicom(folder.path() / "b", second);
  return IndexDicom(folder.path());
}

std::string FirstCode(const Study& study) { return study.findings.empty() ? "" : study.findings.front().code; }

TEST(Identity, TwoPatientNumbersUnderOneStudyAreSeveralPatients) {
  const Index index = IndexOfTwo([](auto& item) { item.Set(0x0010, 0x0020, "LO", "patient-2"); });
  ASSERT_EQ(index.studies.size(), 2U);
  for (const Study& study : index.studies) {
    EXPECT_EQ(FirstCode(study), "several_patients");
    EXPECT_TRUE(study.findings.front().refuses());
  }
}

TEST(Identity, OneNumberWithTwoBirthDatesSexesOrNamesInAStudyIsAContradiction) {
  const auto code_after = [](std::uint16_t element, const char* vr, const char* value) {
    return FirstCode(IndexOfTwo([&](auto& item) { item.Set(0x0010, element, vr, value); }).studies.at(0));
  };
  EXPECT_EQ(code_after(0x0030, "DA", "19601230"), "patient_contradictory");
  EXPECT_EQ(code_after(0x0040, "CS", "M"), "patient_contradictory");
  EXPECT_EQ(code_after(0x0010, "PN", "ROE^JANE"), "patient_contradictory");
  EXPECT_EQ(code_after(0x0010, "PN", "Doe, Jane"), "");
  EXPECT_EQ(code_after(0x0030, "DA", ""), "");
  EXPECT_EQ(code_after(0x0040, "CS", "O"), "");
}

TEST(Identity, BetweenStudiesANewNameIsADoubtAndAnotherBirthDateAContradiction) {
  const auto other_study = [](auto& item) {
    item.Set(0x0020, 0x000d, "UI", "1.2.99").Set(0x0020, 0x000e, "UI", "1.9");
  };
  const Index married = IndexOfTwo([&](auto& item) {
    other_study(item);
    item.Set(0x0010, 0x0010, "PN", "ROE^JANE");
  });
  ASSERT_EQ(married.studies.size(), 2U);
  EXPECT_EQ(FirstCode(married.studies[1]), "patient_name_differs");
  EXPECT_FALSE(married.studies[1].findings.front().refuses());
  const Index mixed = IndexOfTwo([&](auto& item) {
    other_study(item);
    item.Set(0x0010, 0x0030, "DA", "19700101");
  });
  for (const Study& study : mixed.studies) EXPECT_EQ(FirstCode(study), "patient_contradictory");
}

TEST(Identity, SpellingIsNoDifferenceBetweenNames) {
  EXPECT_EQ(ComparableName("DOE^JANE^^DR"), ComparableName("Dr. Jane Doe"));
  EXPECT_EQ(ComparableName("Yamada^Tarou=山田^太郎"), ComparableName("yamada, tarou"));
  EXPECT_NE(ComparableName("DOE^JANE"), ComparableName("DOE^JOHN"));
  EXPECT_EQ(ComparableName("^^^^"), "");
}

TEST(Identity, FramesOfReferenceThatDifferWithinASeriesMakeItUnusable) {
  const Index index = IndexOfTwo([](auto& item) { item.Set(0x0020, 0x0052, "UI", "1.2.3.10"); });
  const Series& series = index.studies.at(0).series.at(0);
  ASSERT_EQ(series.volumes.size(), 1U);
  EXPECT_EQ(series.volumes[0].problem.code, "frame_of_reference_mixed");
  ASSERT_EQ(series.findings.size(), 1U);
  EXPECT_THAT(series.findings[0].message, HasSubstr("frames of reference"));
}

}  // namespace
}  // namespace parotis::dicom
