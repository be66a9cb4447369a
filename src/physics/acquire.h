// From tissues to stored pixels: signal equations, slice profile, readout, coils, noise, rounding.
#pragma once

#include <span>
#include <vector>

#include "phantom/painter.h"
#include "physics/protocol.h"
#include "physics/readout.h"

namespace parotis::physics {

struct Shot {
  Sequence sequence;
  double b_s_mm2 = 0;
  double gain = 100;  // stored value of the average tumour with this sequence and b = 0
  double snr = 30;    // of the average tumour with this sequence and b-value
};

// The circumstances of one series.
struct Conditions {
  image::AffineMap motion{};  // of the patient since the map was painted
  // FieldOnSlices of the map's grid, or empty; moves echo-planar images only.
  std::span<const std::vector<float>> field_hz{};
  const FatFailure* fat_failure = nullptr;
  ReadoutFaults readout{};
  std::vector<float> dropouts{};  // [slices] what is left of the signal; or empty
  double swallowing_mm = 0;
};

// `map` is on FineGrid(slices) or on finer pixels around the same centre; `grid` has the same slices. Noise comes from
// `random`.
image::Volume Acquire(const phantom::TissueMap& map, const std::vector<phantom::Tissue>& tissues, const Shot& shot,
                      const Protocol& protocol, const image::Geometry& grid, base::Random random,
                      const Conditions& conditions = {});

// A tumour between the classes, to which gains and signal-to-noise ratios refer: its signal.
double ReferenceSignal(phantom::FieldStrength field, const Sequence& sequence, double b_s_mm2);

// Frequency of fat against water's.
double FatOffsetHz(phantom::FieldStrength field);

// ADC in µm²/s; 0 where b0 is below `darkest`, as vendors blank it. Rounded, unless `exact`.
image::Volume AdcMap(const image::Volume& b0, const image::Volume& b_high, double b_high_s_mm2, double darkest,
                     bool exact = false);

// 1 + index of the lesion that fills at least half of the voxel, else 0.
image::LabelVolume LesionsOn(const phantom::TissueMap& map, const image::Geometry& grid);

// The phantom::GlandRegion that fills most of the voxel, if glands fill at least half of it, else 0.
image::LabelVolume GlandsOn(const phantom::TissueMap& map, const image::Geometry& grid);

}  // namespace parotis::physics
