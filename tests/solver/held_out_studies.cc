// Ten examinations that were written together with the others but run only when everything else was done.
#include "tests/solver/study_builder.h"

namespace parotis::intake::studies {
namespace {

using dicom::SlicePlane;

constexpr SlicePlane kAxial = SlicePlane::kAxial;
constexpr SlicePlane kCoronal = SlicePlane::kCoronal;
constexpr SlicePlane kSagittal = SlicePlane::kSagittal;

void SetType(dicom::Series& series, const std::vector<std::string>& type) {
  series.image_type = type;
  for (auto& volume : series.volumes) volume.image_type = type;
}

AssembledStudy DutchWithPosteriorFossa() {
  StudyBuilder study(Vendor::kPhilips, "MR hals");
  study.AddLocalizer("survey");                                // 101
  study.AddT2({"T2 TSE tra hals"});                            // 201
  study.AddT1({"T1 TSE tra posterior", kAxial, 20});           // 301: nothing was given
  study.AddT1({"T1 TSE tra blanco"});                          // 401
  study.AddDiffusion({"DWI tra"}, {0, 1000});                  // 501
  study.AddAdcOfLast("ADC tra");                               // 502
  study.AddOtherRegions(12);                                   // 602 … 1702
  study.AddT1Fs({"T1 TSE SPIR tra na gadolinium"});            // 1802
  study.AddT1Fs({"T1 TSE SPIR cor na gadolinium", kCoronal});  // 1902
  return {"A Dutch examination with a posterior in a name", study.Done(), {201, 1802, {501}, 502}};
}

AssembledStudy PortugueseTwoStations() {
  StudyBuilder study(Vendor::kGe, "RM pescoco");
  study.AddLocalizer("localizador");  // 1
  study.place.centre_s_mm = -110;
  study.AddT2({"AX T2 inferior"});  // 2: the lower neck
  study.place.centre_s_mm = 0;
  study.AddT2({"AX T2 superior"});                 // 3
  study.AddT1({"AX T1 sem contraste"});            // 4
  study.AddDiffusion({"DIFUSAO"}, {0, 800});       // 5
  study.AddAdcOfLast("CDA");                       // 6
  study.AddOtherRegions(12);                       // 7 … 18
  study.AddT1Fs({"AX T1 FAT SAT com contraste"});  // 19
  study.place.centre_s_mm = -110;
  study.AddT1Fs({"AX T1 FAT SAT com contraste"});  // 20: the lower neck
  return {"Of two stations that with the diffusion images is taken", study.Done(), {3, 19, {5}, 6}};
}

AssembledStudy DynamicAndLate() {
  StudyBuilder study(Vendor::kSiemens, "Parotis");
  study.AddLocalizer();                                       // 1
  study.AddT2({"t2_tse_tra_320"});                            // 2
  study.AddT2({"t2_tse_fs_tra"}).scan_options = {"FS"};       // 3
  study.AddT1({"t1_tse_tra"});                                // 4
  study.AddDiffusion({"resolve_diff_tra_b0_800"}, {0, 800});  // 5
  study.AddAdcOfLast("resolve_diff_tra_ADC");                 // 6
  study.agent_start = study.Now();
  study.agent = "Dotarem";
  auto& dynamic = study.AddGradientEcho({"t1_vibe_dynamic", kAxial, 40, 0.9, 220, 2}, 1.6, 4, 12);  // 7
  dynamic.volumes.assign(20, dynamic.volumes.front());
  study.AddT1Fs({"t1_tse_fs_tra"});            // 8
  study.AddT1Fs({"t1_tse_fs_cor", kCoronal});  // 9
  study.AddOtherRegions(12);
  return {"Beside a dynamic series the late image is taken", study.Done(), {2, 8, {5}, 6}};
}

AssembledStudy CoronalOnlyAfterContrast() {
  StudyBuilder study(Vendor::kCanon);
  study.AddLocalizer();                       // 1
  study.AddT2({"T2 AX"});                     // 2
  study.AddT1({"T1 AX"});                     // 3
  study.AddDiffusion({"DWI AX"}, {0, 1000});  // 4
  study.AddOtherRegions(14);                  // 5 … 18
  study.agent = "Magnescope";
  study.AddT1Fs({"T1 FS SAG CE", kSagittal});     // 19
  study.AddT1Fs({"T1 FS COR CE", kCoronal, 30});  // 20
  return {"Where there is no axial image after contrast agent the coronal one is taken", study.Done(), {2, 20, {4}, 0}};
}

AssembledStudy AgentDenied() {
  StudyBuilder study(Vendor::kPhilips);
  study.AddLocalizer("survey");                    // 101
  study.AddT2({"T2W_TSE"});                        // 201
  study.AddDiffusion({"DWI_3b"}, {0, 500, 1000});  // 301
  study.AddAdcOfLast("dDWI_3b");                   // 302
  study.AddOtherRegions(15);
  study.agent = "NO";
  study.AddT1Fs({"T1W_TSE_FS +C"});  // says after, and that nothing was given
  return {"An image after contrast agent for which no agent was given is refused",
          study.Done(),
          {201, 0, {301}, 302, {"t1c"}}};
}

AssembledStudy WithoutTimes() {
  StudyBuilder study(Vendor::kUih, "Parotis");
  study.AddLocalizer();                            // 1
  study.AddT2({"t2_fse_tra"});                     // 2
  study.AddT2({"t2_fse_tra"});                     // 3
  study.AddT1({"t1_fse_tra"});                     // 4
  study.AddDiffusion({"epi_dwi_tra"}, {0, 1000});  // 5
  study.AddAdcOfLast("epi_dwi_tra_ADC");           // 6
  study.AddOtherRegions(13);                       // 7 … 19
  study.AddT1Fs({"t1_fse_tra_fs+C"});              // 20
  dicom::Study done = study.Done();
  done.time.clear();
  for (auto& series : done.series) series.acquisition_time.clear();
  return {"Without times the numbers tell which run was the later", done, {3, 20, {5}, 6}};
}

AssembledStudy SteadyStateAndMyelography() {
  StudyBuilder study(Vendor::kSiemens, "HNO");
  study.AddLocalizer();                                                                          // 1
  auto& ciss = study.AddGradientEcho({"t2_ciss3d_tra", kAxial, 60, 0.5, 180, 0.7}, 4.3, 9, 70);  // 2
  ciss.sequence_variant = {"SS", "SK"};
  study.AddTse({"t2_spc_tra_3d", kAxial, 90, 0.8, 220, 0.8}, 130, 3000);  // 3
  study.AddGradientEcho({"t1_mprage_sag", kSagittal, 160, 1, 240, 1}, 2.6, 1900, 9).scanning_sequence = {"GR",
                                                                                                         "IR"};  // 4
  study.last().inversion_time_ms = 900;
  study.AddDiffusion({"ep2d_diff_3scan_trace"}, {0, 1000});  // 5
  study.AddAdcOfLast("ep2d_diff_3scan_trace_ADC");           // 6
  study.AddOtherRegions(13);                                 // 7 … 19
  study.agent = "Gadovist";
  study.AddGradientEcho({"t1_vibe_fs_tra", kAxial, 72, 0.8, 220, 1}, 2.4, 5.6, 10).scan_options = {"FS"};  // 20
  study.last().fat_suppressed = true;
  study.AddReformat({"t1_vibe_fs MPR cor", kCoronal, 40});  // 21
  return {"Three-dimensional sequences serve, steady-state ones do not", study.Done(), {3, 20, {5}, 6}};
}

AssembledStudy TwoT2AsGood() {
  StudyBuilder study(Vendor::kGe);
  study.AddLocalizer();                          // 1
  study.AddTse({"Ax T2 FSE"}, 102, 5000);        // 2
  study.AddTse({"Ax T2 PROPELLER"}, 110, 6200);  // 3
  study.AddDiffusion({"DWI"}, {0, 1000});        // 4
  study.AddAdcOfLast("ADC");                     // 5
  study.AddOtherRegions(14);                     // 6 … 19
  study.AddT1({"Ax T1"});                        // 20
  return {"Two T2 that are as good are a tie, and that is said", study.Done(), {3, 0, {4}, 5, {}, {"t2"}}};
}

AssembledStudy MapsOfSeveralKinds() {
  StudyBuilder study(Vendor::kGe);
  study.AddLocalizer();                                      // 1
  study.AddT2({"Ax T2"});                                    // 2
  study.AddDiffusion({"Ax DWI b50-1000"}, {50, 400, 1000});  // 3
  study.AddAdcOfLast("Exponential ADC");                     // 4
  SetType(study.last(), {"DERIVED", "PRIMARY", "EADC"});
  study.AddDiffusion({"Ax DWI b50-1000"}, {50, 400, 1000});  // 5
  study.AddAdcOfLast("Apparent Diffusion Coefficient");      // 6
  study.AddSubtraction({"SUB Ax T1"});                       // 7
  study.AddOtherRegions(13);                                 // 8 … 20
  study.agent = "GADAVIST";
  study.AddT1Fs({"Ax T1 FS"});         // 21
  study.AddMipOfLast("Ax T1 FS MIP");  // 22
  return {"Of many maps the ADC of the diffusion images is taken", study.Done(), {2, 21, {5}, 6}};
}

AssembledStudy TurnedTags() {
  StudyBuilder study(Vendor::kSiemens);
  study.AddLocalizer();                          // 1
  study.AddT2({"t2_tse_tra"});                   // 2
  study.AddT1({"t1_tse_tra"});                   // 3
  study.AddDiffusion({"ep2d_diff"}, {0, 1000});  // 4
  study.AddAdcOfLast("ep2d_diff_ADC");           // 5
  study.AddOtherRegions(13);                     // 6 … 18
  study.agent = "Gadovist";
  study.AddT2({"t1_tse_tra_fs KM"});              // 19: T1 by name, T2 by timing
  study.AddT1Fs({"t1_tse_cor_fs KM", kCoronal});  // 20
  return {"A series that contradicts itself gives way to a plainer one", study.Done(), {2, 20, {4}, 5}};
}

}  // namespace

std::vector<AssembledStudy> HeldOutStudies() {
  return {DutchWithPosteriorFossa(),
          PortugueseTwoStations(),
          DynamicAndLate(),
          CoronalOnlyAfterContrast(),
          AgentDenied(),
          WithoutTimes(),
          SteadyStateAndMyelography(),
          TwoT2AsGood(),
          MapsOfSeveralKinds(),
          TurnedTags()};
}

}  // namespace parotis::intake::studies
