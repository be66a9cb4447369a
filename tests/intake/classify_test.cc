#include "intake/classify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dicom/index.h"
#include "tests/intake/examples.h"
#include "tests/support/temporary_folder.h"

namespace parotis::intake {
namespace {

using dicom::Series;
using testing::HasSubstr;

Series Timed(const char* sequence, double te_ms, double tr_ms, double ti_ms = 0) {
  Series series = T2Series(1, "");
  series.scanning_sequence = {sequence};
  if (ti_ms > 0) {
    series.scanning_sequence.emplace_back("IR");
    series.inversion_time_ms = ti_ms;
  }
  series.echo_time_ms = te_ms;
  series.repetition_time_ms = tr_ms;
  return series;
}

TEST(Classify, KnowsTheWeightingByThePhysicsOfTheSequence) {
  EXPECT_EQ(Classify(Timed("SE", 104, 5660)).role, Role::kT2);
  EXPECT_EQ(Classify(Timed("SE", 10, 600)).role, Role::kT1);
  EXPECT_EQ(Classify(Timed("RM", 10, 650)).role, Role::kT1);
  EXPECT_EQ(Classify(Timed("SE", 15, 3000)).role, Role::kOther);         // proton density
  EXPECT_EQ(Classify(Timed("SE", 128, 9000, 2250)).role, Role::kOther);  // FLAIR
  EXPECT_EQ(Classify(Timed("SE", 60, 4500, 220)).role, Role::kT2);       // STIR
  EXPECT_EQ(Classify(Timed("GR", 2.5, 6)).role, Role::kT1);
  EXPECT_EQ(Classify(Timed("GR", 2.5, 2000, 900)).role, Role::kT1);  // MPRAGE
  EXPECT_EQ(Classify(Timed("GR", 20, 700)).role, Role::kOther);      // T2*
  EXPECT_EQ(Classify(Timed("EP", 30, 2000)).role, Role::kOther);     // functional
}

TEST(Classify, FlairIsKnownByItsNameWhereTheInversionTimeIsMissing) {
  for (const char* description : {"FLAIR", "Ax T2FLAIR fs", "t2_dark-fluid_tra"}) {
    Series series = Timed("RM", 160, 10002);
    series.description = description;
    EXPECT_EQ(Classify(series).role, Role::kOther) << description;
  }
  Series named = Timed("RM", 160, 10002);
  named.sequence_name = "flair";
  EXPECT_EQ(Classify(named).role, Role::kOther);
  Series t1 = Timed("RM", 20, 650);
  t1.description = "T1 FLAIR";
  EXPECT_EQ(Classify(t1).role, Role::kT1);
}

TEST(Classify, TheReasonNamesTheNumbersItRestsOn) {
  EXPECT_THAT(Classify(Timed("SE", 104, 5660)).reason, testing::AllOf(HasSubstr("TE 104"), HasSubstr("TR 5660")));
}

TEST(Classify, WordsDecideOnlyWherePhysicsIsMissing) {
  Series series = T2Series(1, "T1w axial");
  EXPECT_EQ(Classify(series).role, Role::kT2);
  EXPECT_THAT(Classify(series).reason, HasSubstr("says otherwise"));
  series.echo_time_ms.reset();
  EXPECT_EQ(Classify(series).role, Role::kT1);
  series.description = "axial";
  EXPECT_EQ(Classify(series).role, Role::kOther);
}

TEST(Classify, KnowsContrastByTheAgentOrByWordsInSeveralLanguages) {
  EXPECT_EQ(Classify(T1cSeries()).role, Role::kT1c);
  for (const char* description : {"T1 post", "t1_tse_tra_km", "AX T1 +C", "T1 gadovist", "t1 fs nach KM", "T1 CE",
                                  "t1 mdc", "t1 con contraste"}) {
    EXPECT_EQ(Classify(T1Series(5, description)).role, Role::kT1c) << description;
  }
  for (const char* description :
       {"t1_tse_tra", "T1 pre contrast", "t1 nativ", "T1 ohne KM", "T1 w/o contrast", "T1 sans injection"}) {
    EXPECT_EQ(Classify(T1Series(5, description)).role, Role::kT1) << description;
  }
}

TEST(Classify, ContradictionAboutContrastIsNotContrast) {
  Series series = T1Series(5, "T1 pre");
  series.contrast_agent = "Dotarem 15 ml";
  EXPECT_EQ(Classify(series).role, Role::kT1);
  EXPECT_THAT(Classify(series).reason, HasSubstr("says before"));
  series = T1Series(5, "T1 post");
  series.contrast_agent = "NONE";
  EXPECT_EQ(Classify(series).role, Role::kT1);
  series = T1Series(5, "T1");
  series.protocol = "Neck with contrast";  // of the whole examination
  EXPECT_EQ(Classify(series).role, Role::kT1);
}

TEST(Classify, ACalculatedBValueImageIsNoMeasurement) {
  Series by_type = DiffusionSeries({1400});
  by_type.volumes[0].image_type = {"DERIVED", "PRIMARY", "DIFFUSION", "CALC_BVALUE"};
  Series by_words = DiffusionSeries({1400}, 8, "ep2d_diff_DYNDISTCALC_BVAL");
  Series by_range = DiffusionSeries({1400}, 8, "diffusion");
  by_range.sequence_name = "*ep_b50_800";
  for (const Series& series : {by_type, by_words, by_range}) {
    EXPECT_EQ(Classify(series).role, Role::kOther);
    EXPECT_THAT(Classify(series).reason, HasSubstr("calculated, not measured"));
    EXPECT_FALSE(MeasuredBValue(series, 0));
  }
}

TEST(Classify, AnAdcMapIsOneByItsTypeOrItsNameAndItsBValueIsNoMeasurement) {
  EXPECT_EQ(Classify(AdcSeries()).role, Role::kAdc);
  EXPECT_FALSE(MeasuredBValue(AdcSeries(), 0));
  EXPECT_EQ(Classify(DiffusionSeries({0}, 7, "dADC_map ADC")).role, Role::kAdc);
  EXPECT_EQ(Classify(DiffusionSeries({0, 1000}, 7, "DWI ADC protocol")).role, Role::kDwi);
}

TEST(Classify, AnAdcMapInsideADiffusionSeriesIsNotOneOfItsImages) {
  Series series = DiffusionSeries({0, 1000, 1000});
  series.volumes[2].image_type = {"DERIVED", "PRIMARY", "ADC", "ADC"};
  EXPECT_THAT(Classify(series).volumes, testing::ElementsAre(0, 1));
}

TEST(Classify, OtherPicturesAreNamedForWhatTheyAre) {
  const auto reason_of = [](auto change) {
    Series series = T2Series();
    change(series);
    EXPECT_EQ(Classify(series).role, Role::kOther);
    return Classify(series).reason;
  };
  EXPECT_THAT(reason_of([](Series& s) { s.modality = "CT"; }), HasSubstr("CT"));
  EXPECT_THAT(reason_of([](Series& s) { s.volumes.clear(); }), HasSubstr("no images"));
  EXPECT_THAT(reason_of([](Series& s) { s.description = "localizer"; }), HasSubstr("localizer"));
  EXPECT_THAT(reason_of([](Series& s) { s.image_type.emplace_back("LOCALIZER"); }), HasSubstr("localizer"));
  EXPECT_THAT(reason_of([](Series& s) { s.plane = dicom::SlicePlane::kMixed; }), HasSubstr("planes"));
  EXPECT_THAT(reason_of([](Series& s) { s.volumes[0].image_type = {"ORIGINAL", "PRIMARY", "P"}; }), HasSubstr("phase"));
  EXPECT_THAT(reason_of([](Series& s) { s.volumes[0].image_type = {"DERIVED", "SECONDARY", "MIP"}; }),
              HasSubstr("projection"));
  EXPECT_THAT(reason_of([](Series& s) { s.description = "t1 fs sub"; }), HasSubstr("subtraction"));
  EXPECT_THAT(reason_of([](Series& s) { s.description = "3D TOF"; }), HasSubstr("angiography"));
}

TEST(Classify, TheWaterImageOfADixonSeriesIsTakenAndTheLongEchoOfADoubleEcho) {
  Series dixon = T1cSeries();
  for (const char* image : {"W", "F", "IN_PHASE"}) {
    dixon.volumes.push_back(dixon.volumes.front());
    dixon.volumes.back().image_type = {"ORIGINAL", "PRIMARY", "M", image};
  }
  dixon.volumes.erase(dixon.volumes.begin());
  EXPECT_THAT(Classify(dixon).volumes, testing::ElementsAre(0));
  Series double_echo = T2Series();
  double_echo.volumes.insert(double_echo.volumes.begin(), double_echo.volumes.front());
  double_echo.volumes[0].echo_time_ms = 15;
  EXPECT_THAT(Classify(double_echo).volumes, testing::ElementsAre(1));
}

TEST(Classify, OneOfSeveralPhasesIsNeverPickedAtRandom) {
  Series dynamic = T1cSeries();
  dynamic.volumes.assign(5, dynamic.volumes.front());
  EXPECT_FALSE(Classify(dynamic).usable);
  EXPECT_THAT(Classify(dynamic).reason, HasSubstr("5 volumes"));
}

TEST(Classify, AnIrregularStackHasItsRoleButCannotServe) {
  Series series = T2Series();
  series.volumes[0].problem = base::Found("slices_missing", "1 slice is missing between slices 3 and 4");
  EXPECT_EQ(Classify(series).role, Role::kT2);
  EXPECT_FALSE(Classify(series).usable);
  EXPECT_THAT(Classify(series).reason, HasSubstr("missing"));
}

TEST(Classify, TheMagnitudeOfAFieldMapIsNoT1) {
  dicom::Series series = T1Series();
  series.scanning_sequence = {"GR"};
  series.echo_time_ms = 1.5;
  EXPECT_EQ(Classify(series).role, Role::kT1);
  series.volumes.push_back(series.volumes.front());
  series.volumes.back().unit = "Hz";
  EXPECT_EQ(Classify(series).role, Role::kOther);
}

TEST(Classify, ADerivedWeightedImageThatShowsNoOriginIsNoMeasurement) {
  dicom::Series series = DiffusionSeries({1400});
  series.volumes.front().image_type = {"DERIVED", "PRIMARY", "OTHER"};
  EXPECT_EQ(Classify(series).role, Role::kOther);
  series.volumes.front().trace = true;
  EXPECT_EQ(Classify(series).role, Role::kDwi);
  series.volumes.front().calculated = "image type CALC_BVALUE";
  EXPECT_EQ(Classify(series).role, Role::kOther);
}

TEST(RealData, EnhancedImagesThatShowNoDiffusionGetNoRoleOfAnatomy) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  for (const char* folder : {"enhanced/philips-fieldmap", "enhanced/siemens-xa10-bold"}) {
    const dicom::Index index = dicom::IndexDicom(test::SharedData() / folder);
    for (const dicom::Study& study : index.studies) {
      for (const dicom::Series& series : study.series) EXPECT_EQ(Classify(series).role, Role::kOther) << folder;
    }
  }
}

}  // namespace
}  // namespace parotis::intake
