// `parotis histology`: a hospital's table of histology becomes the diagnoses of a dataset's participants.tsv.
#include "dataset/histology.h"

#include <fmt/format.h>

#include <memory>

#include "app/command.h"
#include "app/commands.h"
#include "base/json.h"
#include "dataset/relabel.h"

namespace parotis::app {
namespace {

struct HistologyFlags {
  std::filesystem::path table, dataset, codes, map;
  std::string relabel;
  bool dry_run = false;
};

base::Json ToJson(const dataset::HistologyResult& result, const base::CsvTable& table) {
  base::Json findings = base::Json::array();
  for (const base::Finding& finding : result.findings)
    findings.push_back({{"code", finding.code}, {"message", finding.message}});
  return {{"rows", table.rows.size()},     {"separator", std::string(1, table.separator)},
          {"encoding", table.encoding},    {"cases", result.participants.size()},
          {"diagnosed", result.diagnosed}, {"findings", std::move(findings)}};
}

void Print(const dataset::HistologyResult& result, const base::CsvTable& table) {
  const std::string separator = table.separator == '\t' ? "tabs" : fmt::format("'{}'", table.separator);
  fmt::print("{} rows in {}, separated by {}\n{} of {} cases have a diagnosis from the table\n", table.rows.size(),
             table.encoding, separator, result.diagnosed, result.participants.size());
  for (const base::Finding& finding : result.findings) fmt::print("  {:<26} {}\n", finding.code, finding.message);
}

void Write(const dataset::HistologyResult& result, const dataset::Dataset& dataset,
           const std::vector<std::string>& label_names, const HistologyFlags& flags) {
  if (flags.relabel.empty()) {
    dataset::WriteParticipants(flags.dataset / "participants.tsv", result.participants);
  } else {
    dataset::RelabelByDiagnosis(dataset, flags.relabel, label_names, result.participants);
  }
}

int Histology(const HistologyFlags& flags) {
  const base::CsvTable table = base::ReadCsv(flags.table);
  const dataset::HistologyCodes codes = dataset::ReadHistologyCodes(flags.codes);
  const dataset::PseudonymMap map = flags.map.empty() ? dataset::PseudonymMap() : dataset::ReadPseudonymMap(flags.map);
  const dataset::Dataset dataset = dataset::OpenDataset(flags.dataset);
  dataset::Dataset labelled = dataset;
  if (!flags.relabel.empty())
    labelled.label_names = dataset::LabelsByClass(dataset, flags.relabel, dataset::ClassNames(codes));
  const dataset::HistologyResult result = dataset::ApplyHistology(table, codes, map, labelled);
  if (!flags.dry_run) Write(result, dataset, labelled.label_names, flags);
  if (common().json) {
    fmt::print("{}", base::DumpJson(ToJson(result, table)));
  } else {
    Print(result, table);
  }
  return result.findings.empty() ? kDone : kSomeCasesFailed;
}

}  // namespace

std::function<int()> DefineHistology(CLI::App& app) {
  const auto flags = std::make_shared<HistologyFlags>();
  app.add_option("table", flags->table, "CSV of patients and their histology")->required();
  app.add_option("-d,--dataset", flags->dataset, "dataset whose participants.tsv is completed")->required();
  app.add_option("--codes", flags->codes, "JSON of columns, classes, codes and words (configs/histology.json)")
      ->required();
  app.add_option("--map", flags->map,
                 "the map of pseudonyms that import wrote beside its key, when the table has the original numbers");
  app.add_option(
      "--relabel", flags->relabel,
      "a label that says only where a tumour is (\"tumour\"): it becomes the class of its patient in all masks");
  app.add_flag("--dry-run", flags->dry_run, "say what would be done, and write nothing");
  return [flags] { return Histology(*flags); };
}

}  // namespace parotis::app
