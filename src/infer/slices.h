// How slices of a prepared case become the network's input; training and inference share these rules. Needs no
// LibTorch.
#pragma once

#include <cstdint>
#include <vector>

#include "plan/plan.h"

namespace parotis::infer {

// The slices shown together with `slice`, lowest first; beyond the first and last slice these are repeated (2.5-D).
std::vector<std::int64_t> SlicesShown(std::int64_t slice, std::int64_t slice_count, int neighbour_slices);

// Whether mirroring the columns mirrors left and right: false for sagittal slices, where no in-plane axis does.
bool ColumnsRunLeftRight(const plan::PreparationPlan& preparation);

}  // namespace parotis::infer
