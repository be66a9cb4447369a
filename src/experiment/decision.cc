#include "experiment/decision.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/log.h"
#include "dataset/mask_diagnosis.h"
#include "diagnose/fit_rule.h"
#include "evaluate/detection.h"
#include "image/nifti.h"

namespace parotis::experiment {
namespace {

namespace fs = std::filesystem;
using base::Json;

// As recorded, else the label map's class of largest volume.
std::string TruthOf(const dataset::Dataset& dataset, const std::string& case_id, const image::LabelVolume& reference,
                    const std::vector<std::string>& labels) {
  const dataset::Participant* participant = dataset.FindParticipant(case_id);
  if (participant != nullptr && !participant->diagnosis.empty()) return participant->diagnosis;
  std::vector<std::int64_t> voxels(labels.size());
  for (const std::uint8_t label : reference.voxels) {
    if (label < voxels.size()) ++voxels[label];
  }
  return dataset::DiagnosisShown(voxels, labels);
}

// What members said about patients whom they had not seen and on whom nothing is tested.
struct InnerFolds {
  std::vector<diagnose::JudgedPatient> patients;
  std::vector<std::string> case_ids;
  std::vector<int> folds;
};

void AddFold(const Setting& setting, const Task& member, int fold, InnerFolds& inner) {
  const fs::path predictions = setting.FolderOf(member) / "predictions";
  for (const std::string& id : HeldOutCases(setting.FoldsOf(member), fold)) {
    const fs::path file = predictions / (id + ".diagnosis.json");
    const image::LabelVolume reference = image::ReadNiftiLabels(setting.dataset.Find(id).label);
    diagnose::JudgedPatient patient;
    patient.diagnosis = dataset::DiagnosisFromJson(base::ReadJson(file), file.string());
    patient.truth = TruthOf(setting.dataset, id, reference, setting.PlanOf(member).labels);
    const evaluate::LesionMatch match =
        evaluate::MatchLesions(reference, image::ReadNiftiLabels(predictions / "lesions" / (id + ".nii.gz")));
    patient.reference_lesions = match.reference_lesions;
    for (const dataset::Lesion& lesion : patient.diagnosis.lesions)
      patient.is_true.push_back(match.true_ids.contains(lesion.id));
    inner.patients.push_back(std::move(patient));
    inner.case_ids.push_back(id);
  }
}

// Whether `joined` looks at one of a member's two unseen folds for its choice.
bool ChoosesBy(const Task& joined, const Task& member, int fold, int folds) {
  const int other = member.folds[0] == fold ? member.folds[1] : member.folds[0];
  return joined.kind == TaskKind::kRun ? fold != joined.folds[0] : other == (fold + 1) % folds;
}

InnerFolds ReadInnerFolds(const Setting& setting, const Task& joined) {
  const auto folds = static_cast<int>(setting.FoldsOf(joined).splits.size());
  InnerFolds inner;
  for (const std::size_t index : joined.needs) {
    const Task& member = setting.TaskAt(index);
    for (const int fold : member.folds) {
      if (!ChoosesBy(joined, member, fold, folds)) continue;
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

// The chosen rule, and how it was found. One that cannot be fitted stays as it is.
Json Fit(const InnerFolds& inner, const std::vector<std::string>& channels, plan::DiagnosisPlan& rule) {
  try {
    const diagnose::FittedRule fitted = diagnose::FitRule(inner.patients, rule, channels);
    rule = fitted.rule;
    return {{"chosen", fitted.record}};
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::kInput) throw;
    base::Warn("the plan's own decision rule is kept: {}", error.message());
    return {{"chosen", nullptr}, {"kept_because", error.message()}};
  }
}

}  // namespace

Decision DecideRule(const Setting& setting, const Task& joined) {
  const plan::Plan& plan = setting.PlanOf(joined);
  Decision decision{plan.diagnosis, {}, Json::object()};
  decision.record["selection"] = NameOf(setting.study.selection);
  if (setting.study.selection == Selection::kFixed) {
    decision.record["rule"] = RuleToJson(plan, decision.rule);
    return decision;
  }
  const InnerFolds inner = ReadInnerFolds(setting, joined);
  decision.patients = PatientsOf(setting.dataset, inner.case_ids);
  decision.record["folds"] = inner.folds;
  decision.record["patients"] = decision.patients.size();
  decision.record.update(Fit(inner, plan.ChannelsOf(joined.contrast_set), decision.rule));
  decision.record["rule"] = RuleToJson(plan, decision.rule);
  decision.record["patient_id_sha256"] = std::vector<std::string>(decision.patients.begin(), decision.patients.end());
  return decision;
}

}  // namespace parotis::experiment
