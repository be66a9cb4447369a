#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <numeric>
#include <set>

#include "base/error.h"
#include "dataset/participants.h"
#include "plan/network_parts.h"
#include "plan/plan.h"

namespace parotis::plan {
namespace {

using base::ErrorKind;
using base::Throw;

constexpr std::size_t kMaxLabels = 256;  // labels are bytes
constexpr std::size_t kMaxLevels = 10;
constexpr int kMaxWidth = 4096;
constexpr int kMaxPatch = 4096;
constexpr int kMaxCount = 1'000'000'000;

// Throws sentences such as "plan.json: batch.size must be …".
class Checker {
 public:
  Checker(const Plan& plan, const std::string& name) : plan_(plan), name_(name) {}

  void CheckAll() const {
    CheckLabels();
    CheckChannels();
    CheckContrastSets();
    CheckPreparation();
    CheckNetwork();
    CheckBatch();
    CheckAugmentation();
    CheckOptimiser();
    CheckLoss();
    CheckTraining();
    CheckTransfer();
    CheckDiagnosis();
  }

 private:
  void Require(bool holds, const std::string& path, const std::string& fact) const {
    if (!holds) Throw(ErrorKind::kInput, fmt::format("{}: {} {}", name_, path, fact));
  }
  template <class T>
  void RequireBetween(T value, std::type_identity_t<T> low, std::type_identity_t<T> high,
                      const std::string& path) const {
    const bool is_inside = value >= low && value <= high;  // false for NaN
    Require(is_inside, path, fmt::format("is {}; it must lie between {} and {}", value, low, high));
  }
  void RequireNotNegative(double value, const std::string& path) const {
    Require(std::isfinite(value) && value >= 0, path, fmt::format("is {}; it must not be negative", value));
  }
  void RequirePositive(double value, const std::string& path) const {
    Require(std::isfinite(value) && value > 0, path, fmt::format("is {}; it must be greater than 0", value));
  }
  void RequireDistinct(const std::vector<std::string>& names, const std::string& path) const {
    std::set<std::string> seen;
    for (const std::string& name : names) {
      Require(!name.empty(), path, "holds an empty name");
      Require(seen.insert(name).second, path, fmt::format("holds \"{}\" twice", name));
    }
  }
  bool IsTumourLabel(const std::string& name) const {
    return std::find(plan_.labels.begin() + 1, plan_.labels.end(), name) != plan_.labels.end();
  }
  std::string KnownLabels() const { return fmt::format("the labels are {}", fmt::join(plan_.labels, ", ")); }

  void CheckLabels() const {
    const auto& labels = plan_.labels;
    Require(!labels.empty() && labels[0] == "background", "labels[0]", "must be \"background\"");
    Require(labels.size() >= 2 && labels.size() <= kMaxLabels, "labels",
            "must name the background and 1 to 255 classes");
    RequireDistinct(labels, "labels");
    Require(!IsTumourLabel(dataset::kTumourFree), "labels",
            fmt::format("must not hold \"{}\", which stands for slices without any label", dataset::kTumourFree));
  }

  void CheckChannels() const {
    Require(!plan_.channels.empty(), "channels", "must name at least one channel");
    std::vector<std::string> names;
    for (std::size_t c = 0; c < plan_.channels.size(); ++c) {
      const std::string path = fmt::format("channels[{}]", c);
      names.push_back(plan_.channels[c].name);
      Require(std::isfinite(plan_.channels[c].offset), path + ".offset", "must be a finite number");
      RequirePositive(plan_.channels[c].scale, path + ".scale");
    }
    RequireDistinct(names, "channels");
  }

  void CheckContrastSets() const {
    for (const auto& [set, channels] : plan_.contrast_sets) {
      const std::string path = "contrast_sets." + set;
      Require(!set.empty(), "contrast_sets", "must not hold an empty name: it stands for all channels");
      Require(!channels.empty(), path, "must name at least one channel");
      RequireDistinct(channels, path);
      for (const std::string& channel : channels) {
        const bool is_known = std::any_of(plan_.channels.begin(), plan_.channels.end(),
                                          [&](const ChannelPlan& known) { return known.name == channel; });
        Require(is_known, path, fmt::format("holds \"{}\", which is none of the channels", channel));
        Require(set != channel || channels.size() == 1, path, "has a channel's name but holds other channels, too");
      }
    }
  }

  void CheckPreparation() const {
    const PreparationPlan& preparation = plan_.preparation;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      RequireBetween(preparation.spacing_mm[axis], 0.01, 100, fmt::format("preparation.spacing_mm[{}]", axis));
    }
    RequireBetween(preparation.slice_axis, 0, 2, "preparation.slice_axis");
    RequireBetween(preparation.crop_margin_mm, 0, 1000, "preparation.crop_margin_mm");
  }

  void CheckNetwork() const {
    const NetworkPlan& network = plan_.network;
    Require(!network.widths.empty() && network.widths.size() <= kMaxLevels, "network.widths",
            fmt::format("must hold 1 to {} levels", kMaxLevels));
    for (std::size_t level = 0; level < network.widths.size(); ++level) {
      RequireBetween(network.widths[level], 1, kMaxWidth, fmt::format("network.widths[{}]", level));
    }
    RequireBetween(network.convolutions_per_level, 1, 16, "network.convolutions_per_level");
    RequireBetween(network.neighbour_slices, 0, 16, "network.neighbour_slices");
  }

  void CheckBatch() const {
    const BatchPlan& batch = plan_.batch;
    RequireBetween(batch.size, 1, 65536, "batch.size");
    Require(batch.size > 1 || plan_.network.norm != NetworkNorm::kBatch, "batch.size",
            "is 1, but network.norm is \"batch\", which needs at least 2; take \"instance\" or a larger batch");
    RequireBetween(batch.foreground_fraction, 0, 1, "batch.foreground_fraction");
    CheckQuota();
    const int multiple = 1 << (plan_.network.widths.size() - 1);
    for (std::size_t axis = 0; axis < 2; ++axis) {
      const std::string path = fmt::format("batch.patch[{}]", axis);
      RequireBetween(batch.patch[axis], 1, kMaxPatch, path);
      Require(batch.patch[axis] % multiple == 0, path,
              fmt::format("is {}; {} network levels need a multiple of {}", batch.patch[axis],
                          plan_.network.widths.size(), multiple));
    }
  }

  void CheckQuota() const {
    const BatchPlan& batch = plan_.batch;
    std::int64_t sum = 0;
    for (const auto& [label, share] : batch.quota) {
      const std::string path = "batch.quota." + label;
      Require(label == dataset::kTumourFree || IsTumourLabel(label), path,
              fmt::format("is no class that slices can be drawn for; {}, and there is {}", KnownLabels(),
                          dataset::kTumourFree));
      RequireBetween(share, 0, kMaxCount, path);
      sum += share;
    }
    Require(batch.design != BatchDesign::kQuota || sum == batch.size, "batch.quota",
            fmt::format("sums to {}, but batch.size is {}; make them equal", sum, batch.size));
    RequireBetween(batch.slices_per_patient, 1, 64, "batch.slices_per_patient");
    for (const auto& [label, share] : batch.quota) {
      Require(batch.design != BatchDesign::kQuota || share % batch.slices_per_patient == 0, "batch.quota." + label,
              fmt::format("is {}; with batch.slices_per_patient it must be a multiple of {}", share,
                          batch.slices_per_patient));
    }
  }

  void CheckAugmentation() const {
    const AugmentationPlan& augmentation = plan_.augmentation;
    RequireBetween(augmentation.rotation_degrees, 0, 180, "augmentation.rotation_degrees");
    RequireBetween(augmentation.scale, 0, 10, "augmentation.scale");
    RequireNotNegative(augmentation.elastic_mm, "augmentation.elastic_mm");
    RequireNotNegative(augmentation.brightness, "augmentation.brightness");
    RequireNotNegative(augmentation.contrast, "augmentation.contrast");
    RequireNotNegative(augmentation.gamma, "augmentation.gamma");
    RequireNotNegative(augmentation.noise, "augmentation.noise");
    RequireNotNegative(augmentation.blur_mm, "augmentation.blur_mm");
    RequireBetween(augmentation.probability, 0, 1, "augmentation.probability");
    RequireBetween(augmentation.channel_dropout, 0, 0.9, "augmentation.channel_dropout");
  }

  void CheckOptimiser() const {
    const OptimiserPlan& optimiser = plan_.optimiser;
    RequirePositive(optimiser.learning_rate, "optimiser.learning_rate");
    RequireNotNegative(optimiser.weight_decay, "optimiser.weight_decay");
    RequireBetween(optimiser.momentum, 0, 0.999999, "optimiser.momentum");
    RequireBetween(optimiser.iterations, 1, kMaxCount, "optimiser.iterations");
    RequireBetween(optimiser.warmup_iterations, 0, kMaxCount, "optimiser.warmup_iterations");
    Require(optimiser.warmup_iterations < optimiser.iterations, "optimiser.warmup_iterations",
            fmt::format("is {}; it must be smaller than optimiser.iterations, {}", optimiser.warmup_iterations,
                        optimiser.iterations));
    RequireNotNegative(optimiser.decay_power, "optimiser.decay_power");
    RequireNotNegative(optimiser.gradient_clip, "optimiser.gradient_clip");
    RequireBetween(optimiser.ema_decay, 0, 0.9999999, "optimiser.ema_decay");
  }

  void CheckLoss() const {
    RequireNotNegative(plan_.loss.dice, "loss.dice");
    RequireNotNegative(plan_.loss.cross_entropy, "loss.cross_entropy");
    Require(plan_.loss.dice + plan_.loss.cross_entropy > 0, "loss",
            "has neither dice nor cross_entropy; give one a weight");
    RequireBetween(plan_.loss.class_balance, 0, 0.9999999, "loss.class_balance");
    RequireBetween(plan_.loss.focal_gamma, 0, 10, "loss.focal_gamma");
    RequireNotNegative(plan_.loss.patient_head, "loss.patient_head");
    for (const auto& [label, weight] : plan_.loss.class_weights) {
      const std::string path = "loss.class_weights." + label;
      Require(label == plan_.labels[0] || IsTumourLabel(label), path, "is no label; " + KnownLabels());
      RequireNotNegative(weight, path);
    }
  }

  void CheckTraining() const {
    const TrainingPlan& training = plan_.training;
    RequireBetween(training.validate_every, 0, kMaxCount, "training.validate_every");
    RequireBetween(training.validation_cases, 0, kMaxCount, "training.validation_cases");
    RequireBetween(training.checkpoint_every, 1, kMaxCount, "training.checkpoint_every");
    Require(training.precision == "auto" || training.precision == "float32" || training.precision == "bfloat16",
            "training.precision",
            fmt::format("is \"{}\"; it must be one of auto, float32, bfloat16", training.precision));
    RequireBetween(plan_.inference.batch, 1, 65536, "inference.batch");
  }

  void CheckPart(const std::string& part, const std::string& path) const {
    const std::vector<std::string> parts = PartsOf(plan_.network);
    Require(
        std::find(parts.begin(), parts.end(), part) != parts.end(), path,
        fmt::format("names \"{}\", which is no part of the network; its parts are {}", part, fmt::join(parts, ", ")));
  }

  void CheckTransfer() const {
    const TransferPlan& transfer = plan_.transfer;
    for (const auto& [label, source] : transfer.label_sources) {
      Require(std::find(plan_.labels.begin(), plan_.labels.end(), label) != plan_.labels.end(),
              "transfer.label_sources",
              fmt::format("names \"{}\", which is no label; the labels are {}", label, fmt::join(plan_.labels, ", ")));
    }
    for (const std::string& part : transfer.frozen) CheckPart(part, "transfer.frozen");
    RequireDistinct(transfer.frozen, "transfer.frozen");
    RequireBetween(transfer.freeze_iterations, -1, kMaxCount, "transfer.freeze_iterations");
    Require(transfer.frozen.empty() == (transfer.freeze_iterations == 0), "transfer.freeze_iterations",
            transfer.frozen.empty() ? "is given, but transfer.frozen names no part; name the parts, or set it to 0"
                                    : "is 0, but transfer.frozen names parts; say for how many iterations, -1 for all");
    Require(transfer.frozen.empty() || !FreezesEverything(plan_), "transfer.frozen",
            "leaves nothing that could learn; leave a part out");
    for (const auto& [part, factor] : transfer.learning_rate_factors) {
      CheckPart(part, "transfer.learning_rate_factors");
      RequireBetween(factor, 0, 100, "transfer.learning_rate_factors." + part);
    }
    Require(transfer.level_decay > 0 && transfer.level_decay <= 1, "transfer.level_decay",
            fmt::format("is {}; it must be greater than 0 and at most 1", transfer.level_decay));
  }

  void CheckDiagnosis() const {
    const DiagnosisPlan& rule = plan_.diagnosis;
    RequireBetween(rule.voxel_threshold, 0, 1, "diagnosis.voxel_threshold");
    RequireNotNegative(rule.min_volume_ml, "diagnosis.min_volume_ml");
    RequireBetween(rule.min_peak_probability, 0, 1, "diagnosis.min_peak_probability");
    RequirePositive(rule.temperature, "diagnosis.temperature");
    RequireBetween(rule.min_class_probability, 0, 1, "diagnosis.min_class_probability");
    for (const auto& [label, threshold] : rule.decisive_classes) {
      const std::string path = "diagnosis.decisive_classes." + label;
      Require(IsTumourLabel(label), path, "is no tumour label; " + KnownLabels());
      Require(threshold > 0 && threshold <= 1, path,
              fmt::format("is {}; it must be greater than 0 and at most 1", threshold));
    }
    CheckInputs();
    CheckFusion();
    const ChoicePlan& choose = rule.choose;
    RequireNotNegative(choose.false_findings_per_patient, "diagnosis.choose.false_findings_per_patient");
    RequireBetween(choose.operating_specificity, 0, 1, "diagnosis.choose.operating_specificity");
    Require(choose.operating_specificity == 0 || IsTumourLabel(choose.operating_class),
            "diagnosis.choose.operating_class", "is no tumour label; " + KnownLabels());
    RequireBetween(choose.coverage, 0.01, 1, "diagnosis.choose.coverage");
  }

  void CheckInputs() const {
    static const std::set<std::string> kKnown = {"patient_head", "age_years", "sex_male",
                                                 "log_volume",   "means",     "medians"};
    RequireDistinct(plan_.diagnosis.inputs, "diagnosis.inputs");
    for (const std::string& input : plan_.diagnosis.inputs) {
      Require(kKnown.contains(input), "diagnosis.inputs",
              fmt::format("holds \"{}\"; it may hold {}", input, fmt::join(kKnown, ", ")));
      Require(input != "patient_head" || plan_.network.patient_head, "diagnosis.inputs",
              "holds \"patient_head\", but network.patient_head is false");
    }
  }

  void CheckFusion() const {
    const FusionPlan& fusion = plan_.diagnosis.fusion;
    const std::size_t classes = plan_.labels.size() - 1;
    Require(std::isfinite(fusion.segmentation) && std::isfinite(fusion.patient_head), "diagnosis.fusion",
            "must hold finite numbers");
    Require(fusion.offsets.empty() || fusion.offsets.size() == classes, "diagnosis.fusion.offsets",
            fmt::format("must hold one number per class, {}", classes));
    Require(fusion.inputs.empty() || !fusion.offsets.empty(), "diagnosis.fusion.offsets",
            "must not be empty when there are inputs");
    for (std::size_t i = 0; i < fusion.inputs.size(); ++i) {
      const std::string path = fmt::format("diagnosis.fusion.inputs[{}]", i);
      const FusionInput& input = fusion.inputs[i];
      RequirePositive(input.sd, path + ".sd");
      Require(input.weights.size() == classes, path + ".weights",
              fmt::format("must hold one number per class, {}", classes));
      Require(input.square_weights.empty() || input.square_weights.size() == classes, path + ".square_weights",
              fmt::format("must hold one number per class, {}, or none", classes));
    }
  }

  const Plan& plan_;
  const std::string& name_;
};

}  // namespace

void CheckPlan(const Plan& plan, const std::string& name) { Checker(plan, name).CheckAll(); }

}  // namespace parotis::plan
