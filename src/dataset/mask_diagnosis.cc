#include "dataset/mask_diagnosis.h"

#include <algorithm>

#include "dataset/participants.h"

namespace parotis::dataset {

std::string DiagnosisShown(std::span<const std::int64_t> voxels_per_label, const std::vector<std::string>& labels) {
  if (voxels_per_label.size() < 2) return kTumourFree;
  const auto largest = std::max_element(voxels_per_label.begin() + 1, voxels_per_label.end());
  return *largest == 0 ? kTumourFree : labels.at(static_cast<std::size_t>(largest - voxels_per_label.begin()));
}

}  // namespace parotis::dataset
