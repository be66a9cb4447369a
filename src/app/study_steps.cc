#include "app/study_steps.h"

#include <fmt/format.h>

#include "app/net_library.h"
#include "base/progress.h"
#include "diagnose/diagnose.h"
#include "image/nifti.h"

namespace parotis::app {
namespace {

// Nothing that is held out is looked at while a member is trained, not even to report how it goes.
void TrainMember(const experiment::MemberRequest& member) {
  train::TrainRequest request;
  request.dataset = member.setting->dataset.folder;
  request.plan = member.plan;
  request.contrast_set = member.contrast_set;
  request.train_cases = member.train_cases;
  request.fold = -1;
  request.seed = member.seed;
  request.run_folder = member.folder;
  request.from = member.from;
  request.device = member.setting->computing.device;
  request.threads = member.setting->computing.threads;
  request.name = member.name;
  Net().train(request);
}

// The label map, and beside it what the model's own rule says about the patient: `evaluate` reads both.
void PredictCase(infer::Predictor& predictor, const dataset::Case& examination, const std::filesystem::path& output) {
  const dataset::Prediction prediction = predictor.Predict(examination);
  image::WriteNifti(output / (prediction.case_id + ".nii.gz"), prediction.labels);
  const diagnose::Result result = diagnose::Diagnose(prediction, examination, predictor.info().plan.diagnosis);
  base::WriteJson(output / (prediction.case_id + ".diagnosis.json"), dataset::ToJson(result.diagnosis));
}

// A case that cannot be predicted ends the task: a figure without it would not be of the patients it claims to be of.
void PredictCases(const experiment::PredictRequest& request) {
  const dataset::Dataset dataset = dataset::OpenDataset(request.dataset);
  infer::InferenceOptions options;
  options.device = request.setting->computing.device;
  options.threads = request.setting->computing.threads;
  const auto predictor = Net().load_predictor(request.model, options);
  base::Progress progress("predict", std::ssize(request.case_ids));
  for (const std::string& id : request.case_ids) {
    base::WithContext("case " + id, [&] {
      PredictCase(*predictor, dataset::LoadCase(dataset, id, predictor->info().channels), request.output);
    });
    progress.Advance(1, id);
  }
}

void Join(const experiment::EnsembleRequest& request) {
  plan::BundleInfo info = plan::ReadBundleInfo(request.members.at(0));
  info.name = request.name;
  info.plan.diagnosis = request.rule;
  info.training["decision"] = request.decision;
  if (request.members.size() > 1) base::Throw(base::ErrorKind::kUsage, "WAIT FOR LEAD");
  plan::RewriteBundle(request.members[0], info, request.output);
}

}  // namespace

experiment::Steps NetworkSteps() { return {TrainMember, PredictCases, Join}; }

}  // namespace parotis::app
