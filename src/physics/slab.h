// The noise-free signals of an imaged slab on its fine grid, and what of them each slice receives.
#pragma once

#include <vector>

#include "image/warp.h"
#include "phantom/painter.h"
#include "physics/signal.h"

namespace parotis::physics {

// Samples across a slice: slices are averages over that many thinner ones.
inline constexpr int kSubSlices = 2;
image::Geometry FineGrid(const image::Geometry& slices);

// What one slice receives, [rows, columns] of the fine grid.
struct SlicePlanes {
  std::int64_t columns = 0, rows = 0;
  double pixel_mm[2] = {1, 1};    // along a row, along a column
  std::vector<float> water, fat;  // water: all of it, fat: before suppression
  std::vector<float> slow_water;  // the part of `water` that decays slowly along an echo train; empty unless asked for
};

// Of one voxel; as in SlicePlanes. Together in memory, because where one is sampled all are; the fourth, always 0,
// makes them one register.
struct alignas(16) Signal {
  float water = 0, fat = 0, slow_water = 0, nothing = 0;

  Signal& operator+=(const Signal& other) {
    water += other.water, fat += other.fat, slow_water += other.slow_water, nothing += other.nothing;
    return *this;
  }
  friend Signal operator*(float factor, const Signal& signal) {
    return {factor * signal.water, factor * signal.fat, factor * signal.slow_water, factor * signal.nothing};
  }
};

class Slab {
 public:
  Slab(const phantom::TissueMap& map, const SignalTables& tables, bool split_by_decay);

  // Slice `slice` of `slices`, whose rows and columns are the fine grid's, after the patient has moved by `motion`
  // (world to world). The profile is a box over the slice with soft shoulders that reach half a sub-slice into the
  // neighbours. Beyond the slab the border goes on.
  SlicePlanes Slice(std::int64_t slice, const image::AffineMap& motion) const;

 private:
  void Accumulate(std::int64_t fine_slice, float weight, const image::AffineMap& source_from_target, bool moved,
                  std::vector<Signal>& sum) const;

  image::Geometry grid_;
  bool split_by_decay_;
  std::vector<Signal> signals_;  // [fine slices, rows, columns]
};

}  // namespace parotis::physics
