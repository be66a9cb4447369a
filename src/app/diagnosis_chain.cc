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

// Puts the first channel of `loaded` at `place` among those of `examination`, with what is known about its origin.
void InsertChannel(dataset::Case&& loaded, std::ptrdiff_t place, dataset::Case& examination) {
  const std::string name = loaded.channel_names.at(0);
  examination.channels.insert(examination.channels.begin() + place, std::move(loaded.channels.at(0)));
  examination.channel_names.insert(examination.channel_names.begin() + place, name);
  examination.provenance["channels"][name] = std::move(loaded.provenance["channels"][name]);
  examination.provenance["channels"][name]["use"] = "shown only";
}

// The plan's channels that the model does not read, for the page. What cannot be placed beside the others is not shown,
// and a note says why.
void AddShownChannels(const dicom::Study& study, const plan::BundleInfo& model, const intake::LoadOptions& load,
                      dataset::Case& examination) {
  const std::vector<std::string> served = intake::AvailableChannels(intake::AssignRoles(study, load.pins, load.site));
  std::ptrdiff_t place = 0;
  for (const plan::ChannelPlan& channel : model.plan.channels) {
    const auto names_channel = [&](const std::string& name) { return name == channel.name; };
    if (std::any_of(model.channels.begin(), model.channels.end(), names_channel)) {
      const auto at = std::find(examination.channel_names.begin(), examination.channel_names.end(), channel.name);
      place = std::max(place, at - examination.channel_names.begin() + 1);
      continue;
    }
    if (std::none_of(served.begin(), served.end(), names_channel)) continue;
    try {
      InsertChannel(intake::LoadCase(study, {channel.name}, load), place, examination);
      ++place;
    } catch (const base::Error& error) {
      examination.provenance["notes"].push_back("channel " + channel.name + " is not shown: " + error.what());
    }
  }
}

}  // namespace

ChainResult DiagnoseStudy(const dicom::Study& study, const plan::BundleInfo& model,
                          const PredictorLoader& load_predictor, const ChainOptions& options) {
  const intake::Eligibility eligibility = intake::CheckHeadAndNeck(study);
  if (eligibility.verdict == intake::Verdict::kRefuse && !options.force) {
    return Refusal(study, model, eligibility);
  }
  intake::LoadOptions load;
  load.pins = options.pins;
  load.alignment = options.alignment;
  load.site = options.site;
  // The network's library takes as long to load as the images do.
  auto loading = std::async(std::launch::async, [&] { return intake::LoadCase(study, model.channels, load); });
  const std::unique_ptr<infer::Predictor> predictor = load_predictor();
  dataset::Case examination = loading.get();
  const dataset::Prediction prediction = predictor->Predict(examination);
  ChainResult chain{diagnose::Diagnose(prediction, examination, model.plan.diagnosis), {}};

  std::vector<QualityFlag>& flags = chain.result.diagnosis.flags;
  if (eligibility.verdict == intake::Verdict::kRefuse) {
    flags.push_back({"forced", "Forced by --force although the study was refused: " + eligibility.reason});
  } else if (eligibility.verdict == intake::Verdict::kFlag) {
    flags.push_back({eligibility.code, eligibility.reason});
  }
  TakeOverFlags(examination, model, flags);
  AddShownChannels(study, model, load, examination);
  chain.examination = std::move(examination);
  return chain;
}

}  // namespace parotis::app
