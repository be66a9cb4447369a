// The page about one study: what was found, where, how sure, and from what. One self-contained HTML file.
#pragma once

#include <filesystem>
#include <string>

#include "dataset/case.h"
#include "diagnose/diagnose.h"
#include "plan/bundle_info.h"

namespace parotis::report {

struct StudyReportInput {
  const diagnose::Result& result;    // of a refused study: the diagnosis alone, its maps empty
  const dataset::Case* examination;  // null when the study was refused before it was loaded
  const plan::BundleInfo& model;
  // "what was read from where" is the case's provenance: its member "channels" holds, per channel name, an object with
  // "series_number", "description" and whatever else the intake says was done; other members are listed below it.
  std::string study;  // what the person named on the command line
  std::string date;   // when the analysis was made, as it is to be shown
};

std::string StudyReportHtml(const StudyReportInput& input);
void WriteStudyReport(const std::filesystem::path& path, const StudyReportInput& input);

}  // namespace parotis::report
