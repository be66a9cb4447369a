// Sixteen examinations as they come from different scanners and countries. Every truth table was written down from what
// a radiologist would take, before a weight was tuned.
#include "tests/solver/study_builder.h"

namespace parotis::intake::studies {
namespace {

using dicom::SlicePlane;

constexpr SlicePlane kAxial = SlicePlane::kAxial;
constexpr SlicePlane kCoronal = SlicePlane::kCoronal;
constexpr SlicePlane kSagittal = SlicePlane::kSagittal;

AssembledStudy GermanRoutine() {
  StudyBuilder study(Vendor::kSiemens, "MRT Hals");
  study.AddLocalizer("Lokalisierer");
  study.AddStir({"t2_tirm_cor", kCoronal});               // 2
  study.AddT2({"t2_tse_tra_Parotis"});                    // 3
  study.AddT1({"t1_tse_tra_nativ"});                      // 4
  study.AddDiffusion({"ep2d_diff_tra"}, {0, 500, 1000});  // 5
  study.AddAdcOfLast("ep2d_diff_tra_ADC");                // 6
  study.AddOtherRegions(10);                              // 7 … 16
  study.agent = "Gadovist";
  study.AddT1Fs({"t1_tse_tra_fs_KM"});            // 17
  study.AddT1Fs({"t1_tse_cor_fs_KM", kCoronal});  // 18
  study.AddSubtraction({"t1_sub_tra"});           // 19
  study.AddMipOfLast("t1_sub_tra_MIP");
  return {"A German routine examination", study.Done(), {3, 17, {5}, 6}};
}

AssembledStudy FrenchWithoutAttributes() {
  StudyBuilder study(Vendor::kGe, "IRM ORL");
  study.AddLocalizer("Reperage");
  study.AddT2({"AX T2 PAROTIDES"});                       // 2
  study.AddT2({"SAG T2", kSagittal});                     // 3
  study.AddT1({"AX T1 sans injection"});                  // 4
  study.AddDiffusion({"AX DIFFUSION b1000"}, {0, 1000});  // 5
  study.AddAdcOfLast("ADC (10-6 mm2/s)");                 // 6
  study.AddOtherRegions(11);                              // 7 … 17
  study.AddT1Fs({"AX T1 FS GADO"});                       // 18
  study.AddT1({"COR T1 GADO", kCoronal});                 // 19
  study.AddScreenshot("AX T1 FS GADO");                   // 20
  return {"A French examination whose scanner names no agent", study.Done(), {2, 18, {5}, 6}};
}

AssembledStudy ItalianDixon() {
  StudyBuilder study(Vendor::kPhilips, "RM collo");
  study.AddLocalizer("survey");                      // 101
  study.AddT2({"T2 TSE assiale"});                   // 201
  for (const char* part : {"W", "F", "IP", "OP"}) {  // 301 401 501 601
    study.AddGradientEcho({"T1 mDIXON senza mdc", kAxial, 60, 0.9, 230, 2}, 2.3, 5, 10);
    study.last().image_type = study.last().volumes.front().image_type = {"ORIGINAL", "PRIMARY", part, part, "FFE"};
  }
  study.AddDiffusion({"DWI b0 b800"}, {0, 800});  // 701
  study.AddAdcOfLast("dDWI ADC");                 // 702
  study.AddOtherRegions(8);
  study.agent = "Dotarem";
  for (const char* part : {"OP", "IP", "F", "W"}) {
    study.AddGradientEcho({"T1 mDIXON con mdc", kAxial, 60, 0.9, 230, 2}, 2.3, 5, 10);
    study.last().image_type = study.last().volumes.front().image_type = {"ORIGINAL", "PRIMARY", part, part, "FFE"};
  }
  const int water = *study.last().number;
  study.AddStir({"STIR coronale", kCoronal});
  study.AddOtherRegions(4);
  return {"Of an Italian Dixon acquisition the water image is taken", study.Done(), {201, water, {701}, 702}};
}

AssembledStudy RepeatedForMotion() {
  StudyBuilder study(Vendor::kSiemens);
  study.AddLocalizer();
  study.AddT2({"t2_tse_tra"});                    // 2: moved
  study.AddT2({"t2_tse_tra"});                    // 3
  study.AddDiffusion({"ep2d_diff"}, {50, 1000});  // 4: moved
  study.AddAdcOfLast("ep2d_diff_ADC");            // 5
  study.AddDiffusion({"ep2d_diff"}, {50, 1000});  // 6
  study.AddAdcOfLast("ep2d_diff_ADC");            // 7
  study.agent = "Gadovist";
  study.AddT1Fs({"t1_tse_tra_fs"});            // 8: moved
  study.AddT1Fs({"t1_tse_tra_fs_rpt"});        // 9
  study.AddT1Fs({"t1_tse_cor_fs", kCoronal});  // 10
  study.AddOtherRegions(12);
  return {"A run repeated for motion replaces the first, and so does its ADC", study.Done(), {3, 9, {6}, 7}};
}

AssembledStudy AbortedRepetition() {
  StudyBuilder study(Vendor::kCanon);
  study.AddLocalizer();
  study.AddT2({"T2W AX", kAxial, 26});     // 2
  study.AddT2({"T2W AX", kAxial, 9});      // 3: the patient left
  study.AddDiffusion({"DWI"}, {0, 1000});  // 4
  study.AddT1({"T1W AX"});                 // 5
  study.AddOtherRegions(16);
  return {"A repetition that was broken off does not replace the whole run", study.Done(), {2, 0, {4}, 0}};
}

AssembledStudy DescriptionAgainstTiming() {
  StudyBuilder study(Vendor::kGe);
  study.AddLocalizer();
  study.AddT1({"Ax T2 FSE"});              // 2: somebody renamed a T1
  study.AddDiffusion({"DWI"}, {0, 1000});  // 3
  study.AddAdcOfLast("ADC");               // 4
  study.AddOtherRegions(14);
  study.agent = "GADAVIST";
  study.AddT1Fs({"Ax T1 FS +C"});             // 19
  study.AddT1Fs({"Cor T1 FS +C", kCoronal});  // 20
  return {"A T2 by name and a T1 by timing is refused", study.Done(), {0, 19, {3}, 4, {"t2"}}};
}

AssembledStudy PostBeforeTheAgent() {
  StudyBuilder study(Vendor::kSiemens);
  study.AddLocalizer();
  study.AddT2({"t2_tse_tra"});                   // 2
  study.AddT1Fs({"t1_tse_tra_fs post KM"});      // 3: named ahead of time
  study.AddDiffusion({"ep2d_diff"}, {0, 1000});  // 4
  study.AddAdcOfLast("ep2d_diff_ADC");           // 5
  study.AddOtherRegions(15);
  study.agent_start = study.Now();
  study.agent = "Gadovist";
  study.AddOtherRegions(0);
  study.AddT2({"t2_tse_cor", kCoronal});  // 21
  return {
      "An image after contrast agent by name and before it by time is refused", study.Done(), {2, 0, {4}, 5, {"t1c"}}};
}

AssembledStudy AgentOfTheWholeExamination() {
  StudyBuilder study(Vendor::kGe);
  study.agent = "Clariscan";  // entered before the first series
  study.AddLocalizer();
  study.AddT2({"Ax T2"});                         // 2
  study.AddT1({"Ax T1 PRE"});                     // 3
  study.AddDiffusion({"DWI 0-1000"}, {0, 1000});  // 4
  study.AddAdcOfLast("ADC");                      // 5
  study.AddOtherRegions(12);                      // 6 … 17
  study.AddT1Fs({"Ax T1 FS POST"});               // 18
  study.AddT1Fs({"Sag T1 FS POST", kSagittal});   // 19
  study.AddScreenshot("dose report");
  return {"An agent entered for the whole examination does not make a T1 before it enhanced",
          study.Done(),
          {2, 18, {4}, 5}};
}

AssembledStudy Nonsense() {
  StudyBuilder study(Vendor::kSiemens, "");
  study.AddLocalizer("qx1");
  study.AddT2({"qx2", kSagittal});
  study.AddT2({"qx3"});  // 3
  study.AddT1({"qx4"});
  study.AddDiffusion({"qx5"}, {0, 500, 1000});  // 5
  study.AddAdcOfLast("qx6");                    // 6
  study.AddFlair({"qx7"});
  study.agent_start = study.Now();
  study.agent = "x";
  study.AddT1Fs({"qx8"});  // 8
  study.AddT1Fs({"qx9", kCoronal});
  study.AddT2({"qx10", kCoronal});
  for (int n = 11; n < 25; ++n) study.AddGradientEcho({"qx" + std::to_string(n), kAxial, 40}, 20, 30, 15);
  return {"Attributes alone are enough", study.Done(), {3, 8, {5}, 6}};
}

AssembledStudy AdcOfAnotherAcquisition() {
  StudyBuilder study(Vendor::kSiemens);
  study.AddLocalizer();
  study.AddDiffusion({"resolve_diff_cor", kCoronal, 20}, {0, 1000});  // 2
  study.AddAdcOfLast("resolve_diff_cor_ADC");                         // 3
  study.AddDiffusion({"ep2d_diff_tra"}, {0, 1000});                   // 4: its map was not sent
  study.AddT2({"t2_tse_tra"});                                        // 5
  study.AddT1({"t1_tse_tra"});                                        // 6
  study.AddOtherRegions(15);
  return {"The map of another acquisition is left, and the ADC computed", study.Done(), {5, 0, {4}, 0}};
}

AssembledStudy SyntheticB() {
  StudyBuilder study(Vendor::kSiemens);
  study.AddLocalizer();
  study.AddT2({"t2_tse_tra"});                                    // 2
  study.AddDiffusion({"ep2d_diff_b50_400_800"}, {50, 400, 800});  // 3
  study.AddAdcOfLast("ep2d_diff_ADC");                            // 4
  study.AddDiffusion({"ep2d_diff_CALC_BVAL"}, {1400});            // 5
  study.last().image_type = {"DERIVED", "PRIMARY", "DIFFUSION", "CALC_BVALUE"};
  study.last().volumes.front().image_type = study.last().image_type;
  study.last().volumes.front().calculated = "image type CALC_BVALUE";
  study.AddT1({"t1_tse_tra"});  // 6
  study.AddOtherRegions(15);
  return {"A calculated b-value is no measurement", study.Done(), {2, 0, {3}, 4}};
}

AssembledStudy SpanishCoronalFirst() {
  StudyBuilder study(Vendor::kPhilips, "RM cuello");
  study.AddLocalizer("localizador");                              // 101
  study.AddT2({"T2 COR", kCoronal, 30, 0.4});                     // 201: finer, more slices
  study.AddStir({"STIR AXIAL"});                                  // 301: fat nulled
  study.AddT2({"T2 AXIAL cuello"});                               // 401
  study.AddT1({"T1 AXIAL sin contraste"});                        // 501
  study.AddDiffusion({"DIFUSION"}, {0, 500, 1000});               // 601
  study.AddOtherRegions(13);                                      // 701 … 1901
  study.AddT1Fs({"T1 FS AXIAL con contraste"});                   // 2001
  study.AddT1Fs({"T1 FS COR con contraste", kCoronal, 40, 0.4});  // 2101
  return {"A Spanish examination: axial before finer", study.Done(), {401, 2001, {601}, 0}};
}

AssembledStudy TwoFramesOfReference() {
  StudyBuilder study(Vendor::kSiemens);
  study.AddLocalizer();
  study.AddT2({"t2_tse_tra"});                   // 2
  study.AddT1({"t1_tse_tra"});                   // 3
  study.AddOtherRegions(10);                     // 4 … 13
  study.place.frame = "1.2.3.10";                // the patient was taken out and put back
  study.AddLocalizer();                          // 14
  study.AddT2({"t2_tse_tra"});                   // 15
  study.AddDiffusion({"ep2d_diff"}, {0, 1000});  // 16
  study.AddAdcOfLast("ep2d_diff_ADC");           // 17
  study.agent = "Gadovist";
  study.AddT1Fs({"t1_tse_tra_fs"});  // 18
  study.AddOtherRegions(4);
  return {"The set lies in one frame of reference", study.Done(), {15, 18, {16}, 17}};
}

AssembledStudy NeckBesideBrain() {
  StudyBuilder study(Vendor::kGe, "MRI brain and neck");
  study.AddLocalizer();
  Spec brain{"Ax T2 Brain", kAxial, 30, 0.45, 230, 4};
  study.place.centre_s_mm = 90;
  study.AddT2(brain);  // 2
  brain.description = "Ax T1 Brain";
  study.AddT1(brain);  // 3
  brain.description = "DWI Brain";
  study.AddDiffusion(brain, {0, 1000});  // 4
  study.AddAdcOfLast("ADC Brain");       // 5
  study.place.centre_s_mm = 0;
  study.AddT2({"Ax T2 Neck"});                  // 6
  study.AddT1({"Ax T1 Neck"});                  // 7
  study.AddDiffusion({"DWI Neck"}, {0, 1000});  // 8
  study.AddAdcOfLast("ADC Neck");               // 9
  study.agent = "Gadavist";
  study.AddT1Fs({"Ax T1 FS Neck +C"});  // 10
  brain.description = "Ax T1 Brain +C";
  study.place.centre_s_mm = 90;
  study.AddT1(brain);  // 11
  study.AddOtherRegions(12);
  return {"Of a brain and a neck the neck is taken", study.Done(), {6, 10, {8}, 9}};
}

AssembledStudy OneSeriesPerBValue() {
  StudyBuilder study(Vendor::kCanon);
  study.AddLocalizer();
  study.AddT2({"T2 AX"});                     // 2
  study.AddDiffusion({"DWI b0"}, {0});        // 3
  study.AddDiffusion({"DWI b1000"}, {1000});  // 4
  study.AddT1({"T1 AX"});                     // 5
  study.AddOtherRegions(15);
  study.agent = "Gd";
  study.AddT1Fs({"T1 FS AX CE"});  // 21
  return {"Series of one b-value each are one acquisition", study.Done(), {2, 21, {3, 4}, 0}};
}

AssembledStudy AlmostNothing() {
  StudyBuilder study(Vendor::kUih, "neck");
  study.AddLocalizer();
  study.AddFlair({"t2_flair_tra"});
  study.AddGradientEcho({"t2star_tra", kAxial, 30}, 18, 600, 20);
  study.AddTse({"pd_tse_tra"}, 15, 3000);
  study.AddOtherRegions(16);
  study.AddScreenshot("t2_tse_tra");
  study.AddScreenshot("t1_tse_tra_fs post");
  return {"Where nothing serves, nothing is taken", study.Done(), {0, 0, {}, 0}};
}

}  // namespace

std::vector<AssembledStudy> FirstStudies() {
  return {GermanRoutine(),
          FrenchWithoutAttributes(),
          ItalianDixon(),
          RepeatedForMotion(),
          AbortedRepetition(),
          DescriptionAgainstTiming(),
          PostBeforeTheAgent(),
          AgentOfTheWholeExamination(),
          Nonsense(),
          AdcOfAnotherAcquisition(),
          SyntheticB(),
          SpanishCoronalFirst(),
          TwoFramesOfReference(),
          NeckBesideBrain(),
          OneSeriesPerBValue(),
          AlmostNothing()};
}

}  // namespace parotis::intake::studies
