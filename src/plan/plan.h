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
  int neighbour_slices = 0;   // slices above and below given as extra channels (2.5-D)
  bool patient_head = false;  // a second answer, about the patient, from all slices (model/patient_head.h)
};

enum class BatchDesign { kQuota, kUniform, kForeground };

struct BatchPlan {
  BatchDesign design = BatchDesign::kQuota;
  int size = 16;
  // kQuota: slices per batch of each label name, and of "tumour_free" (slices without any); sums to size.
  std::map<std::string, int> quota;
  // kQuota: how many slices of one patient stand together for a label; the patient head learns from such groups.
  int slices_per_patient = 1;
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
  // Of each channel being left out (set to 0, the mean of normalised images), never all: one model for any subset.
  double channel_dropout = 0;
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
  // Cross-entropy weights of the tumour labels by the effective number of their training patients (Cui et al., CVPR
  // 2019), on top of class_weights: (1 − β) / (1 − β^patients), mean 1. 0: off.
  double class_balance = 0;
  double focal_gamma = 0;     // cross-entropy · (1 − p)^γ (Lin et al., ICCV 2017); 0: off
  double patient_head = 0.3;  // weight of the patient head's cross-entropy; without a patient head it does nothing
};

struct TrainingPlan {
  int validate_every = 500;   // iterations; 0: at the end only
  int validation_cases = 20;  // of the fold's, drawn once by the seed; 0: all
  int checkpoint_every = 250;
  std::string precision = "auto";  // "auto" (bf16 where the hardware has it), "float32", "bfloat16"
};

// kByName: a channel that the file names like one of ours is copied, the others get the mean. kAverage: all get the
// mean. kFresh: all start anew.
enum class ChannelTransfer { kByName, kAverage, kFresh };
// kByName: a label that the file names like one of ours is copied, the others start anew. kFresh: all start anew.
enum class ClassTransfer { kByName, kFresh };

// How a training that starts from other weights (`train --from`) treats them; without --from it has no effect
// (docs/transfer.md). A part is "encoder", "decoder" or "heads", or one level of it: "encoder_2", "decoder_0",
// "head_1".
struct TransferPlan {
  ChannelTransfer channels = ChannelTransfer::kByName;
  ClassTransfer classes = ClassTransfer::kByName;
  // kByName only: of our labels that the file does not have, the file's label they start from; what several start from
  // is shared equally among them.
  std::map<std::string, std::string> label_sources;
  std::vector<std::string> frozen;  // parts whose weights stay as they are at first …
  int freeze_iterations = 0;        // … for so many iterations; −1: to the end
  // By part; a level's own factor goes before its part's; 1 for those not named.
  std::map<std::string, double> learning_rate_factors;
  double level_decay = 1;  // a further factor for every level between a weight and the logits (ULMFiT's decay)
};

struct InferencePlan {
  bool flip_left_right = true;  // average with the mirrored slice
  int batch = 8;
};

// One number that enters a lesion's class, standardised: (value − mean) / sd; does not count when it is not known.
struct FusionInput {
  std::string name;  // "age_years", "sex_male", "log_volume", "mean:CHANNEL", "median:CHANNEL"
  double mean = 0;
  double sd = 1;
  std::vector<double> weights;         // per class
  std::vector<double> square_weights;  // per class, of the input's (z² − 1) / √2; empty: its square does not count
};

// How a lesion's class follows from several answers: class c has the logit segmentation · log p_c + patient_head · log
// h_c + offsets[c] + Σ weights[c] · input + Σ square_weights[c] · (input² − 1) / √2 (late fusion). p are the network's
// probabilities, h the patient head's.
// Fitted by `calibrate` and `study`; without offsets there is none, and the temperature applies.
struct FusionPlan {
  double segmentation = 1;
  double patient_head = 0;
  std::vector<double> offsets;  // per class
  std::vector<FusionInput> inputs;
};

// What `calibrate` and `study` choose on patients the networks have not met, and by what aim.
struct ChoicePlan {
  // The smallest lesion and the faintest peak that are kept: as many true lesions as possible at no more than this many
  // false ones per patient. 0: the rule's own stay.
  double false_findings_per_patient = 0;
  // The threshold from which this class decides: the lowest at which the class is rightly excluded in this share of the
  // other tumours. 0: the rule's own stays.
  std::string operating_class;
  double operating_specificity = 0;
  // Share of the patients with a tumour that get a class; the least sure others stay indeterminate. 1: all.
  double coverage = 1;
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
  // What decides about the class besides the segmentation: "patient_head", "age_years", "sex_male", "log_volume",
  // "means" or "medians" (of each of the network's channels with a unit, over the lesion). Empty: the segmentation
  // alone.
  std::vector<std::string> inputs;
  FusionPlan fusion;
  ChoicePlan choose;
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
  TransferPlan transfer;
  InferencePlan inference;
  DiagnosisPlan diagnosis;

  const ChannelPlan& Channel(const std::string& channel_name) const;  // throws kInput
  // Whether its models were trained to do without some of their channels.
  bool serves_subsets() const { return augmentation.channel_dropout > 0; }
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
