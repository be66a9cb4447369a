// parotis_fake_study --dataset DATASET [WHOSE]: writes a dataset for it; WHOSE stands before every patient's name.
// parotis_fake_study DATASET RUNS WORKERS: a whole study with made-up networks, tested on the dataset `further` beside
// DATASET, too, when there is one.
// parotis_fake_study DATASET RUNS --submit: hands it to Slurm.
// parotis_fake_study DATASET RUNS --task N | --gather: one task of it; joins what is done.
#include <string>

#include "base/log.h"
#include "experiment/gather.h"
#include "experiment/slurm.h"
#include "tests/support/fake_study.h"

namespace parotis {
namespace {

using Arguments = std::vector<std::string>;

int WriteDataset(const std::filesystem::path& folder, const std::string& whose) {
  std::vector<evaluate::test::SmallCase> patients = test::FakePatients();
  for (evaluate::test::SmallCase& patient : patients) patient.patient = whose + patient.patient;
  const evaluate::test::SmallCohort cohort(patients);
  std::filesystem::copy(cohort.folder(), folder, std::filesystem::copy_options::recursive);
  return 0;
}

int Gather(const experiment::Setting& setting, const std::vector<experiment::TaskOutcome>& outcomes) {
  return experiment::Gather(setting, outcomes, "a test's machine")["failed"].empty() ? 0 : 3;
}

int Whole(const Arguments& command, const experiment::Setting& setting, int workers) {
  std::vector<experiment::TaskOutcome> outcomes = experiment::ExamineTasks(setting);
  const auto with_task = [&](const experiment::Task& task) {
    Arguments words = command;
    words.insert(words.end(), {"--task", std::to_string(task.index)});
    return words;
  };
  experiment::RunPool(setting, {workers, with_task}, outcomes);
  return Gather(setting, outcomes);
}

int Submit(const Arguments& command, const experiment::Setting& setting) {
  experiment::Submit(experiment::WriteSlurmScripts(setting, experiment::ExamineTasks(setting), command));
  return 0;
}

int Run(const Arguments& arguments) {
  if (arguments.at(1) == "--dataset") return WriteDataset(arguments.at(2), arguments.size() > 3 ? arguments[3] : "");
  const dataset::Dataset dataset = dataset::OpenDataset(arguments.at(1));
  const std::string runs = arguments.at(2), what = arguments.at(3);
  if (what == "--task" || what == "--gather") {
    const experiment::Setting setting = experiment::Open(runs, dataset);
    if (what == "--gather") return Gather(setting, experiment::ExamineTasks(setting));
    experiment::DoTask(setting, std::stoul(arguments.at(4)), test::FakeSteps(), "a test's machine");
    return 0;
  }
  experiment::Study study = test::FakeStudy();
  const std::filesystem::path further = dataset.folder.parent_path() / "further";
  if (std::filesystem::exists(further)) study.tests = {{"elsewhere", further}};
  const experiment::Setting setting = experiment::Begin(study, dataset, {}, runs, test::FakePlan);
  const Arguments command = {std::filesystem::read_symlink("/proc/self/exe"), dataset.folder.string(), runs};
  return what == "--submit" ? Submit(command, setting) : Whole(command, setting, std::stoi(what));
}

}  // namespace
}  // namespace parotis

int main(int argc, char** argv) {
  try {
    return parotis::Run({argv, argv + argc});
  } catch (const parotis::base::Error& error) {
    parotis::base::LogLine(parotis::base::LogLevel::kError, error.what());
    return 1;
  }
}
