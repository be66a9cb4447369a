#include "experiment/decision.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "image/nifti.h"

namespace parotis::experiment {
namespace {

namespace fs = std::filesystem;
using base::Json;

// As recorded, else the label map's class of largest volume. Nothing for a patient without a tumour.
std::optional<std::string> TruthOf(const dataset::Dataset& dataset, const std::string& case_id,
                                   const std::vector<std::string>& labels) {
  for (const dataset::Participant& participant : dataset.participants) {
    if (participant.case_id == case_id && !participant.diagnosis.empty()) return participant.diagnosis;
  }
  std::vector<std::int64_t> voxels(labels.size());
  for (const std::uint8_t label : image::ReadNiftiLabels(dataset.Find(case_id).label).voxels)
    if (label > 0 && label < voxels.size()) ++voxels[label];
  const auto largest = std::max_element(voxels.begin(), voxels.end());
  if (*largest == 0) return std::nullopt;
  return labels[static_cast<std::size_t>(largest - voxels.begin())];
}

// What the members of a run said about patients whom they had not seen and whom the run is not tested on.
struct InnerFolds {
  std::vector<diagnose::KnownPatient> patients;  // with a lesion found, and a class
  std::vector<std::string> case_ids;             // all that were looked at
  std::vector<int> folds;
  std::size_t without_lesion = 0;
};

void AddFold(const Setting& setting, const Task& member, int fold, InnerFolds& inner) {
  const plan::Plan& plan = setting.PlanOf(member);
  for (const std::string& id : HeldOutCases(setting.FoldsOf(member), fold)) {
    const fs::path file = setting.FolderOf(member) / "predictions" / (id + ".diagnosis.json");
    dataset::Diagnosis diagnosis = dataset::DiagnosisFromJson(base::ReadJson(file), file.string());
    inner.case_ids.push_back(id);
    const std::optional<std::string> truth = TruthOf(setting.dataset, id, plan.labels);
    const auto place = std::find(diagnosis.classes.begin(), diagnosis.classes.end(), truth.value_or(""));
    if (diagnosis.lesions.empty()) ++inner.without_lesion;
    if (diagnosis.lesions.empty() || place == diagnosis.classes.end()) continue;
    const auto index = static_cast<std::size_t>(place - diagnosis.classes.begin());
    inner.patients.push_back({std::move(diagnosis), index});
  }
}

InnerFolds ReadInnerFolds(const Setting& setting, const Task& run) {
  InnerFolds inner;
  for (const std::size_t index : run.needs) {
    const Task& member = setting.TaskAt(index);
    for (const int fold : member.folds) {
      if (fold == run.folds[0]) continue;
      inner.folds.push_back(fold);
      AddFold(setting, member, fold, inner);
    }
  }
  return inner;
}

Json RuleToJson(const plan::Plan& plan, const plan::DiagnosisPlan& rule) {
  plan::Plan copy = plan;
  copy.diagnosis = rule;
  return plan::ToJson(copy)["diagnosis"];
}

// The chosen numbers in `rule`, and how they were found. A rule that cannot be fitted stays as it is.
Json Fit(const InnerFolds& inner, plan::DiagnosisPlan& rule) {
  try {
    const diagnose::Calibration fitted = diagnose::FitTemperature(inner.patients, rule);
    rule.temperature = fitted.temperature;
    return {{"chosen", Json::array({"temperature"})},
            {"loss_before", fitted.loss_before},
            {"loss_after", fitted.loss_after}};
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::kInput) throw;
    return {{"chosen", Json::array()}, {"kept_because", error.message()}};
  }
}

}  // namespace

Decision DecideRule(const Setting& setting, const Task& run) {
  const plan::Plan& plan = setting.PlanOf(run);
  Decision decision{plan.diagnosis, {}, Json::object()};
  decision.record["selection"] = NameOf(setting.study.selection);
  if (setting.study.selection == Selection::kFixed) {
    decision.record["rule"] = RuleToJson(plan, decision.rule);
    return decision;
  }
  const InnerFolds inner = ReadInnerFolds(setting, run);
  decision.patients = PatientsOf(setting.dataset, inner.case_ids);
  decision.record["folds"] = inner.folds;
  decision.record["patients"] = decision.patients.size();
  decision.record["fitted_on"] = inner.patients.size();
  decision.record["without_lesion"] = inner.without_lesion;
  decision.record.update(Fit(inner, decision.rule));
  decision.record["rule"] = RuleToJson(plan, decision.rule);
  decision.record["patient_id_sha256"] = std::vector<std::string>(decision.patients.begin(), decision.patients.end());
  return decision;
}

}  // namespace parotis::experiment
