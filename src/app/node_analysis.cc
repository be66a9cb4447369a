#include "app/node_analysis.h"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "app/diagnosis_chain.h"
#include "app/diagnosis_files.h"
#include "app/net_library.h"
#include "app/node_edit.h"
#include "app/shipped_model.h"
#include "base/error.h"
#include "dicom/index.h"
#include "intake/select_study.h"
#include "intake/site.h"
#include "view/view_files.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

// One model for several studies at a time: the images of some are loaded while the network looks at another's.
struct LoadedModel {
  plan::BundleInfo info;
  std::unique_ptr<infer::Predictor> predictor;
  std::mutex turn;
};

class TakesTurns : public infer::Predictor {
 public:
  explicit TakesTurns(std::shared_ptr<LoadedModel> model) : model_(std::move(model)) {}
  dataset::Prediction Predict(const dataset::Case& examination) override {
    const std::lock_guard lock(model_->turn);
    return model_->predictor->Predict(examination);
  }
  const plan::BundleInfo& info() const override { return model_->info; }

 private:
  std::shared_ptr<LoadedModel> model_;
};

class Models {
 public:
  explicit Models(int threads) : threads_(threads) {}

  std::shared_ptr<LoadedModel> Get(const service::ModelEntry& entry) {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<LoadedModel>& model = loaded_[entry.name];
    if (model) return model;
    const fs::path bundle = ModelOrShipped(entry.file);
    auto loading = std::make_shared<LoadedModel>();
    loading->info = plan::ReadBundleInfo(bundle);
    infer::InferenceOptions options;
    options.threads = threads_;
    loading->predictor = Net().load_predictor(bundle, options);
    return model = loading;
  }

 private:
  const int threads_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<LoadedModel>> loaded_;
};

// The rule by which the study is not taken; null when it is.
const service::StudyRule* RefusingRule(const service::NodeConfig& config, const dicom::Study& study,
                                       const std::string& sender) {
  const std::string station = study.series.empty() ? "" : study.series.front().station;
  for (const service::StudyRule& rule : config.studies) {
    const bool fits = intake::FitsPattern(rule.description, study.description) &&
                      intake::FitsPattern(rule.station, station) && intake::FitsPattern(rule.sender, sender);
    if (fits) return rule.take ? nullptr : &rule;
  }
  return nullptr;
}

// The same channels where their headers place them: what alignment changed can then be seen.
dataset::Case LoadByHeader(const dicom::Study& study, const std::vector<std::string>& channels,
                           const ChainOptions& options) {
  intake::LoadOptions load;
  load.pins = options.pins;
  load.site = options.site;
  load.shown = channels;
  return intake::LoadCase(study, {}, load);
}

class NodeAnalysis {
 public:
  explicit NodeAnalysis(const service::NodeConfig& config) : config_(config), models_(config.threads) {
    if (!config.site_rules.empty()) options_.site = intake::ReadSiteRules(config.site_rules);
    options_.alignment.motion = intake::ParseMotion(config.alignment.motion);
    options_.alignment.correct_distortion = config.alignment.distortion;
    for (const service::ModelEntry& entry : config.models) {
      if (entry.role == service::ModelRole::kActive) models_.Get(entry);
    }
  }

  service::AnalysisAnswer Answer(const service::AnalysisRequest& request) {
    const dicom::Index index = dicom::IndexDicom(request.study);
    const dicom::Study& study = intake::SelectStudy(index, request.study.string(), request.study_uid);
    if (const service::StudyRule* rule = RefusingRule(config_, study, request.sender))
      return {true, fmt::format("the rule \"{}\" of this node does not take it", rule->name), "refused", {}};
    if (request.edit)
      return AnswerEdit(request, study, plan::ReadBundleInfo(ModelOrShipped(request.model.file)), options_);
    const std::shared_ptr<LoadedModel> model = models_.Get(request.model);
    const ChainResult chain =
        DiagnoseStudy(study, model->info, [&] { return std::make_unique<TakesTurns>(model); }, options_);
    const WrittenDiagnosis written =
        WriteDiagnosis(request.results, "sent by " + request.sender, study, options_, chain, model->info);
    if (request.is_shown) WriteView(request, study, chain, model->info);
    const dataset::Diagnosis& diagnosis = chain.result.diagnosis;
    const std::string verdict =
        dataset::NameOf(diagnosis.verdict) + (diagnosis.class_name.empty() ? "" : ": " + diagnosis.class_name);
    return {chain.refused(), diagnosis.reason, verdict, RecordsOf(written.objects, request.results)};
  }

 private:
  void WriteView(const service::AnalysisRequest& request, const dicom::Study& study, const ChainResult& chain,
                 const plan::BundleInfo& model) const {
    const fs::path folder = request.results / service::kViewFolder;
    const intake::StudyRoles roles = intake::AssignRoles(study, options_.pins, options_.site);
    if (chain.refused()) return view::WriteReasons(folder, study, roles, model);
    std::optional<dataset::Case> by_header;
    if (options_.alignment.wanted()) by_header = LoadByHeader(study, chain.examination->channel_names, options_);
    view::WriteViewFiles(folder, {.study = study,
                                  .roles = roles,
                                  .examination = *chain.examination,
                                  .by_header = by_header ? &*by_header : nullptr,
                                  .result = chain.result,
                                  .tumour_probability = chain.tumour_probability,
                                  .model = model});
  }

  const service::NodeConfig config_;
  ChainOptions options_;
  Models models_;
};

}  // namespace

service::Analyse MakeNodeAnalysis(const service::NodeConfig& config) {
  const auto analysis = std::make_shared<NodeAnalysis>(config);
  return [analysis](const service::AnalysisRequest& request) { return analysis->Answer(request); };
}

}  // namespace parotis::app
