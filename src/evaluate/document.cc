// evaluation.json, both ways. Declared in evaluate/evaluation.h (reading) and evaluate/summary.h (writing).
#include <fmt/format.h>

#include <map>
#include <optional>

#include "base/build_info.h"
#include "dataset/participants.h"
#include "evaluate/json_values.h"
#include "evaluate/summary.h"

namespace parotis::evaluate {
namespace {

using base::ErrorKind;
using base::Json;
using base::JsonObject;
using base::Throw;

constexpr int kFormatVersion = 1;
constexpr const char* kFromDiagnosis = "diagnosis";
constexpr const char* kFromLabelMap = "label map";

// nnU-Net's eight metrics, then ours.
Json ToJson(const LabelResult& result) {
  const Overlap& o = result.overlap;
  return {{"Dice", OrNull(DiceOf(o))},
          {"FN", o.false_negative},
          {"FP", o.false_positive},
          {"IoU", OrNull(JaccardOf(o))},
          {"TN", o.true_negative},
          {"TP", o.true_positive},
          {"n_pred", o.predicted()},
          {"n_ref", o.reference()},
          {"NSD", OrNull(result.surface.nsd)},
          {"HD95_mm", OrNull(result.surface.hd95_mm)}};
}

LabelResult LabelResultFrom(JsonObject object) {
  LabelResult result;
  object.ReadRequired("TP", result.overlap.true_positive);
  object.ReadRequired("FP", result.overlap.false_positive);
  object.ReadRequired("FN", result.overlap.false_negative);
  object.ReadRequired("TN", result.overlap.true_negative);
  result.surface = {NumberOrNan(object, "NSD"), NumberOrNan(object, "HD95_mm")};
  for (const char* derived : {"Dice", "IoU", "n_pred", "n_ref"}) object.Require(derived);
  object.Finish();
  return result;
}

Json ByClass(const std::vector<std::string>& classes, const std::vector<double>& values) {
  Json json = Json::object();
  for (std::size_t c = 0; c < values.size(); ++c) json[classes[c]] = values[c];
  return json;
}

std::vector<double> ByClassFrom(JsonObject object, const std::vector<std::string>& classes) {
  std::vector<double> values;
  if (!object.Has(classes[0])) {
    object.Finish();
    return values;
  }
  for (const std::string& name : classes) values.push_back(object.Get<double>(name));
  object.Finish();
  return values;
}

Json DetectionsToJson(const std::optional<std::vector<ScoredDetection>>& detections) {
  if (!detections) return nullptr;
  Json list = Json::array();
  for (const ScoredDetection& one : *detections) list.push_back({{"score", one.score}, {"true", one.is_true}});
  return list;
}

std::optional<std::vector<ScoredDetection>> DetectionsFrom(JsonObject& object) {
  Json list;
  object.Read("detections", list);
  if (list.is_null()) return std::nullopt;
  std::vector<ScoredDetection> detections;
  for (const Json& item : list) {
    JsonObject one(item, object.PathOf("detections"));
    detections.push_back({one.Get<double>("score"), one.Get<bool>("true")});
    one.Finish();
  }
  return detections;
}

Json SubgroupColumnsToJson(const std::vector<SubgroupColumn>& columns) {
  Json list = Json::array();
  for (const SubgroupColumn& column : columns) list.push_back({{"column", column.name}, {"edges", column.edges}});
  return list;
}

std::vector<SubgroupColumn> SubgroupColumnsFrom(JsonObject& object) {
  Json list = Json::array();
  object.Read("subgroup_columns", list);
  std::vector<SubgroupColumn> columns;
  for (const Json& item : list) {
    JsonObject one(item, object.PathOf("subgroup_columns"));
    columns.push_back({one.Get<std::string>("column"), one.Get<std::vector<double>>("edges")});
    one.Finish();
  }
  return columns;
}

Json ToJson(const CaseResult& result, const std::vector<std::string>& classes) {
  Json metrics = Json::object();
  for (std::size_t c = 0; c < classes.size(); ++c) metrics[std::to_string(c + 1)] = ToJson(result.classes[c]);
  return {{"case_id", result.case_id},
          {"patient_id", result.patient_id},
          {"fold", result.fold == kNoFold ? Json(nullptr) : Json(result.fold)},
          {"prediction_file", result.prediction_file},
          {"reference_file", result.reference_file},
          {"metrics", metrics},
          {"tumour", ToJson(result.tumour)},
          {"lesions",
           {{"TP", result.lesions.true_positive},
            {"FP", result.lesions.false_positive},
            {"FN", result.lesions.false_negative}}},
          {"detections", DetectionsToJson(result.detections)},
          {"attributes", result.attributes},
          {"voxel_ml", result.voxel_ml},
          {"truth", result.truth},
          {"predicted", result.verdict.predicted},
          {"predicted_from", result.verdict.from_diagnosis ? kFromDiagnosis : kFromLabelMap},
          {"class_probabilities", ByClass(classes, result.verdict.class_probabilities)},
          {"class_volumes_ml", ByClass(classes, result.verdict.class_volumes_ml)}};
}

// Absent in files written before folds were recorded.
int FoldFrom(JsonObject& object) {
  std::optional<int> fold;
  object.Read("fold", fold);
  return fold.value_or(kNoFold);
}

CaseResult CaseResultFrom(JsonObject object, const std::vector<std::string>& classes) {
  CaseResult result;
  object.ReadRequired("case_id", result.case_id);
  object.ReadRequired("patient_id", result.patient_id);
  result.fold = FoldFrom(object);
  object.ReadRequired("prediction_file", result.prediction_file);
  object.ReadRequired("reference_file", result.reference_file);
  JsonObject metrics = object.Object("metrics");
  for (std::size_t c = 0; c < classes.size(); ++c) {
    result.classes.push_back(LabelResultFrom(metrics.Object(std::to_string(c + 1))));
  }
  metrics.Finish();
  result.tumour = LabelResultFrom(object.Object("tumour"));
  JsonObject lesions = object.Object("lesions");
  lesions.ReadRequired("TP", result.lesions.true_positive);
  lesions.ReadRequired("FP", result.lesions.false_positive);
  lesions.ReadRequired("FN", result.lesions.false_negative);
  lesions.Finish();
  result.detections = DetectionsFrom(object);
  object.Read("attributes", result.attributes);
  object.ReadRequired("voxel_ml", result.voxel_ml);
  object.ReadRequired("truth", result.truth);
  object.ReadRequired("predicted", result.verdict.predicted);
  result.verdict.from_diagnosis = object.Get<std::string>("predicted_from") == kFromDiagnosis;
  result.verdict.class_probabilities = ByClassFrom(object.Object("class_probabilities"), classes);
  result.verdict.class_volumes_ml = ByClassFrom(object.Object("class_volumes_ml"), classes);
  object.Finish();
  return result;
}

// nnU-Net's mean over cases that have the figure: {"Dice": …, "FN": …, …}.
Json MeanOfCases(const std::vector<CaseResult>& cases, std::size_t c) {
  std::map<std::string, std::vector<double>> values;
  for (const CaseResult& result : cases) {
    const Json metrics = ToJson(result.classes[c]);
    for (const auto& [key, value] : metrics.items()) {
      auto& list = values[key];
      if (!value.is_null()) list.push_back(value.get<double>());
    }
  }
  Json mean = Json::object();
  for (const auto& [key, list] : values) mean[key] = OrNull(MeanOf(list));
  return mean;
}

Json MeanOfClasses(const Json& means) {
  std::map<std::string, std::vector<double>> values;
  for (const auto& [label, mean] : means.items()) {
    for (const auto& [key, value] : mean.items()) {
      auto& list = values[key];
      if (!value.is_null()) list.push_back(value.get<double>());
    }
  }
  Json foreground = Json::object();
  for (const auto& [key, list] : values) foreground[key] = OrNull(MeanOf(list));
  return foreground;
}

Json PolicyOf(double tolerance_mm) {
  return {
      {"empty_labels",
       "a label in neither map has no Dice (null, left out of means and counted as undefined); in one map only: Dice "
       "0"},
      {"surface",
       fmt::format("NSD with a tolerance of {:g} mm, HD95 the larger of both directions; surface voxels count equally",
                   tolerance_mm)},
      {"lesions", fmt::format("26-connected regions, paired one to one from an intersection over union of {:g} on",
                              kSameLesionIou)},
      {"patients",
       "cases of one participant_id are joined; one-vs-rest, strict and balanced accuracy over patients with a tumour, "
       "for whom "
       "no tumour found and indeterminate are wrong; patients without one have their own specificity"},
      {"predicted_class", "from CASE.diagnosis.json where there is one, else the label map's class of largest volume"},
      {"curves",
       "of class probabilities, patients with a tumour; no tumour found scores 0 for every class; *_when_found without "
       "them"},
      {"intervals",
       "95 %: as proportion_interval says for proportions, Zou and Donner for balanced accuracy, DeLong on the logit "
       "scale for AUC, bootstrap over patients for the rest"}};
}

constexpr const char* kWilson = "wilson";
constexpr const char* kClopperPearson = "clopper-pearson";

// Absent in files written before there was a choice.
ProportionInterval ReadProportionInterval(JsonObject& object) {
  std::string name = kWilson;
  object.Read("proportion_interval", name);
  if (name == kWilson) return ProportionInterval::kWilson;
  if (name == kClopperPearson) return ProportionInterval::kClopperPearson;
  Throw(ErrorKind::kInput, fmt::format("{} is \"{}\"; it must be {} or {}", object.PathOf("proportion_interval"), name,
                                       kWilson, kClopperPearson));
}

Json PatientsToJson(const Evaluation& evaluation) {
  Json list = Json::array();
  for (const PatientResult& patient : PatientsOf(evaluation)) {
    list.push_back({{"participant_id", patient.patient_id},
                    {"cases", patient.case_ids},
                    {"truth", patient.truth},
                    {"predicted", patient.verdict.predicted},
                    {"class_probabilities", ByClass(evaluation.classes, patient.verdict.class_probabilities)}});
  }
  return list;
}

void ReadHeader(JsonObject& object, Evaluation& evaluation) {
  if (object.Get<int>("format_version") != kFormatVersion) {
    Throw(ErrorKind::kInput,
          object.PathOf("format_version") + " is from another version; run `parotis evaluate` again");
  }
  object.ReadRequired("name", evaluation.name);
  JsonObject dataset = object.Object("dataset");
  dataset.ReadRequired("name", evaluation.dataset_name);
  dataset.ReadRequired("description", evaluation.dataset_description);
  evaluation.origin = dataset.Get<std::string>("origin") == "synthetic" ? Origin::kSynthetic : Origin::kUnknown;
  dataset.Finish();
  object.ReadRequired("classes", evaluation.classes);
  object.ReadRequired("bundle_hashes", evaluation.bundle_hashes);
  object.ReadRequired("surface_tolerance_mm", evaluation.surface_tolerance_mm);
  evaluation.proportion_interval = ReadProportionInterval(object);
  evaluation.subgroup_columns = SubgroupColumnsFrom(object);
  object.ReadRequired("cases_without_prediction", evaluation.cases_without_prediction);
  if (evaluation.classes.empty())
    Throw(ErrorKind::kInput, object.PathOf("classes") + " is empty; an evaluation needs a class");
}

}  // namespace

Json DocumentOf(const Evaluation& evaluation, const Summary& summary) {
  Json cases = Json::array();
  Json mean = Json::object();
  for (const CaseResult& result : evaluation.cases) cases.push_back(ToJson(result, evaluation.classes));
  for (std::size_t c = 0; c < evaluation.classes.size(); ++c)
    mean[std::to_string(c + 1)] = MeanOfCases(evaluation.cases, c);
  Json left_out = Json::array();
  for (const LeftOut& item : evaluation.left_out)
    left_out.push_back({{"case_id", item.case_id}, {"reason", item.reason}});
  return {{"format_version", kFormatVersion},
          {"notice", base::kResearchUseOnly},
          {"build_id", base::BuildId()},
          {"name", evaluation.name},
          {"dataset",
           {{"name", evaluation.dataset_name},
            {"description", evaluation.dataset_description},
            {"origin", evaluation.origin == Origin::kSynthetic ? "synthetic" : "unknown"}}},
          {"classes", evaluation.classes},
          {"bundle_hashes", evaluation.bundle_hashes},
          {"surface_tolerance_mm", evaluation.surface_tolerance_mm},
          {"proportion_interval",
           evaluation.proportion_interval == ProportionInterval::kWilson ? kWilson : kClopperPearson},
          {"subgroup_columns", SubgroupColumnsToJson(evaluation.subgroup_columns)},
          {"policy", PolicyOf(evaluation.surface_tolerance_mm)},
          {"cases_without_prediction", evaluation.cases_without_prediction},
          {"left_out", left_out},
          {"summary", ToJson(summary)},
          {"foreground_mean", MeanOfClasses(mean)},
          {"mean", mean},
          {"patients", PatientsToJson(evaluation)},
          {"metric_per_case", cases}};
}

Evaluation EvaluationFromJson(const Json& json, const std::string& name) {
  JsonObject object(json, name);
  Evaluation evaluation;
  ReadHeader(object, evaluation);
  for (const char* derived : {"notice", "build_id", "policy", "summary", "foreground_mean", "mean", "patients"})
    object.Require(derived);
  for (const Json& item : object.Require("left_out")) {
    JsonObject entry(item, object.PathOf("left_out"));
    evaluation.left_out.push_back({entry.Get<std::string>("case_id"), entry.Get<std::string>("reason")});
  }
  for (const Json& item : object.Require("metric_per_case")) {
    evaluation.cases.push_back(CaseResultFrom(JsonObject(item, object.PathOf("metric_per_case")), evaluation.classes));
  }
  object.Finish();
  return evaluation;
}

Evaluation ReadEvaluation(const std::filesystem::path& path) {
  const std::filesystem::path file = std::filesystem::is_directory(path) ? path / "evaluation.json" : path;
  return EvaluationFromJson(base::ReadJson(file), file.string());
}

}  // namespace parotis::evaluate
