#include "infer/slices.h"

#include <algorithm>

#include "plan/axes.h"

namespace parotis::infer {

std::vector<std::int64_t> SlicesShown(std::int64_t slice, std::int64_t slice_count, int neighbour_slices) {
  std::vector<std::int64_t> shown;
  for (std::int64_t offset = -neighbour_slices; offset <= neighbour_slices; ++offset) {
    shown.push_back(std::clamp<std::int64_t>(slice + offset, 0, slice_count - 1));
  }
  return shown;
}

bool ColumnsRunLeftRight(const plan::PreparationPlan& preparation) {
  return plan::NetworkAxes(preparation.slice_axis)[0] == 0;
}

}  // namespace parotis::infer
