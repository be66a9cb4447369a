// JSON and Plan, both ways from one description of every section: a field is written exactly when it is read.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <concepts>
#include <type_traits>

#include "base/error.h"
#include "plan/default_plan.h"
#include "plan/names.h"
#include "plan/plan.h"

namespace parotis::plan {
namespace {

using base::ErrorKind;
using base::Json;
using base::JsonObject;
using base::Throw;

template <class Visit>
void Describe(ChannelPlan& channel, Visit& visit) {
  visit.Required("name", channel.name);
  visit("normalisation", channel.normalisation);
  visit("offset", channel.offset);
  visit("scale", channel.scale);
}

template <class Visit>
void Describe(PreparationPlan& preparation, Visit& visit) {
  visit("spacing_mm", preparation.spacing_mm);
  visit("slice_axis", preparation.slice_axis);
  visit("crop", preparation.crop);
  visit("crop_margin_mm", preparation.crop_margin_mm);
}

template <class Visit>
void Describe(NetworkPlan& network, Visit& visit) {
  visit("widths", network.widths);
  visit("convolutions_per_level", network.convolutions_per_level);
  visit("norm", network.norm);
  visit("deep_supervision", network.deep_supervision);
  visit("neighbour_slices", network.neighbour_slices);
  visit("patient_head", network.patient_head);
}

template <class Visit>
void Describe(BatchPlan& batch, Visit& visit) {
  visit("design", batch.design);
  visit("size", batch.size);
  visit("quota", batch.quota);
  visit("slices_per_patient", batch.slices_per_patient);
  visit("foreground_fraction", batch.foreground_fraction);
  visit("patch", batch.patch);
}

template <class Visit>
void Describe(AugmentationPlan& augmentation, Visit& visit) {
  visit("rotation_degrees", augmentation.rotation_degrees);
  visit("scale", augmentation.scale);
  visit("elastic_mm", augmentation.elastic_mm);
  visit("flip_left_right", augmentation.flip_left_right);
  visit("brightness", augmentation.brightness);
  visit("contrast", augmentation.contrast);
  visit("gamma", augmentation.gamma);
  visit("noise", augmentation.noise);
  visit("blur_mm", augmentation.blur_mm);
  visit("probability", augmentation.probability);
  visit("channel_dropout", augmentation.channel_dropout);
}

template <class Visit>
void Describe(OptimiserPlan& optimiser, Visit& visit) {
  visit("kind", optimiser.kind);
  visit("learning_rate", optimiser.learning_rate);
  visit("weight_decay", optimiser.weight_decay);
  visit("momentum", optimiser.momentum);
  visit("iterations", optimiser.iterations);
  visit("warmup_iterations", optimiser.warmup_iterations);
  visit("decay_power", optimiser.decay_power);
  visit("gradient_clip", optimiser.gradient_clip);
  visit("ema_decay", optimiser.ema_decay);
}

template <class Visit>
void Describe(LossPlan& loss, Visit& visit) {
  visit("dice", loss.dice);
  visit("cross_entropy", loss.cross_entropy);
  visit("class_weights", loss.class_weights);
  visit("class_balance", loss.class_balance);
  visit("focal_gamma", loss.focal_gamma);
  visit("patient_head", loss.patient_head);
}

template <class Visit>
void Describe(TrainingPlan& training, Visit& visit) {
  visit("validate_every", training.validate_every);
  visit("validation_cases", training.validation_cases);
  visit("checkpoint_every", training.checkpoint_every);
  visit("precision", training.precision);
}

template <class Visit>
void Describe(TransferPlan& transfer, Visit& visit) {
  visit("channels", transfer.channels);
  visit("classes", transfer.classes);
  visit("label_sources", transfer.label_sources);
  visit("frozen", transfer.frozen);
  visit("freeze_iterations", transfer.freeze_iterations);
  visit("learning_rate_factors", transfer.learning_rate_factors);
  visit("level_decay", transfer.level_decay);
}

template <class Visit>
void Describe(InferencePlan& inference, Visit& visit) {
  visit("flip_left_right", inference.flip_left_right);
  visit("batch", inference.batch);
}

template <class Visit>
void Describe(FusionInput& input, Visit& visit) {
  visit.Required("name", input.name);
  visit("mean", input.mean);
  visit("sd", input.sd);
  visit.Required("weights", input.weights);
  visit("square_weights", input.square_weights);
}

template <class Visit>
void Describe(FusionPlan& fusion, Visit& visit) {
  visit("segmentation", fusion.segmentation);
  visit("patient_head", fusion.patient_head);
  visit("offsets", fusion.offsets);
  visit("inputs", fusion.inputs);
}

template <class Visit>
void Describe(ChoicePlan& choose, Visit& visit) {
  visit("false_findings_per_patient", choose.false_findings_per_patient);
  visit("operating_class", choose.operating_class);
  visit("operating_specificity", choose.operating_specificity);
  visit("coverage", choose.coverage);
}

template <class Visit>
void Describe(DiagnosisPlan& diagnosis, Visit& visit) {
  visit("voxel_threshold", diagnosis.voxel_threshold);
  visit("min_volume_ml", diagnosis.min_volume_ml);
  visit("min_peak_probability", diagnosis.min_peak_probability);
  visit("temperature", diagnosis.temperature);
  visit("min_class_probability", diagnosis.min_class_probability);
  visit("decisive_classes", diagnosis.decisive_classes);
  visit("inputs", diagnosis.inputs);
  visit("fusion", diagnosis.fusion);
  visit("choose", diagnosis.choose);
}

template <class Visit>
void Describe(Plan& plan, Visit& visit) {
  visit("name", plan.name);
  visit("dataset", plan.dataset);
  visit.Required("labels", plan.labels);
  visit.Required("channels", plan.channels);
  visit("contrast_sets", plan.contrast_sets);
  visit("preparation", plan.preparation);
  visit("network", plan.network);
  visit("batch", plan.batch);
  visit("augmentation", plan.augmentation);
  visit("optimiser", plan.optimiser);
  visit("loss", plan.loss);
  visit("training", plan.training);
  visit("transfer", plan.transfer);
  visit("inference", plan.inference);
  visit("diagnosis", plan.diagnosis);
}

// What stands in a list of objects.
template <class T>
concept Section = std::same_as<T, ChannelPlan> || std::same_as<T, FusionInput>;

class Writer {
 public:
  template <class T>
  static Json Write(T& section) {
    Writer writer;
    Describe(section, writer);
    return std::move(writer.json_);
  }
  template <class T>
  void operator()(const char* key, T& value) {
    if constexpr (std::is_enum_v<T>)
      json_[key] = NameOf(value);
    else if constexpr (requires { Describe(value, *this); })
      json_[key] = Write(value);
    else
      json_[key] = value;
  }
  template <Section T>
  void operator()(const char* key, std::vector<T>& sections) {
    json_[key] = Json::array();
    for (T& section : sections) json_[key].push_back(Write(section));
  }
  template <class T>
  void Required(const char* key, T& value) {
    (*this)(key, value);
  }

 private:
  Json json_ = Json::object();
};

template <class Enum>
Enum EnumOf(const std::string& text, const std::string& path) {
  constexpr auto kNames = NamesOf(Enum{});
  const auto found = std::find(kNames.begin(), kNames.end(), text);
  if (found == kNames.end())
    Throw(ErrorKind::kInput, fmt::format("{} is \"{}\"; it must be one of {}", path, text, fmt::join(kNames, ", ")));
  return static_cast<Enum>(found - kNames.begin());
}

class Reader {
 public:
  template <class T>
  static void Read(const Json& json, const std::string& path, T& section) {
    JsonObject object(json, path);
    Reader reader(object);
    Describe(section, reader);
    object.Finish();
  }
  template <class T>
  void operator()(const char* key, T& value) {
    if constexpr (std::is_enum_v<T>) {
      std::string text = NameOf(value);
      object_.Read(key, text);
      value = EnumOf<T>(text, object_.PathOf(key));
    } else if constexpr (requires { Describe(value, *this); }) {
      Json section = Json::object();
      object_.Read(key, section);
      Read(section, object_.PathOf(key), value);
    } else {
      object_.Read(key, value);
    }
  }
  template <class T>
  void Required(const char* key, T& value) {
    object_.ReadRequired(key, value);
  }
  template <Section T>
  void operator()(const char* key, std::vector<T>& sections) {
    if (object_.Has(key)) Required(key, sections);
  }
  template <Section T>
  void Required(const char* key, std::vector<T>& sections) {
    const auto list = object_.Get<std::vector<Json>>(key);
    sections.resize(list.size());
    for (std::size_t i = 0; i < list.size(); ++i)
      Read(list[i], fmt::format("{}[{}]", object_.PathOf(key), i), sections[i]);
  }

 private:
  explicit Reader(JsonObject& object) : object_(object) {}

  JsonObject& object_;
};

}  // namespace

Json ToJson(const Plan& plan) {
  Plan copy = plan;
  return Writer::Write(copy);
}

Plan PlanFromJson(const Json& json, const std::string& name) {
  Plan plan;
  Reader::Read(json, name, plan);
  const bool has_quota = json.contains("batch") && json.at("batch").contains("quota");
  if (plan.batch.design == BatchDesign::kQuota && !has_quota && !plan.labels.empty()) {
    plan.batch.quota = EqualQuota(plan.labels, plan.batch.size);
  }
  CheckPlan(plan, name);
  return plan;
}

}  // namespace parotis::plan
