#include "intake/block_shift.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "image/distance.h"
#include "image/threshold.h"

namespace parotis::intake {
namespace {

using image::Volume;

constexpr double kBlock_mm = 40;
constexpr double kFarthest_mm = 14;
constexpr std::int64_t kSlices = 5;
constexpr double kLeastBright = 0.5;  // of a block
constexpr double kBrightness = 0.5;   // of Otsu's threshold: tissue that is dark in the reference counts, too
constexpr double kRim_mm = 6;         // below the skin, where edges are not compared
constexpr std::array<float, 3> kSmooth = {0.274F, 0.452F, 0.274F};  // Gaussian of one voxel, three taps

// Smoothed along rows (axis 0) or columns (axis 1); edges are continued.
void Smooth(Volume& volume, std::size_t axis) {
  const Volume source = volume;
  const std::int64_t step = axis == 0 ? 1 : volume.geometry.size[0];
  for (std::size_t n = 0; n < volume.voxels.size(); ++n) {
    const std::int64_t at = static_cast<std::int64_t>(n) / step % volume.geometry.size[axis];  // index along the axis
    const std::size_t before = at == 0 ? n : n - static_cast<std::size_t>(step);
    const std::size_t after = at + 1 == volume.geometry.size[axis] ? n : n + static_cast<std::size_t>(step);
    volume.voxels[n] =
        kSmooth[0] * source.voxels[before] + kSmooth[1] * source.voxels[n] + kSmooth[2] * source.voxels[after];
  }
}

// Magnitude of the in-plane gradient per voxel of the smoothed square root; 0 at the rim.
Volume Edges(const Volume& volume) {
  Volume root = volume;
  for (float& value : root.voxels) value = std::sqrt(std::max(0.0F, value));
  for (int pass = 0; pass < 2; ++pass) {
    Smooth(root, 0);
    Smooth(root, 1);
  }
  Volume edges(volume.geometry);
  const auto& size = volume.geometry.size;
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 1; j + 1 < size[1]; ++j) {
      for (std::int64_t i = 1; i + 1 < size[0]; ++i)
        edges.At(i, j, k) =
            std::hypot(root.At(i + 1, j, k) - root.At(i - 1, j, k), root.At(i, j + 1, k) - root.At(i, j - 1, k));
    }
  }
  return edges;
}

// Pearson's coefficient, one pair after the other.
class Correlation {
 public:
  void Add(double x, double y) {
    ++count_;
    x_ += x, y_ += y, xx_ += x * x, yy_ += y * y, xy_ += x * y;
  }
  double Value() const {
    const double variance_x = xx_ - x_ * x_ / count_;
    const double variance_y = yy_ - y_ * y_ / count_;
    if (!(variance_x > 0) || !(variance_y > 0)) return 0;
    return (xy_ - x_ * y_ / count_) / std::sqrt(variance_x * variance_y);
  }

 private:
  double count_ = 0, x_ = 0, y_ = 0, xx_ = 0, yy_ = 0, xy_ = 0;
};

struct Offset {
  std::int64_t i = 0;
  std::int64_t j = 0;
};

// Along rows and along columns, nearest first, so that ties stay where they are.
std::vector<Offset> Offsets(const image::Geometry& grid) {
  std::vector<Offset> offsets = {{0, 0}};
  for (std::int64_t d = 1; static_cast<double>(d) * std::min(grid.spacing_mm[0], grid.spacing_mm[1]) <= kFarthest_mm;
       ++d) {
    for (const std::int64_t signed_d : {d, -d}) {
      if (static_cast<double>(d) * grid.spacing_mm[0] <= kFarthest_mm) offsets.push_back({signed_d, 0});
      if (static_cast<double>(d) * grid.spacing_mm[1] <= kFarthest_mm) offsets.push_back({0, signed_d});
    }
  }
  return offsets;
}

double LengthMm(const Offset& offset, const image::Geometry& grid) {
  return std::hypot(static_cast<double>(offset.i) * grid.spacing_mm[0],
                    static_cast<double>(offset.j) * grid.spacing_mm[1]);
}

// Depth below the outline, which per slice is what lies between the first and the last bright voxel of both its row and
// its column.
Volume DepthsMm(const Volume& reference, float threshold) {
  image::LabelVolume outside(reference.geometry, 1);
  const auto& size = reference.geometry.size;
  struct Range {
    std::int64_t first = -1, last = -1;
    void Add(std::int64_t at) { first = first < 0 ? at : first, last = at; }
    bool Holds(std::int64_t at) const { return first >= 0 && at >= first && at <= last; }
  };
  for (std::int64_t k = 0; k < size[2]; ++k) {
    std::vector<Range> rows(static_cast<std::size_t>(size[1])), columns(static_cast<std::size_t>(size[0]));
    for (std::int64_t j = 0; j < size[1]; ++j) {
      for (std::int64_t i = 0; i < size[0]; ++i) {
        if (reference.At(i, j, k) <= threshold) continue;
        rows[static_cast<std::size_t>(j)].Add(i);
        columns[static_cast<std::size_t>(i)].Add(j);
      }
    }
    for (std::int64_t j = 0; j < size[1]; ++j) {
      for (std::int64_t i = 0; i < size[0]; ++i) {
        if (rows[static_cast<std::size_t>(j)].Holds(i) && columns[static_cast<std::size_t>(i)].Holds(j))
          outside.At(i, j, k) = 0;
      }
    }
  }
  return image::DistanceTo(outside);
}

struct Block {
  std::array<std::int64_t, 3> first, size;
};

template <class Use>
void ForEachVoxel(const Block& block, const Use& use) {
  for (std::int64_t k = block.first[2]; k < block.first[2] + block.size[2]; ++k) {
    for (std::int64_t j = block.first[1]; j < block.first[1] + block.size[1]; ++j) {
      for (std::int64_t i = block.first[0]; i < block.first[0] + block.size[0]; ++i) use(i, j, k);
    }
  }
}

double BestShiftMm(const Volume& reference_edges, const Volume& edges, const Volume& depths_mm, const Block& block,
                   const std::vector<Offset>& offsets) {
  double best = -2;
  double shift_mm = 0;
  for (const Offset& offset : offsets) {
    Correlation correlation;
    ForEachVoxel(block, [&](std::int64_t i, std::int64_t j, std::int64_t k) {
      if (depths_mm.At(i, j, k) >= kRim_mm)
        correlation.Add(reference_edges.At(i, j, k), edges.At(i + offset.i, j + offset.j, k));
    });
    if (correlation.Value() <= best) continue;
    best = correlation.Value();
    shift_mm = LengthMm(offset, edges.geometry);
  }
  return shift_mm;
}

double ShareAbove(const Volume& volume, float threshold, const Block& block) {
  std::int64_t bright = 0;
  ForEachVoxel(
      block, [&](std::int64_t i, std::int64_t j, std::int64_t k) { bright += volume.At(i, j, k) > threshold ? 1 : 0; });
  return static_cast<double>(bright) / static_cast<double>(block.size[0] * block.size[1] * block.size[2]);
}

}  // namespace

std::vector<double> BlockShiftsMm(const Volume& reference, const Volume& image) {
  std::vector<double> shifts_mm;
  const image::Geometry& grid = image.geometry;
  if (!image::SameGrid(reference.geometry, grid)) return shifts_mm;
  const Volume reference_edges = Edges(reference);
  const Volume edges = Edges(image);
  const auto threshold = static_cast<float>(kBrightness * image::OtsuThreshold(reference.voxels));
  const Volume depths_mm = DepthsMm(reference, threshold);
  const std::vector<Offset> offsets = Offsets(grid);
  Block block{{0, 0, 0}, {0, 0, std::min(kSlices, grid.size[2])}};
  std::array<std::int64_t, 2> margin{};
  for (std::size_t a = 0; a < 2; ++a) {
    block.size[a] = std::max<std::int64_t>(4, std::llround(kBlock_mm / grid.spacing_mm[a]));
    margin[a] = static_cast<std::int64_t>(kFarthest_mm / grid.spacing_mm[a]);
  }
  for (auto& k = block.first[2]; k + block.size[2] <= grid.size[2]; k += block.size[2]) {
    for (block.first[1] = margin[1]; block.first[1] + block.size[1] + margin[1] <= grid.size[1];
         block.first[1] += block.size[1] / 2) {
      for (block.first[0] = margin[0]; block.first[0] + block.size[0] + margin[0] <= grid.size[0];
           block.first[0] += block.size[0] / 2) {
        if (ShareAbove(reference, threshold, block) < kLeastBright) continue;
        shifts_mm.push_back(BestShiftMm(reference_edges, edges, depths_mm, block, offsets));
      }
    }
  }
  return shifts_mm;
}

double WholeShiftMm(const Volume& reference, const Volume& image, const image::LabelVolume& mask) {
  const image::Geometry& grid = image.geometry;
  const auto logarithms = [](Volume volume) {
    for (float& value : volume.voxels) value = std::log1p(std::max(0.0F, value));
    return volume;
  };
  const Volume a = logarithms(reference);
  const Volume b = logarithms(image);
  double best = -2;
  double shift_mm = 0;
  for (const Offset& offset : Offsets(grid)) {
    Correlation correlation;
    const Block inside{{std::max<std::int64_t>(0, -offset.i), std::max<std::int64_t>(0, -offset.j), 0},
                       {grid.size[0] - std::abs(offset.i), grid.size[1] - std::abs(offset.j), grid.size[2]}};
    ForEachVoxel(inside, [&](std::int64_t i, std::int64_t j, std::int64_t k) {
      if (mask.At(i, j, k) != 0) correlation.Add(a.At(i, j, k), b.At(i + offset.i, j + offset.j, k));
    });
    if (correlation.Value() <= best) continue;
    best = correlation.Value();
    shift_mm = LengthMm(offset, grid);
  }
  return shift_mm;
}

}  // namespace parotis::intake
