// Which diagnosis each patient of a synthetic cohort has. Patient k of a seed has the same diagnosis whatever the size
// of the cohort and the number of threads: diagnoses are dealt from decks that hold the mix exactly, shuffled by the
// seed.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "phantom/priors.h"

namespace parotis::phantom {

// How many patients of each diagnosis one deck holds; a diagnosis is a tumour's name or dataset::kTumourFree.
struct Mix {
  std::vector<std::pair<std::string, int>> counts;

  int total() const;
};

// "warthin=30,pleomorphic=30,malignant=25,tumour_free=0". Throws kUsage: unknown diagnosis, twice the same, all zero.
Mix ParseMix(const std::string& text, const Priors& priors);

struct Preset {
  std::string name;
  std::string summary;
  std::string mix;
  int patients = 0;  // the default size
  // Anatomy, tissues, contrasts and resolution far beyond what is real: a source for transfer learning.
  bool randomised = false;
  void (*adjust)(Priors&) = nullptr;  // what the preset changes in the priors; null: nothing
};

const std::vector<Preset>& Presets();
const Preset& FindPreset(const std::string& name);  // throws kUsage naming those there are
// The priors that a preset draws from.
Priors PriorsFor(const Preset& preset, Priors priors);

std::string DiagnosisOf(const Mix& mix, std::uint64_t seed, std::int64_t patient_index);

}  // namespace parotis::phantom
