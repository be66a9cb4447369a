// The chain from one study to a diagnosis, shared by every command that diagnoses.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dataset/case.h"
#include "diagnose/diagnose.h"
#include "dicom/series.h"
#include "infer/predictor.h"
#include "intake/load_case.h"

namespace parotis::app {

struct ChainOptions {
  bool force = false;  // diagnose although the study is plainly not of head and neck; every output says so
  std::vector<intake::Pin> pins;
  intake::AlignmentOptions alignment;
  intake::SiteRules site;
};

struct ChainResult {
  diagnose::Result result;                   // of a refused study: verdict kRefused with its reason, maps empty
  std::optional<dataset::Case> examination;  // absent when the study was refused before it was loaded
  image::Volume tumour_probability;          // 1 − P(background) on the case's grid; empty of a refused study

  bool refused() const { return result.diagnosis.verdict == dataset::Verdict::kRefused; }
};

using PredictorLoader = std::function<std::unique_ptr<infer::Predictor>()>;

// What the model reads, and what its plan knows besides, for people to look at; as DiagnoseStudy loads it.
dataset::Case LoadExamination(const dicom::Study& study, const plan::BundleInfo& model, const ChainOptions& options);

// The model is asked for only when the study is accepted. The examination holds, in the plan's order, the model's
// channels and those others of the plan that the study serves: people look at what the network does not. Throws as
// LoadCase, the loader and Predict do. A study of another part of the body is a foreseeable answer, not an error.
ChainResult DiagnoseStudy(const dicom::Study& study, const plan::BundleInfo& model,
                          const PredictorLoader& load_predictor, const ChainOptions& options);

}  // namespace parotis::app
