// Free-response ROC: lesion sensitivity against false lesions per patient, as the threshold on the lesions' score moves
// (Chakraborty, Med Phys 1989;16:561; the mean sensitivity at seven rates as in LUNA16, Setio et al., Med Image Anal
// 2017;42:1).
#pragma once

#include <array>
#include <span>
#include <vector>

#include "base/json.h"
#include "evaluate/bootstrap.h"
#include "evaluate/detection.h"

namespace parotis::evaluate {

inline constexpr std::array kFrocRates = {0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0};  // false lesions per patient

struct FrocPatient {
  std::int64_t reference_lesions = 0;
  std::vector<ScoredDetection> detections;
};

// Of the lesions scoring at least `threshold`.
struct FrocPoint {
  double threshold = 0;
  double false_per_patient = 0;
  double sensitivity = 0;
};

struct FrocRate {
  double false_per_patient = 0;  // one of kFrocRates
  double sensitivity = 0;        // the largest at no more false lesions than that; not interpolated
  Interval interval;
};

// Intervals by bootstrap: patients are drawn with all their lesions, for lesions of one patient are not independent.
struct Froc {
  std::int64_t patients = 0;
  std::int64_t reference_lesions = 0;
  std::int64_t detections = 0;
  std::vector<FrocPoint> points;  // every distinct score, falling
  std::vector<FrocRate> rates;    // at kFrocRates
  double mean_sensitivity = 0;    // over the rates; NaN without reference lesions
  Interval mean_sensitivity_interval;
};

Froc FrocOf(std::span<const FrocPatient> patients, const BootstrapOptions& bootstrap);

base::Json ToJson(const Froc& froc);

}  // namespace parotis::evaluate
