#include "privacy/face_outline.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "image/threshold.h"

namespace parotis::privacy {
namespace {

constexpr double kNarrowestRow_mm = 60;  // whose middle says something about the midline
constexpr std::size_t kFewestRows = 40;
constexpr double kSteepest = 0.6;  // of the midline against the scanner's axes: 31 degrees
constexpr double kNearMidline_mm = 12;

struct Row {
  std::int64_t first = -1, last = -1;
  bool cut = false;  // the image ends at one of them

  bool empty() const { return first < 0; }
};

Row RowAt(const Skin& skin, std::int64_t j, std::int64_t k) {
  const std::int64_t n = skin.grid().size[0];
  Row row;
  for (std::int64_t i = 0; i < n; ++i) {
    if (!skin.Body(i, j, k)) continue;
    if (row.first < 0) row.first = i;
    row.last = i;
  }
  if (!row.empty()) row.cut = !skin.Seen(row.first - 1, j, k) || !skin.Seen(row.last + 1, j, k);
  return row;
}

double WorldAt(const Skin& skin, int axis, double index) {
  return skin.grid().origin_world[static_cast<std::size_t>(axis)] +
         index * skin.grid().spacing_mm[static_cast<std::size_t>(axis)];
}

struct Middle {
  double x, y, z, weight = 1;
};

// Solves the 3 × 3 normal equations of x = a + b·y + c·z (Cramer's rule); false when they are singular.
bool FitPlane(const std::vector<Middle>& middles, std::array<double, 3>& plane) {
  std::array<std::array<double, 4>, 3> m{};
  for (const Middle& p : middles) {
    const std::array<double, 4> row = {1, p.y, p.z, p.x};
    for (int r = 0; r < 3; ++r) {
      for (int c = 0; c < 4; ++c) m[r][c] += p.weight * row[r] * row[c];
    }
  }
  const auto determinant = [&](int replaced) {
    image::Matrix3 a{};
    for (int r = 0; r < 3; ++r) {
      for (int c = 0; c < 3; ++c) a[r][c] = m[r][c == replaced ? 3 : c];
    }
    return image::Determinant(a);
  };
  const double whole = determinant(-1);
  if (!(std::abs(whole) > 1e-9)) return false;
  for (int c = 0; c < 3; ++c) plane[c] = determinant(c) / whole;
  return true;
}

}  // namespace

std::optional<Midline> FindMidline(const Skin& skin) {
  const auto& size = skin.grid().size;
  std::vector<Middle> middles;
  Midline midline;
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 0; j < size[1]; ++j) {
      const Row row = RowAt(skin, j, k);
      if (row.empty() || row.cut) continue;
      if (static_cast<double>(row.last - row.first + 1) * skin.grid().spacing_mm[0] < kNarrowestRow_mm) continue;
      middles.push_back({WorldAt(skin, 0, 0.5 * static_cast<double>(row.first + row.last)),
                         WorldAt(skin, 1, static_cast<double>(j)), WorldAt(skin, 2, static_cast<double>(k))});
    }
  }
  if (middles.size() < kFewestRows) return std::nullopt;
  for (const Middle& p : middles) {
    midline.y_centre_world += p.y / static_cast<double>(middles.size());
    midline.z_centre_world += p.z / static_cast<double>(middles.size());
  }
  for (Middle& p : middles) p.y -= midline.y_centre_world, p.z -= midline.z_centre_world;
  // One ear, a swelling: weights fall with the distance from the plane (Cauchy's), whose scale is the median's.
  std::array<double, 3> plane{};
  for (int pass = 0; pass < 8; ++pass) {
    if (!FitPlane(middles, plane)) return std::nullopt;
    std::vector<float> off;
    for (const Middle& p : middles)
      off.push_back(static_cast<float>(std::abs(p.x - plane[0] - plane[1] * p.y - plane[2] * p.z)));
    const double scale = std::max(1.0F, image::Quantiles(off, std::array{0.5})[0]);
    for (std::size_t n = 0; n < off.size(); ++n) middles[n].weight = 1 / (1 + off[n] * off[n] / (scale * scale));
  }
  midline.x_world = plane[0];
  midline.yaw = std::clamp(plane[1], -kSteepest, kSteepest);
  midline.roll = std::clamp(plane[2], -kSteepest, kSteepest);
  return midline;
}

std::vector<Level> LevelsOf(const Skin& skin, const Midline& midline) {
  const auto& size = skin.grid().size;
  std::vector<Level> levels(static_cast<std::size_t>(size[2]));
  for (std::int64_t k = 0; k < size[2]; ++k) {
    Level& level = levels[static_cast<std::size_t>(k)];
    level.z_world = WorldAt(skin, 2, static_cast<double>(k));
    level.front.resize(static_cast<std::size_t>(size[0]));
    double front_y = std::numeric_limits<double>::infinity(), back_y = -front_y;
    for (std::int64_t j = 0; j < size[1]; ++j) {
      const Row row = RowAt(skin, j, k);
      if (row.empty()) continue;
      const double y = WorldAt(skin, 1, static_cast<double>(j));
      const double width = static_cast<double>(row.last - row.first + 1) * skin.grid().spacing_mm[0];
      level.seen_mm = std::max(level.seen_mm, width);
      if (!row.cut) level.width_mm = std::max(level.width_mm, width);
      for (std::int64_t i = row.first; i <= row.last; ++i) {
        auto& point = level.front[static_cast<std::size_t>(i)];
        if (skin.Body(i, j, k) && !point) point = FrontPoint{y, skin.Seen(i, j - 1, k)};
        if (skin.Body(i, j, k) &&
            std::abs(WorldAt(skin, 0, static_cast<double>(i)) - midline.At(y, level.z_world)) < kNearMidline_mm) {
          front_y = std::min(front_y, y);
          back_y = std::max(back_y, y);
        }
      }
    }
    level.depth_mm = std::max(0.0, back_y - front_y);
    level.midline_x_world = midline.At(std::isfinite(front_y) ? front_y : midline.y_centre_world, level.z_world);
  }
  return levels;
}

std::optional<double> FrontBeside(const Skin& skin, const Level& level, double x_world, double from_mm, double to_mm) {
  double sum = 0;
  for (const double side : {-1.0, 1.0}) {
    double of_side = 0;
    int count = 0;
    for (std::size_t i = 0; i < level.front.size(); ++i) {
      const double u = side * (WorldAt(skin, 0, static_cast<double>(i)) - x_world);
      if (u < from_mm || u > to_mm || !level.front[i]) continue;
      of_side += level.front[i]->y_world;
      ++count;
    }
    if (count == 0) return std::nullopt;
    sum += 0.5 * of_side / count;
  }
  return sum;
}

std::optional<Apex> ForemostNear(const Skin& skin, const Level& level, double reach_mm) {
  std::optional<Apex> apex;
  int ties = 0;
  for (std::size_t i = 0; i < level.front.size(); ++i) {
    const double x = WorldAt(skin, 0, static_cast<double>(i));
    if (std::abs(x - level.midline_x_world) > reach_mm || !level.front[i]) continue;
    const double y = level.front[i]->y_world;
    if (apex && y > apex->y_world) continue;
    if (apex && y == apex->y_world) {  // a flat top: its middle
      ++ties;
      apex->x_world += (x - apex->x_world) / (ties + 1);
      continue;
    }
    apex = Apex{x, y, level.front[i]->open};
    ties = 0;
  }
  return apex;
}

}  // namespace parotis::privacy
