// Where the patient's midline lies, judged by the body's outline: what "left" and "right" are measured from. The centre
// of the image is never taken for it, nor the order of voxels: everything happens in world coordinates.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "dataset/case.h"

namespace parotis::diagnose {

class MidlineFinder {
 public:
  // Takes the first channel that is no map with a unit whose brightness separates a body from air.
  explicit MidlineFinder(const dataset::Case& examination);

  // World x (LPS, mm) of the midline between the heights `z_low` and `z_high` (world z of voxel centres, mm): the
  // median midpoint between the outline's right and left border over front-to-back positions. Empty when the outline
  // cannot be trusted: no body, narrower than a neck, cut off by the field of view, or midpoints that contradict each
  // other.
  std::optional<double> At(double z_low, double z_high) const;

 private:
  struct Row {  // of the outline at one height and one front-to-back position
    double right_x_world = std::numeric_limits<double>::infinity();
    double left_x_world = -std::numeric_limits<double>::infinity();
    bool cut = false;  // reaches the end of what was imaged

    double width_mm() const { return left_x_world - right_x_world; }  // negative when there is no body
    double middle_x_world() const { return 0.5 * (left_x_world + right_x_world); }
  };

  void FillRows(const image::LabelVolume& body, const image::Volume& channel);

  std::vector<Row> rows_;  // [heights, depths]
  std::int64_t depths_ = 0;
  double lowest_z_world_ = 0;
  double height_mm_ = 1;  // between rows
  double depth_mm_ = 1;
};

}  // namespace parotis::diagnose
