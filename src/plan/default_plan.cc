#include "plan/default_plan.h"

#include <algorithm>

#include "dataset/case.h"
#include "dataset/participants.h"

namespace parotis::plan {
namespace {

// Values with a unit: centre and scale bring tissue to about ±1 without hiding what the number means. The ADC of tissue
// lies between 500 and 3000 µm²/s; the other maps' ranges are those of the tumours of the gland (docs/maps.md); CT has
// the window in which soft tissue is read, level 40 and width 400.
const std::map<std::string, ChannelPlan>& KnownQuantities() {
  const auto physical = [](const char* name, double offset, double scale) {
    return std::make_pair(std::string(name), ChannelPlan{name, Normalisation::kPhysical, offset, scale});
  };
  static const std::map<std::string, ChannelPlan> quantities = {
      physical(dataset::kAdc, 1200, 600),                 // µm²/s
      physical(dataset::kDiffusivity, 1200, 600),         // µm²/s
      physical(dataset::kPerfusionFraction, 0.15, 0.1),   // a fraction
      physical(dataset::kPseudoDiffusion, 35000, 25000),  // µm²/s
      physical(dataset::kKurtosis, 0.8, 0.4),             // without unit
      physical(dataset::kWashIn, 7, 5),                   // % per second
      physical(dataset::kTimeToPeak, 120, 80),            // s
      physical(dataset::kWashOut, 25, 20),                // %
      physical("CT", 40, 100)};                           // Hounsfield units
  return quantities;
}

// Missing a malignancy is the graver mistake: from this probability on, one lesion decides.
constexpr double kMalignantDecides = 0.5;

const std::map<std::string, std::vector<std::string>>& KnownContrastSets() {
  static const std::map<std::string, std::vector<std::string>> sets = {
      {"t2", {dataset::kT2}},
      {"t1c", {dataset::kT1c}},
      {"structural", {dataset::kT2, dataset::kT1c}},
      {"diffusion", {dataset::kB0, dataset::kB1000, dataset::kAdc}},
      {"diffusion+t1c", {dataset::kB0, dataset::kB1000, dataset::kAdc, dataset::kT1c}},
      {"diffusion+kurtosis",
       {dataset::kB0, dataset::kB1000, dataset::kAdc, dataset::kDiffusivity, dataset::kPerfusionFraction,
        dataset::kKurtosis}},
      {"diffusion+dynamic",
       {dataset::kB0, dataset::kB1000, dataset::kAdc, dataset::kWashIn, dataset::kTimeToPeak, dataset::kWashOut}},
      {"everything",
       {dataset::kT2, dataset::kT1c, dataset::kB0, dataset::kB1000, dataset::kAdc, dataset::kDiffusivity,
        dataset::kPerfusionFraction, dataset::kKurtosis, dataset::kWashIn, dataset::kTimeToPeak, dataset::kWashOut}}};
  return sets;
}

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

ChannelPlan DefaultChannel(const std::string& channel_name) {
  const auto known = KnownQuantities().find(channel_name);
  return known == KnownQuantities().end() ? ChannelPlan{.name = channel_name} : known->second;
}

std::map<std::string, std::vector<std::string>> DefaultContrastSets(const std::vector<std::string>& channel_names) {
  std::map<std::string, std::vector<std::string>> sets;
  for (const auto& [name, channels] : KnownContrastSets()) {
    const auto exists = [&](const std::string& channel) { return Contains(channel_names, channel); };
    if (std::all_of(channels.begin(), channels.end(), exists)) sets[name] = channels;
  }
  return sets;
}

std::map<std::string, double> DefaultDecisiveClasses(const std::vector<std::string>& labels) {
  if (!Contains(labels, "malignant")) return {};
  return {{"malignant", kMalignantDecides}};
}

std::map<std::string, int> EqualQuota(const std::vector<std::string>& labels, int size) {
  std::map<std::string, int> quota;
  const int classes = static_cast<int>(labels.size());  // the background's place is taken by tumour_free
  for (int c = 0; c < classes; ++c) {
    const bool is_last = c + 1 == classes;
    quota[is_last ? dataset::kTumourFree : labels[static_cast<std::size_t>(c) + 1]] =
        size / classes + (c < size % classes ? 1 : 0);
  }
  return quota;
}

}  // namespace parotis::plan
