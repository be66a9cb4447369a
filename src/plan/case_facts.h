// What one case contributes to the fingerprint. Private to this folder.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "dataset/case.h"

namespace parotis::plan {

struct CaseFacts {
  // Along the canonical axes.
  std::array<double, 3> spacing_mm = {0, 0, 0};
  std::array<double, 3> full_extent_mm = {0, 0, 0};
  std::array<double, 3> body_extent_mm = {0, 0, 0};        // dataset::BodyMask
  std::array<double, 3> nonzero_extent_mm = {0, 0, 0};     // of the voxels where any channel is not exactly 0
  double cut_share = 0;                                    // as in Fingerprint
  std::map<std::string, std::array<double, 5>> intensity;  // as in Fingerprint
  std::vector<double> label_volume_ml;                     // [label value]; 0 when absent
};

CaseFacts TakeCaseFacts(const dataset::Case& examination, std::size_t label_count);

}  // namespace parotis::plan
