// `parotis import`: DICOM studies to a dataset in nnU-Net's layout.
#include "intake/import.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <memory>
#include <random>

#include "app/alignment_flags.h"
#include "app/command.h"
#include "app/commands.h"
#include "base/json.h"
#include "base/log.h"

namespace parotis::app {
namespace {

struct ImportFlags {
  std::filesystem::path folder, output;
  std::vector<std::string> pins;
  intake::ImportOptions options;
};

// Drawn from the system: the pseudonyms of one import cannot be guessed by who does not have it.
std::string RandomSalt() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", device(), device(), device(), device());
}

base::Json ToJson(const std::vector<intake::ImportedStudy>& studies, const std::filesystem::path& output) {
  base::Json list = base::Json::array();
  for (const intake::ImportedStudy& study : studies) {
    list.push_back({{"study_uid", study.study_uid},
                    {"case", study.case_id},
                    {"channels", study.channels},
                    {"alignment", study.alignment},
                    {"error", study.error.empty() ? base::Json(nullptr) : base::Json(study.error)}});
  }
  return {{"dataset", output.string()}, {"cases", std::move(list)}};
}

int Report(const std::vector<intake::ImportedStudy>& studies, const std::filesystem::path& output) {
  std::size_t failed = 0;
  for (const intake::ImportedStudy& study : studies) {
    if (!study.error.empty())
      base::LogLine(base::LogLevel::kError, fmt::format("study {}: {}", study.study_uid, study.error));
    failed += study.error.empty() ? 0 : 1;
    if (!common().json && study.error.empty()) fmt::print("{}  {}\n", study.case_id, fmt::join(study.channels, ", "));
  }
  if (common().json) fmt::print("{}", base::DumpJson(ToJson(studies, output)));
  if (failed == 0) return kDone;
  return failed == studies.size() ? kFailed : kSomeCasesFailed;
}

int Import(ImportFlags flags) {
  for (const std::string& pin : flags.pins) flags.options.pins.push_back(intake::ParsePin(pin));
  const dicom::Index index = dicom::IndexDicom(flags.folder);
  for (const dicom::SkippedFile& file : index.skipped) {
    if (!file.foreign()) base::Warn("skipped: {}", file.reason);
  }
  if (flags.options.salt.empty()) {
    flags.options.salt = RandomSalt();
    base::Info("pseudonyms were made with --salt {}; keep it secret, and give it again to get the same ones",
               flags.options.salt);
  }
  return Report(intake::ImportStudies(index, flags.output, flags.options), flags.output);
}

}  // namespace

std::function<int()> DefineImport(CLI::App& app) {
  const auto flags = std::make_shared<ImportFlags>();
  app.add_option("folder", flags->folder, "folder with one or more DICOM studies, however nested")->required();
  app.add_option("-o,--output", flags->output, "dataset to write")->required();
  app.add_option("--channels", flags->options.channels,
                 "channels every study must have (T2,T1C,B0,B1000,ADC); default: what each offers")
      ->delimiter(',')
      ->check(CLI::IsMember({"T2", "T1C", "B0", "B1000", "ADC"}));
  app.add_option("--pin", flags->pins, "ROLE=SERIES: use this series (number, UID or none) as t2, t1c, dwi or adc");
  app.add_option("--salt", flags->options.salt,
                 "secret text of the pseudonyms: cases are SHA-256(salt, StudyInstanceUID), patients SHA-256(salt, "
                 "PatientID); default: random");
  app.add_option("--name", flags->options.name, "name of the dataset")->capture_default_str();
  app.add_flag("--accept-other-frames", flags->options.accept_other_frames,
               "place series by coordinates although their frame of reference differs");
  AddAlignmentFlags(app, flags->options.alignment);
  app.add_option("--threads", flags->options.threads, "studies loaded at the same time; 0: one per CPU")
      ->check(CLI::NonNegativeNumber);
  return [flags] { return Import(*flags); };
}

}  // namespace parotis::app
