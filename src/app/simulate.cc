// `parotis simulate`: a synthetic cohort, as a dataset with truth and as DICOM studies.
#include <fmt/format.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>

#include "app/cohort_audit.h"
#include "app/command.h"
#include "app/commands.h"
#include "base/build_info.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/log.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "base/resumable.h"
#include "dataset/dataset.h"
#include "image/nifti.h"
#include "phantom/cohort.h"
#include "phantom/oracle.h"
#include "physics/contact_sheet.h"
#include "physics/fitted_channels.h"
#include "physics/scan.h"
#include "physics/structures.h"
#ifdef PAROTIS_IMAGING
#include "scanner/dicom_study.h"
#endif

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

struct SimulateOptions {
  fs::path output, dicom, preview, priors, calibrate;
  std::string preset = "training";
  std::string protocol = "paper";
  std::string mix;
  std::int64_t patients = 0;
  std::int64_t first = 0;
  std::int64_t oracle_draws = 0;
  std::uint64_t seed = 1;
  std::string field;
  std::string vendor = "mixed";    // of the DICOM studies
  std::string enhanced = "mixed";  // multi-frame objects or one file per slice
  bool clutter = false;
  bool glands = false;
  std::string labels;  // "classes", "structures", or "" for the preset's
  int threads = 0;
};

struct Cohort {
  phantom::Priors priors;
  phantom::Mix mix;
  std::int64_t patients = 0;
  bool structures = false;  // labels say what is where, not which tumour it is
  physics::ScanOptions scan;
};

Cohort Resolve(const SimulateOptions& options) {
  Cohort cohort;
  cohort.priors = options.priors.empty() ? phantom::DefaultPriors() : phantom::ReadPriors(options.priors);
  const phantom::Preset& preset = phantom::FindPreset(options.preset);
  cohort.priors = phantom::PriorsFor(preset, std::move(cohort.priors));
  cohort.scan.randomised = preset.randomised;
  cohort.structures = options.labels.empty() ? preset.randomised : options.labels == "structures";
  if (options.protocol == "extended") cohort.scan.kind = physics::ProtocolKind::kExtended;
  cohort.mix = phantom::ParseMix(options.mix.empty() ? preset.mix : options.mix, cohort.priors);
  cohort.patients = options.patients > 0  ? options.patients
                    : options.mix.empty() ? preset.patients
                                          : cohort.mix.total();
  if (!options.field.empty())
    cohort.scan.field = options.field == "1.5" ? phantom::FieldStrength::k15T : phantom::FieldStrength::k3T;
  cohort.scan.extras = !options.dicom.empty();
  for (const physics::Vendor vendor : physics::kVendors) {
    if (NameOf(vendor) == options.vendor) cohort.scan.vendor = vendor;
  }
  return cohort;
}

// DICOM is written by modules that a build without imaging leaves out.
void WriteStudy([[maybe_unused]] const SimulateOptions& options,
                [[maybe_unused]] const physics::Examination& examination) {
#ifdef PAROTIS_IMAGING
  scanner::StudyOptions how;
  if (options.enhanced != "mixed") how.enhanced = options.enhanced == "yes";
  how.clutter = options.clutter;
  scanner::WriteDicomStudy(options.dicom / examination.patient.id, scanner::MakeDicomStudy(examination, how));
#else
  base::Throw(base::ErrorKind::kUsage,
              "this build has no DICOM (PAROTIS_IMAGING=OFF); leave out --dicom, or use a full build");
#endif
}

// One process at a time writes into a folder of studies, so that what a killed one left can be told and removed.
std::unique_ptr<base::OutputLock> LockStudies(const fs::path& folder) {
  if (folder.empty()) return nullptr;
  auto lock = std::make_unique<base::OutputLock>(
      folder / ".parotis-simulate.lock",
      fmt::format("another `parotis simulate` is writing into {}; wait for it or choose another folder",
                  folder.string()));
#ifdef PAROTIS_IMAGING
  scanner::RemoveUnfinishedStudies(folder);
#endif
  return lock;
}

std::string Description(const SimulateOptions& options) {
  return fmt::format(
      "SYNTHETIC head-and-neck MRI from `parotis simulate`, preset {}, protocol {}, seed {}, build {}; diffusion "
      "resampled to T2's grid; ADC, D and DSTAR in 10-6 mm2/s. No patient data; results on it say nothing about "
      "patients.",
      options.preset, options.protocol, options.seed, base::BuildId());
}

std::unique_ptr<dataset::DatasetWriter> OpenWriter(const SimulateOptions& options, const Cohort& cohort) {
  if (options.output.empty()) return nullptr;
  std::vector<std::string> labels = {"background"};
  for (const auto& tumour : cohort.priors.tumours) labels.push_back(tumour.name);
  if (cohort.structures) labels = physics::StructureLabels();
  std::vector<std::string> channels = {dataset::kT2, dataset::kT1c, dataset::kB0, dataset::kB1000, dataset::kAdc};
  const std::vector<std::string> fitted = physics::FittedChannels(cohort.scan.kind);
  channels.insert(channels.end(), fitted.begin(), fitted.end());
  return std::make_unique<dataset::DatasetWriter>(options.output, "synthetic-parotid", channels, labels,
                                                  Description(options));
}

// "paper (85): the case mix of the published study; …"
std::string PresetHelp() {
  std::string help;
  for (const phantom::Preset& preset : phantom::Presets())
    help +=
        fmt::format("{}{} ({} patients): {}", help.empty() ? "" : "; ", preset.name, preset.patients, preset.summary);
  return help;
}

constexpr std::int64_t kPreviewRows = 12;
constexpr const char* kGlandFolder = "glandsTr";
// Of phantom::GlandRegion; goes into each file's description.
constexpr const char* kGlandCodes = "parotid: 1 R superficial 2 R deep 3 L superficial 4 L deep; submandib.: 5 R 6 L";

void AddToDataset(dataset::DatasetWriter& writer, const Cohort& cohort, const physics::Examination& examination,
                  dataset::Case as_case) {
  dataset::Participant participant = physics::ToParticipant(examination);
  if (cohort.structures) {
    as_case.truth = physics::StructuresOf(examination);
    participant.columns["tumour_class"] = participant.diagnosis;
    participant.diagnosis.clear();  // no label is one
  }
  writer.Add(as_case, participant);
}

// Makes every patient once, on threads; what is kept of one is gone before the thread makes the next.
std::map<std::string, int> MakeCohort(const SimulateOptions& options, const Cohort& cohort) {
  const auto writer = OpenWriter(options, cohort);
  if (writer && options.glands) base::CreateFolder(options.output / kGlandFolder);
  std::vector<image::Picture> rows(
      static_cast<std::size_t>(options.preview.empty() ? 0 : std::min(cohort.patients, kPreviewRows)));
  std::vector<std::string> diagnoses(static_cast<std::size_t>(cohort.patients));
  base::Progress progress("simulate", cohort.patients);
  base::ParallelFor(cohort.patients, options.threads, [&](std::int64_t n) {
    const std::int64_t index = options.first + n;
    const std::string diagnosis = phantom::DiagnosisOf(cohort.mix, options.seed, index);
    const phantom::Patient patient =
        phantom::DrawPatient(cohort.priors, options.seed, index, diagnosis, cohort.scan.randomised);
    base::WithContext("patient " + patient.id, [&] {
      const physics::Examination examination = physics::Scan(patient, cohort.priors, cohort.scan);
      if (!options.dicom.empty()) WriteStudy(options, examination);
      if (options.output.empty() && options.preview.empty()) return;
      const dataset::Case as_case = physics::ToCase(examination, cohort.priors);
      if (writer) AddToDataset(*writer, cohort, examination, as_case);
      if (writer && options.glands)
        image::WriteNifti(options.output / kGlandFolder / (patient.id + ".nii.gz"), examination.glands, kGlandCodes);
      if (n < static_cast<std::int64_t>(rows.size())) rows[static_cast<std::size_t>(n)] = physics::ContactRow(as_case);
    });
    diagnoses[static_cast<std::size_t>(n)] = diagnosis;
    progress.Advance();
  });
  if (writer) writer->Finish();
  if (!rows.empty()) base::WriteFile(options.preview, image::EncodePng(physics::Stack(rows)));
  std::map<std::string, int> counts;
  for (const std::string& diagnosis : diagnoses) ++counts[diagnosis];
  return counts;
}

void PrintSummary(const SimulateOptions& options, const std::map<std::string, int>& counts) {
  base::Json json;
  if (!options.output.empty()) json["dataset"] = options.output.string();
  if (!options.dicom.empty()) json["dicom"] = options.dicom.string();
  json["seed"] = options.seed;
  json["synthetic"] = true;
  for (const auto& [diagnosis, count] : counts) json["patients"][diagnosis] = count;
  if (common().json) {
    fmt::print("{}", base::DumpJson(json));
    return;
  }
  for (const auto& [diagnosis, count] : counts) fmt::print("{:<14}{:>6}\n", diagnosis, count);
  if (!options.output.empty()) fmt::print("dataset       {}\n", options.output.string());
  if (!options.dicom.empty()) fmt::print("DICOM         {}\n", options.dicom.string());
}

void PrintOracle(const phantom::Oracle& oracle) {
  if (common().json) {
    fmt::print("{}", base::DumpJson(phantom::ToJson(oracle)));
    return;
  }
  fmt::print("Strict accuracy of a reader who is told the true drawn values ({} draws), and recall per class\n",
             oracle.draws);
  fmt::print("{:<16}{:>9}  {:<15}", "told", "accuracy", "95 % interval");
  for (const std::string& name : oracle.classes) fmt::print("{:>13}", name);
  fmt::print("\n");
  for (const phantom::OracleRow& row : oracle.rows) {
    fmt::print("{:<16}{:>9.3f}  {:.3f} - {:.3f}  ", row.name, row.strict_accuracy, row.interval_95[0],
               row.interval_95[1]);
    for (const double recall : row.recall) fmt::print("{:>13.2f}", recall);
    fmt::print("\n");
  }
  for (const auto& [what, pairs] : {std::pair{"ADC", &oracle.adc_auc}, {"wash-out", &oracle.washout_auc}}) {
    for (const phantom::PairAuc& pair : *pairs)
      fmt::print("AUC of {}, {} above {}: {:.3f}\n", what, pair.higher, pair.lower, pair.auc);
  }
}

int Simulate(const SimulateOptions& options) {
  const Cohort cohort = Resolve(options);
  if (options.oracle_draws > 0) {
    PrintOracle(phantom::AskOracle(cohort.priors, cohort.mix, options.oracle_draws, options.seed));
    return kDone;
  }
  if (!options.calibrate.empty()) {
    const std::int64_t patients = options.patients > 0 ? options.patients : CohortAuditOptions{}.patients;
    const std::string command =
        fmt::format("parotis simulate --calibrate {} --n {} --seed {} {}{}", options.calibrate.filename().string(),
                    patients, options.seed, options.mix.empty() ? "--preset " + options.preset : "--mix " + options.mix,
                    options.priors.empty() ? "" : " --priors " + options.priors.filename().string());
    return AuditCohort(cohort.priors, cohort.mix, cohort.scan,
                       {options.calibrate, options.seed, patients, options.threads, command});
  }
  if (options.output.empty() && options.preview.empty() && options.dicom.empty()) {
    base::Throw(base::ErrorKind::kUsage,
                "nothing to do; give -o DATASET, --dicom FOLDER, --preview FILE.png, --calibrate PAGE.html or --oracle "
                "DRAWS");
  }
  const auto lock = LockStudies(options.dicom);
  const auto counts = MakeCohort(options, cohort);
  PrintSummary(options, counts);
  return kDone;
}

}  // namespace

std::function<int()> DefineSimulate(CLI::App& app) {
  auto options = std::make_shared<SimulateOptions>();
  app.add_option("-o,--output", options->output, "dataset to write (nnU-Net layout, with truth and participants.tsv)");
  app.add_option("--dicom", options->dicom,
                 "folder for DICOM studies, one sub-folder per patient; with or without a dataset");
  app.add_option("--preset", options->preset, PresetHelp())->capture_default_str();
  app.add_option("--protocol", options->protocol,
                 "paper (T2, T1C, b 0 and 1000) or extended (b 0 to 2000 and a dynamic series, too)")
      ->check(CLI::IsMember({"paper", "extended"}))
      ->capture_default_str();
  app.add_flag("--glands", options->glands,
               "also write where the glands are: OUTPUT/glandsTr, codes in each file's description");
  app.add_option("--labels", options->labels,
                 "what the masks show: classes of tumours, or structures (tumour, parotid, submandibular); default: "
                 "classes, and structures for domain-random, in which classes mean nothing")
      ->check(CLI::IsMember({"classes", "structures"}));
  app.add_option("--mix", options->mix, "counts per deck, as " + phantom::Presets().front().mix);
  app.add_option("--n", options->patients, "number of patients (default: one deck of the mix)")
      ->check(CLI::PositiveNumber);
  app.add_option("--first", options->first, "index of the first patient, to continue a cohort")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--seed", options->seed, "seed of everything random")->capture_default_str();
  app.add_option("--field", options->field, "field strength in tesla (default: drawn for each patient)")
      ->check(CLI::IsMember({"1.5", "3"}));
  app.add_option("--vendor", options->vendor,
                 "whose way of writing DICOM: standard, siemens, ge, philips, uih or mixed")
      ->check(CLI::IsMember({"standard", "siemens", "ge", "philips", "uih", "mixed"}))
      ->capture_default_str();
  app.add_option("--enhanced", options->enhanced,
                 "enhanced multi-frame DICOM objects: yes, no (one file per slice) or mixed")
      ->check(CLI::IsMember({"yes", "no", "mixed"}))
      ->capture_default_str();
  app.add_flag("--clutter", options->clutter,
               "DICOM studies with what disturbs: repeats, other regions, derived and missing series");
  app.add_option("--priors", options->priors, "other priors than the default ones; see configs/priors.json")
      ->check(CLI::ExistingFile);
  app.add_option("--preview", options->preview, "PNG of the first patients, one row each");
  app.add_option("--oracle", options->oracle_draws,
                 "make nothing; say what a reader of the drawn values could reach, from this many draws")
      ->check(CLI::PositiveNumber);
  app.add_option("--calibrate", options->calibrate,
                 "make no cohort; measure --n patients (default 500) in their images, print what was realised beside "
                 "each prior, and write a page with pictures");
  app.add_option("--threads", options->threads, "threads (0: all available)")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  return [options] { return Simulate(*options); };
}

}  // namespace parotis::app
