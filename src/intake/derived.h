// Images that no scanner measured: maps and pictures calculated from others.
#pragma once

#include <string>

#include "dicom/series.h"

namespace parotis::intake {

enum class Derivation {
  kMeasured,     // signal, possibly averaged over directions by the vendor
  kAdcMap,       // apparent diffusion coefficient
  kOtherMap,     // anisotropy, exponential ADC, perfusion, …
  kCalculatedB,  // an image for a b-value that was not acquired
  kProjection,   // maximum-intensity projection
  kSubtraction,
  kPhase,  // phase or field map
};

struct DerivationResult {
  Derivation kind = Derivation::kMeasured;
  std::string evidence;  // what in the header says so; "" for kMeasured
};

// One volume, by its image type, then its sequence name, then the words of the series.
DerivationResult DerivationOf(const dicom::Series& series, const dicom::SeriesVolume& volume);

}  // namespace parotis::intake
