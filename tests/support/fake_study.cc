// parotis_fake_study DATASET RUNS WORKERS: a whole study with made-up networks.
// parotis_fake_study DATASET RUNS --task N: one task of it.
#include <string>

#include "base/log.h"
#include "experiment/gather.h"
#include "tests/support/fake_study.h"

namespace parotis {
namespace {

int OneTask(const dataset::Dataset& dataset, const std::filesystem::path& runs, std::size_t index) {
  experiment::DoTask(experiment::Open(runs, dataset), index, test::FakeSteps(), "a test's machine");
  return 0;
}

int Whole(const std::string& program, const dataset::Dataset& dataset, const std::string& runs, int workers) {
  const experiment::Setting setting = experiment::Begin(test::FakeStudy(), dataset, {}, runs, test::FakePlan);
  std::vector<experiment::TaskOutcome> outcomes = experiment::ExamineTasks(setting);
  const auto command = [&](const experiment::Task& task) -> std::vector<std::string> {
    return {program, dataset.folder.string(), runs, "--task", std::to_string(task.index)};
  };
  experiment::RunPool(setting, {workers, command}, outcomes);
  return experiment::Gather(setting, outcomes, "a test's machine")["failed"].empty() ? 0 : 3;
}

}  // namespace
}  // namespace parotis

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv, argv + argc);
  try {
    const parotis::dataset::Dataset dataset = parotis::dataset::OpenDataset(arguments.at(1));
    if (arguments.at(3) == "--task") return parotis::OneTask(dataset, arguments.at(2), std::stoul(arguments.at(4)));
    return parotis::Whole(std::filesystem::read_symlink("/proc/self/exe"), dataset, arguments.at(2),
                          std::stoi(arguments.at(3)));
  } catch (const parotis::base::Error& error) {
    parotis::base::LogLine(parotis::base::LogLevel::kError, error.what());
    return 1;
  }
}
