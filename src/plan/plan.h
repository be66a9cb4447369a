// Every decision that defines an experiment. A Plan is JSON on disk (configs/plan.json is a commented example and the
// manual), strict (an unknown key is an error that names its path) and hashed. Labels and channels come from the data.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"

namespace parotis::plan {

// kRobust: (x − median) / (p99.5 − p0.5 of the body, halved), clipped to ±5.  kPhysical: (x − offset) / scale,
// unclipped unit: what a voxel means is the same in every patient (ADC).  kNone: as it is.
enum class Normalisation { kRobust, kPhysical, kNone };

struct ChannelPlan {
  std::string name;
  Normalisation normalisation = Normalisation::kRobust;
  double offset = 0;  // kPhysical, in the channel's unit
  double scale = 1;
};

enum class CropRule { kBody, kNonzero, kNone };

struct PreparationPlan {
  std::array<double, 3> spacing_mm = {1, 1, 1};  // network grid: columns, rows, slices
  int slice_axis = 2;  // of the canonical (nearest to LPS) axes: 0 sagittal, 1 coronal, 2 axial
  CropRule crop = CropRule::kBody;
  double crop_margin_mm = 5;
  bool operator==(const PreparationPlan&) const = default;
};

enum class NetworkNorm { kInstance, kBatch, kGroup };

struct NetworkPlan {
  std::vector<int> widths = {16, 32, 64, 128, 192};  // channels per level; the level below has half the resolution
  int convolutions_per_level = 2;
  NetworkNorm norm = NetworkNorm::kInstance;
  bool deep_supervision = true;
  int neighbour_slices = 0;  // slices above and below given as extra channels (2.5-D)
};

enum class BatchDesign { kQuota, kUniform, kForeground };

struct BatchPlan {
  BatchDesign design = BatchDesign::kQuota;
  int size = 16;
  // kQuota: slices per batch of each label name, and of "tumour_free" (slices without any); sums to size.
  std::map<std::string, int> quota;
  double foreground_fraction = 1.0 / 3;   // kForeground (nnU-Net's)
  std::array<int, 2> patch = {128, 160};  // rows, columns shown to the network; multiples of 2^(levels−1)
};

struct AugmentationPlan {
  double rotation_degrees = 15;  // uniform in ±
  double scale = 0.15;           // log-uniform in [1/(1+s), 1+s]
  double elastic_mm = 0;         // SD of a smooth displacement
  bool flip_left_right = true;
  double brightness = 0.1;   // SD of an added constant, in normalised units; not on kPhysical channels
  double contrast = 0.15;    // log-normal SD of a factor; not on kPhysical channels
  double gamma = 0.2;        // log-normal SD of the exponent; not on kPhysical channels
  double noise = 0.05;       // SD of added Gaussian noise
  double blur_mm = 0.5;      // largest Gaussian sigma
  double probability = 0.3;  // of each intensity change
};

enum class OptimiserKind { kAdamW, kSgd };

struct OptimiserPlan {
  OptimiserKind kind = OptimiserKind::kAdamW;
  double learning_rate = 2e-3;
  double weight_decay = 1e-2;
  double momentum = 0.99;  // SGD only, Nesterov
  int iterations = 3000;
  int warmup_iterations = 100;
  double decay_power = 0.9;    // polynomial decay to zero
  double gradient_clip = 1.0;  // largest L2 norm; 0: off
  double ema_decay = 0.999;    // 0: off
};

struct LossPlan {
  double dice = 1;
  double cross_entropy = 1;
  std::map<std::string, double> class_weights;  // cross-entropy weight per label name; 1 when absent
};

struct TrainingPlan {
  int validate_every = 500;   // iterations; 0: at the end only
  int validation_cases = 20;  // of the fold's, drawn once by the seed; 0: all
  int checkpoint_every = 250;
  std::string precision = "auto";  // "auto" (bf16 where the hardware has it), "float32", "bfloat16"
};

struct InferencePlan {
  bool flip_left_right = true;  // average with the mirrored slice
  int batch = 8;
};

// From voxel probabilities to lesions to the patient (docs/diagnosis-rule.md).
struct DiagnosisPlan {
  double voxel_threshold = 0.5;        // on 1 − P(background)
  double min_volume_ml = 0.1;          // smaller components are dropped
  double min_peak_probability = 0.7;   // components whose highest 1 − P(background) stays below are dropped
  double temperature = 1.0;            // calibration of the patient's class probabilities
  double min_class_probability = 0.0;  // below: indeterminate
  // A lesion of one of these classes decides for the patient when its probability reaches the threshold, whatever the
  // other lesions say.
  std::map<std::string, double> decisive_classes;
};

struct Plan {
  std::string name;
  std::string dataset;
  std::vector<std::string> labels;                                // [0] background
  std::vector<ChannelPlan> channels;                              // all that exist
  std::map<std::string, std::vector<std::string>> contrast_sets;  // name → channel names, in the network's order
  PreparationPlan preparation;
  NetworkPlan network;
  BatchPlan batch;
  AugmentationPlan augmentation;
  OptimiserPlan optimiser;
  LossPlan loss;
  TrainingPlan training;
  InferencePlan inference;
  DiagnosisPlan diagnosis;

  const ChannelPlan& Channel(const std::string& channel_name) const;  // throws kInput
  // Channels of a contrast set; all channels for "". A channel's name, or several joined by "+" or ",", is accepted
  // too.
  std::vector<std::string> ChannelsOf(const std::string& contrast_set) const;
};

// Throws kInput, naming the path in the JSON: contradictions between parts (quota does not sum to the batch, patch not
// divisible, unknown channel in a set, duplicate labels, widths empty, …) and values out of range.
void CheckPlan(const Plan& plan, const std::string& name);

// ToJson writes every key. Reading asks for labels and channels; what else is missing keeps its default (batch.quota:
// equal shares). A plan that was read has passed CheckPlan.
base::Json ToJson(const Plan& plan);
Plan PlanFromJson(const base::Json& json, const std::string& name);
Plan ReadPlan(const std::filesystem::path& path);
void WritePlan(const std::filesystem::path& path, const Plan& plan);
// SHA-256 of the canonical JSON. The second: only of what preparing a case depends on (names the cache).
std::string HashOf(const Plan& plan);
std::string PreparationHashOf(const Plan& plan);

}  // namespace parotis::plan
