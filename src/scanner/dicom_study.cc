#include "scanner/dicom_study.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cmath>

#include "base/error.h"
#include "phantom/streams.h"

namespace parotis::scanner {
namespace {

namespace fs = std::filesystem;
using base::Random;
using dicom::MrSeries;
using dicom::MrStudy;
using dicom::MrVolume;
using physics::Examination;
using physics::Sequence;

constexpr const char* kComment =
    "SYNTHETIC image made by parotis from a numerical phantom. No patient was scanned. Research use only, not for "
    "diagnosis.";
constexpr double kNoAdcMap = 0.3;  // share of studies without the vendor's map

// What one site calls its series.
struct Names {
  const char *localizer, *t2, *t1, *t1c, *diffusion, *adc;
};
constexpr std::array<Names, 3> kNames = {{
    {"localizer", "t2_tse_tra", "t1_tse_tra", "t1_tse_fs_tra_post_gd", "ep2d_diff_b0_b1000_tra",
     "ep2d_diff_b0_b1000_tra_ADC"},
    {"3-plane loc", "AX T2 FSE", "AX T1", "AX T1 FS POST GD", "AX DWI b1000", "AX ADC"},
    {"SURVEY", "T2W_TSE_ax", "T1W_TSE_ax", "T1W_TSE_SPIR_ax_+C", "DWI_SE-EPI_b0_b1000", "dADC map"},
}};

struct Site {
  Names names;
  std::string body_part, study_description;
  bool adc_map = true;
};

Site DrawSite(Random& random) {
  Site site;
  site.names = kNames[static_cast<std::size_t>(random.Integer(kNames.size()))];
  // PS3.16 Annex L; some sites leave it blank or name the coil's region.
  const double which = random.Uniform();
  site.body_part = which < 0.75 ? "HEADNECK" : which < 0.88 ? "HEAD" : "";
  // Where the body part says little, the study's name says no more.
  site.study_description = site.body_part == "HEADNECK" ? "MR PAROTID (SYNTHETIC)" : "MR (SYNTHETIC)";
  site.adc_map = !random.Chance(kNoAdcMap);
  return site;
}

std::string DateAfter(int days) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::year{2021} / 1 / 4} +
                                         std::chrono::days{days}};
  return fmt::format("{:04d}{:02d}{:02d}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string TimeAt(int seconds) {
  return fmt::format("{:02d}{:02d}{:02d}", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
}

MrStudy StudyHeader(const Examination& examination, const Site& site, int start_s, Random& random) {
  const phantom::Patient& patient = examination.patient;
  const std::string name = fmt::format("parotis synthetic {} {}", patient.seed, patient.index);
  MrStudy study;
  study.uid = dicom::UidFromName(name + " study");
  study.frame_of_reference_uid = dicom::UidFromName(name + " frame of reference");
  study.id = fmt::format("{}", patient.index + 1);
  study.accession_number = fmt::format("SYN{:06d}", patient.index + 1);
  study.description = site.study_description;
  study.date = DateAfter(static_cast<int>(random.Integer(4 * 365)));
  study.time = TimeAt(start_s);
  study.patient_name = fmt::format("SYNTHETIC^{:04d}", patient.index + 1);
  study.patient_id = patient.id;
  const int age = static_cast<int>(patient.age_years);
  study.birth_date = fmt::format("{:04d}0101", std::stoi(study.date.substr(0, 4)) - age);
  study.age = fmt::format("{:03d}Y", age);
  study.sex = patient.male ? "M" : "F";
  study.manufacturer = "parotis";
  study.model = "numerical phantom";
  study.station = "SYNTHETIC";
  study.software = "simulate";
  study.field_strength_t = phantom::TeslaOf(examination.protocol.field);
  study.comment = kComment;
  return study;
}

MrVolume Image(const image::Volume& volume) {
  MrVolume image;
  image.image = volume;
  image.image_type = {"ORIGINAL", "PRIMARY", "M"};
  return image;
}

// Builds the series one after the other, numbered and timed in the order in which they are scanned.
class StudyBuilder {
 public:
  StudyBuilder(const Examination& examination, Site site, DicomStudy& study, int start_s)
      : examination_(examination), site_(std::move(site)), study_(study), clock_s_(start_s) {}

  DicomSeries& Add(const char* description, const Sequence& sequence, double slice_mm, int duration_s) {
    DicomSeries series;
    series.header.number = static_cast<int>(study_.series.size()) + 1;
    series.header.uid = dicom::UidFromName(fmt::format("{} series {}", study_.header.uid, series.header.number));
    series.header.description = series.header.protocol = description;
    series.header.body_part = site_.body_part;
    series.header.time = TimeAt(clock_s_);
    series.header.repetition_time_ms = std::round(sequence.tr_ms);
    series.header.echo_time_ms = std::round(sequence.te_ms * 10) / 10;
    series.header.slice_thickness_mm = slice_mm;
    if (sequence.after_injection_s >= 0) series.header.contrast_agent = "Gadolinium";
    clock_s_ += duration_s;
    study_.series.push_back(std::move(series));
    return study_.series.back();
  }

  void AddLocalizer() {
    const auto& protocol = examination_.protocol;
    DicomSeries& series = Add(site_.names.localizer, protocol.localizer, 8, 20);
    series.header.scanning_sequence = {"GR"};
    series.header.sequence_variant = {"SP"};
    series.header.flip_angle_deg = 20;
    for (const image::Volume& plane : examination_.localizer) series.volumes.push_back(Image(plane));
  }

  void AddAnatomy(const char* description, const Sequence& sequence, const image::Volume& volume, int echo_train,
                  int duration_s) {
    DicomSeries& series = Add(description, sequence, volume.geometry.spacing_mm[2], duration_s);
    series.header.echo_train_length = echo_train;
    if (sequence.fat_left < 0.5) series.header.scan_options = {"FS"};
    series.volumes.push_back(Image(volume));
  }

  void AddDiffusion() {
    const auto& protocol = examination_.protocol;
    MrSeries& header = AddEchoPlanar(site_.names.diffusion, 150).header;
    header.sequence_name = "ep_b";
    MrVolume b0 = Image(examination_.TraceAt(0)), b1000 = Image(examination_.TraceAt(1000));
    b0.image_type = b1000.image_type = {"ORIGINAL", "PRIMARY", "DIFFUSION"};
    b0.b_value_s_mm2 = 0;
    b1000.b_value_s_mm2 = protocol.b_high_s_mm2;
    study_.series.back().volumes = {std::move(b0), std::move(b1000)};
    if (!site_.adc_map) return;
    MrVolume adc = Image(examination_.adc);
    adc.image_type = {"DERIVED", "PRIMARY", "DIFFUSION", "ADC"};
    adc.derivation = "ADC from b = 0 and 1000 s/mm2, mono-exponential";
    // 10-6 mm2/s is um2/s.
    adc.unit = {"um2/s", "um2/s", "Apparent diffusion coefficient"};
    AddEchoPlanar(site_.names.adc, 0).volumes = {std::move(adc)};
  }

 private:
  DicomSeries& AddEchoPlanar(const char* description, int duration_s) {
    const auto& protocol = examination_.protocol;
    DicomSeries& series = Add(description, protocol.diffusion, protocol.diffusion_grid.spacing_mm[2], duration_s);
    series.header.scanning_sequence = {"EP", "SE"};
    series.header.sequence_variant = {"SK"};
    series.header.scan_options = {"FS"};
    return series;
  }

  const Examination& examination_;
  Site site_;
  DicomStudy& study_;
  int clock_s_;
};

}  // namespace

DicomStudy MakeDicomStudy(const Examination& examination) {
  if (!examination.t1 || examination.localizer.empty()) {
    base::Throw(base::ErrorKind::kInternal, "a DICOM study needs an examination scanned with its extras");
  }
  const phantom::Patient& patient = examination.patient;
  const physics::Protocol& protocol = examination.protocol;
  Random random(patient.seed, {phantom::kDicomStream, static_cast<std::uint64_t>(patient.index)});
  const Site site = DrawSite(random);
  const int start_s = 8 * 3600 + static_cast<int>(random.Integer(9 * 3600));
  DicomStudy study;
  study.header = StudyHeader(examination, site, start_s, random);
  StudyBuilder builder(examination, site, study, start_s);
  builder.AddLocalizer();
  builder.AddAnatomy(site.names.t2, protocol.t2, examination.t2, 15, 210);
  builder.AddAnatomy(site.names.t1, protocol.t1, *examination.t1, 3, 180);
  builder.AddDiffusion();
  builder.AddAnatomy(site.names.t1c, protocol.t1c, examination.t1c, 3, 200);
  return study;
}

void WriteDicomStudy(const fs::path& folder, const DicomStudy& study) {
  if (fs::exists(folder)) {
    base::Throw(base::ErrorKind::kUsage,
                fmt::format("{} is already there; remove it or choose another folder", folder.string()));
  }
  // Left over from a run that was stopped half way.
  const fs::path part = folder.string() + ".part";
  fs::remove_all(part);
  for (const DicomSeries& series : study.series) {
    dicom::WriteMrSeries(part / fmt::format("SE{:04d}", series.header.number), study.header, series.header,
                         series.volumes);
  }
  fs::rename(part, folder);
}

}  // namespace parotis::scanner
