// One patient's examination as the network's users see it: named channels on one grid.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "dataset/covariates.h"
#include "image/volume.h"

namespace parotis::dataset {

// Channel names known to the intake and the default plan. ADC is in µm²/s (10⁻⁶ mm²/s): tissue 500…3000.
inline constexpr const char* kT2 = "T2";
inline constexpr const char* kT1c = "T1C";
inline constexpr const char* kB0 = "B0";
inline constexpr const char* kB1000 = "B1000";
inline constexpr const char* kAdc = "ADC";
// Maps that are fitted (docs/maps.md): of a series of b-values, of a dynamic contrast-enhanced one.
inline constexpr const char* kDiffusivity = "D";          // µm²/s, without perfusion and kurtosis
inline constexpr const char* kPerfusionFraction = "F";    // 0…1
inline constexpr const char* kPseudoDiffusion = "DSTAR";  // D* of perfusion, µm²/s
inline constexpr const char* kKurtosis = "K";             // without unit
inline constexpr const char* kWashIn = "WASHIN";          // steepest relative enhancement, % per second
inline constexpr const char* kTimeToPeak = "TTP";         // seconds since the contrast agent's arrival
inline constexpr const char* kWashOut = "WASHOUT";        // (peak − 5 min) / (peak − before), %

// A map with a unit, which means the same in every patient, and nothing in air: ADC and the fitted ones.
bool IsQuantity(const std::string& channel);

struct Case {
  std::string id;
  image::Geometry grid;  // of every channel and of the truth
  std::vector<std::string> channel_names;
  std::vector<image::Volume> channels;           // channels[c] is channel_names[c]
  std::optional<image::LabelVolume> truth;       // 0 background; values as in the dataset's labels
  Covariates covariates;                         // what is known about the patient
  base::Json provenance = base::Json::object();  // which series or files, which transform, quality flags

  // Null when the case does not have it.
  const image::Volume* Find(const std::string& channel) const;
};

// A case's id becomes a file name. Throws kInput when it is empty, hidden, or holds a path separator or a control
// character.
void CheckCaseId(const std::string& id);

// Throws kInput, naming the case: no channel, a channel or the truth not on `grid`, values not finite.
void CheckCase(const Case& examination);

}  // namespace parotis::dataset
