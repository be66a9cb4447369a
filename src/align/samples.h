// What an alignment compares: images brought to a working resolution, and points of the reference's head.
#pragma once

#include <cstdint>
#include <vector>

#include "image/volume.h"

namespace parotis::align {

// The volume at about `spacing_mm` per axis, smoothed against aliasing; axes that are coarser already stay as they are.
image::Volume AtResolution(const image::Volume& volume, double spacing_mm);

// Bright voxels (Otsu's threshold on clipped values) and what lies within `margin_mm` of them: the head with its skin.
image::LabelVolume HeadOf(const image::Volume& volume, double margin_mm);

struct Samples {
  std::vector<image::Vector3> points_world;
  std::vector<float> values;  // of the reference
};

// At most `count` points of the mask, each in a voxel of its own at a random place within it, in a random order that
// depends on the seed alone.
Samples DrawSamples(const image::Volume& reference, const image::LabelVolume& mask, std::size_t count,
                    std::uint64_t seed);

// Trilinear values and their slopes at any point.
class Sampler {
 public:
  explicit Sampler(const image::Volume& volume);

  struct Value {
    double value = 0;
    image::Vector3 gradient_per_mm = {0, 0, 0};  // with respect to the point in world
  };
  // False, leaving `result`, outside the voxels' centres by more than half a voxel.
  bool At(const image::Vector3& point_world, Value& result) const;

 private:
  const image::Volume& volume_;
  image::Matrix3 voxel_from_world_;  // linear part; rows by index axis
};

}  // namespace parotis::align
