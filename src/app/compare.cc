#include "evaluate/comparison.h"

#include <fmt/format.h>

#include <memory>

#include "app/command.h"
#include "app/commands.h"
#include "base/build_info.h"
#include "base/error.h"
#include "base/log.h"
#include "evaluate/readers.h"

namespace parotis::app {
namespace {

struct Options {
  std::vector<std::filesystem::path> runs;
  std::filesystem::path output;
  std::filesystem::path readers;
  std::vector<std::string> measures;
  bool all_pairs = false;
  std::uint64_t seed = 1;
  int threads = 0;
};

// People against each run; adds to the document and returns what to print.
std::string CompareWithReaders(const std::vector<evaluate::Evaluation>& runs, const Options& options,
                               const evaluate::BootstrapOptions& bootstrap, base::Json& document) {
  std::string text;
  document["readers"] = base::Json::array();
  for (const evaluate::Evaluation& run : runs) {
    const auto readers = evaluate::ReadReaders(options.readers, run);
    const evaluate::ReaderStudy study = evaluate::CompareReaders(run, readers, bootstrap);
    base::Json json = {{"run", run.name}};
    json.update(evaluate::ToJson(study, run.classes));
    document["readers"].push_back(std::move(json));
    text += evaluate::TextOf(study, run.classes);
  }
  return text;
}

int Run(const Options& options) {
  if (options.runs.size() < 2 && options.readers.empty()) {
    base::Throw(base::ErrorKind::kUsage, "one run is compared with nothing; name another, or --readers");
  }
  std::vector<evaluate::Evaluation> runs;
  runs.reserve(options.runs.size());
  for (const auto& path : options.runs) runs.push_back(evaluate::ReadEvaluation(path));
  evaluate::CompareOptions compare;
  compare.bootstrap.seed = options.seed;
  compare.bootstrap.threads = options.threads;
  compare.all_pairs = options.all_pairs;
  compare.measures = options.measures;
  const evaluate::ComparisonSet set = evaluate::CompareRuns(runs, compare);
  base::Json document = {{"format_version", 1},
                         {"notice", base::kResearchUseOnly},
                         {"build_id", base::BuildId()},
                         {"sign", "first minus second"},
                         {"bootstrap", {{"draws", compare.bootstrap.draws}, {"seed", compare.bootstrap.seed}}}};
  document.update(evaluate::ToJson(set));
  std::string text = runs.size() > 1 ? evaluate::TextOf(set) : std::string();
  if (!options.readers.empty()) text += CompareWithReaders(runs, options, compare.bootstrap, document);
  if (!options.output.empty()) {
    base::WriteJson(options.output, document);
    base::Info("wrote {}", options.output.string());
  }
  if (common().json) {
    fmt::print("{}", base::DumpJson(document));
  } else {
    fmt::print("{}{}\n", text, base::kResearchUseOnly);
  }
  return kDone;
}

}  // namespace

std::function<int()> DefineCompare(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("runs", options->runs,
                 "evaluation.json files, or folders that hold one; the first is compared with each other")
      ->required()
      ->expected(1, -1);
  app.add_option("-o,--output", options->output, "comparison.json to write");
  app.add_option("--readers", options->readers,
                 "CSV of human readings: reader, class, case_id or participant_id, and confidence or a column of "
                 "probabilities for each class");
  app.add_flag("--all-pairs", options->all_pairs, "compare every two runs, not only the first with each other");
  app.add_option("--measures", options->measures,
                 "the measures, chosen beforehand, over which p is corrected: strict_accuracy, balanced_accuracy, "
                 "mean_auc, auc:CLASS, brier, tumour_dice (default: all)")
      ->delimiter(',');
  app.add_option("--seed", options->seed, "seed of the bootstrap (default: 1)");
  app.add_option("--threads", options->threads, "threads (default: all this process may use)")
      ->check(CLI::NonNegativeNumber);
  return [options] { return Run(*options); };
}

}  // namespace parotis::app
