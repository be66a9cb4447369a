#include "view/model_facts.h"

#include <fmt/format.h>

#include <string>

namespace parotis::view {
namespace {

using base::Json;

void AddRule(const plan::DiagnosisPlan& rule, Json& facts) {
  facts["A lesion"] = fmt::format("tumour probability of at least {:g} over {:g} ml, and of {:g} somewhere",
                                  rule.voxel_threshold, rule.min_volume_ml, rule.min_peak_probability);
  for (const auto& [name, threshold] : rule.decisive_classes)
    facts["Named " + name] = fmt::format("from a probability of {:.2f} on, whatever is likelier", threshold);
  if (rule.min_class_probability > 0)
    facts["Indeterminate"] = fmt::format("when no class reaches {:.2f}", rule.min_class_probability);
  std::string inputs = "the segmentation";
  for (const std::string& input : rule.inputs) inputs += ", " + input;
  facts["The class heeds"] = inputs;
  facts["Temperature of the class probabilities"] = fmt::format("{:.2f}", rule.temperature);
}

void AddCalibration(const Json& training, Json& facts) {
  const auto record = training.find("calibration");
  if (record == training.end() || !record->is_object()) {
    facts["Fitted on"] = "nobody: the model was not calibrated";
    return;
  }
  if (const auto found = record->find("temperature"); found != record->end() && found->is_object()) {
    facts["Fitted on"] = fmt::format("{} patients the network was not trained on", found->value("patients", 0));
    facts["Mean −ln p of the true class"] =
        fmt::format("{:.3f} before, {:.3f} after", found->value("loss_before", 0.0), found->value("loss_after", 0.0));
  }
  if (const auto found = record->find("thresholds"); found != record->end() && found->is_object()) {
    facts["Lesions"] = fmt::format("{} of {} found, {} false ones in {} patients", found->value("true_findings", 0),
                                   found->value("reference_lesions", 0), found->value("false_findings", 0),
                                   found->value("patients", 0));
  }
  if (const auto found = record->find("operating_point"); found != record->end() && found->is_object()) {
    facts["Operating point"] = fmt::format("{} of {} {} found, at a specificity of {:.2f}", found->value("found", 0),
                                           found->value("patients_with", 0), found->value("class", std::string()),
                                           found->value("specificity", 0.0));
  }
}

// {patients, held_out, classes: {name: [{predicted, observed, n}]}}; null of models of which it was not recorded.
Json ReliabilityOf(const Json& training) {
  const auto record = training.find("calibration");
  if (record == training.end() || !record->is_object()) return nullptr;
  const auto reliability = record->find("reliability");
  return reliability != record->end() && reliability->is_object() ? *reliability : Json(nullptr);
}

}  // namespace

Json ModelFacts(const plan::BundleInfo& model) {
  const std::string dataset = model.training.value("dataset", std::string("an unnamed dataset"));
  Json rule = Json::object();
  AddRule(model.plan.diagnosis, rule);
  AddCalibration(model.training, rule);
  return {{"name", model.name},
          {"sha256", model.file_hash},
          {"contrast_set", model.contrast_set},
          {"channels", model.channels},
          {"members", model.members},
          {"trained_on", fmt::format("{}, {} cases", dataset, model.training.value("cases", 0))},
          {"synthetic", dataset.starts_with("synthetic")},
          {"rule", rule},
          {"calibration", ReliabilityOf(model.training)}};
}

}  // namespace parotis::view
