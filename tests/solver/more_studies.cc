// Further examinations: what scanners, archives and anonymisers do to series.
#include "tests/solver/study_builder.h"

namespace parotis::intake::studies {
namespace {

using dicom::SlicePlane;

constexpr SlicePlane kAxial = SlicePlane::kAxial;
constexpr SlicePlane kCoronal = SlicePlane::kCoronal;

void SetType(dicom::Series& series, const std::vector<std::string>& type) {
  series.image_type = type;
  for (auto& volume : series.volumes) volume.image_type = type;
}

AssembledStudy SmallFieldOfView() {
  StudyBuilder study(Vendor::kSiemens, "Kiefergelenk und Parotis");
  study.AddLocalizer();                                    // 1
  study.AddT2({"t2_tse_tra_hr", kAxial, 20, 0.3, 90, 2});  // 2: one joint
  study.AddT2({"t2_tse_tra"});                             // 3
  study.AddT1({"t1_tse_tra"});                             // 4
  study.AddDiffusion({"ep2d_diff"}, {0, 1000});            // 5
  study.AddOtherRegions(15);
  return {"A small field of view does not show both glands", study.Done(), {3, 0, {5}, 0}};
}

AssembledStudy StirAlone() {
  StudyBuilder study(Vendor::kPhilips);
  study.AddLocalizer("survey");            // 101
  study.AddStir({"STIR ax"});              // 201
  study.AddFlair({"FLAIR ax"});            // 301
  study.AddT1({"T1 ax"});                  // 401
  study.AddDiffusion({"DWI"}, {0, 1000});  // 501
  study.AddOtherRegions(15);
  return {"A STIR serves where there is no other T2", study.Done(), {201, 0, {501}, 0}};
}

AssembledStudy GeLabels() {
  StudyBuilder study(Vendor::kGe);
  study.AddLocalizer();                       // 1
  study.AddT2({"Ax T2 frFSE"});               // 2
  study.AddDiffusion({"Ax DWI"}, {0, 1000});  // 3
  study.AddAdcOfLast("ADC");                  // 4
  study.AddOtherRegions(12);                  // 5 … 16
  study.agent = "Gadavist";
  const Spec lava{"WATER: Ax LAVA Flex", kAxial, 60, 0.8, 220, 2};
  for (const char* part : {"FAT: ", "InPhase: ", "OutPhase: ", "WATER: "}) {  // 17 … 20
    Spec each = lava;
    each.description = std::string(part) + "Ax LAVA Flex";
    study.AddGradientEcho(each, 1.9, 4.5, 12);
  }
  return {"GE's labels tell the water image", study.Done(), {2, 20, {3}, 4}};
}

AssembledStudy AcrossMidnight() {
  StudyBuilder study(Vendor::kSiemens);
  study.Wait(14 * 60 + 20);                      // an emergency at 23:20
  study.AddLocalizer();                          // 1
  study.AddT2({"t2_tse_tra"});                   // 2
  study.AddT1Fs({"t1_tse_tra_fs"});              // 3: before the agent
  study.AddDiffusion({"ep2d_diff"}, {0, 1000});  // 4
  study.AddOtherRegions(6);                      // 5 … 10
  study.agent_start = study.Now();
  study.agent = "Gadovist";
  study.AddT1Fs({"t1_tse_tra_fs"});  // 11
  study.AddT1Fs({"t1_tse_cor_fs", kCoronal});
  study.AddOtherRegions(8);
  return {"An examination across midnight keeps its order", study.Done(), {2, 11, {4}, 0}};
}

AssembledStudy MisleadingWords() {
  StudyBuilder study(Vendor::kSiemens, "Gesicht");
  study.AddLocalizer();                                                  // 1
  study.AddT2({"t2 tra Stirn bis Hals"});                                // 2: no STIR
  study.AddT1({"t1 tra post op"});                                       // 3: after the operation, not after agent
  study.AddT1({"t1 tra posterior"});                                     // 4
  study.AddT1({"t1 tra submandibulaer sub mandibular"});                 // 5
  study.AddDiffusion({"ep2d_diff"}, {0, 1000});                          // 6
  study.AddGradientEcho({"t1_fl2d FA 70 tra", kAxial, 24}, 4, 180, 70);  // 7: a flip angle, no map
  study.AddOtherRegions(14);
  return {"Parts of words mean nothing", study.Done(), {2, 0, {6}, 0}};
}

AssembledStudy TraceBesideDirections() {
  StudyBuilder study(Vendor::kSiemens);
  study.AddLocalizer();                                                 // 1
  study.AddT2({"t2_tse_tra"});                                          // 2
  study.AddDiffusion({"ep2d_diff_tra"}, {0, 1000, 1000, 1000}, false);  // 3: three directions
  const std::string when = study.last().acquisition_time;
  study.AddDiffusion({"ep2d_diff_tra_TRACEW"}, {0, 1000});  // 4: their average
  study.last().acquisition_time = when;
  study.AddAdcOfLast("ep2d_diff_tra_ADC");  // 5
  study.AddT1({"t1_tse_tra"});              // 6
  study.AddOtherRegions(15);
  return {"The scanner's average over directions is preferred to them", study.Done(), {2, 0, {4}, 5}};
}

AssembledStudy DistortionCorrectedTwin() {
  StudyBuilder study(Vendor::kSiemens);
  study.AddLocalizer();            // 1
  study.AddT2({"t2_tse_tra_ND"});  // 2
  SetType(study.last(), {"ORIGINAL", "PRIMARY", "M", "ND", "NORM"});
  const std::string when = study.last().acquisition_time;
  study.AddT2({"t2_tse_tra"});  // 3
  SetType(study.last(), {"ORIGINAL", "PRIMARY", "M", "NORM", "DIS2D"});
  study.last().acquisition_time = when;
  study.AddT2({"t2_tse_tra_nn"});  // 4
  SetType(study.last(), {"ORIGINAL", "PRIMARY", "M", "ND"});
  study.last().acquisition_time = when;
  study.AddDiffusion({"ep2d_diff"}, {0, 1000});  // 5
  study.AddOtherRegions(16);
  return {"Of one acquisition reconstructed three times the corrected one is taken", study.Done(), {3, 0, {5}, 0}};
}

AssembledStudy AnonymisedTiming() {
  StudyBuilder study(Vendor::kGe, "");
  study.AddLocalizer("3-plane loc");       // 1
  study.AddT2({"Ax T2 FS"});               // 2
  study.AddT2({"Ax T2"});                  // 3
  study.AddT1({"Ax T1"});                  // 4
  study.AddT1({"Ax T1 +C FS"});            // 5
  study.AddFlair({"Ax T2 FLAIR"});         // 6
  study.AddDiffusion({"DWI"}, {0, 1000});  // 7
  study.AddOtherRegions(14);
  dicom::Study done = study.Done();
  for (auto& series : done.series) {
    series.echo_time_ms.reset();
    series.repetition_time_ms.reset();
    series.inversion_time_ms.reset();
    series.acquisition_time.clear();
  }
  return {"Where the timing was removed words decide", done, {3, 5, {7}, 0}};
}

AssembledStudy TimeTellsContrast() {
  StudyBuilder study(Vendor::kCanon);
  study.AddLocalizer();                   // 1
  study.AddT2({"T2"});                    // 2
  study.AddT1Fs({"T1 FS"});               // 3
  study.AddDiffusion({"DWI"}, {0, 800});  // 4
  study.AddOtherRegions(8);               // 5 … 12
  study.agent_start = study.Now();
  study.AddGradientEcho({"MRA", kCoronal, 60}, 1.2, 3.5, 25);  // 13: it alone names when
  study.agent_start = "";
  study.AddT1Fs({"T1 FS"});  // 14: nothing but its time
  study.AddOtherRegions(6);
  return {"The time of the injection tells which T1 came after it", study.Done(), {2, 14, {4}, 0}};
}

AssembledStudy IncompleteAxial() {
  StudyBuilder study(Vendor::kUih);
  study.AddLocalizer();         // 1
  study.AddT2({"t2_fse_tra"});  // 2: slices are missing
  study.last().volumes.front().problem = base::Found("slices_missing", "1 slice is missing between slices 9 and 10");
  study.AddT2({"t2_fse_cor", kCoronal});       // 3
  study.AddT1({"t1_fse_tra"});                 // 4
  study.AddDiffusion({"epi_dwi"}, {0, 1000});  // 5
  study.AddOtherRegions(16);
  return {"A series with a gap gives way to a whole one", study.Done(), {3, 0, {5}, 0}};
}

}  // namespace

std::vector<AssembledStudy> MoreStudies() {
  return {SmallFieldOfView(),        StirAlone(),        GeLabels(),
          AcrossMidnight(),          MisleadingWords(),  TraceBesideDirections(),
          DistortionCorrectedTwin(), AnonymisedTiming(), TimeTellsContrast(),
          IncompleteAxial()};
}

}  // namespace parotis::intake::studies
