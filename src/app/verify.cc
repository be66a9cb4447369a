// `parotis verify`: reads every file of a dataset and lists everything that is wrong with it.
#include "dataset/verify.h"

#include <fmt/format.h>

#include <memory>

#include "app/command.h"
#include "app/commands.h"
#include "base/json.h"

namespace parotis::app {
namespace {

struct Options {
  std::filesystem::path dataset;
  int threads = 0;
};

base::Json ToJson(const dataset::Verification& verification) {
  base::Json problems = base::Json::array();
  for (const dataset::Problem& problem : verification.problems) {
    problems.push_back({{"code", problem.code}, {"case", problem.case_id}, {"message", problem.message}});
  }
  return {{"dataset", verification.dataset},
          {"ok", verification.problems.empty()},
          {"training_cases", verification.training_cases},
          {"labelled_cases", verification.labelled_cases},
          {"test_cases", verification.test_cases},
          {"patients", verification.patients},
          {"problems", std::move(problems)}};
}

void Print(const dataset::Verification& verification) {
  fmt::print("{}: {} training cases, {} with a label, {} test cases, {} patients\n", verification.dataset,
             verification.training_cases, verification.labelled_cases, verification.test_cases, verification.patients);
  for (const dataset::Problem& problem : verification.problems)
    fmt::print("  {:<13} {}\n", problem.code, problem.message);
  fmt::print("{}\n", verification.problems.empty() ? "nothing is wrong"
                                                   : fmt::format("{} problems", verification.problems.size()));
}

}  // namespace

std::function<int()> DefineVerify(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("-d,--dataset", options->dataset, "folder of a dataset in nnU-Net's layout")->required();
  app.add_option("--threads", options->threads, "cases read at the same time; 0: one per CPU")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  return [options] {
    const dataset::Verification verification = dataset::VerifyDataset(options->dataset, options->threads);
    if (common().json) {
      fmt::print("{}", base::DumpJson(ToJson(verification)));
    } else {
      Print(verification);
    }
    return verification.problems.empty() ? kDone : kSomeCasesFailed;
  };
}

}  // namespace parotis::app
