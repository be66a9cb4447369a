#include "phantom/cohort.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "base/number.h"
#include "dataset/participants.h"
#include "phantom/streams.h"

namespace parotis::phantom {
namespace {

using base::ErrorKind;

std::pair<std::string, int> ParseEntry(const std::string& entry, const Priors& priors) {
  const std::size_t equals = entry.find('=');
  int count = -1;
  if (equals != std::string::npos)
    count = base::NumberFrom<int>(std::string_view(entry).substr(equals + 1)).value_or(-1);
  if (count < 0 || count > 10000) {
    base::Throw(ErrorKind::kUsage,
                fmt::format("--mix: '{}' is not NAME=COUNT; write, for example, warthin=30,malignant=25", entry));
  }
  const std::string name = entry.substr(0, equals);
  if (name != dataset::kTumourFree) priors.IndexOf(name);
  return {name, count};
}

void Scale(std::array<double, 2>& range, double factor) {
  for (double& end : range) end *= factor;
}

// Part of the way towards a value that all classes share.
void Pull(Spread& spread, double towards, double share) {
  spread.sd *= 1 - 0.5 * share;
  spread.mean += share * (towards - spread.mean);
}

// Small tumours that are more alike, in restless patients and poorer magnets.
void MakeHard(Priors& priors) {
  for (TumourPriors& tumour : priors.tumours) {
    for (Subtype& subtype : tumour.subtypes) {
      LesionPriors& lesion = subtype.lesion;
      Pull(lesion.adc_um2_s, 1150, 0.3);
      Pull(lesion.t2_ms, 100, 0.5);
      Pull(lesion.contrast_mmol_l, 0.44, 0.5);
      Pull(lesion.washout_percent, 20, 0.35);
      lesion.size_mm = {14, 5};
      lesion.size_limits_mm = {6, 28};
    }
  }
  AcquisitionPriors& scan = priors.acquisition;
  for (auto* snr : {&scan.snr_t2, &scan.snr_t1c, &scan.snr_b0, &scan.snr_b1000, &scan.snr_dynamic}) Scale(*snr, 0.7);
  scan.ghost = {0.02, 0.08};
  scan.motion_mm = {1.8, 1.2};
  scan.motion_deg = {1.6, 1.1};
  scan.swallowing = 0.6;
  scan.unusable_diffusion = 0.3;
  scan.failed_fat_suppression = 0.2;
  scan.echo_spacing_ms = {0.65, 0.9};
}

void MakeRandom(Priors& priors) {
  for (TumourPriors& tumour : priors.tumours) {
    for (Subtype& subtype : tumour.subtypes) {
      subtype.lesion.size_mm = {20, 12};
      subtype.lesion.size_limits_mm = {5, 50};
    }
  }
  AcquisitionPriors& scan = priors.acquisition;
  for (auto* snr : {&scan.snr_t2, &scan.snr_t1c, &scan.snr_b0, &scan.snr_b1000, &scan.snr_dynamic}) *snr = {6, 60};
  scan.ghost = {0, 0.08};
  scan.motion_mm = {1.5, 1.5};
  scan.motion_deg = {1.5, 1.5};
  scan.unusable_diffusion = 0;
  scan.failed_fat_suppression = 0.3;
  scan.echo_spacing_ms = {0.3, 1};
}

}  // namespace

int Mix::total() const {
  int sum = 0;
  for (const auto& [name, count] : counts) sum += count;
  return sum;
}

Mix ParseMix(const std::string& text, const Priors& priors) {
  Mix mix;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    auto entry = ParseEntry(text.substr(begin, end - begin), priors);
    for (const auto& [name, count] : mix.counts) {
      if (name == entry.first)
        base::Throw(ErrorKind::kUsage, fmt::format("--mix names '{}' twice; name it once", name));
    }
    mix.counts.push_back(std::move(entry));
    begin = end + 1;
  }
  if (mix.total() == 0)
    base::Throw(ErrorKind::kUsage, "--mix asks for no patients at all; give at least one class a count");
  return mix;
}

const std::vector<Preset>& Presets() {
  static const std::vector<Preset> presets = {
      {"training", "tumours as in the published study, and tumour-free patients",
       "warthin=30,pleomorphic=30,malignant=25,tumour_free=15", 100},
      {"paper", "the case mix of the published study", "warthin=30,pleomorphic=30,malignant=25", 85},
      {"screening", "mostly tumour-free", "warthin=9,pleomorphic=15,malignant=6,tumour_free=70", 100},
      {"hard", "small tumours that are more alike, poor images, diffusion unusable in three of ten",
       "warthin=30,pleomorphic=30,malignant=25,tumour_free=15", 100, false, MakeHard},
      {"domain-random", "anatomy, contrast and resolution far beyond what is real, to transfer from",
       "warthin=25,pleomorphic=25,malignant=25,tumour_free=25", 100, true, MakeRandom},
  };
  return presets;
}

const Preset& FindPreset(const std::string& name) {
  std::string names;
  for (const Preset& preset : Presets()) {
    if (preset.name == name) return preset;
    names += (names.empty() ? "" : ", ") + preset.name;
  }
  base::Throw(ErrorKind::kUsage, fmt::format("there is no preset '{}'; choose from {}", name, names));
}

Priors PriorsFor(const Preset& preset, Priors priors) {
  if (preset.adjust != nullptr) preset.adjust(priors);
  return priors;
}

std::string DiagnosisOf(const Mix& mix, std::uint64_t seed, std::int64_t patient_index) {
  const std::int64_t size = mix.total();
  std::vector<std::string> deck;
  for (const auto& [name, count] : mix.counts) deck.insert(deck.end(), static_cast<std::size_t>(count), name);
  base::Random random(seed, {kDeckStream, static_cast<std::uint64_t>(patient_index / size)});
  random.Shuffle(deck);
  return deck[static_cast<std::size_t>(patient_index % size)];
}

}  // namespace parotis::phantom
