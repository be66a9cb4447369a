// What a mask says about the patient where nobody has recorded a diagnosis.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace parotis::dataset {

// The label with the most voxels, the earlier one of equals; kTumourFree when only background is shown.
// `voxels_per_label`: by value, the background's first, at most as many as `labels`.
std::string DiagnosisShown(std::span<const std::int64_t> voxels_per_label, const std::vector<std::string>& labels);

}  // namespace parotis::dataset
