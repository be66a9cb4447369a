#include "image/distance.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace parotis::image {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Lower envelope of the parabolas (x − x_q)² + f(q) along one line; the buffers are kept between lines.
class LineTransform {
 public:
  LineTransform(std::int64_t count, double spacing_mm)
      : count_(count), spacing_(spacing_mm), line_(count), sites_(count), starts_(count + 1) {}

  // In place on values[0], values[stride], …: squared distances so far become squared distances along this axis too.
  void Apply(double* values, std::int64_t stride) {
    std::int64_t used = 0;
    for (std::int64_t q = 0; q < count_; ++q) {
      line_[q] = values[q * stride];
      if (line_[q] == kInfinity) continue;
      double start = -kInfinity;
      while (used > 0 && (start = Crossing(sites_[used - 1], q)) <= starts_[used - 1]) --used;
      starts_[used] = used == 0 ? -kInfinity : start;
      sites_[used++] = q;
    }
    if (used == 0) return;
    for (std::int64_t p = 0, at = 0; p < count_; ++p) {
      const double x = static_cast<double>(p) * spacing_;
      while (at + 1 < used && starts_[at + 1] < x) ++at;
      const double offset = static_cast<double>(p - sites_[at]) * spacing_;
      values[p * stride] = offset * offset + line_[sites_[at]];
    }
  }

 private:
  // Where the parabola of `right` becomes the lower one.
  double Crossing(std::int64_t left, std::int64_t right) const {
    const double a = static_cast<double>(left) * spacing_;
    const double b = static_cast<double>(right) * spacing_;
    return (line_[right] - line_[left] + b * b - a * a) / (2 * (b - a));
  }

  std::int64_t count_;
  double spacing_;
  std::vector<double> line_;
  std::vector<std::int64_t> sites_;
  std::vector<double> starts_;
};

void TransformAlong(std::vector<double>& squared, const Geometry& grid, int axis) {
  const std::int64_t count = grid.size[axis];
  std::int64_t stride = 1;
  for (int a = 0; a < axis; ++a) stride *= grid.size[a];
  LineTransform line(count, grid.spacing_mm[axis]);
  const std::int64_t blocks = grid.voxel_count() / (stride * count);
  for (std::int64_t block = 0; block < blocks; ++block) {
    for (std::int64_t inner = 0; inner < stride; ++inner)
      line.Apply(squared.data() + block * stride * count + inner, stride);
  }
}

LabelVolume SurfaceOf(const LabelVolume& mask) {
  LabelVolume surface(mask.geometry);
  const auto [ni, nj, nk] = mask.geometry.size;
  const auto outside = [&](std::int64_t i, std::int64_t j, std::int64_t k) {
    return i < 0 || i >= ni || j < 0 || j >= nj || k < 0 || k >= nk || mask.At(i, j, k) == 0;
  };
  for (std::int64_t k = 0; k < nk; ++k) {
    for (std::int64_t j = 0; j < nj; ++j) {
      for (std::int64_t i = 0; i < ni; ++i) {
        if (mask.At(i, j, k) == 0) continue;
        surface.At(i, j, k) = outside(i - 1, j, k) || outside(i + 1, j, k) || outside(i, j - 1, k) ||
                              outside(i, j + 1, k) || outside(i, j, k - 1) || outside(i, j, k + 1);
      }
    }
  }
  return surface;
}

struct Box {
  std::array<std::int64_t, 3> first;
  std::array<std::int64_t, 3> last = {-1, -1, -1};
};

void Grow(Box& box, const LabelVolume& mask) {
  const auto& size = mask.geometry.size;
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 0; j < size[1]; ++j) {
      for (std::int64_t i = 0; i < size[0]; ++i) {
        if (mask.At(i, j, k) == 0) continue;
        const std::array<std::int64_t, 3> index = {i, j, k};
        for (int a = 0; a < 3; ++a) {
          box.first[a] = std::min(box.first[a], index[a]);
          box.last[a] = std::max(box.last[a], index[a]);
        }
      }
    }
  }
}

LabelVolume Crop(const LabelVolume& mask, const Box& box) {
  Geometry grid = mask.geometry;
  for (int a = 0; a < 3; ++a) grid.size[a] = box.last[a] - box.first[a] + 1;
  LabelVolume part(grid);
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      const auto* row = &mask.At(box.first[0], box.first[1] + j, box.first[2] + k);
      std::copy(row, row + grid.size[0], &part.At(0, j, k));
    }
  }
  return part;
}

}  // namespace

Volume DistanceTo(const LabelVolume& mask) {
  std::vector<double> squared(mask.voxels.size());
  std::transform(mask.voxels.begin(), mask.voxels.end(), squared.begin(),
                 [](auto value) { return value != 0 ? 0 : kInfinity; });
  for (int axis = 0; axis < 3; ++axis) TransformAlong(squared, mask.geometry, axis);
  Volume distance(mask.geometry);
  std::transform(squared.begin(), squared.end(), distance.voxels.begin(),
                 [](double s) { return static_cast<float>(std::sqrt(s)); });
  return distance;
}

std::vector<float> SurfaceDistances(const LabelVolume& from, const LabelVolume& to) {
  Box from_box{from.geometry.size};
  Box to_box{to.geometry.size};
  Grow(from_box, from);
  Grow(to_box, to);
  if (from_box.last[0] < 0 || to_box.last[0] < 0) return {};
  // Only the part that holds both matters; what lies beyond it belongs to neither.
  Box both = from_box;
  for (int a = 0; a < 3; ++a) {
    both.first[a] = std::min(both.first[a], to_box.first[a]);
    both.last[a] = std::max(both.last[a], to_box.last[a]);
  }
  const LabelVolume surface = SurfaceOf(Crop(from, both));
  const Volume distance = DistanceTo(SurfaceOf(Crop(to, both)));
  std::vector<float> distances;
  for (std::size_t v = 0; v < surface.voxels.size(); ++v) {
    if (surface.voxels[v] != 0) distances.push_back(distance.voxels[v]);
  }
  return distances;
}

}  // namespace parotis::image
