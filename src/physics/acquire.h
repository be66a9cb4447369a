// From tissues to stored pixels: signal equation, slice profile, voxel size, receive field, noise, rounding.
#pragma once

#include "phantom/painter.h"
#include "physics/protocol.h"

namespace parotis::physics {

inline constexpr double kLargestStored = 4095;  // 12 bits, as scanners store

struct Shot {
  Sequence sequence;
  double b_s_mm2 = 0;
  double gain = 100;  // stored value of the average tumour with this sequence and b = 0
  double snr = 30;    // of the average tumour with this sequence and b-value
};

// `map` is on FineGrid(slices) or on finer pixels around the same centre; `grid` has the same slices. Noise comes from
// `random`.
image::Volume Acquire(const phantom::TissueMap& map, const std::vector<phantom::Tissue>& tissues, const Shot& shot,
                      const Protocol& protocol, const image::Geometry& grid, base::Random random);

// ADC in µm²/s, whole numbers; 0 where b0 is below `darkest`, as vendors blank it.
image::Volume AdcMap(const image::Volume& b0, const image::Volume& b_high, double b_high_s_mm2, double darkest);

// 1 + index of the lesion that fills at least half of the voxel, else 0.
image::LabelVolume LesionsOn(const phantom::TissueMap& map, const image::Geometry& grid);

}  // namespace parotis::physics
