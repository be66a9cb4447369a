// `parotis deidentify`: DICOM to DICOM without identity.
#include "dicom/deidentify.h"

#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <memory>
#include <set>

#include "app/command.h"
#include "app/commands.h"
#include "app/key_flag.h"
#include "base/log.h"
#include "dicom/pseudonyms.h"

namespace parotis::app {
namespace {

struct DeidentifyFlags {
  std::filesystem::path folder, output, key;
  dicom::DeidentifyOptions options;
};

int Deidentify(DeidentifyFlags flags) {
  const dicom::Index index = dicom::IndexDicom(flags.folder);
  if (flags.key.empty()) flags.key = DefaultKeyFor(flags.output);
  flags.options.key = dicom::ReadOrCreateKey(flags.key, {flags.output});
  for (const dicom::SkippedFile& file : index.skipped) {
    if (!file.foreign()) base::Warn("skipped: {}", file.reason);
  }
  AddStudiesToMap(flags.key, flags.options.key, index);
  const auto files = dicom::Deidentify(index, flags.output, flags.options);
  std::size_t written = 0, refused = 0;
  std::map<std::string, std::size_t> reasons;
  std::set<std::pair<std::string, std::string>> said;  // study, flag
  for (const dicom::DeidentifiedFile& file : files) {
    for (const base::Finding& flag : file.flags) {
      if (said.insert({file.study, flag.code}).second) base::Warn("{}: {} [{}]", file.study, flag.message, flag.code);
    }
    written += file.written() ? 1 : 0;
    if (!file.written()) ++reasons[file.code];
    refused += file.refused() ? 1 : 0;
  }
  if (common().json) {
    fmt::print("{}", base::DumpJson(dicom::ReportOf(files)));
  } else {
    fmt::print("{} files: {} written\n", files.size(), written);
    for (const auto& [code, count] : reasons) fmt::print("{:>6}  not let out: {}\n", count, code);
  }
  if (written == 0) return kFailed;
  return refused == 0 ? kDone : kSomeCasesFailed;
}

}  // namespace

std::function<int()> DefineDeidentify(CLI::App& app) {
  const auto flags = std::make_shared<DeidentifyFlags>();
  app.add_option("folder", flags->folder, "folder with DICOM studies of any number of patients")->required();
  app.add_option("output,-o,--output", flags->output, "folder to write; an interrupted run is gone on with")
      ->required();
  AddKeyFlag(app, flags->key);
  app.add_flag(
      "--drop-dates", flags->options.drop_dates,
      "no dates and times at all; default: all of a patient's dates are moved by the same secret number of days");
  app.add_flag("--drop-characteristics", flags->options.drop_characteristics,
               "no age, sex, size, weight, smoking, pregnancy, ethnic group; default: they stay");
  app.add_flag("--allow-burned-in", flags->options.allow_burned_in,
               "let out pictures that may have text within their pixels");
  app.add_flag("--deface", flags->options.deface,
               "remove the surface of the face from all images; a study where that cannot be done is not let out");
  app.add_option("--threads", flags->options.threads, "studies worked on at the same time; 0: one per CPU")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  return [flags] { return Deidentify(*flags); };
}

}  // namespace parotis::app
