// `parotis inspect`: what a DICOM folder holds, and what each series would be used for. Reads headers only, but for the
// page, which shows the images, and for --align, which measures on them.
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "app/alignment_flags.h"
#include "app/command.h"
#include "app/commands.h"
#include "app/inspection_page.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "dicom/index.h"
#include "intake/body_part.h"
#include "intake/describe.h"
#include "intake/load_case.h"

namespace parotis::app {
namespace {

struct InspectOptions {
  std::filesystem::path folder;
  std::filesystem::path page;
  std::vector<std::string> pins;
  intake::AlignmentOptions alignment;
  std::filesystem::path site;
};

base::Json FindingsToJson(const std::vector<intake::RoleFinding>& findings) {
  base::Json list = base::Json::array();
  for (const intake::RoleFinding& each : findings) {
    list.push_back({{"role", intake::NameOf(each.role)},
                    {"code", each.finding.code},
                    {"policy", base::NameOf(base::ConditionNamed(each.finding.code).policy)},
                    {"message", each.finding.message}});
  }
  return list;
}

base::Json StudyToJson(const dicom::Study& study, const intake::StudyRoles& roles,
                       const intake::Eligibility& eligibility) {
  return {{"uid", study.uid},
          {"date", study.date},
          {"description", study.description},
          {"channels", intake::AvailableChannels(roles)},
          {"notes", roles.notes},
          {"choices", intake::ChoicesToJson(study, roles)},
          {"findings", FindingsToJson(roles.findings)},
          {"head_and_neck", {{"verdict", intake::NameOf(eligibility.verdict)}, {"reason", eligibility.reason}}}};
}

void Print(const base::Finding& finding, const std::string& about) {
  fmt::print("{}: {}: {} [{}]\n", base::NameOf(base::ConditionNamed(finding.code).policy), about, finding.message,
             finding.code);
}

void Print(const dicom::Study& study, const intake::StudyRoles& roles, const intake::Eligibility& eligibility) {
  fmt::print("study {}{}{}\n{}", study.uid, study.description.empty() ? "" : "  ", study.description,
             intake::TableOf(study, roles));
  for (const base::Finding& finding : study.findings) Print(finding, "the study");
  for (const dicom::Series& series : study.series) {
    for (const base::Finding& finding : series.findings) Print(finding, dicom::NameOf(series));
  }
  fmt::print("{}", intake::ChoicesAsText(study, roles));
  for (const std::string& note : roles.notes) fmt::print("note: {}\n", note);
  for (const intake::RoleFinding& each : roles.findings) Print(each.finding, "role " + intake::NameOf(each.role));
  fmt::print("head and neck: {}: {}\n\n", intake::NameOf(eligibility.verdict), eligibility.reason);
}

// What `diagnose` and `import` would do with the same flags: per acquisition, with the measures before and after.
base::Json MeasureAlignment(const dicom::Study& study, const intake::StudyRoles& roles,
                            const std::vector<intake::Pin>& pins, const intake::AlignmentOptions& alignment) {
  intake::LoadOptions load;
  load.pins = pins;
  load.alignment = alignment;
  std::vector<std::string> channels = intake::AvailableChannels(roles);
  std::erase_if(channels, intake::IsFittedMap);
  base::Json measured = base::Json::array();
  try {
    if (!channels.empty()) measured = intake::LoadCase(study, channels, load).provenance["alignment"];
  } catch (const base::Error& error) {
    base::Warn("study {} cannot be aligned: {}", study.uid, error.what());
  }
  for (const base::Json& each : measured) {
    if (common().json) break;
    for (const char* what : {"motion", "distortion"}) {
      if (!each.contains(what)) continue;
      fmt::print("{} of {}: {}: {}\n", what, each["acquisition"].get<std::string>(),
                 each[what]["outcome"].get<std::string>(), each[what]["reason"].get<std::string>());
    }
  }
  return measured;
}

int Inspect(const InspectOptions& options) {
  std::vector<intake::Pin> pins;
  for (const std::string& pin : options.pins) pins.push_back(intake::ParsePin(pin));
  const intake::SiteRules site = options.site.empty() ? intake::SiteRules() : intake::ReadSiteRules(options.site);
  const dicom::Index index = dicom::IndexDicom(options.folder);
  base::Json json = {{"folder", options.folder.string()},
                     {"studies", base::Json::array()},
                     {"series", base::Json::array()},
                     {"skipped", base::Json::array()}};
  for (const dicom::Study& study : index.studies) {
    const intake::StudyRoles roles = intake::AssignRoles(study, pins, site);
    const intake::Eligibility eligibility = intake::CheckHeadAndNeck(study);
    if (!common().json) Print(study, roles, eligibility);
    json["studies"].push_back(StudyToJson(study, roles, eligibility));
    if (options.alignment.wanted())
      json["studies"].back()["alignment"] = MeasureAlignment(study, roles, pins, options.alignment);
    for (auto& series : intake::SeriesToJson(study, roles)) json["series"].push_back(std::move(series));
  }
  std::size_t foreign = 0;
  for (const dicom::SkippedFile& file : index.skipped) {
    json["skipped"].push_back({{"path", file.path.string()}, {"code", file.code}, {"reason", file.reason}});
    foreign += file.foreign() ? 1 : 0;
    if (!file.foreign()) base::Warn("skipped: {}", file.reason);
  }
  if (foreign > 0) base::Debug("{} files are not DICOM", foreign);
  if (index.studies.empty())
    base::Warn("{} holds no DICOM study ({} files looked at)", options.folder.string(), index.skipped.size());
  if (index.studies.size() > 1)
    base::Warn("{} holds {} studies; `diagnose` takes one at a time", options.folder.string(), index.studies.size());
  if (common().json) fmt::print("{}", base::DumpJson(json));
  if (!options.page.empty()) {
    intake::LoadOptions load;
    load.pins = pins;
    load.alignment = options.alignment;
    load.site = site;
    report::WriteInspectionReport(options.page, GatherInspection(index, options.folder, load));
    if (!common().json) fmt::print("{}\n", options.page.string());
  }
  return index.studies.empty() ? kFailed : kDone;
}

}  // namespace

std::function<int()> DefineInspect(CLI::App& app) {
  const auto options = std::make_shared<InspectOptions>();
  app.add_option("folder", options->folder, "DICOM folder (any file names, nested) or file")->required();
  app.add_option("--pin", options->pins,
                 "ROLE=SERIES: use this series (number, UID or none) as t2, t1c, dwi, adc or dce");
  app.add_option("--html", options->page, "also draw every series and how well the channels lie on each other: FILE");
  AddAlignmentFlags(app, options->alignment);
  app.add_option("--site", options->site, "rules of the site about its series (configs/site.json is the manual)")
      ->check(CLI::ExistingFile);
  return [options] { return Inspect(*options); };
}

}  // namespace parotis::app
