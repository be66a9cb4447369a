// `parotis import`: DICOM studies to a dataset in nnU-Net's layout.
#include "intake/import.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>

#include "app/alignment_flags.h"
#include "app/command.h"
#include "app/commands.h"
#include "app/key_flag.h"
#include "base/conditions.h"
#include "base/json.h"
#include "base/log.h"
#include "dicom/pseudonyms.h"

namespace parotis::app {
namespace {

struct ImportFlags {
  std::filesystem::path folder, output, key, site, labels;
  std::vector<std::string> pins;
  double memory_gb = 0;
  intake::ImportOptions options;
};

void Print(const std::vector<intake::ImportedStudy>& studies, const ImportFlags& flags) {
  if (common().json) {
    fmt::print("{}", base::DumpJson(intake::ReportOf(studies, flags.options)));
    return;
  }
  std::map<std::string, std::size_t> counts;
  std::map<std::pair<std::string, std::string>, std::size_t> reasons;
  std::size_t before = 0;
  for (const intake::ImportedStudy& study : studies) {
    ++counts[NameOf(study.outcome)];
    before += study.done_before ? 1 : 0;
    if (study.outcome != intake::Outcome::kImported)
      ++reasons[{NameOf(study.outcome), study.code.empty() ? study.sentence : study.code}];
  }
  fmt::print("{} studies", studies.size());
  for (const auto& [outcome, count] : counts) fmt::print(", {} {}", count, outcome);
  fmt::print("{}\n", before > 0 ? fmt::format("; {} of them by an earlier run", before) : "");
  for (const auto& [reason, count] : reasons) fmt::print("{:>6}  {}: {}\n", count, reason.first, reason.second);
  fmt::print("what became of each: {}\n", (flags.output / "import-report.tsv").string());
}

// Says what is doubtful about the truth of a case, and whether any of it was refused, now or by an earlier run.
bool SayTruthFindings(const intake::ImportedStudy& study) {
  for (const base::Finding& finding : study.truth_findings) {
    base::LogLine(finding.refuses() ? base::LogLevel::kError : base::LogLevel::kWarning,
                  fmt::format("{}: {} [{}]", study.case_id, finding.message, finding.code));
  }
  return std::any_of(study.flags.begin(), study.flags.end(), [](const std::string& code) {
    const base::Condition& condition = base::ConditionNamed(code);
    return condition.about == "truth" && condition.policy == base::Policy::kRefuse;
  });
}

int Report(const std::vector<intake::ImportedStudy>& studies, const ImportFlags& flags) {
  std::size_t imported = 0;
  bool truth_refused = false;
  for (const intake::ImportedStudy& study : studies) {
    truth_refused = SayTruthFindings(study) || truth_refused;
    imported += study.outcome == intake::Outcome::kImported ? 1 : 0;
    if (!study.message.empty())
      base::LogLine(base::LogLevel::kError, fmt::format("{}: {}", study.case_id, study.message));
  }
  Print(studies, flags);
  if (imported == 0) return kFailed;
  return imported == studies.size() && !truth_refused ? kDone : kSomeCasesFailed;
}

int Import(ImportFlags flags) {
  for (const std::string& pin : flags.pins) flags.options.pins.push_back(intake::ParsePin(pin));
  flags.options.memory_bytes = static_cast<std::int64_t>(flags.memory_gb * 1e9);
  if (!flags.labels.empty())
    flags.options.truth_labels = intake::ParseTruthLabels(base::ReadJson(flags.labels), flags.labels.string());
  if (!flags.site.empty()) flags.options.site = intake::ReadSiteRules(flags.site);
  const dicom::Index index = dicom::IndexDicom(flags.folder);
  if (!flags.options.keep_identity) {
    if (flags.key.empty()) flags.key = DefaultKeyFor(flags.output);
    flags.options.key = dicom::ReadOrCreateKey(flags.key, {flags.output});
  }
  for (const dicom::SkippedFile& file : index.skipped) {
    if (!file.foreign()) base::Warn("skipped: {}", file.reason);
  }
  if (flags.options.keep_identity) {
    base::Warn("--keep-identity: the dataset names patients and studies; do not give it away");
  } else {
    AddStudiesToMap(flags.key, flags.options.key, index);
  }
  return Report(intake::ImportStudies(index, flags.output, flags.options), flags);
}

}  // namespace

std::function<int()> DefineImport(CLI::App& app) {
  const auto flags = std::make_shared<ImportFlags>();
  app.add_option("folder", flags->folder, "folder with DICOM studies of any number of patients, however nested")
      ->required();
  app.add_option("output,-o,--output", flags->output,
                 "dataset to write; one that was begun and interrupted is gone on with")
      ->required();
  AddKeyFlag(app, flags->key);
  app.add_flag("--keep-identity", flags->options.keep_identity,
               "no pseudonyms: patient numbers and study UIDs stand in the dataset, and it says so");
  app.add_option("--channels", flags->options.channels,
                 fmt::format("channels every study must have ({}); default: what each offers, but no fitted maps",
                             fmt::join(intake::AllChannels(), ",")))
      ->delimiter(',')
      ->check(CLI::IsMember(intake::AllChannels()));
  app.add_flag(
      "--maps", flags->options.maps,
      "also what can be fitted: D, F, DSTAR, K from many b-values, WASHIN, TTP, WASHOUT from a dynamic series");
  app.add_option("--pin", flags->pins,
                 "ROLE=SERIES: use this series (number, UID or none) as t2, t1c, dwi, adc or dce");
  app.add_option("--site", flags->site, "rules of the site about its series (configs/site.json is the manual)")
      ->check(CLI::ExistingFile);
  app.add_option("--name", flags->options.name, "name of the dataset")->capture_default_str();
  app.add_flag("--accept-other-frames", flags->options.accept_other_frames,
               "place series by coordinates although their frame of reference differs");
  app.add_flag("--deface", flags->options.deface,
               "remove the surface of the face from all channels; a study where that cannot be done is refused");
  AddAlignmentFlags(app, flags->options.alignment);
  app.add_option("--truth", flags->options.truth,
                 "folder or file of outlines (NIfTI, NRRD, DICOM SEG, RT structure set) named after cases, patients or "
                 "studies; SEG and RT structure sets among the studies are used anyway");
  app.add_option("--labels", flags->labels,
                 "JSON that says which structure is which label (configs/truth-labels.json)");
  app.add_option("--threads", flags->options.threads, "studies loaded at the same time; 0: one per CPU")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--memory", flags->memory_gb, "GB that the studies being loaded may take together; 0: half of all")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  return [flags] { return Import(*flags); };
}

}  // namespace parotis::app
