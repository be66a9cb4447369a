// `parotis calibrate`: the same model with a decision rule that was fitted on patients it was not trained on.
#include <fmt/format.h>

#include <map>
#include <memory>
#include <optional>

#include "app/candidates.h"
#include "app/command.h"
#include "app/commands.h"
#include "base/build_info.h"
#include "base/error.h"
#include "base/log.h"
#include "dataset/diagnosis_files.h"
#include "diagnose/fit_rule.h"
#include "evaluate/evaluation.h"
#include "plan/bundle_info.h"
#include "plan/patient_history.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

// What is to be chosen, in place of what the model's plan says.
struct ChoiceFlags {
  std::vector<std::string> inputs;
  std::optional<std::string> operating_class;
  std::optional<double> operating_specificity, coverage, false_findings_per_patient;
};

struct CalibrateFlags {
  fs::path model, dataset, predictions, output;
  ChoiceFlags choice;
  bool keep_rule = false;
};

constexpr const char* kNoInputs = "none";

plan::Plan WithChoice(plan::Plan plan, const ChoiceFlags& choice) {
  plan::DiagnosisPlan& diagnosis = plan.diagnosis;
  if (!choice.inputs.empty()) diagnosis.inputs = choice.inputs;
  if (choice.inputs == std::vector<std::string>{kNoInputs}) diagnosis.inputs.clear();
  diagnosis.choose.operating_class = choice.operating_class.value_or(diagnosis.choose.operating_class);
  diagnosis.choose.operating_specificity =
      choice.operating_specificity.value_or(diagnosis.choose.operating_specificity);
  diagnosis.choose.coverage = choice.coverage.value_or(diagnosis.choose.coverage);
  diagnosis.choose.false_findings_per_patient =
      choice.false_findings_per_patient.value_or(diagnosis.choose.false_findings_per_patient);
  plan::CheckPlan(plan, "the model's plan with what is to be chosen");
  return plan;
}

void CheckNotTrainedOn(const plan::PatientHistory& history, const std::string& patient_id) {
  if (plan::OverlapOf(history, {patient_id}).patients.empty()) return;
  base::Throw(base::ErrorKind::kInput,
              fmt::format("the model was trained on patient {}: it is surer of those than of others; calibrate on "
                          "patients it has not met",
                          patient_id));
}

using Diagnoses = std::map<std::string, dataset::Diagnosis>;  // by case

// What may not be calibrated on is refused here, before anything is measured, which takes longer.
Diagnoses ReadDiagnoses(const CalibrateFlags& flags, const plan::BundleInfo& model, const dataset::Dataset& dataset) {
  const plan::PatientHistory history = plan::HistoryOf(model);
  Diagnoses diagnoses;
  for (const dataset::CaseFiles& files : dataset.cases) {
    if (files.label.empty() || !fs::exists(dataset::DiagnosisFile(flags.predictions, files.id))) continue;
    CheckNotTrainedOn(history, dataset.PatientOf(files.id));
    diagnoses[files.id] = ReadCandidates(flags.predictions, files.id, model);
  }
  return diagnoses;
}

diagnose::JudgedPatient Judge(const CalibrateFlags& flags, const Diagnoses& diagnoses,
                              const evaluate::CaseResult& result) {
  const auto diagnosis = diagnoses.find(result.case_id);
  if (diagnosis == diagnoses.end()) {
    base::Throw(base::ErrorKind::kInput, fmt::format("{} holds no diagnosis of case {}; predict again",
                                                     flags.predictions.string(), result.case_id));
  }
  diagnose::JudgedPatient patient;
  patient.diagnosis = diagnosis->second;
  patient.truth = result.truth;
  patient.reference_lesions = result.lesions.true_positive + result.lesions.false_negative;
  if (!result.detections) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{} holds no map of the lesions of case {}, or no scores of them; predict again",
                            flags.predictions.string(), result.case_id));
  }
  for (const evaluate::ScoredDetection& lesion : *result.detections) patient.is_true.push_back(lesion.is_true);
  return patient;
}

std::vector<diagnose::JudgedPatient> JudgePatients(const CalibrateFlags& flags, const plan::BundleInfo& model,
                                                   const dataset::Dataset& dataset) {
  evaluate::EvaluationRequest request;
  request.predictions = flags.predictions;
  const Diagnoses diagnoses = ReadDiagnoses(flags, model, dataset);
  std::vector<diagnose::JudgedPatient> patients;
  for (const evaluate::CaseResult& result : evaluate::EvaluateFolder(dataset, request).cases)
    patients.push_back(Judge(flags, diagnoses, result));
  return patients;
}

std::string Use(const base::Json& fusion) {
  if (!fusion["used"].get<bool>()) return "; it is not used";
  return fusion["squares"].get<bool>() ? "; squares of its inputs take part" : "";
}

// What was fitted, in words.
std::string TextOf(const base::Json& record) {
  const base::Json& temperature = record.at("temperature");
  std::string text =
      fmt::format("temperature {:.2f}, fitted on {} patients: mean −ln p of the true class {:.3f} → {:.3f}\n",
                  temperature["temperature"].get<double>(), temperature["patients"].get<int>(),
                  temperature["loss_before"].get<double>(), temperature["loss_after"].get<double>());
  if (const auto fusion = record.find("fusion"); fusion != record.end()) {
    text += fmt::format("fusion of several answers: cross-validated loss {:.3f}, the segmentation alone {:.3f}{}\n",
                        (*fusion)["cross_validated_loss"].get<double>(),
                        (*fusion)["loss_of_segmentation_alone"].get<double>(), Use(*fusion));
  }
  if (const auto found = record.find("thresholds"); found != record.end() && found->is_object()) {
    text += fmt::format("lesions from {} ml and a peak of {} on: {} of {} found, {} false ones in {} patients\n",
                        (*found)["min_volume_ml"].get<double>(), (*found)["min_peak_probability"].get<double>(),
                        (*found)["true_findings"].get<int>(), (*found)["reference_lesions"].get<int>(),
                        (*found)["false_findings"].get<int>(), (*found)["patients"].get<int>());
  }
  if (const auto found = record.find("operating_point"); found != record.end()) {
    text += fmt::format("{} from a probability of {:.3f} on: {} of {} found\n", (*found)["class"].get<std::string>(),
                        (*found)["threshold"].get<double>(), (*found)["found"].get<int>(),
                        (*found)["patients_with"].get<int>());
  }
  return text;
}

std::string TextOfReliability(const base::Json& reliability) {
  std::string text =
      fmt::format("predicted → observed (patients), of {} patients:\n", reliability["patients"].get<int>());
  for (const auto& [name, points] : reliability["classes"].items()) {
    text += name + ":";
    for (const base::Json& point : points)
      text += fmt::format("  {:.2f} → {:.2f} ({})", point["predicted"].get<double>(), point["observed"].get<double>(),
                          point["n"].get<int>());
    text += '\n';
  }
  return text;
}

// The bundle, and what was measured for it, as text or JSON.
int Finish(const CalibrateFlags& flags, const plan::BundleInfo& model, const base::Json& measured,
           const std::string& text) {
  plan::RewriteBundle(flags.model, model, flags.output);
  if (common().json) {
    fmt::print("{}", base::DumpJson(measured));
  } else {
    fmt::print("{}{}\n", text, flags.output.string());
  }
  return kDone;
}

// The rule stays; how reliable it is on these patients is recorded beside how it was fitted.
int Measure(const CalibrateFlags& flags) {
  plan::BundleInfo model = plan::ReadBundleInfo(flags.model);
  const dataset::Dataset dataset = dataset::OpenDataset(flags.dataset);
  base::Json reliability = diagnose::ReliabilityOf(JudgePatients(flags, model, dataset), model.plan.diagnosis);
  reliability["held_out"] = true;
  reliability["dataset"] = dataset.name;
  reliability["measured_sha256"] = model.file_hash;
  reliability["build_id"] = base::BuildId();
  base::Json& record = model.training["calibration"];
  if (!record.is_object()) record = base::Json::object();
  record["reliability"] = reliability;
  return Finish(flags, model, reliability, TextOfReliability(reliability));
}

int Run(const CalibrateFlags& flags) {
  if (flags.keep_rule) return Measure(flags);
  plan::BundleInfo model = plan::ReadBundleInfo(flags.model);
  model.plan = WithChoice(model.plan, flags.choice);
  const dataset::Dataset dataset = dataset::OpenDataset(flags.dataset);
  const diagnose::FittedRule fitted =
      diagnose::FitRule(JudgePatients(flags, model, dataset), model.plan.diagnosis, model.channels);
  base::Json record = fitted.record;
  record["reliability"]["dataset"] = dataset.name;
  record["uncalibrated_sha256"] = model.file_hash;
  record["build_id"] = base::BuildId();
  model.plan.diagnosis = fitted.rule;
  model.training["calibration"] = record;
  return Finish(flags, model, record, TextOf(record));
}

}  // namespace

std::function<int()> DefineCalibrate(CLI::App& app) {
  const auto flags = std::make_shared<CalibrateFlags>();
  app.add_option("-m,--model", flags->model, "model bundle (.safetensors)")->required();
  app.add_option("-d,--dataset", flags->dataset, "dataset with the truth, of patients the model was not trained on")
      ->required();
  app.add_option("-i,--input", flags->predictions, "what `parotis predict` made of that dataset with this model")
      ->required();
  app.add_option("-o,--output", flags->output, "the calibrated bundle to write")->required();
  CLI::Option* keep = app.add_flag("--keep-rule", flags->keep_rule,
                                   "fit nothing: record how reliable the model's probabilities are on these patients, "
                                   "for the node's page");
  const std::string instead = "instead of the plan's: ";
  app.add_option("--inputs", flags->choice.inputs,
                 instead +
                     "what is heeded beside the segmentation: age_years, sex_male, log_volume, means, medians, "
                     "patient_head; or none")
      ->delimiter(',')
      ->excludes(keep);
  app.add_option("--operating-class", flags->choice.operating_class,
                 instead + "the class that is named from a threshold on, whatever is likelier")
      ->excludes(keep);
  app.add_option("--specificity", flags->choice.operating_specificity,
                 instead + "the share of the other tumours that is to stay below that threshold")
      ->excludes(keep);
  app.add_option("--coverage", flags->choice.coverage, instead + "the share of patients with a tumour who get a class")
      ->excludes(keep);
  app.add_option("--false-findings", flags->choice.false_findings_per_patient,
                 instead + "how many false lesions a patient may have on average")
      ->excludes(keep);
  return [flags] { return Run(*flags); };
}

}  // namespace parotis::app
