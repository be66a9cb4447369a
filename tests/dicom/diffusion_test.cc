#include "dicom/diffusion.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "dicom/convert.h"
#include "dicom/diffusion_readers.h"
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

TEST(BValue, OfUnitedImagingIsTheEffectiveOneAndTheNominalOneIsNoContradiction) {
  const DicomItem slice = EpiSlice("UIH")
                              .SetFd(0x0018, 0x9087, {1000})
                              .Set(0x0065, 0x0010, "LO", "Image Private Header")
                              .SetFd(0x0065, 0x1009, {928.3})
                              .SetFd(0x0065, 0x100a, {1000});
  EXPECT_NEAR(*Only(slice).b_value_s_mm2, 928.3, 1e-9);
  EXPECT_EQ(Only(slice).problem.code, "");
}

TEST(BValue, ComesFromThePrivateGroupOfSyngoXaInTheDatasetOrItsSequence) {
  DicomItem own = DicomItem().Set(0x0021, 0x0011, "LO", "SIEMENS MR SDI 02").Set(0x0021, 0x1105, "IS", "800");
  own.SetFd(0x0021, 0x1146, {0, 0, 1});
  const DicomItem nested =
      DicomItem().Set(0x0021, 0x0011, "LO", "SIEMENS MR SDI 02").SetSequence(0x0021, 0x11fe, {own});
  const SeriesVolume enhanced = Only(MrSlice(1, 0).SetSequence(0x5200, 0x9230, {nested}));
  EXPECT_EQ(enhanced.b_value_s_mm2, 800);
  EXPECT_EQ(enhanced.gradient_world, (image::Vector3{0, 0, 1}));
  const SeriesVolume classic =
      Only(MrSlice(1, 0).Set(0x0021, 0x0011, "LO", "SIEMENS MR SDI 02").SetSequence(0x0021, 0x11fe, {own}));
  EXPECT_EQ(classic.b_value_s_mm2, 800);
}

TEST(BValue, OfGeIsScaledByTheSquaredLengthOfTheDirection) {
  const auto with_direction = [](const char* x, const char* y) {
    return EpiSlice("GE MEDICAL SYSTEMS")
        .SetFd(0x0018, 0x9087, {2000})
        .Set(0x0043, 0x0010, "LO", "GEMS_PARM_01")
        .Set(0x0043, 0x1039, "IS", "1000002000\\8\\0\\0")
        .Set(0x0019, 0x0010, "LO", "GEMS_ACQU_01")
        .Set(0x0019, 0x10bb, "DS", x)
        .Set(0x0019, 0x10bc, "DS", y)
        .Set(0x0019, 0x10bd, "DS", "0");
  };
  EXPECT_NEAR(*Only(with_direction("0.3", "0.4")).b_value_s_mm2, 500, 1e-9);
  EXPECT_EQ(Only(with_direction("0.6", "0.8")).b_value_s_mm2, 2000);
  EXPECT_TRUE(Only(with_direction("0.3", "0.4")).flags.empty());
}

TEST(BValue, ThatTwoAttributesWriteDifferentlyIsRefused) {
  const DicomItem slice = EpiSlice("SIEMENS")
                              .SetFd(0x0018, 0x9087, {1000})
                              .Set(0x0019, 0x0010, "LO", "SIEMENS MR HEADER")
                              .Set(0x0019, 0x100c, "IS", "500");
  const SeriesVolume volume = Only(slice);
  EXPECT_EQ(volume.problem.code, "b_value_contradictory");
  EXPECT_EQ(volume.problem.message, "its b-value is 1000 s/mm² by (0018,9087) and 500 s/mm² by (0019,xx0c)");
  const test::TemporaryFolder folder;
  test::WriteDicom(folder.path() / "a", slice);
  const Index index = IndexDicom(folder.path());
  try {
    ConvertSeries(index.studies.at(0).series.at(0), folder.path() / "out.nii");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "b_value_contradictory");
    EXPECT_NE(error.message().find("cannot be converted: its b-value is 1000"), std::string::npos);
  }
}

TEST(BValue, ThatIsWrittenASlightlyDifferentWayIsNoContradiction) {
  const DicomItem slice = EpiSlice("SIEMENS")
                              .SetFd(0x0018, 0x9087, {1003})
                              .Set(0x0019, 0x0010, "LO", "SIEMENS MR HEADER")
                              .Set(0x0019, 0x100c, "IS", "1000");
  EXPECT_EQ(Only(slice).problem.code, "");
  EXPECT_EQ(Only(slice).b_value_s_mm2, 1003);
}

TEST(BValue, ThatADiffusionImageLacksIsFlaggedAndOfAMapIsNot) {
  const auto of_type = [](const char* type) { return Only(MrSlice(1, 0).Set(0x0008, 0x0008, "CS", type)); };
  const SeriesVolume missing = of_type("ORIGINAL\\PRIMARY\\DIFFUSION\\NONE");
  ASSERT_EQ(missing.flags.size(), 1U);
  EXPECT_EQ(missing.flags[0].code, "b_value_missing");
  EXPECT_TRUE(of_type("DERIVED\\PRIMARY\\DIFFUSION\\ADC").flags.empty());
  EXPECT_TRUE(of_type("DERIVED\\PRIMARY\\DIFFUSION\\FA").flags.empty());
}

std::vector<SeriesVolume> WeightedAndNot(const char* manufacturer) {
  const test::TemporaryFolder folder;
  DicomItem plain = MrSlice(1, 0).Set(0x0008, 0x0070, "LO", manufacturer);
  DicomItem weighted = MrSlice(2, 0).Set(0x0008, 0x0070, "LO", manufacturer).SetFd(0x0018, 0x9087, {1000});
  test::WriteDicom(folder.path() / "a", plain);
  test::WriteDicom(folder.path() / "b", weighted);
  return IndexDicom(folder.path()).studies.at(0).series.at(0).volumes;
}

TEST(BValue, OfZeroIsWhatToshibaAndCanonDoNotWrite) {
  EXPECT_EQ(WeightedAndNot("TOSHIBA_MEC").at(0).b_value_s_mm2, 0);
  EXPECT_EQ(WeightedAndNot("TOSHIBA_MEC").at(1).b_value_s_mm2, 1000);
  EXPECT_FALSE(WeightedAndNot("Philips").at(0).b_value_s_mm2);
}

TEST(CalculatedImage, IsKnownByItsAttributesBeforeAnyWord) {
  const auto of_type = [](const char* type) {
    return Only(MrSlice(1, 0).Set(0x0008, 0x0008, "CS", type).SetFd(0x0018, 0x9087, {1400})).calculated;
  };
  EXPECT_EQ(of_type("DERIVED\\PRIMARY\\DIFFUSION\\CALC_BVALUE\\TRACEW"), "image type CALC_BVALUE");
  for (const char* type : {"DERIVED\\PRIMARY\\DIFFUSION\\COMP_DIF", "DERIVED\\PRIMARY\\DIFFUSION\\SYNTHETIC",
                           "DERIVED\\SECONDARY\\DIFFUSION\\COMPUTED_BVALUE"})
    EXPECT_NE(of_type(type), "") << type;
  for (const char* type : {"DERIVED\\PRIMARY\\DIFFUSION\\TRACEW\\ND", "ORIGINAL\\PRIMARY\\DIFFUSION\\NONE",
                           "DERIVED\\PRIMARY\\COMPOSED\\COMP_SP"})
    EXPECT_EQ(of_type(type), "") << type;
  EXPECT_NE(
      Only(MrSlice(1, 0).SetFd(0x0018, 0x9087, {1400}).Set(0x0008, 0x2111, "ST", "Computed diffusion image, b = 1400"))
          .calculated,
      "");
  EXPECT_EQ(Only(MrSlice(1, 0).SetFd(0x0018, 0x9087, {1400}).Set(0x0008, 0x2111, "ST", "Mean of diffusion directions"))
                .calculated,
            "");
}

TEST(CalculatedImage, OfGeIsADerivedOneWithTheOffsetUnlessItIsTheCombinedImage) {
  const DicomItem derived = EpiSlice("GE MEDICAL SYSTEMS")
                                .Set(0x0008, 0x0008, "CS", "DERIVED\\PRIMARY\\OTHER")
                                .Set(0x0043, 0x0010, "LO", "GEMS_PARM_01")
                                .Set(0x0043, 0x1039, "IS", "1000001400\\8\\0\\0");
  EXPECT_NE(Only(derived).calculated, "");
  DicomItem combined = derived;
  combined.Set(0x0043, 0x1030, "SS", test::LittleEndian(15, 2));
  EXPECT_EQ(Only(combined).calculated, "");
  EXPECT_TRUE(Only(combined).trace);
}

TEST(GradientDirection, OfTheStandardIsInThePatientsFrame) {
  const SeriesVolume standard = Only(MrSlice(1, 0).SetFd(0x0018, 0x9087, {1000}).SetFd(0x0018, 0x9089, {0, 0.6, -0.8}));
  ASSERT_TRUE(standard.gradient_world);
  EXPECT_NEAR((*standard.gradient_world)[2], -0.8, 1e-12);
}

TEST(GradientDirection, OfGeNeedsTheDirectionOfPhaseEncoding) {
  DicomItem slice = EpiSlice("GE MEDICAL SYSTEMS")
                        .SetFd(0x0018, 0x9087, {1000})
                        .Set(0x0019, 0x0010, "LO", "GEMS_ACQU_01")
                        .Set(0x0019, 0x10bb, "DS", "0.6")
                        .Set(0x0019, 0x10bc, "DS", "0.8")
                        .Set(0x0019, 0x10bd, "DS", "0");
  EXPECT_FALSE(Only(slice).gradient_world);
  EXPECT_FALSE(Only(slice).direction_key.empty());
  const auto columns = Only(slice.Set(0x0018, 0x1312, "CS", "COL")).gradient_world;
  ASSERT_TRUE(columns);
  EXPECT_NEAR(AngleBetweenAxesDegrees(*columns, {0.6, 0.8, 0}), 0, 1e-5);
  const auto rows = Only(slice.Set(0x0018, 0x1312, "CS", "ROW")).gradient_world;
  ASSERT_TRUE(rows);
  EXPECT_NEAR(AngleBetweenAxesDegrees(*rows, {0.8, -0.6, 0}), 0, 1e-5);
}

TEST(GradientDirection, ThatIsNoUnitVectorOrContradictsAnotherIsFlaggedAndNotWritten) {
  const auto with = [](std::vector<double> direction) {
    return MrSlice(1, 0)
        .SetFd(0x0018, 0x9087, {1000})
        .Set(0x0018, 0x9075, "CS", "DIRECTIONAL")
        .SetFd(0x0018, 0x9089, direction);
  };
  for (const std::vector<double>& direction : {std::vector<double>{3, 0, 0}, {0, 0, 0}, {0.1, 0, 0}}) {
    const SeriesVolume volume = Only(with(direction));
    ASSERT_EQ(volume.flags.size(), 1U);
    EXPECT_EQ(volume.flags[0].code, "gradient_direction_invalid");
    EXPECT_FALSE(volume.gradient_world);
  }
  const SeriesVolume two =
      Only(with({1, 0, 0}).Set(0x0019, 0x0010, "LO", "SIEMENS MR HEADER").SetFd(0x0019, 0x100e, {0, 1, 0}));
  ASSERT_EQ(two.flags.size(), 1U);
  EXPECT_NE(two.flags[0].message.find("90 degrees apart"), std::string::npos);
  EXPECT_TRUE(Only(with({0, 0.6, 0.8})).flags.empty());
}

TEST(GradientDirection, StandsInABMatrixWhereNoVectorIsWritten) {
  const auto direction = DirectionOfBMatrix({127, -308, 125, 749, -305, 125});
  ASSERT_TRUE(direction);
  EXPECT_LT(AngleBetweenAxesDegrees(*direction, {0.3559, -0.8655, 0.3526}), 0.5);
  EXPECT_FALSE(DirectionOfBMatrix({333, 0, 0, 333, 0, 333}));
  EXPECT_FALSE(DirectionOfBMatrix({0, 0, 0, 0, 0, 0}));
  DicomItem slice =
      EpiSlice("SIEMENS").Set(0x0019, 0x0010, "LO", "SIEMENS MR HEADER").Set(0x0019, 0x100c, "IS", "1000");
  slice.SetFd(0x0019, 0x1027, {0, 0, 0, 1000, 0, 0});
  ASSERT_TRUE(Only(slice).gradient_world);
  EXPECT_NEAR(std::abs((*Only(slice).gradient_world)[1]), 1, 1e-9);
  slice.SetFd(0x0019, 0x1027, {0, 0, 0, 300, 0, 0});  // of another b-value
  EXPECT_FALSE(Only(slice).gradient_world);
}

TEST(CanonRemark, IsReadWholeOrNotAtAll) {
  const auto remark = ParseCanonRemark("b=1500(-0.445,-0.895,0.000)");
  ASSERT_TRUE(remark && remark->direction);
  EXPECT_EQ(remark->b_value_s_mm2, 1500);
  EXPECT_EQ((*remark->direction)[1], -0.895);
  EXPECT_FALSE(ParseCanonRemark("b=0")->direction);
  for (const char* text : {"b=700(1,2", "b=700(1,2)", "b=700()", "b=700(a,b,c)"})
    EXPECT_FALSE(ParseCanonRemark(text)->direction) << text;
  for (const char* text : {"", "b=", "b=x(1,0,0)", "see b=700"}) EXPECT_FALSE(ParseCanonRemark(text)) << text;
}

TEST(Trace, IsKnownByImageTypeAndDirectionality) {
  EXPECT_TRUE(
      Only(MrSlice(1, 0).Set(0x0008, 0x0008, "CS", "DERIVED\\PRIMARY\\DIFFUSION\\TRACEW").SetFd(0x0018, 0x9087, {800}))
          .trace);
  EXPECT_TRUE(Only(MrSlice(1, 0).SetFd(0x0018, 0x9087, {800}).Set(0x0018, 0x9075, "CS", "ISOTROPIC")).trace);
  EXPECT_FALSE(Only(MrSlice(1, 0).SetFd(0x0018, 0x9087, {800}).Set(0x0018, 0x9075, "CS", "DIRECTIONAL")).trace);
}

// A length that carries the b-value is shorter than 1, and none is so long that it cannot be made one.
TEST(Diffusion, ADirectionLongerThanOneIsNoneHoweverItIsMeant) {
  for (const bool scaled : {false, true}) {
    for (const double length : {1.2, 1e308}) {
      DiffusionClaims claims;
      claims.AddB(1000, "input", Trust::kPrivate);
      claims.directions.push_back({{length, 0, length}, GradientFrame::kPatient, "input", scaled, std::nullopt});
      const Diffusion diffusion = JudgeDiffusion(claims, {});
      EXPECT_FALSE(diffusion.gradient_world);
      ASSERT_EQ(diffusion.flags.size(), 1U);
      EXPECT_EQ(diffusion.flags[0].code, "gradient_direction_invalid");
    }
  }
}

}  // namespace
}  // namespace parotis::dicom
