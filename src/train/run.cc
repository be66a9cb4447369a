#include "train/run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/build_info.h"
#include "base/conditions.h"
#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/random.h"
#include "plan/patient_history.h"

namespace parotis::train {
namespace {

constexpr std::uint64_t kValidationStream = 4;

std::set<std::string> PatientsOf(const dataset::Dataset& dataset, const std::vector<std::string>& cases) {
  std::set<std::string> patients;
  for (const std::string& id : cases) patients.insert(dataset.PatientOf(id));
  return patients;
}

void RefuseSharedPatients(const dataset::Dataset& dataset, const TrainRequest& request) {
  const std::set<std::string> trained = PatientsOf(dataset, request.train_cases);
  for (const std::string& id : request.validation_cases) {
    if (trained.contains(dataset.PatientOf(id))) {
      base::Throw(base::ErrorKind::kInput,
                  fmt::format("patient {} of validation case {} is also in training; make the split by patient",
                              dataset.PatientOf(id), id));
    }
  }
}

// Weights that have seen a patient of validation would make the validation too good.
void CheckPretraining(const dataset::Dataset& dataset, const TrainRequest& request,
                      const plan::PatientHistory& history) {
  const std::set<std::string> patients = PatientsOf(dataset, request.validation_cases);
  const plan::TransferOverlap overlap = plan::OverlapOf(history, {patients.begin(), patients.end()});
  const std::string file = request.from->filename().string();
  if (!overlap.patients.empty()) {
    base::Refuse(base::Found("pretraining_overlap",
                             fmt::format("{} was trained on {} of the {} validation patients of this fold: {}", file,
                                         overlap.patients.size(), patients.size(), fmt::join(overlap.patients, ", "))));
  }
  if (overlap.unknown.empty() || patients.empty()) return;
  base::Warn("{} [pretraining_unknown]", plan::UnknownHistory(overlap).message);
}

std::vector<std::string> DrawValidated(const TrainRequest& request) {
  std::vector<std::string> cases = request.validation_cases;
  const auto wanted = static_cast<std::size_t>(request.plan.training.validation_cases);
  if (wanted == 0 || cases.size() <= wanted) return cases;
  base::Random(request.seed, {kValidationStream}).Shuffle(cases);
  cases.resize(wanted);
  std::sort(cases.begin(), cases.end());
  return cases;
}

// By case id, the name of its prepared file: it holds the hash of the case's files and of the plan's preparation part.
base::Json InputsOf(const std::vector<prepare::CachedCase>& cases) {
  base::Json json = base::Json::object();
  for (const prepare::CachedCase& examination : cases) json[examination.id] = examination.file.stem().string();
  return json;
}

plan::BundleInfo DescribeModel(const TrainRequest& request, const dataset::Dataset& dataset) {
  plan::BundleInfo info;
  info.plan = request.plan;
  info.contrast_set = request.contrast_set;
  info.channels = request.plan.ChannelsOf(request.contrast_set);
  info.name = request.name;
  if (info.name.empty()) {
    info.name = fmt::format("{}-{}-fold{}", dataset.name, request.contrast_set.empty() ? "all" : request.contrast_set,
                            request.fold);
  }
  info.intended_use = base::kResearchUseOnly;
  base::Json patients = base::Json::array();
  for (const std::string& patient : PatientsOf(dataset, request.train_cases)) patients.push_back(base::HashOf(patient));
  info.training = {{"dataset", dataset.name},
                   {"fold", request.fold},
                   {"seed", request.seed},
                   {"iterations", request.plan.optimiser.iterations},
                   {"cases", request.train_cases.size()},
                   {"plan_hash", plan::HashOf(request.plan)},
                   {"build_id", base::BuildId()},
                   {"from", request.from ? base::HashOfFile(*request.from) : ""},
                   {plan::kTrainingPatients, patients}};
  return info;
}

}  // namespace

Run OpenRun(const TrainRequest& request, const base::Json& facts) {
  Run run;
  run.dataset = dataset::OpenDataset(request.dataset);
  RefuseSharedPatients(run.dataset, request);
  run.info = DescribeModel(request, run.dataset);
  if (request.from) {
    const plan::PatientHistory history = plan::HistoryOfWeights(*request.from);
    CheckPretraining(run.dataset, request, history);
    plan::Inherit(history, run.info);
  }
  run.validated = DrawValidated(request);
  const auto cache = request.cache_folder.empty() ? prepare::DefaultCacheFolder(run.dataset) : request.cache_folder;
  run.cases = prepare::PrepareDataset(run.dataset, request.train_cases, request.plan, cache, request.threads);
  const base::Json inputs = InputsOf(run.cases);
  base::Json decides = {{"plan", plan::ToJson(request.plan)}, {"channels", run.info.channels}, {"seed", request.seed},
                        {"from", run.info.training["from"]},  {"validated", run.validated},    {"inputs", inputs}};
  run.identity = base::HashOf(decides.dump());
  base::CreateFolder(request.run_folder);
  plan::WritePlan(request.run_folder / "plan.json", request.plan);
  base::WriteJson(request.run_folder / "run.json", {{"name", run.info.name},
                                                    {"contrast_set", request.contrast_set},
                                                    {"identity", run.identity},
                                                    {"facts", facts},
                                                    {"training", run.info.training},
                                                    {"validation_cases", request.validation_cases},
                                                    {"validated", run.validated},
                                                    {"prepared", inputs}});
  return run;
}

}  // namespace parotis::train
