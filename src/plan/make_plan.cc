// From the fingerprint to the plan. The rules, with their reasons, are listed in docs/plan-rules.md in this order.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "base/text.h"
#include "dataset/participants.h"
#include "image/geometry.h"
#include "plan/axes.h"
#include "plan/default_plan.h"
#include "plan/fingerprint.h"

namespace parotis::plan {
namespace {

constexpr int kMaxPixels = 160;           // of the median slice, along its longer side
constexpr double kSpacingStep_mm = 0.05;  // spacings that are chosen, not measured, are readable numbers
constexpr int kSmallSlice = 96;           // slices up to this size are shown whole, by a network twice as wide
constexpr int kMaxLevels = 5;
constexpr int kLowestResolution = 4;  // pixels that the deepest level must still see
constexpr double kThinSlices = 1.5;   // slices at most so many pixels apart show the same thing as their neighbours
constexpr int kFirstWidth = 16;
constexpr int kMaxWidth = 192;
constexpr int kBatchPixels = 16 * 160 * 160;
constexpr int kMinBatch = 8;
constexpr int kMaxBatch = 32;
constexpr double kNearlyEveryCase = 0.9;
constexpr double kTrainedFraction = 0.8;  // of the slices: one of five folds is held out
constexpr double kEpochs = 15;
constexpr int kMinIterations = 1000;
constexpr int kMaxIterations = 6000;
constexpr double kCutOut = 0.25;      // a body that fills more than this of the side faces goes on beyond them
constexpr double kSmallLesion = 0.1;  // of the smallest median label volume
// Of a channel's scale: whose largest values lie outside is not in the unit that its name promises.
constexpr double kSmallestPeak = 0.2, kLargestPeak = 30;

int RoundUpTo(int value, int multiple) { return (value + multiple - 1) / multiple * multiple; }

// A name that promises a unit is held against the values: in another unit it is an image like any other.
ChannelPlan PlanChannel(const std::string& name, const Fingerprint& fingerprint) {
  ChannelPlan channel = DefaultChannel(name);
  const auto seen = fingerprint.intensity.find(name);
  if (channel.normalisation != Normalisation::kPhysical || seen == fingerprint.intensity.end()) return channel;
  const double peak = std::max(std::abs(seen->second.front()), std::abs(seen->second.back())) / channel.scale;
  return peak < kSmallestPeak || peak > kLargestPeak ? ChannelPlan{.name = name} : channel;
}

// The median and the largest slice of the network's grid, margins included.
struct SliceSize {
  std::array<int, 2> median = {0, 0};  // rows, columns
  std::array<int, 2> largest = {0, 0};
};

PreparationPlan PlanPreparation(const Fingerprint& fingerprint) {
  PreparationPlan preparation;
  preparation.crop = fingerprint.crop;
  preparation.slice_axis = image::SliceAxis(fingerprint.median_spacing_mm);
  const std::array<int, 3> axes = NetworkAxes(preparation.slice_axis);
  const auto along = [&](const std::array<double, 3>& canonical, std::size_t a) {
    return canonical[static_cast<std::size_t>(axes[a])];
  };
  const double margin_mm = fingerprint.crop == CropRule::kNone ? 0 : 2 * preparation.crop_margin_mm;
  const double median_mm = std::max(along(fingerprint.median_spacing_mm, 0), along(fingerprint.median_spacing_mm, 1));
  const double extent_mm =
      margin_mm + std::max(along(fingerprint.median_extent_mm, 0), along(fingerprint.median_extent_mm, 1));
  const double fitting_mm = std::ceil(extent_mm / kMaxPixels / kSpacingStep_mm - 1e-9) * kSpacingStep_mm;
  const double in_plane_mm = fitting_mm > median_mm ? std::round(fitting_mm * 100) / 100 : median_mm;
  preparation.spacing_mm = {in_plane_mm, in_plane_mm, along(fingerprint.median_spacing_mm, 2)};
  return preparation;
}

SliceSize SliceSizeOf(const Fingerprint& fingerprint, const PreparationPlan& preparation) {
  const std::array<int, 3> axes = NetworkAxes(preparation.slice_axis);
  const double margin_mm = preparation.crop == CropRule::kNone ? 0 : 2 * preparation.crop_margin_mm;
  SliceSize size;
  for (std::size_t side = 0; side < 2; ++side) {
    const std::size_t grid_axis = 1 - side;  // rows first, while the grid begins with the columns
    const auto axis = static_cast<std::size_t>(axes[grid_axis]);
    const auto pixels = [&](double extent_mm) {
      return std::max(1,
                      static_cast<int>(std::ceil((extent_mm + margin_mm) / preparation.spacing_mm[grid_axis] - 1e-6)));
    };
    size.median[side] = pixels(fingerprint.median_extent_mm[axis]);
    size.largest[side] = pixels(fingerprint.largest_extent_mm[axis]);
  }
  return size;
}

bool IsSmall(const SliceSize& size) { return std::max(size.largest[0], size.largest[1]) <= kSmallSlice; }

NetworkPlan PlanNetwork(const SliceSize& size, const PreparationPlan& preparation) {
  const std::array<int, 2>& shown = IsSmall(size) ? size.largest : size.median;
  const int shorter = std::min(shown[0], shown[1]);
  NetworkPlan network;
  network.neighbour_slices = preparation.spacing_mm[2] <= kThinSlices * preparation.spacing_mm[0] ? 1 : 0;
  network.widths.clear();
  int width = IsSmall(size) ? 2 * kFirstWidth : kFirstWidth;
  for (int level = 0; level < kMaxLevels; ++level) {
    if (level > 0 && shorter >> level < kLowestResolution) break;
    network.widths.push_back(std::min(width, kMaxWidth));
    width *= 2;
  }
  return network;
}

// Each class in some patients only: the classes compete for the batch, and a quota settles it.
bool ClassesDivideThePatients(const Fingerprint& fingerprint) {
  bool any = false;
  for (const auto& [label, cases] : fingerprint.cases_with_label) {
    if (static_cast<double>(cases) > kNearlyEveryCase * static_cast<double>(fingerprint.cases)) return false;
    any = any || cases > 0;
  }
  return any;
}

BatchPlan PlanBatch(const std::vector<std::string>& labels, const Fingerprint& fingerprint, const SliceSize& size,
                    std::size_t levels) {
  BatchPlan batch;
  const int multiple = 1 << (levels - 1);
  const std::array<int, 2>& shown = IsSmall(size) ? size.largest : size.median;
  batch.patch = {RoundUpTo(shown[0], multiple), RoundUpTo(shown[1], multiple)};
  batch.size = std::clamp(kBatchPixels / (batch.patch[0] * batch.patch[1]), kMinBatch, kMaxBatch);
  batch.design = BatchDesign::kForeground;
  if (!ClassesDivideThePatients(fingerprint)) return batch;
  std::vector<std::string> drawn = {labels[0]};  // a label that no case has cannot be drawn
  for (std::size_t value = 1; value < labels.size(); ++value) {
    if (fingerprint.cases_with_label.at(labels[value]) > 0) drawn.push_back(labels[value]);
  }
  const int classes = static_cast<int>(drawn.size());
  batch.design = BatchDesign::kQuota;
  batch.size = std::max(batch.size / classes, 1) * classes;
  batch.quota = EqualQuota(drawn, batch.size);
  return batch;
}

bool NamesASide(const std::string& label) {
  static const std::set<std::string> sides = {"left", "right", "l", "r", "lh", "rh"};
  std::string word;
  for (const char c : label + "_") {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
      word += base::AsciiLower(c);
    } else {
      if (sides.contains(word)) return true;
      word.clear();
    }
  }
  return false;
}

// A mirrored slice is a possible patient only when a whole cross-section is seen and no label says which side it is.
bool MayMirror(const std::vector<std::string>& labels, const Fingerprint& fingerprint, int slice_axis) {
  return fingerprint.median_cut_share <= kCutOut && slice_axis != 0 &&
         std::none_of(labels.begin(), labels.end(), NamesASide);
}

void PlanSchedule(const Fingerprint& fingerprint, Plan& plan) {
  const auto axis = static_cast<std::size_t>(plan.preparation.slice_axis);
  const double slices =
      fingerprint.median_extent_mm[axis] / plan.preparation.spacing_mm[2] * static_cast<double>(fingerprint.cases);
  const double iterations = kEpochs * kTrainedFraction * slices / plan.batch.size;
  plan.optimiser.iterations =
      std::clamp(static_cast<int>(std::lround(iterations / 100)) * 100, kMinIterations, kMaxIterations);
  plan.optimiser.warmup_iterations = std::min(plan.optimiser.warmup_iterations, plan.optimiser.iterations / 10);
  // The average looks back over a tenth of the training.
  plan.optimiser.ema_decay =
      std::min(plan.optimiser.ema_decay, std::round(1e5 - 1e6 / plan.optimiser.iterations) / 1e5);
  plan.training.validate_every = std::max(50, plan.optimiser.iterations / 6 / 50 * 50);
}

}  // namespace

Plan MakePlan(const dataset::Dataset& dataset, const Fingerprint& fingerprint) {
  Plan plan;
  plan.name = dataset.name;
  plan.dataset = dataset.name;
  plan.labels = dataset.label_names;
  for (const std::string& channel : dataset.channel_names) plan.channels.push_back(PlanChannel(channel, fingerprint));
  plan.contrast_sets = DefaultContrastSets(dataset.channel_names);
  plan.preparation = PlanPreparation(fingerprint);
  const SliceSize size = SliceSizeOf(fingerprint, plan.preparation);
  plan.network = PlanNetwork(size, plan.preparation);
  plan.batch = PlanBatch(plan.labels, fingerprint, size, plan.network.widths.size());
  plan.augmentation.flip_left_right = MayMirror(plan.labels, fingerprint, plan.preparation.slice_axis);
  plan.inference.flip_left_right = plan.augmentation.flip_left_right;
  PlanSchedule(fingerprint, plan);
  for (const auto& [label, volume_ml] : fingerprint.median_volume_ml) {
    plan.diagnosis.min_volume_ml = std::min(plan.diagnosis.min_volume_ml, kSmallLesion * volume_ml);
  }
  plan.diagnosis.decisive_classes = DefaultDecisiveClasses(plan.labels);
  CheckPlan(plan, "the plan of " + dataset.name);
  return plan;
}

}  // namespace parotis::plan
