#include "app/study_steps.h"

#include "app/net_library.h"
#include "app/predict_case.h"
#include "base/error.h"
#include "base/progress.h"

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

// A case that cannot be predicted ends the task: a figure without it would not be of the patients it claims to be of.
void PredictCases(const experiment::PredictRequest& request) {
  const dataset::Dataset dataset = dataset::OpenDataset(request.dataset);
  infer::InferenceOptions options;
  options.device = request.setting->computing.device;
  options.threads = request.setting->computing.threads;
  const auto predictor = Net().load_predictor(request.model, options);
  std::vector<PredictionOutput> outputs;
  if (!request.output.empty()) outputs.push_back({request.output});
  if (!request.candidates.empty())
    outputs.push_back({request.candidates, /*probabilities=*/false, /*candidates=*/true});
  base::Progress progress("predict", std::ssize(request.case_ids));
  for (const std::string& id : request.case_ids) {
    base::WithContext("case " + id, [&] {
      dataset::Case examination = LoadForModel(dataset.Find(id), dataset.channel_names, predictor->info());
      examination.covariates = dataset.CovariatesOf(id);
      PredictCase(*predictor, std::move(examination), outputs);
    });
    progress.Advance(1, id);
  }
}

}  // namespace

experiment::Steps NetworkSteps() { return {TrainMember, PredictCases}; }

}  // namespace parotis::app
