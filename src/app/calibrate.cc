// `parotis calibrate`: the same model with a temperature that was fitted on patients it was not trained on.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "app/command.h"
#include "app/commands.h"
#include "base/build_info.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/log.h"
#include "diagnose/calibrate.h"
#include "evaluate/evaluation.h"
#include "plan/bundle_info.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

struct CalibrateFlags {
  fs::path model, dataset, predictions, output;
};

void CheckNotTrainedOn(const plan::BundleInfo& model, const evaluate::CaseResult& result) {
  const auto trained = model.training.find("patient_id_sha256");
  if (trained == model.training.end()) return;
  if (std::find(trained->begin(), trained->end(), base::HashOf(result.patient_id)) == trained->end()) return;
  base::Throw(base::ErrorKind::kInput,
              fmt::format("the model was trained on patient {}: it is surer of those than of others; calibrate on "
                          "patients it has not met",
                          result.patient_id));
}

dataset::Diagnosis ReadDiagnosis(const fs::path& path, const plan::BundleInfo& model) {
  dataset::Diagnosis diagnosis = dataset::DiagnosisFromJson(base::ReadJson(path), path.string());
  if (diagnosis.bundle_hash != model.file_hash) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{} was made with another model; run `parotis predict` with this one", path.string()));
  }
  return diagnosis;
}

std::vector<diagnose::KnownPatient> PatientsWithLesions(const CalibrateFlags& flags, const plan::BundleInfo& model) {
  evaluate::EvaluationRequest request;
  request.predictions = flags.predictions;
  const evaluate::Evaluation evaluation = evaluate::EvaluateFolder(dataset::OpenDataset(flags.dataset), request);
  std::vector<diagnose::KnownPatient> patients;
  for (const evaluate::CaseResult& result : evaluation.cases) {
    CheckNotTrainedOn(model, result);
    dataset::Diagnosis diagnosis = ReadDiagnosis(flags.predictions / (result.case_id + ".diagnosis.json"), model);
    const auto truth = std::find(diagnosis.classes.begin(), diagnosis.classes.end(), result.truth);
    if (diagnosis.lesions.empty() || truth == diagnosis.classes.end()) continue;
    const auto place = static_cast<std::size_t>(truth - diagnosis.classes.begin());
    patients.push_back({std::move(diagnosis), place});
  }
  return patients;
}

int Run(const CalibrateFlags& flags) {
  plan::BundleInfo model = plan::ReadBundleInfo(flags.model);
  const diagnose::Calibration calibration =
      diagnose::FitTemperature(PatientsWithLesions(flags, model), model.plan.diagnosis);
  const base::Json record = {{"temperature", calibration.temperature}, {"patients", calibration.patients},
                             {"loss_before", calibration.loss_before}, {"loss_after", calibration.loss_after},
                             {"uncalibrated_sha256", model.file_hash}, {"build_id", base::BuildId()}};
  model.plan.diagnosis.temperature = calibration.temperature;
  model.training["calibration"] = record;
  plan::RewriteBundle(flags.model, model, flags.output);
  if (common().json) {
    fmt::print("{}", base::DumpJson(record));
  } else {
    fmt::print("temperature {:.2f}, fitted on {} patients: mean −ln p of the true class {:.3f} → {:.3f}\n{}\n",
               calibration.temperature, calibration.patients, calibration.loss_before, calibration.loss_after,
               flags.output.string());
  }
  return kDone;
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
  return [flags] { return Run(*flags); };
}

}  // namespace parotis::app
