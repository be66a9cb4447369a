// One case through a loaded model: what `predict` and `study` do with each.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dataset/dataset.h"
#include "infer/predictor.h"

namespace parotis::app {

// The channels of `files` that the model reads, named by `channel_names`; of a model that serves subsets, those that
// are there. Throws kInput when one is missing.
dataset::Case LoadForModel(const dataset::CaseFiles& files, const std::vector<std::string>& channel_names,
                           const plan::BundleInfo& model);

// What `predict` says in its output folder about how that came to be.
inline constexpr const char* kPredictionRecord = "predict.json";

struct PredictionOutput {
  std::filesystem::path folder;
  bool probabilities = false;  // also probabilities/{case}.nii.gz, one volume per label
  bool candidates = false;     // keep every region that could be a lesion: what a rule is chosen from
};

// Looks at the case once and writes to each output the label map {case}.nii.gz, lesions/{case}.nii.gz (numbered), and
// {case}.diagnosis.json: what the model's own rule says about the patient. `evaluate` and `calibrate` read them.
void PredictCase(infer::Predictor& predictor, dataset::Case examination, const std::vector<PredictionOutput>& outputs);

}  // namespace parotis::app
