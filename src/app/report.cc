// `parotis report`: a page about evaluations, or about a whole contrast study, as HTML and PDF.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <memory>

#include "app/command.h"
#include "app/commands.h"
#include "app/contrast_study.h"
#include "app/machine.h"
#include "base/files.h"
#include "base/log.h"
#include "evaluate/readers.h"
#include "report/cohort_report.h"
#include "report/document_html.h"
#include "report/document_pdf.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<fs::path> evaluations;
  fs::path study, dataset, output, pdf, oracle, readers, tensorboard, published;
};

fs::path FindPublishedFigures() {
  for (const fs::path& folder : DataFolders()) {
    if (fs::path file = folder / "configs" / "published-figures.json"; fs::exists(file)) return file;
  }
  return {};
}

std::optional<report::PublishedFigures> Published(const Options& options) {
  const fs::path file = options.published.empty() ? FindPublishedFigures() : options.published;
  if (!file.empty()) return report::ReadPublishedFigures(file);
  base::Warn("no published figures were found beside the program; name a file with --published to show some");
  return std::nullopt;
}

std::string Now() { return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::time(nullptr))); }

int ReportEvaluations(const Options& options) {
  report::CohortReportInput input;
  for (const fs::path& path : options.evaluations) input.runs.push_back(evaluate::ReadEvaluation(path));
  input.published = Published(options);
  input.date = Now();
  report::WriteCohortReport(options.output, input);
  if (common().json) {
    fmt::print("{}", base::DumpJson({{"report", options.output.string()}, {"runs", input.runs.size()}}));
  } else {
    fmt::print("{}\n", options.output.string());
  }
  return kDone;
}

// As it was given, without the folders of somebody's machine.
std::string CommandOf(const Options& options) {
  std::string command = "parotis report --study " + options.study.filename().string();
  const auto add = [&](const char* flag, const fs::path& path) {
    if (!path.empty()) command += fmt::format(" {} {}", flag, path.filename().string());
  };
  add("-d", options.dataset);
  add("--oracle", options.oracle);
  add("--readers", options.readers);
  add("--published", options.published);
  add("-o", options.output);
  add("--pdf", options.pdf);
  add("--tensorboard", options.tensorboard);
  return command;
}

report::ContrastStudyInput StudyInputOf(const Options& options) {
  std::optional<dataset::Dataset> dataset;
  if (!options.dataset.empty()) dataset = dataset::OpenDataset(options.dataset);
  report::ContrastStudyInput input = ReadContrastStudy(options.study, dataset ? &*dataset : nullptr);
  input.commands.push_back(CommandOf(options));
  input.published = Published(options);
  input.date = Now();
  if (!options.oracle.empty())
    input.oracle = report::OracleFromJson(base::ReadJson(options.oracle), options.oracle.string());
  if (!options.readers.empty())
    input.readers = [file = options.readers](const auto& run) { return evaluate::ReadReaders(file, run); };
  return input;
}

bool IsFinished(const report::ContrastStudyInput& input) {
  return input.failed.empty() && input.cross_validations.size() == input.progress.size();
}

int ReportStudy(const Options& options) {
  const report::ContrastStudyInput input = StudyInputOf(options);
  const report::Document document = report::StudyDocument(input);
  base::WriteFile(options.output, report::HtmlOf(document));
  if (!options.pdf.empty()) base::WriteFile(options.pdf, report::PdfOf(document));
  const std::size_t events = options.tensorboard.empty() ? 0 : WriteStudyEvents(options.study, options.tensorboard);
  if (!IsFinished(input)) base::Warn("the study is not finished; the page says what is missing");
  if (common().json) {
    fmt::print("{}", base::DumpJson({{"report", options.output.string()},
                                     {"pdf", options.pdf.string()},
                                     {"tensorboard_files", events},
                                     {"complete", input.cross_validations.size()},
                                     {"of", input.progress.size()}}));
    return kDone;
  }
  for (const fs::path& path : {options.output, options.pdf, options.tensorboard})
    if (!path.empty()) fmt::print("{}\n", path.string());
  return kDone;
}

}  // namespace

std::function<int()> DefineReport(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  auto* input = app.add_option_group("input", "what the page is about: one of these");
  auto* evaluations =
      input->add_option("-i,--input", options->evaluations,
                        "evaluation.json files, or folders that hold one; the first is compared with the others");
  auto* study = input->add_option("--study", options->study, "folder of a study, finished or not (`parotis study -o`)");
  input->require_option(1);
  app.add_option("-o,--output", options->output, "HTML file to write")->required();
  app.add_option("--published", options->published,
                 "figures from the literature (default: configs/published-figures.json)");
  const auto of_a_study = [&](const char* name, fs::path& path, const char* what) {
    app.add_option(name, path, std::string("with --study: ") + what)->needs(study)->excludes(evaluations);
  };
  of_a_study("-d,--dataset", options->dataset, "the study's dataset, for the table of patients and their pictures");
  of_a_study("--pdf", options->pdf, "the same page as a PDF");
  of_a_study("--oracle", options->oracle,
             "JSON of `parotis simulate --oracle N --json`, shown beside each contrast set");
  of_a_study("--readers", options->readers, "readings by people (docs/evaluation.md), compared with the best set");
  of_a_study("--tensorboard", options->tensorboard, "folder to write an events file for every network to");
  return [options] { return options->study.empty() ? ReportEvaluations(*options) : ReportStudy(*options); };
}

}  // namespace parotis::app
