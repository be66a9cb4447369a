// The page about evaluations: how often the class was right, beside the published figures, and where it went wrong. One
// self-contained HTML file.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "evaluate/evaluation.h"
#include "report/published_figures.h"

namespace parotis::report {

struct CohortReportInput {
  std::vector<evaluate::Evaluation> runs;  // at least one; the first is compared with each other one
  std::optional<PublishedFigures> published;
  std::string date;
};

// What must be said wherever our figures stand beside published ones: on synthetic patients that they are, and in every
// other case that nothing is known about comparability.
std::string ComparabilitySentence(evaluate::Origin origin, const std::string& published_patients);

std::string CohortReportHtml(const CohortReportInput& input);
void WriteCohortReport(const std::filesystem::path& path, const CohortReportInput& input);

}  // namespace parotis::report
