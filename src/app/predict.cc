// `parotis predict`: label maps of many cases, from a folder of images or from a dataset.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "app/command.h"
#include "app/commands.h"
#include "app/net_library.h"
#include "app/predict_case.h"
#include "base/build_info.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/log.h"
#include "base/progress.h"
#include "dataset/dataset.h"
#include "dataset/splits.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

struct PredictFlags {
  fs::path model, images, dataset, splits;
  std::string cases = "all";
  int fold = 0;
  PredictionOutput kept;
  infer::InferenceOptions inference;
};

// What is to be predicted: files per case, and what their channels are called.
struct Work {
  std::vector<dataset::CaseFiles> cases;
  std::vector<std::string> channel_names;
  std::map<std::string, dataset::Covariates> covariates;  // by case
};

Work WorkOfDataset(const PredictFlags& flags) {
  const dataset::Dataset dataset = dataset::OpenDataset(flags.dataset);
  Work work{{}, dataset.channel_names, {}};
  for (const dataset::CaseFiles& files : dataset.cases) work.covariates[files.id] = dataset.CovariatesOf(files.id);
  if (flags.cases == "val") {
    const auto splits =
        dataset::ReadSplits(flags.splits.empty() ? dataset.folder / "splits_final.json" : flags.splits, dataset);
    if (flags.fold < 0 || static_cast<std::size_t>(flags.fold) >= splits.size()) {
      base::Throw(base::ErrorKind::kUsage,
                  fmt::format("there is no fold {}; the splits have folds 0 to {}", flags.fold, splits.size() - 1));
    }
    for (const std::string& id : splits[static_cast<std::size_t>(flags.fold)].val)
      work.cases.push_back(dataset.Find(id));
    return work;
  }
  for (const dataset::CaseFiles& files : dataset.cases) {
    if (flags.cases == "all" || files.test == (flags.cases == "test")) work.cases.push_back(files);
  }
  return work;
}

// Inside a dataset its dataset.json names the channels; elsewhere they must be the model's, in its order.
Work WorkOfFolder(const PredictFlags& flags, const plan::BundleInfo& model) {
  Work work{{}, model.channels, {}};
  std::string ending = ".nii.gz";
  const fs::path parent = fs::absolute(flags.images / "").lexically_normal().parent_path().parent_path();
  if (fs::exists(parent / "dataset.json") && fs::exists(parent / "imagesTr")) {
    const dataset::Dataset dataset = dataset::OpenDataset(parent);
    work.channel_names = dataset.channel_names;
    for (const dataset::CaseFiles& files : dataset.cases) work.covariates[files.id] = dataset.CovariatesOf(files.id);
    ending = dataset.file_ending;
  }
  work.cases = dataset::ListCases(flags.images, work.channel_names.size(), ending);
  return work;
}

dataset::Case Load(const dataset::CaseFiles& files, const Work& work, const plan::BundleInfo& model) {
  dataset::Case examination = LoadForModel(files, work.channel_names, model);
  if (const auto known = work.covariates.find(files.id); known != work.covariates.end())
    examination.covariates = known->second;
  return examination;
}

// Predicts every case; those that fail are reported and left out. Returns the content of predict.json.
base::Json PredictAll(infer::Predictor& predictor, const Work& work, const PredictFlags& flags) {
  base::Json done = base::Json::array(), failed = base::Json::array();
  base::Progress progress("predict", static_cast<std::int64_t>(work.cases.size()));
  for (const dataset::CaseFiles& files : work.cases) {
    try {
      PredictCase(predictor, Load(files, work, predictor.info()), {flags.kept});
      done.push_back(files.id);
    } catch (const base::Error& error) {
      base::LogLine(base::LogLevel::kError, fmt::format("case {}: {}", files.id, error.what()));
      failed.push_back({{"case", files.id}, {"reason", error.what()}});
    }
    progress.Advance(1, files.id);
  }
  return {{"model", predictor.info().name},
          {"model_sha256", predictor.info().file_hash},
          {"labels", predictor.info().plan.labels},
          {"build_id", base::BuildId()},
          {"torch", Net().torch_version()},
          {"note", base::kResearchUseOnly},
          {"candidates", flags.kept.candidates},
          {"predicted", done},
          {"failed", failed}};
}

int Predict(const PredictFlags& flags) {
  if (flags.images.empty() == flags.dataset.empty()) {
    base::Throw(base::ErrorKind::kUsage, "give either a folder of images with -i or a dataset with -d");
  }
  const auto predictor = Net().load_predictor(flags.model, flags.inference);
  const Work work = flags.dataset.empty() ? WorkOfFolder(flags, predictor->info()) : WorkOfDataset(flags);
  if (work.cases.empty()) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{} holds no case to predict; images are named {{case}}_0000.nii.gz",
                            (flags.dataset.empty() ? flags.images : flags.dataset).string()));
  }
  base::CreateFolder(flags.kept.folder);
  const base::Json record = PredictAll(*predictor, work, flags);
  base::WriteJson(flags.kept.folder / kPredictionRecord, record);
  if (common().json) fmt::print("{}", base::DumpJson(record));
  if (record["failed"].empty()) return kDone;
  return record["predicted"].empty() ? kFailed : kSomeCasesFailed;
}

}  // namespace

std::function<int()> DefinePredict(CLI::App& app) {
  const auto flags = std::make_shared<PredictFlags>();
  app.add_option("-m,--model", flags->model, "model bundle (.safetensors)")->required();
  app.add_option("-i,--images", flags->images, "folder of {case}_0000.nii.gz files");
  app.add_option("-d,--dataset", flags->dataset, "a whole dataset instead of a folder of images");
  app.add_option("-o,--output", flags->kept.folder,
                 "folder for {case}.nii.gz label maps, {case}.diagnosis.json, lesions/{case}.nii.gz (numbered) and "
                 "predict.json")
      ->required();
  app.add_option("--cases", flags->cases, "of a dataset: all, train (imagesTr), test (imagesTs) or val (of the fold)")
      ->check(CLI::IsMember({"all", "train", "test", "val"}))
      ->capture_default_str();
  app.add_option("-f,--fold", flags->fold, "fold of --cases val")->capture_default_str();
  app.add_option("--splits", flags->splits, "folds of --cases val; default: DATASET/splits_final.json");
  app.add_flag("--probabilities", flags->kept.probabilities,
               "also write probabilities/{case}.nii.gz, one volume per label");
  app.add_flag("--candidates", flags->kept.candidates,
               "keep every region that could be a lesion, whatever its size: what `parotis calibrate` and `parotis "
               "decide` choose from");
  app.add_option("--device", flags->inference.device, "cpu, cuda or cuda:N")->capture_default_str();
  app.add_option("--precision", flags->inference.precision, "auto, float32 or bfloat16")->capture_default_str();
  app.add_option("--threads", flags->inference.threads, "default: the CPUs this process may use");
  return [flags] { return Predict(*flags); };
}

}  // namespace parotis::app
