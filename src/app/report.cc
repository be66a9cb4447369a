#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <memory>

#include "app/command.h"
#include "app/commands.h"
#include "app/machine.h"
#include "base/log.h"
#include "report/cohort_report.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<fs::path> evaluations;
  fs::path output;
  fs::path published;
};

// Beside the program, in the source tree it was built from, and where a package installs it.
fs::path FindPublishedFigures() {
  const fs::path program = ProgramFolder();
  for (const fs::path& folder : {program, program / ".." / "..", program / ".." / "share" / "parotis"}) {
    if (fs::path file = folder / "configs" / "published-figures.json"; fs::exists(file)) return file;
  }
  return {};
}

int Run(const Options& options) {
  report::CohortReportInput input;
  for (const fs::path& path : options.evaluations) input.runs.push_back(evaluate::ReadEvaluation(path));
  const fs::path published = options.published.empty() ? FindPublishedFigures() : options.published;
  if (published.empty()) {
    base::Warn("no published figures were found beside the program; name a file with --published to show some");
  } else {
    input.published = report::ReadPublishedFigures(published);
  }
  input.date = fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::time(nullptr)));
  report::WriteCohortReport(options.output, input);
  if (common().json) {
    fmt::print("{}", base::DumpJson({{"report", options.output.string()}, {"runs", input.runs.size()}}));
  } else {
    fmt::print("{}\n", options.output.string());
  }
  return kDone;
}

}  // namespace

std::function<int()> DefineReport(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("-i,--input", options->evaluations,
                 "evaluation.json files, or folders that hold one; the first is compared with the others")
      ->required();
  app.add_option("-o,--output", options->output, "HTML file to write")->required();
  app.add_option("--published", options->published,
                 "figures from the literature (default: configs/published-figures.json)");
  return [options] { return Run(*options); };
}

}  // namespace parotis::app
