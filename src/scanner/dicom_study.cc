#include "scanner/dicom_study.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "base/error.h"
#include "dicom/enhanced_mr_writer.h"
#include "dicom/secondary_capture.h"
#include "phantom/streams.h"
#include "scanner/clutter.h"
#include "scanner/flavour.h"
#include "scanner/series_builder.h"
#include "scanner/site.h"

namespace parotis::scanner {
namespace {

namespace fs = std::filesystem;
using base::Random;
using physics::Examination;

constexpr const char* kComment =
    "SYNTHETIC image made by parotis from a numerical phantom. No patient was scanned. Research use only, not for "
    "diagnosis.";
constexpr const char* kUnfinished = ".part";

std::string DateAfter(int days) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::year{2021} / 1 / 4} +
                                         std::chrono::days{days}};
  return fmt::format("{:04d}{:02d}{:02d}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

dicom::MrStudy StudyHeader(const Examination& examination, const Site& site, int start_s, Random& random) {
  const phantom::Patient& patient = examination.patient;
  const std::string name = fmt::format("parotis synthetic {} {}", patient.seed, patient.index);
  dicom::MrStudy study;
  study.uid = dicom::UidFromName(name + " study");
  study.frame_of_reference_uid = dicom::UidFromName(name + " frame of reference");
  study.id = fmt::format("{}", patient.index + 1);
  study.accession_number = fmt::format("SYN{:06d}", patient.index + 1);
  study.character_set = site.names->character_set;
  // Where the body part says little, the study's name says no more.
  const bool silent = site.body_part.empty() || site.body_part == "HEAD";
  study.description = fmt::format("{} (SYNTHETIC)", silent ? "MR" : site.names->study);
  study.date = DateAfter(static_cast<int>(random.Integer(4 * 365)));
  study.time = TimeOfDay(start_s);
  study.patient_name = fmt::format("SYNTHETIC^{:04d}", patient.index + 1);
  study.patient_id = patient.id;
  const int age = static_cast<int>(patient.age_years);
  study.birth_date = fmt::format("{:04d}0101", std::stoi(study.date.substr(0, 4)) - age);
  study.age = fmt::format("{:03d}Y", age);
  study.sex = patient.male ? "M" : "F";
  study.model = "numerical phantom (parotis)";
  study.station = "SYNTHETIC";
  study.device_serial_number = "SYNTHETIC";
  study.field_strength_t = phantom::TeslaOf(examination.protocol.field);
  study.comment = kComment;
  return study;
}

// A run that was spoilt, and the one that was made in its place.
template <class AddRun>
void AddRepeated(DicomStudy& study, bool repeated, bool stopped, const AddRun& add) {
  if (repeated) {
    const std::size_t first = study.series.size();
    add();
    for (std::size_t s = first; s < study.series.size(); ++s) Spoil(study.series[s], stopped);
  }
  add();
}

void AddBeforeContrast(SeriesBuilder& builder, const Clutter& clutter, DicomStudy& study) {
  if (!clutter.no_localizer) builder.AddLocalizer();
  if (clutter.calibration) AddCalibration(builder);
  if (clutter.stir_coronal) AddCoronalStir(builder);
  if (!clutter.no_t2) AddRepeated(study, clutter.t2_repeated, clutter.stopped, [&] { builder.AddT2(); });
  if (clutter.t2_fat_suppressed) AddFatSuppressedT2(builder);
  const auto diffusion = [&] {
    if (clutter.no_diffusion) return;
    AddRepeated(study, clutter.diffusion_repeated, clutter.stopped, [&] { builder.AddDiffusion(); });
  };
  if (builder.site().diffusion_early) diffusion();
  if (clutter.brain) AddBrain(builder);
  if (clutter.spine) AddSpine(builder);
  if (!clutter.no_t1) builder.AddT1();
  if (clutter.phase) AddPhase(builder);
  if (!builder.site().diffusion_early) diffusion();
}

void AddAfterContrast(SeriesBuilder& builder, const Clutter& clutter, DicomStudy& study) {
  if (builder.examination().dynamic) {
    builder.AddDynamic();
  } else {
    builder.Inject();
  }
  if (clutter.no_t1c) return;
  AddRepeated(study, clutter.t1c_repeated, clutter.stopped, [&] { builder.AddT1c(); });
  if (clutter.subtraction && !clutter.no_t1) AddSubtraction(builder);
  if (clutter.reformat) AddReformat(builder);
  if (clutter.projection) AddProjection(builder);
  if (clutter.screenshot) AddScreenshot(builder);
}

bool IsDerived(const DicomSeries& series) {
  const auto& type = series.volumes.front().image_type;
  return !type.empty() && type.front() == "DERIVED";
}

// Philips numbers acquisitions in hundreds and what is made of one behind it; GE multiplies by a hundred for that.
void Number(physics::Vendor vendor, bool gaps, Random& random, DicomStudy& study) {
  int acquired = 0, derived = 0, last = 0;
  for (DicomSeries& series : study.series) {
    const bool made_of_another = IsDerived(series) && acquired > 0;
    if (made_of_another && (vendor == physics::Vendor::kPhilips || vendor == physics::Vendor::kGe)) {
      ++derived;
      series.header.number =
          vendor == physics::Vendor::kPhilips ? 100 * acquired + 1 + derived : 100 * acquired + derived - 1;
    } else {
      acquired += gaps && random.Chance(0.25) ? 2 : 1;
      derived = 0;
      series.header.number = vendor == physics::Vendor::kPhilips ? 100 * acquired + 1 : acquired;
    }
    last = std::max(last, series.header.number);
    series.header.uid = dicom::UidFromName(fmt::format("{} series {}", study.header.uid, series.header.number));
  }
}

// What every vendor's enhanced objects have in common (PS3.3 C.8.16.1.2; C.8.13.2).
void FinishEnhanced(DicomStudy& study) {
  std::string source;
  for (DicomSeries& series : study.series) {
    if (!series.enhanced) continue;
    for (dicom::MrVolume& volume : series.volumes) volume.image_type[1] = "PRIMARY";
    if (IsDerived(series)) series.header.source_series_uid = source;
    if (!IsDerived(series)) source = series.header.uid;
  }
}

void WriteSeries(const fs::path& folder, const DicomStudy& study, const DicomSeries& series) {
  if (series.screenshot) {
    dicom::WriteSecondaryCapture(folder, study.header, series.header, series.volumes.front());
  } else if (series.enhanced) {
    dicom::WriteEnhancedMrSeries(folder, study.header, series.header, series.volumes);
  } else {
    dicom::WriteMrSeries(folder, study.header, series.header, series.volumes);
  }
}

}  // namespace

DicomStudy MakeDicomStudy(const Examination& examination, const StudyOptions& options) {
  if (!examination.t1 || examination.localizer.empty()) {
    base::Throw(base::ErrorKind::kInternal, "a DICOM study needs an examination scanned with its extras");
  }
  const phantom::Patient& patient = examination.patient;
  const auto index = static_cast<std::uint64_t>(patient.index);
  Random random(patient.seed, {phantom::kDicomStream, index});
  Random disturbs(patient.seed, {phantom::kDicomStream, index, 1});
  const Site site = DrawSite(examination.protocol, options, random);
  const int start_s = 8 * 3600 + static_cast<int>(random.Integer(9 * 3600));
  DicomStudy study;
  study.header = StudyHeader(examination, site, start_s, random);
  const Clutter clutter = options.clutter ? DrawClutter(disturbs) : Clutter();
  SeriesBuilder builder(examination, site, study, start_s);
  AddBeforeContrast(builder, clutter, study);
  AddAfterContrast(builder, clutter, study);
  WriteAsVendor(examination.protocol, study);
  Number(examination.protocol.vendor, site.gaps, random, study);
  FinishEnhanced(study);
  return study;
}

void WriteDicomStudy(const fs::path& folder, const DicomStudy& study) {
  if (fs::exists(folder)) {
    base::Throw(base::ErrorKind::kUsage,
                fmt::format("{} is already there; remove it or choose another folder", folder.string()));
  }
  const fs::path part = folder.string() + kUnfinished;
  fs::remove_all(part);
  for (const DicomSeries& series : study.series)
    WriteSeries(part / fmt::format("SE{:04d}", series.header.number), study, series);
  fs::rename(part, folder);
}

void RemoveUnfinishedStudies(const fs::path& folder) {
  std::error_code code;
  std::vector<fs::path> unfinished;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (entry.is_directory() && entry.path().extension() == kUnfinished) unfinished.push_back(entry.path());
  }
  for (const fs::path& path : unfinished) fs::remove_all(path);
}

}  // namespace parotis::scanner
