#include "experiment/setting.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "base/hash.h"
#include "experiment/guard.h"

namespace parotis::experiment {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using base::Json;
using base::JsonObject;
using base::Throw;

fs::path StudyFile(const fs::path& runs) { return runs / "study.json"; }
fs::path TasksFile(const fs::path& runs) { return runs / "tasks.json"; }
fs::path BasePlanFile(const fs::path& runs) { return runs / "plan.json"; }
fs::path PlanFile(const fs::path& runs, const std::string& variant) { return runs / "plans" / (variant + ".json"); }

// Who is in the dataset: cases, patients, diagnoses. What their images are is hashed by preparation.
std::string WhoIsIn(const dataset::Dataset& dataset) {
  base::Sha256 hash;
  for (const dataset::CaseFiles& files : dataset.cases)
    hash.Update(fmt::format("{}\t{}\t{}\n", files.id, files.test, dataset.PatientOf(files.id)));
  for (const dataset::Participant& participant : dataset.participants)
    hash.Update(fmt::format("{}\t{}\n", participant.case_id, participant.diagnosis));
  return hash.Hex();
}

struct Record {
  Study study;
  Computing computing;
  std::vector<std::string> contrast_sets;
  std::string dataset_sha256;
};

Json ToJson(const Record& record) {
  return {{"study", ToJson(record.study)},
          {"contrast_sets", record.contrast_sets},
          {"threads", record.computing.threads},
          {"device", record.computing.device},
          {"dataset_sha256", record.dataset_sha256}};
}

Record ReadRecord(const fs::path& runs) {
  const fs::path file = StudyFile(runs);
  const Json json = base::ReadJson(file);
  JsonObject object(json, file.string());
  Record record;
  record.study = StudyFromJson(object.Require("study"), object.PathOf("study"), runs);
  object.ReadRequired("contrast_sets", record.contrast_sets);
  object.ReadRequired("threads", record.computing.threads);
  object.ReadRequired("device", record.computing.device);
  object.ReadRequired("dataset_sha256", record.dataset_sha256);
  object.Finish();
  return record;
}

plan::Plan BasePlan(const Study& study, const fs::path& runs, const std::function<plan::Plan()>& make_plan) {
  if (!study.plan.empty()) return plan::ReadPlan(study.plan);
  return fs::exists(BasePlanFile(runs)) ? plan::ReadPlan(BasePlanFile(runs)) : make_plan();
}

std::vector<std::string> ContrastSetsOf(const Study& study, const std::map<std::string, plan::Plan>& plans) {
  std::vector<std::string> sets = study.contrast_sets;
  const plan::Plan& first = plans.at(study.variants[0].name);
  for (const auto& [name, channels] : first.contrast_sets) {
    if (study.contrast_sets.empty()) sets.push_back(name);
  }
  // A plan for other data than parotid MRI has none.
  if (sets.empty()) sets.push_back(fmt::format("{}", fmt::join(first.ChannelsOf(""), "+")));
  for (const auto& [variant, plan] : plans) {
    for (const std::string& set : sets) base::WithContext("variant " + variant, [&] { plan.ChannelsOf(set); });
  }
  return sets;
}

// By variant, the first one whose members can be its own too: it trains the same networks and, where members predict as
// well (nested selection), finds the same candidates with them.
std::map<std::string, std::string> MembersOf(const Setting& setting) {
  std::map<std::string, std::string> first_by_training, members_of;
  for (const Variant& variant : setting.study.variants) {
    plan::Plan plan = setting.plans.at(variant.name);
    const double voxel_threshold = plan.diagnosis.voxel_threshold;
    plan.diagnosis = {};
    if (setting.study.selection == Selection::kNested) {
      plan.diagnosis.voxel_threshold = voxel_threshold;
    } else {
      plan.inference = {};
    }
    const std::string training = plan::HashOf(plan) + (variant.from ? variant.from->string() : std::string());
    members_of[variant.name] = first_by_training.emplace(training, variant.name).first->second;
  }
  return members_of;
}

// A start that has seen a patient has seen the test fold of some run.
void RefuseWeightsThatKnowThePatients(const Setting& setting) {
  std::vector<std::string> cases;
  for (const dataset::CaseFiles& files : setting.dataset.cases)
    if (!files.label.empty()) cases.push_back(files.id);
  for (const Variant& variant : setting.study.variants) {
    if (variant.from)
      RefuseLeak(setting.dataset, cases, {{variant.from->string(), PatientsBehindWeights(*variant.from)}});
  }
}

void RefuseAnotherStudy(const Setting& setting) {
  if (!fs::exists(StudyFile(setting.runs))) return;
  const Record record = ReadRecord(setting.runs);
  const auto refuse = [&](const std::string& what) {
    Throw(ErrorKind::kUsage, fmt::format("{} was begun {}; give another folder with -o", setting.runs.string(), what));
  };
  if (record.dataset_sha256 != WhoIsIn(setting.dataset)) refuse("on another dataset, or its patients have changed");
  if (record.study.selection != setting.study.selection)
    refuse(fmt::format("with {} selection", NameOf(record.study.selection)));
  if (record.computing.threads != setting.computing.threads)
    refuse(fmt::format("with {} threads per run, on which the last bits depend", record.computing.threads));
  if (record.computing.device != setting.computing.device)
    refuse(fmt::format("on the device {}", record.computing.device));
  for (const auto& [variant, plan] : setting.plans) {
    const fs::path file = PlanFile(setting.runs, variant);
    if (!fs::exists(file) || plan::HashOf(plan::ReadPlan(file)) == plan::HashOf(plan)) continue;
    refuse(fmt::format("with another plan of the variant {}", variant));
  }
}

}  // namespace

const Variant& Setting::VariantOf(const Task& task) const {
  return *std::find_if(study.variants.begin(), study.variants.end(),
                       [&](const Variant& variant) { return variant.name == task.variant; });
}

fs::path Setting::CandidatesOf(const Task& task) const {
  if (study.selection == Selection::kFixed || task.kind == TaskKind::kFinal) return {};
  return FolderOf(task) / (task.kind == TaskKind::kMember ? "predictions" : "candidates");
}

const Task& Setting::TaskAt(std::size_t index) const {
  if (index >= tasks.size()) {
    Throw(ErrorKind::kUsage, fmt::format("there is no task {}; {} lists tasks 0 to {}", index, TasksFile(runs).string(),
                                         tasks.size() - 1));
  }
  return tasks[index];
}

plan::Plan PlanOfVariant(const plan::Plan& base_plan, const Variant& variant) {
  Json json = plan::ToJson(base_plan);
  json.merge_patch(variant.plan_patch);
  return plan::PlanFromJson(json, fmt::format("the plan of the variant {}", variant.name));
}

Setting Consider(const Study& study, const dataset::Dataset& dataset, const Computing& computing, const fs::path& runs,
                 const std::function<plan::Plan()>& make_plan) {
  Setting setting{runs, dataset, study, computing, BasePlan(study, runs, make_plan), {}, {}, {}, {}};
  for (const Variant& variant : study.variants) setting.plans[variant.name] = PlanOfVariant(setting.base_plan, variant);
  setting.contrast_sets = ContrastSetsOf(study, setting.plans);
  setting.repeats = MakeFolds(study, dataset);
  const int folds = static_cast<int>(setting.repeats[0].splits.size());
  setting.tasks = TasksOf(study, setting.contrast_sets, folds, MembersOf(setting));
  RefuseAnotherStudy(setting);
  RefuseWeightsThatKnowThePatients(setting);
  return setting;
}

Setting Begin(const Study& study, const dataset::Dataset& dataset, const Computing& computing, const fs::path& runs,
              const std::function<plan::Plan()>& make_plan) {
  Setting setting = Consider(study, dataset, computing, runs, make_plan);
  FreezeFolds(setting.repeats, runs);
  plan::WritePlan(BasePlanFile(runs), setting.base_plan);
  for (const auto& [variant, plan] : setting.plans) plan::WritePlan(PlanFile(runs, variant), plan);
  base::WriteJson(StudyFile(runs), ToJson(Record{study, computing, setting.contrast_sets, WhoIsIn(dataset)}));
  base::WriteJson(TasksFile(runs), ToJson(setting.tasks));
  return setting;
}

Setting Open(const fs::path& runs, const dataset::Dataset& dataset) {
  if (!fs::exists(TasksFile(runs))) {
    Throw(ErrorKind::kUsage,
          fmt::format("{} holds no study; start one with `parotis study` and without --task", runs.string()));
  }
  const Record record = ReadRecord(runs);
  if (record.dataset_sha256 != WhoIsIn(dataset)) {
    Throw(ErrorKind::kUsage, fmt::format("{} is a study of another dataset than {}, or its patients have changed",
                                         runs.string(), dataset.folder.string()));
  }
  Setting setting{runs, dataset, record.study, record.computing, {}, record.contrast_sets, {}, {}, {}};
  setting.base_plan = plan::ReadPlan(BasePlanFile(runs));
  for (const Variant& variant : record.study.variants)
    setting.plans[variant.name] = plan::ReadPlan(PlanFile(runs, variant.name));
  for (int repeat = 0; repeat < record.study.repeats; ++repeat)
    setting.repeats.push_back(ReadFolds(runs, repeat, dataset));
  setting.tasks = TasksFromJson(base::ReadJson(TasksFile(runs)), TasksFile(runs).string());
  return setting;
}

std::optional<Computing> RecordedComputing(const fs::path& runs) {
  if (!fs::exists(StudyFile(runs))) return std::nullopt;
  return ReadRecord(runs).computing;
}

}  // namespace parotis::experiment
