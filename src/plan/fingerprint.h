// What a dataset looks like, and the plan that follows from it.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "dataset/dataset.h"
#include "plan/plan.h"

namespace parotis::plan {

// Spacings and extents are along the canonical axes (nearest to LPS x, y, z).
struct Fingerprint {
  std::int64_t cases = 0;
  std::array<double, 3> median_spacing_mm = {1, 1, 1};
  CropRule crop = CropRule::kNone;                      // the one that suits most cases
  std::array<double, 3> median_extent_mm = {0, 0, 0};   // of the part that the crop rule keeps, without margin
  std::array<double, 3> largest_extent_mm = {0, 0, 0};  // per axis
  // Share of the grid's right and left faces that the body fills: near 1 when what is seen is cut out of a larger
  // whole.
  double median_cut_share = 0;
  std::map<std::string, std::array<double, 5>> intensity;  // per channel: p0.5, p25, median, p75, p99.5 inside the body
  std::map<std::string, std::int64_t> cases_with_label;
  std::map<std::string, double> median_volume_ml;  // per label, of the cases that have it
};

// Reads every labelled training case once, in parallel, with progress; a channel that a case lacks is passed over.
// The same result for any number of threads (0: all). Throws kInput when no case has a label.
Fingerprint TakeFingerprint(const dataset::Dataset& dataset, int threads);
// Every rule is listed in docs/plan-rules.md.
Plan MakePlan(const dataset::Dataset& dataset, const Fingerprint& fingerprint);
base::Json ToJson(const Fingerprint& fingerprint);

}  // namespace parotis::plan
