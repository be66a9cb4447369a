// From a Case to the slices the network sees, and the way back. Both ways go through world positions: the network's
// grid is a Geometry of its own, axes nearest to LPS, so flipped, permuted and oblique acquisitions need no special
// case.
//
// The network's grid follows the case's own axes (never resampled into another obliquity):
//  - within slices it has the plan's spacing, unless the case's differs from it by less than 1 %: then voxels are
//  copied;
//  - across slices it keeps the case's slices as they were acquired, because interpolating between thick slices invents
//    blurred ones. Only slices thinner than the plan's by more than a factor of 1.5 are brought to the plan's spacing;
//    each is then the weighted mean of thin ones, which is what a thick slice is;
//  - the crop applies within slices; slices are never left out.
// A channel's values depend on that channel alone, so that every contrast set, with or without truth, sees the same
// ones.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dataset/case.h"
#include "image/volume.h"
#include "plan/plan.h"

namespace parotis::prepare {

struct PreparedCase {
  std::string id;
  std::vector<std::string> channel_names;
  image::Geometry case_grid;         // where predictions must return to
  image::Geometry network_grid;      // size: columns, rows, slices
  std::vector<float> image;          // [slices, channels, rows, columns], normalised, within ±65504 (half precision)
  std::vector<std::uint8_t> labels;  // [slices, rows, columns]; empty without truth

  std::int64_t columns() const { return network_grid.size[0]; }
  std::int64_t rows() const { return network_grid.size[1]; }
  std::int64_t slices() const { return network_grid.size[2]; }
};

// `channels`: in the network's order. Throws kInput when the case lacks one (all, if the plan serves subsets: what is
// lacking is then 0), or when a normalisation takes more than 1
// % of a channel beyond half precision. The crop never looks at the truth. `threads`: 0 as many as the process may use.
PreparedCase Prepare(const dataset::Case& examination, const plan::Plan& plan, const std::vector<std::string>& channels,
                     int threads = 0);

// The network's grid for a case: columns, rows, slices.
image::Geometry NetworkGrid(const dataset::Case& examination, const plan::Plan& plan);

// Probabilities of the network, [labels, slices, rows, columns] row-major, on the case's own grid: linear resampling,
// renormalised to sum 1; outside the network's grid the background has probability 1.
std::vector<image::Volume> Restore(const PreparedCase& prepared, const std::vector<float>& probabilities,
                                   std::size_t label_count, int threads = 0);

}  // namespace parotis::prepare
