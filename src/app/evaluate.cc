#include "evaluate/evaluation.h"

#include <fmt/format.h>

#include <map>
#include <memory>

#include "app/command.h"
#include "app/commands.h"
#include "base/build_info.h"
#include "base/log.h"
#include "dataset/splits.h"
#include "evaluate/summary.h"

namespace parotis::app {
namespace {

struct Options {
  std::filesystem::path dataset;
  std::filesystem::path predictions;
  std::filesystem::path output;
  std::filesystem::path splits;
  std::string name;
  int fold = -1;
  double tolerance_mm = evaluate::kSurfaceTolerance_mm;
  std::uint64_t seed = 1;
  int threads = 0;
  std::string interval = "wilson";
  std::vector<std::string> by;
};

// The validation cases of the fold, or of all folds when only a splits file was given: one prediction for each, made by
// the model that had not seen it. Empty when neither was.
std::map<std::string, int> HeldOutCases(const dataset::Dataset& dataset, const Options& options) {
  std::map<std::string, int> folds;
  if (options.fold < 0 && options.splits.empty()) return folds;
  const auto file = options.splits.empty() ? dataset.folder / "splits_final.json" : options.splits;
  const auto splits = dataset::ReadSplits(file, dataset);
  if (options.fold >= static_cast<int>(splits.size())) {
    base::Throw(base::ErrorKind::kUsage,
                fmt::format("{} has folds 0 to {}, not {}", file.string(), splits.size() - 1, options.fold));
  }
  for (int fold = 0; fold < static_cast<int>(splits.size()); ++fold) {
    if (options.fold >= 0 && fold != options.fold) continue;
    for (const std::string& id : splits[static_cast<std::size_t>(fold)].val) {
      if (folds.emplace(id, fold).second) continue;
      base::Throw(base::ErrorKind::kInput,
                  fmt::format("{} holds the case {} out twice; pooled folds need one prediction for each case",
                              file.string(), id));
    }
  }
  return folds;
}

evaluate::EvaluationRequest RequestOf(const Options& options, const dataset::Dataset& dataset) {
  evaluate::EvaluationRequest request;
  request.predictions = options.predictions;
  request.name = options.name;
  request.surface_tolerance_mm = options.tolerance_mm;
  request.threads = options.threads;
  for (const std::string& column : options.by)
    request.subgroup_columns.push_back(evaluate::ParseSubgroupColumn(column));
  request.folds = HeldOutCases(dataset, options);
  for (const auto& [id, fold] : request.folds) request.case_ids.push_back(id);
  return request;
}

void WarnOfWhatIsMissing(const evaluate::Evaluation& evaluation) {
  for (const evaluate::LeftOut& item : evaluation.left_out) base::Warn("left out {}: {}", item.case_id, item.reason);
  if (evaluation.cases_without_prediction > 0) {
    base::Warn("{} labelled cases of the dataset have no prediction and are not evaluated",
               evaluation.cases_without_prediction);
  }
}

int Run(const Options& options) {
  const dataset::Dataset dataset = dataset::OpenDataset(options.dataset);
  evaluate::Evaluation evaluation = evaluate::EvaluateFolder(dataset, RequestOf(options, dataset));
  if (options.interval == "clopper-pearson")
    evaluation.proportion_interval = evaluate::ProportionInterval::kClopperPearson;
  WarnOfWhatIsMissing(evaluation);
  evaluate::BootstrapOptions bootstrap;
  bootstrap.seed = options.seed;
  bootstrap.threads = options.threads;
  const evaluate::Summary summary = evaluate::Summarise(evaluation, bootstrap);
  base::WriteJson(options.output, evaluate::DocumentOf(evaluation, summary));
  base::Info("wrote {}", options.output.string());
  if (common().json) {
    fmt::print("{}", base::DumpJson(evaluate::ToJson(summary)));
  } else {
    fmt::print("{}{}\n", evaluate::TextOf(summary), base::kResearchUseOnly);
  }
  return evaluation.left_out.empty() ? kDone : kSomeCasesFailed;
}

}  // namespace

std::function<int()> DefineEvaluate(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("-d,--dataset", options->dataset, "dataset with the truth (nnU-Net layout, participants.tsv)")
      ->required();
  app.add_option("-i,--input", options->predictions, "folder of predictions: {case}.nii.gz, {case}.diagnosis.json")
      ->required();
  app.add_option("-o,--output", options->output, "evaluation.json to write")->required();
  app.add_option("-f,--fold", options->fold, "evaluate exactly the validation cases of this fold")
      ->check(CLI::NonNegativeNumber);
  app.add_option(
      "--splits", options->splits,
      "splits file: for -f (default: the dataset's splits_final.json), or the cases held out by all its folds");
  app.add_option("--name", options->name, "name of the run in comparisons (default: the folder's)");
  app.add_option("--tolerance-mm", options->tolerance_mm, "tolerance of the normalised surface Dice (default: 2)")
      ->check(CLI::PositiveNumber);
  app.add_option("--by", options->by,
                 "columns of participants.tsv to group patients by: vendor,field_t,age_years=40/60 (numbers without "
                 "edges are split at their median)")
      ->delimiter(',');
  app.add_option("--interval", options->interval, "interval of proportions: wilson (default) or clopper-pearson")
      ->check(CLI::IsMember({"wilson", "clopper-pearson"}));
  app.add_option("--seed", options->seed, "seed of the bootstrap (default: 1)");
  app.add_option("--threads", options->threads, "threads (default: all this process may use)")
      ->check(CLI::NonNegativeNumber);
  return [options] { return Run(*options); };
}

}  // namespace parotis::app
