#include "evaluate/comparison.h"

#include <fmt/format.h>

#include <memory>

#include "app/command.h"
#include "app/commands.h"
#include "base/build_info.h"
#include "base/log.h"

namespace parotis::app {
namespace {

struct Options {
  std::vector<std::filesystem::path> runs;
  std::filesystem::path output;
  std::uint64_t seed = 1;
  int threads = 0;
};

int Run(const Options& options) {
  std::vector<evaluate::Evaluation> runs;
  for (const auto& path : options.runs) runs.push_back(evaluate::ReadEvaluation(path));
  evaluate::BootstrapOptions bootstrap;
  bootstrap.seed = options.seed;
  bootstrap.threads = options.threads;
  base::Json document = {
      {"format_version", 1},
      {"notice", base::kResearchUseOnly},
      {"build_id", base::BuildId()},
      {"sign", "first minus second; 95 % intervals: Newcombe for accuracy, bootstrap over patients for the rest"},
      {"bootstrap", {{"draws", bootstrap.draws}, {"seed", bootstrap.seed}}},
      {"comparisons", base::Json::array()}};
  std::string text;
  for (std::size_t r = 1; r < runs.size(); ++r) {
    const evaluate::Comparison comparison = evaluate::Compare(runs[0], runs[r], bootstrap);
    document["comparisons"].push_back(evaluate::ToJson(comparison));
    text += evaluate::TextOf(comparison);
  }
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
      ->expected(2, -1);
  app.add_option("-o,--output", options->output, "comparison.json to write");
  app.add_option("--seed", options->seed, "seed of the bootstrap (default: 1)");
  app.add_option("--threads", options->threads, "threads (default: all this process may use)")
      ->check(CLI::NonNegativeNumber);
  return [options] { return Run(*options); };
}

}  // namespace parotis::app
