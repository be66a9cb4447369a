// What of the head's outline the face is found by: its midline, and per axial level how the skin lies that looks to the
// front. Private to this folder. Levels are slices of the skin's grid; "front" is towards smaller y.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "privacy/skin.h"

namespace parotis::privacy {

// The plane between left and right: x = x_world + yaw · (y − centre y) + roll · (z − centre z).
struct Midline {
  double x_world = 0, y_centre_world = 0, z_centre_world = 0;
  double yaw = 0, roll = 0;

  double At(double y_world, double z_world) const {
    return x_world + yaw * (y_world - y_centre_world) + roll * (z_world - z_centre_world);
  }
};

// Fitted to the middles between the outline's borders; absent when too few of them are seen.
std::optional<Midline> FindMidline(const Skin& skin);

struct FrontPoint {
  double y_world = 0;
  bool open = false;  // air is seen before it; else the image ends there
};

// The skin of one axial level as seen from the front.
struct Level {
  double z_world = 0;
  double width_mm = 0;         // of the widest row that is seen from border to border; 0 when there is none
  double seen_mm = 0;          // of the widest row, cut off or not
  double depth_mm = 0;         // from the foremost to the hindmost skin near the midline
  double midline_x_world = 0;  // at the front
  std::vector<std::optional<FrontPoint>> front;  // [i]: the foremost body at each x of the grid
};
std::vector<Level> LevelsOf(const Skin& skin, const Midline& midline);

// Mean y of the skin between `from_mm` and `to_mm` beside `x_world`, on both sides; absent when either is not seen.
std::optional<double> FrontBeside(const Skin& skin, const Level& level, double x_world, double from_mm, double to_mm);
// The foremost skin within `reach_mm` of the midline, and at which x.
struct Apex {
  double x_world = 0, y_world = 0;
  bool open = false;
};
std::optional<Apex> ForemostNear(const Skin& skin, const Level& level, double reach_mm);

}  // namespace parotis::privacy
