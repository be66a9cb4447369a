#include "dicom/diffusion.h"

#include <gtest/gtest.h>

#include "dicom/index.h"
#include "tests/support/dicom_file.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dicom {
namespace {

using test::DicomItem;
using test::MrSlice;

TEST(BValue, IsReadFromASequenceNameOnlyWhenItNamesOneBValue) {
  EXPECT_EQ(BValueFromSequenceName("*ep_b400t"), 400);
  EXPECT_EQ(BValueFromSequenceName("*ep_b0"), 0);
  EXPECT_EQ(BValueFromSequenceName("ep_b1000#12"), 1000);
  for (const char* name : {"*ep_b50_800", "*tse2d1_25", "", "ep_b", "*ep_b1000xyz"})
    EXPECT_FALSE(BValueFromSequenceName(name)) << name;
}

TEST(BValue, OfGeLosesItsBias) {
  EXPECT_EQ(BValueFromGe(1000001400), 1400);
  EXPECT_EQ(BValueFromGe(1400), 1400);
  EXPECT_EQ(BValueFromGe(30000), 30000);
  EXPECT_EQ(BValueFromGe(1000000000), 0);
}

SeriesVolume Only(const DicomItem& slice) {
  const test::TemporaryFolder folder;
  test::WriteDicom(folder.path() / "a", slice);
  const Index index = IndexDicom(folder.path());
  EXPECT_EQ(index.studies.size(), 1U) << (index.skipped.empty() ? "" : index.skipped[0].reason);
  EXPECT_EQ(index.studies[0].series[0].volumes.size(), 1U);
  return index.studies[0].series[0].volumes[0];
}

DicomItem EpiSlice(const std::string& manufacturer) {
  return MrSlice(1, 0).Set(0x0008, 0x0070, "LO", manufacturer).Set(0x0018, 0x0020, "CS", "EP\\SE");
}

TEST(BValue, ComesFromTheStandardAttributeOrItsSequence) {
  EXPECT_EQ(Only(MrSlice(1, 0).SetFd(0x0018, 0x9087, {700})).b_value_s_mm2, 700);
  const DicomItem macro = DicomItem().SetFd(0x0018, 0x9087, {800});
  const DicomItem groups = DicomItem().SetSequence(0x0018, 0x9117, {macro});
  EXPECT_EQ(Only(MrSlice(1, 0).SetSequence(0x5200, 0x9229, {groups})).b_value_s_mm2, 800);
}

TEST(BValue, ComesFromEveryVendorsPrivateAttribute) {
  EXPECT_EQ(Only(EpiSlice("SIEMENS").Set(0x0019, 0x0010, "LO", "SIEMENS MR HEADER").Set(0x0019, 0x100c, "IS", "50"))
                .b_value_s_mm2,
            50);
  EXPECT_EQ(Only(EpiSlice("GE MEDICAL SYSTEMS")
                     .Set(0x0043, 0x0010, "LO", "GEMS_PARM_01")
                     .Set(0x0043, 0x1039, "IS", "1000001400\\8\\0\\0"))
                .b_value_s_mm2,
            1400);
  const std::string thousand = test::LittleEndian(0x447A0000, 4);
  EXPECT_EQ(
      Only(EpiSlice("Philips").Set(0x2001, 0x0010, "LO", "Philips Imaging DD 001").Set(0x2001, 0x1003, "FL", thousand))
          .b_value_s_mm2,
      1000);
  EXPECT_NEAR(*Only(EpiSlice("UIH")
                        .Set(0x0065, 0x0010, "LO", "Image Private Header")
                        .SetFd(0x0065, 0x1009, {928.3})
                        .SetFd(0x0065, 0x100a, {1000}))
                   .b_value_s_mm2,
              928.3, 1e-9);
}

TEST(BValue, OfAPrivateAttributeIsFoundInWhateverBlockItsCreatorReserved) {
  const DicomItem slice = EpiSlice("SIEMENS")
                              .Set(0x0019, 0x0010, "LO", "SOMEBODY ELSE")
                              .Set(0x0019, 0x100c, "IS", "7")
                              .Set(0x0019, 0x0012, "LO", "SIEMENS MR HEADER")
                              .Set(0x0019, 0x120c, "IS", "400");
  EXPECT_EQ(Only(slice).b_value_s_mm2, 400);
}

TEST(BValue, OfAPrivateAttributeThatAnArchiveWroteAsOpaqueBytesIsStillRead) {
  const DicomItem slice =
      EpiSlice("SIEMENS").Set(0x0019, 0x0010, "LO", "SIEMENS MR HEADER").Set(0x0019, 0x100c, "OB", "50");
  EXPECT_EQ(Only(slice).b_value_s_mm2, 50);
}

TEST(BValue, OfZeroIsAnAnswerWhereTheImageIsADiffusionImageAndNoneWhereItIsNot) {
  EXPECT_EQ(Only(EpiSlice("SIEMENS").Set(0x0018, 0x0024, "SH", "*ep_b0")).b_value_s_mm2, 0);
  EXPECT_FALSE(Only(MrSlice(1, 0).SetFd(0x0018, 0x9087, {0})).b_value_s_mm2);
  EXPECT_FALSE(Only(MrSlice(1, 0)).b_value_s_mm2);
}

TEST(GradientDirection, IsKeptOnlyWhereItIsInThePatientsFrame) {
  const SeriesVolume standard = Only(MrSlice(1, 0).SetFd(0x0018, 0x9087, {1000}).SetFd(0x0018, 0x9089, {0, 0.6, -0.8}));
  ASSERT_TRUE(standard.gradient_world);
  EXPECT_NEAR((*standard.gradient_world)[2], -0.8, 1e-12);
  const SeriesVolume ge = Only(EpiSlice("GE MEDICAL SYSTEMS")
                                   .SetFd(0x0018, 0x9087, {1000})
                                   .Set(0x0019, 0x0010, "LO", "GEMS_ACQU_01")
                                   .Set(0x0019, 0x10bb, "DS", "0.6")
                                   .Set(0x0019, 0x10bc, "DS", "0.8")
                                   .Set(0x0019, 0x10bd, "DS", "0"));
  EXPECT_FALSE(ge.gradient_world);
  EXPECT_FALSE(ge.direction_key.empty());
}

TEST(Trace, IsKnownByImageTypeAndDirectionality) {
  EXPECT_TRUE(
      Only(MrSlice(1, 0).Set(0x0008, 0x0008, "CS", "DERIVED\\PRIMARY\\DIFFUSION\\TRACEW").SetFd(0x0018, 0x9087, {800}))
          .trace);
  EXPECT_TRUE(Only(MrSlice(1, 0).SetFd(0x0018, 0x9087, {800}).Set(0x0018, 0x9075, "CS", "ISOTROPIC")).trace);
  EXPECT_FALSE(Only(MrSlice(1, 0).SetFd(0x0018, 0x9087, {800}).Set(0x0018, 0x9075, "CS", "DIRECTIONAL")).trace);
}

}  // namespace
}  // namespace parotis::dicom
