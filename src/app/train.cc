// `parotis train`: one model on one fold of a dataset.
#include <fmt/format.h>

#include <cstdio>

#include "app/command.h"
#include "app/commands.h"
#include "app/net_library.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "dataset/splits.h"
#include "plan/patient_history.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

constexpr int kFolds = 5;

struct TrainFlags {
  train::TrainRequest request;
  fs::path plan;
  fs::path splits;
  fs::path from;
  bool all = false;
  int iterations = 0;
};

// The file that was named, else the dataset's own, else new folds by the seed, kept in the run folder.
std::vector<dataset::Split> SplitsFor(const TrainFlags& flags, const dataset::Dataset& dataset) {
  if (!flags.splits.empty()) return dataset::ReadSplits(flags.splits, dataset);
  if (fs::exists(dataset.folder / "splits_final.json"))
    return dataset::ReadSplits(dataset.folder / "splits_final.json", dataset);
  const std::vector<dataset::Split> splits = dataset::MakeSplits(dataset, kFolds, flags.request.seed);
  dataset::WriteSplits(flags.request.run_folder / "splits_final.json", splits);
  return splits;
}

void ChooseCases(const TrainFlags& flags, train::TrainRequest& request) {
  const dataset::Dataset dataset = dataset::OpenDataset(request.dataset);
  if (flags.all) {
    for (const dataset::CaseFiles& files : dataset.cases) {
      if (!files.test && !files.label.empty()) request.train_cases.push_back(files.id);
    }
    return;
  }
  const std::vector<dataset::Split> splits = SplitsFor(flags, dataset);
  if (request.fold < 0 || static_cast<std::size_t>(request.fold) >= splits.size()) {
    base::Throw(base::ErrorKind::kUsage,
                fmt::format("there is no fold {}; the splits have folds 0 to {}", request.fold, splits.size() - 1));
  }
  const dataset::Split& split = splits[static_cast<std::size_t>(request.fold)];
  request.train_cases = split.train;
  request.validation_cases = split.val;
}

// The schedule keeps its shape: the warm-up is shortened or lengthened with the rest.
void ChangeIterations(plan::OptimiserPlan& optimiser, int iterations) {
  optimiser.warmup_iterations =
      static_cast<int>(std::int64_t{optimiser.warmup_iterations} * iterations / optimiser.iterations);
  optimiser.iterations = iterations;
}

int Train(const TrainFlags& flags) {
  train::TrainRequest request = flags.request;
  request.plan = plan::ReadPlan(flags.plan);
  if (flags.iterations > 0) ChangeIterations(request.plan.optimiser, flags.iterations);
  if (!flags.from.empty()) {
    plan::HistoryOfWeights(flags.from);  // a file that is refused is refused before anything is loaded or prepared
    request.from = flags.from;
  }
  if (flags.all) request.fold = -1;
  ChooseCases(flags, request);
  const train::TrainSummary summary = Net().train(request);
  if (common().json) {
    fmt::print("{}", base::DumpJson({{"model", summary.model.string()},
                                     {"iterations", summary.iterations},
                                     {"final_validation_dice", summary.final_validation_dice},
                                     {"best_validation_dice", summary.best_validation_dice},
                                     {"images_per_second", summary.images_per_second}}));
  } else {
    fmt::print("{}\n", summary.model.string());
  }
  return kDone;
}

}  // namespace

std::function<int()> DefineTrain(CLI::App& app) {
  const auto flags = std::make_shared<TrainFlags>();
  train::TrainRequest& request = flags->request;
  app.add_option("-d,--dataset", request.dataset, "folder of the dataset (nnU-Net's layout)")->required();
  app.add_option("-p,--plan", flags->plan, "plan.json, as made by `parotis plan`")->required();
  app.add_option("-o,--output", request.run_folder, "run folder; an interrupted run in it goes on")->required();
  app.add_option("-c,--contrast-set", request.contrast_set,
                 "contrast set of the plan, or channels joined by +; default: all channels");
  auto* fold = app.add_option("-f,--fold", request.fold, "fold to validate on; the others are trained on")
                   ->capture_default_str();
  app.add_flag("--all", flags->all, "train on all labelled cases, validate on none")->excludes(fold);
  app.add_option("--splits", flags->splits, "folds; default: DATASET/splits_final.json, else 5 folds made by the seed");
  app.add_option("--from", flags->from,
                 "start from the weights of this model, safetensors file or PyTorch checkpoint (.pt, .pth)");
  app.add_option("--iterations", flags->iterations, "instead of the plan's optimiser.iterations")
      ->check(CLI::PositiveNumber);
  app.add_option("--seed", request.seed, "seed of everything random")->capture_default_str();
  app.add_option("--name", request.name, "name of the model");
  app.add_option("--device", request.device, "cpu, cuda or cuda:N")->capture_default_str();
  app.add_option("--threads", request.threads,
                 "default: the CPUs this process may use; results repeat bit for bit with the same number");
  app.add_option("--cache", request.cache_folder, "folder of prepared cases; default: DATASET/.parotis-cache");
  return [flags] { return Train(*flags); };
}

}  // namespace parotis::app
