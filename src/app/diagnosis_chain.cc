#include "app/diagnosis_chain.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <future>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "intake/body_part.h"
#include "intake/roles.h"
#include "intake/select_study.h"

namespace parotis::app {
namespace {

using dataset::QualityFlag;

// The plan's contrast set "structural", for who has a model of it; the shipped one reads diffusion.
std::string StructuralFallback(const plan::BundleInfo& model) {
  const auto structural = model.plan.contrast_sets.find("structural");
  if (structural == model.plan.contrast_sets.end()) return "use a model that reads no diffusion: -m MODEL";
  return fmt::format("use the structural model: -m MODEL, trained with -c structural ({})",
                     fmt::join(structural->second, ", "));
}

// What the intake noticed while it chose and loaded series.
void TakeOverFlags(const dataset::Case& examination, const plan::BundleInfo& model, std::vector<QualityFlag>& flags) {
  const auto noticed = examination.provenance.find("flags");
  if (noticed == examination.provenance.end()) return;
  for (const base::Json& flag : *noticed) {
    flags.push_back({flag.value("code", std::string("intake")), flag.value("message", std::string())});
    if (flags.back().code == "diffusion_unusable") flags.back().message += "; " + StructuralFallback(model);
  }
}

// A model that serves subsets says which of its channels it did without.
void FlagLeftOut(const dataset::Case& examination, const plan::BundleInfo& model, std::vector<QualityFlag>& flags) {
  std::vector<std::string> missing;
  for (const std::string& channel : model.channels) {
    if (examination.Find(channel) == nullptr) missing.push_back(channel);
  }
  if (missing.empty()) return;
  flags.push_back({"channels_left_out", fmt::format("The model answered without {} of its {} channels: {}.",
                                                    missing.size(), model.channels.size(), fmt::join(missing, ", "))});
}

image::Volume TumourIn(const dataset::Prediction& prediction) {
  image::Volume tumour = prediction.probabilities.front();
  for (float& voxel : tumour.voxels) voxel = 1 - voxel;
  return tumour;
}

ChainResult Refusal(const dicom::Study& study, const plan::BundleInfo& model, const intake::Eligibility& eligibility) {
  ChainResult refusal;
  dataset::Diagnosis& diagnosis = refusal.result.diagnosis;
  diagnosis.case_id = intake::CaseIdOf(study, "");
  diagnosis.verdict = dataset::Verdict::kRefused;
  diagnosis.classes.assign(model.plan.labels.begin() + 1, model.plan.labels.end());
  diagnosis.reason = eligibility.reason;
  diagnosis.flags.push_back({eligibility.code, eligibility.reason});
  diagnosis.bundle_hash = model.file_hash;
  return refusal;
}

std::vector<std::string> ChannelsOf(const plan::Plan& plan) {
  std::vector<std::string> names;
  for (const plan::ChannelPlan& channel : plan.channels) names.push_back(channel.name);
  return names;
}

// The channels in the order of `names`, those that are not among them behind.
void Order(const std::vector<std::string>& names, dataset::Case& examination) {
  std::size_t place = 0;
  for (const std::string& name : names) {
    const auto at = std::find(examination.channel_names.begin(), examination.channel_names.end(), name);
    if (at == examination.channel_names.end()) continue;
    const auto found = static_cast<std::size_t>(at - examination.channel_names.begin());
    std::swap(examination.channel_names[place], examination.channel_names[found]);
    std::swap(examination.channels[place], examination.channels[found]);
    ++place;
  }
}

}  // namespace

dataset::Case LoadExamination(const dicom::Study& study, const plan::BundleInfo& model, const ChainOptions& options) {
  intake::LoadOptions load;
  load.pins = options.pins;
  load.alignment = options.alignment;
  load.site = options.site;
  load.shown = ChannelsOf(model.plan);
  if (model.plan.serves_subsets()) load.if_possible = model.channels;
  const std::vector<std::string> demanded = model.plan.serves_subsets() ? std::vector<std::string>() : model.channels;
  return intake::LoadCase(study, demanded, load);
}

ChainResult DiagnoseStudy(const dicom::Study& study, const plan::BundleInfo& model,
                          const PredictorLoader& load_predictor, const ChainOptions& options) {
  const intake::Eligibility eligibility = intake::CheckHeadAndNeck(study);
  if (eligibility.verdict == intake::Verdict::kRefuse && !options.force) {
    return Refusal(study, model, eligibility);
  }
  // The network's library takes as long to load as the images do.
  auto loading = std::async(std::launch::async, [&] { return LoadExamination(study, model, options); });
  const std::unique_ptr<infer::Predictor> predictor = load_predictor();
  dataset::Case examination = loading.get();
  const dataset::Prediction prediction = predictor->Predict(examination);
  ChainResult chain{diagnose::Diagnose(prediction, examination, model.plan.diagnosis), {}, TumourIn(prediction)};

  std::vector<QualityFlag>& flags = chain.result.diagnosis.flags;
  if (eligibility.verdict == intake::Verdict::kRefuse) {
    flags.push_back({"forced", "Forced by --force although the study was refused: " + eligibility.reason});
  } else if (eligibility.verdict == intake::Verdict::kFlag) {
    flags.push_back({eligibility.code, eligibility.reason});
  }
  FlagLeftOut(examination, model, flags);
  TakeOverFlags(examination, model, flags);
  Order(ChannelsOf(model.plan), examination);
  chain.examination = std::move(examination);
  return chain;
}

}  // namespace parotis::app
