#include "experiment/decision.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/log.h"
#include "dataset/diagnosis_files.h"
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

// What networks said about patients whom they had not seen and on whom the model to be made is not tested.
struct UnseenPatients {
  std::vector<diagnose::JudgedPatient> patients;
  std::vector<std::string> case_ids;
  std::vector<int> folds;
};

void AddFold(const Setting& setting, const Task& judge, int fold, UnseenPatients& unseen) {
  const fs::path candidates = setting.CandidatesOf(judge);
  for (const std::string& id : HeldOutCases(setting.FoldsOf(judge), fold)) {
    const image::LabelVolume reference = image::ReadNiftiLabels(setting.dataset.Find(id).label);
    diagnose::JudgedPatient patient;
    patient.diagnosis = dataset::ReadDiagnosis(candidates, id);
    patient.truth = TruthOf(setting.dataset, id, reference, setting.PlanOf(judge).labels);
    const evaluate::LesionMatch match =
        evaluate::MatchLesions(reference, image::ReadNiftiLabels(dataset::LesionMapFile(candidates, id)));
    patient.reference_lesions = match.reference_lesions;
    for (const dataset::Lesion& lesion : patient.diagnosis.lesions)
      patient.is_true.push_back(match.true_ids.contains(lesion.id));
    unseen.patients.push_back(std::move(patient));
    unseen.case_ids.push_back(id);
  }
  unseen.folds.push_back(fold);
}

UnseenPatients ReadUnseenPatients(const Setting& setting, const Task& joined) {
  UnseenPatients unseen;
  if (joined.kind == TaskKind::kFinal) {
    for (const std::size_t index : joined.judged_by)
      AddFold(setting, setting.TaskAt(index), setting.TaskAt(index).folds[0], unseen);
    return unseen;
  }
  for (const std::size_t index : joined.needs) {
    const Task& member = setting.TaskAt(index);
    for (const int fold : member.folds) {
      if (fold != joined.folds[0]) AddFold(setting, member, fold, unseen);
    }
  }
  return unseen;
}

Json RuleToJson(const plan::Plan& plan, const plan::DiagnosisPlan& rule) {
  plan::Plan copy = plan;
  copy.diagnosis = rule;
  return plan::ToJson(copy)["diagnosis"];
}

// The chosen rule, and how it was found. One that cannot be fitted stays as it is.
Json Fit(const UnseenPatients& unseen, const std::vector<std::string>& channels, plan::DiagnosisPlan& rule) {
  try {
    const diagnose::FittedRule fitted = diagnose::FitRule(unseen.patients, rule, channels);
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
  const UnseenPatients unseen = ReadUnseenPatients(setting, joined);
  decision.patients = PatientsOf(setting.dataset, unseen.case_ids);
  decision.record["folds"] = unseen.folds;
  decision.record["patients"] = decision.patients.size();
  decision.record.update(Fit(unseen, plan.ChannelsOf(joined.contrast_set), decision.rule));
  decision.record["rule"] = RuleToJson(plan, decision.rule);
  decision.record["patient_id_sha256"] = std::vector<std::string>(decision.patients.begin(), decision.patients.end());
  return decision;
}

}  // namespace parotis::experiment
