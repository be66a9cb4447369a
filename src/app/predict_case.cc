#include "app/predict_case.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "base/json.h"
#include "dataset/diagnosis_files.h"
#include "diagnose/diagnose.h"
#include "diagnose/fit_rule.h"
#include "diagnose/lesions.h"
#include "image/nifti.h"

namespace parotis::app {
namespace {

// What a model was trained on as an image without a unit is not measured, but looked at.
void DropUnitOfAdc(dataset::Case& examination) {
  for (std::string& name : examination.channel_names) {
    if (name == dataset::kAdc) name += " (no unit)";
  }
}

// Whether the model's ADC was, and this one is, in another unit than µm²/s: then it says nothing in numbers.
bool AdcHasNoUnit(const dataset::Case& examination, const plan::Plan& plan) {
  return examination.Find(dataset::kAdc) != nullptr &&
         plan.Channel(dataset::kAdc).normalisation == plan::Normalisation::kRobust &&
         !diagnose::FaultOfAdcUnit(examination).empty();
}

void Write(const dataset::Prediction& prediction, const dataset::Case& examination, const plan::DiagnosisPlan& rule,
           const PredictionOutput& output) {
  const std::string file = prediction.case_id + ".nii.gz";
  image::WriteNifti(output.folder / file, prediction.labels);
  const diagnose::Result result =
      diagnose::Diagnose(prediction, examination, output.candidates ? diagnose::CandidateRule(rule) : rule);
  image::WriteNifti(dataset::LesionMapFile(output.folder, prediction.case_id), result.lesion_map);
  base::WriteJson(dataset::DiagnosisFile(output.folder, prediction.case_id), dataset::ToJson(result.diagnosis));
  if (output.probabilities) image::WriteNiftiSeries(output.folder / "probabilities" / file, prediction.probabilities);
}

}  // namespace

dataset::Case LoadForModel(const dataset::CaseFiles& files, const std::vector<std::string>& channel_names,
                           const plan::BundleInfo& model) {
  dataset::CaseFiles chosen{.id = files.id, .channels = {}, .label = {}, .test = files.test};
  std::vector<std::string> loaded;
  for (const std::string& channel : model.channels) {
    const auto found = std::find(channel_names.begin(), channel_names.end(), channel);
    const auto place = static_cast<std::size_t>(found - channel_names.begin());
    const bool is_there = found != channel_names.end() && !files.channels[place].empty();
    if (!is_there && model.plan.serves_subsets()) continue;
    if (found == channel_names.end()) {
      base::Throw(base::ErrorKind::kInput, fmt::format("the model needs the channel {}, the images have {}", channel,
                                                       fmt::join(channel_names, ", ")));
    }
    chosen.channels.push_back(files.channels[place]);
    loaded.push_back(channel);
  }
  if (loaded.empty()) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("none of the model's channels ({}) is there", fmt::join(model.channels, ", ")));
  }
  return dataset::LoadCaseFiles(chosen, loaded);
}

void PredictCase(infer::Predictor& predictor, dataset::Case examination, const std::vector<PredictionOutput>& outputs) {
  const dataset::Prediction prediction = predictor.Predict(examination);
  const plan::Plan& plan = predictor.info().plan;
  if (AdcHasNoUnit(examination, plan)) DropUnitOfAdc(examination);
  for (const PredictionOutput& output : outputs) Write(prediction, examination, plan.diagnosis, output);
}

}  // namespace parotis::app
