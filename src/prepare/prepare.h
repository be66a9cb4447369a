// From a Case to the slices the network sees, and the way back. Both ways go through world positions: the network's
// grid is a Geometry of its own, axes nearest to LPS, so flipped, permuted and oblique acquisitions need no special case.
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
  std::vector<float> image;          // [slices, channels, rows, columns], normalised
  std::vector<std::uint8_t> labels;  // [slices, rows, columns]; empty without truth

  std::int64_t columns() const { return network_grid.size[0]; }
  std::int64_t rows() const { return network_grid.size[1]; }
  std::int64_t slices() const { return network_grid.size[2]; }
};

// `channels`: in the network's order. Throws kInput when the case lacks one. The crop never looks at the truth.
PreparedCase Prepare(const dataset::Case& examination, const plan::Plan& plan, const std::vector<std::string>& channels);

// Probabilities of the network, [labels, slices, rows, columns] row-major, on the case's own grid: linear resampling,
// renormalised to sum 1; outside the network's grid the background has probability 1.
std::vector<image::Volume> Restore(const PreparedCase& prepared, const std::vector<float>& probabilities, std::size_t label_count);

// True inside the patient (threshold by Otsu on the mean of channels scaled to their 99th percentile, largest component,
// holes closed per slice). All true when the image is constant.
image::LabelVolume BodyMask(const dataset::Case& examination);

}  // namespace parotis::prepare
