// One training sample: a patch of one slice, randomly rotated, scaled, mirrored and changed in contrast by the plan's
// rules. The sample is a pure function of the slice and of the random stream it is given. Needs no LibTorch.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"
#include "plan/plan.h"

namespace parotis::train {

// A slice and its neighbours as the network will see them: planes = shown slices · channels, shown slices outermost.
struct SliceImage {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::vector<float> planes;             // [planes, rows, columns]
  std::span<const std::uint8_t> labels;  // [rows, columns], of the slice itself
};

struct SampleRules {
  plan::AugmentationPlan augmentation;
  std::int64_t rows = 0;  // of the patch
  std::int64_t columns = 0;
  double row_spacing_mm = 1;
  double column_spacing_mm = 1;
  bool columns_run_left_right = true;  // else nothing is mirrored
  std::vector<bool> is_physical;       // per channel; brightness, contrast and gamma leave these alone
};

// Fills image [planes, rules.rows, rules.columns] and labels [rules.rows, rules.columns]. One affine map takes the
// patch to the slice: bilinear for the image, nearest for labels; beyond the slice its edge is continued. A slice
// smaller than the patch lies in its middle; in a larger one the position is random, but when `wanted` > 0 a pixel of
// that label (if the slice has one) is inside the patch.
void MakeSample(const SliceImage& slice, const SampleRules& rules, int wanted, base::Random& random,
                std::span<float> image, std::span<std::uint8_t> labels);

// No change at all: the rules of validation, and of tests.
plan::AugmentationPlan NoAugmentation();

}  // namespace parotis::train
