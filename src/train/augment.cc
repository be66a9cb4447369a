#include "train/augment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "train/intensity.h"

namespace parotis::train {
namespace {

using base::Random;

// Patch pixel → slice pixel: slice = centre + matrix · (patch − patch centre) + displacement.
struct Warp {
  double centre_row = 0, centre_column = 0;
  double rr = 1, rc = 0, cr = 0, cc = 1;  // d(slice row)/d(patch row), d(slice row)/d(patch column), …
};

Warp DrawWarp(const SampleRules& rules, Random& random) {
  const plan::AugmentationPlan& a = rules.augmentation;
  const double angle = random.Uniform(-1, 1) * a.rotation_degrees * std::numbers::pi / 180;
  const double zoom = std::exp(random.Uniform(-1, 1) * std::log1p(a.scale));
  const bool flip = random.Chance(0.5) && a.flip_left_right && rules.columns_run_left_right;
  // Rotation happens in millimetres, whatever the shape of a pixel.
  const double shape = rules.column_spacing_mm / rules.row_spacing_mm;
  Warp warp;
  warp.rr = zoom * std::cos(angle);
  warp.rc = zoom * std::sin(angle) * shape * (flip ? -1 : 1);
  warp.cr = -zoom * std::sin(angle) / shape;
  warp.cc = zoom * std::cos(angle) * (flip ? -1 : 1);
  return warp;
}

// First pixel of a patch that lies in the middle of a shorter axis, anywhere along a longer one.
std::int64_t DrawStart(std::int64_t size, std::int64_t patch, std::int64_t wanted, Random& random) {
  if (size <= patch) return -((patch - size) / 2);
  const std::int64_t low = wanted < 0 ? 0 : std::max<std::int64_t>(0, wanted - patch + 1);
  const std::int64_t high = wanted < 0 ? size - patch : std::min(wanted, size - patch);
  return low + random.Integer(high - low + 1);
}

std::int64_t DrawPixelOf(std::span<const std::uint8_t> labels, int wanted, Random& random) {
  const auto count = std::count(labels.begin(), labels.end(), wanted);
  if (wanted <= 0 || count == 0) return -1;
  std::int64_t nth = random.Integer(count);
  std::size_t pixel = 0;
  while (labels[pixel] != wanted || nth-- > 0) ++pixel;
  return static_cast<std::int64_t>(pixel);
}

void PlaceWarp(const SliceImage& slice, const SampleRules& rules, int wanted, Random& random, Warp& warp) {
  const std::int64_t pixel = DrawPixelOf(slice.labels, wanted, random);
  const std::int64_t row = pixel < 0 ? -1 : pixel / slice.columns;
  const std::int64_t column = pixel < 0 ? -1 : pixel % slice.columns;
  const double half_rows = static_cast<double>(rules.rows - 1) / 2,
               half_columns = static_cast<double>(rules.columns - 1) / 2;
  warp.centre_row = static_cast<double>(DrawStart(slice.rows, rules.rows, row, random)) + half_rows;
  warp.centre_column = static_cast<double>(DrawStart(slice.columns, rules.columns, column, random)) + half_columns;
  if (pixel < 0) return;
  // Rotated and scaled, the patch may miss the pixel: then it is centred on it.
  const double dr = static_cast<double>(row) - warp.centre_row, dc = static_cast<double>(column) - warp.centre_column;
  const double determinant = warp.rr * warp.cc - warp.rc * warp.cr;
  const double patch_row = (warp.cc * dr - warp.rc * dc) / determinant,
               patch_column = (warp.rr * dc - warp.cr * dr) / determinant;
  if (std::abs(patch_row) > half_rows || std::abs(patch_column) > half_columns) {
    warp.centre_row = static_cast<double>(row);
    warp.centre_column = static_cast<double>(column);
  }
}

// A smooth random displacement in pixels: normal values at control points, between them a uniform cubic B-spline.
class Elastic {
 public:
  Elastic(const SampleRules& rules, Random& random) : sd_mm_(rules.augmentation.elastic_mm) {
    if (sd_mm_ <= 0) return;
    rows_ = rules.rows / kStep + 4;
    columns_ = rules.columns / kStep + 4;
    // The spline averages its control points; in the middle of a cell that shrinks the SD to about 0.48 of theirs.
    for (std::int64_t i = 0; i < rows_ * columns_; ++i) {
      row_shift_.push_back(static_cast<float>(random.Normal(0, sd_mm_ / 0.48 / rules.row_spacing_mm)));
      column_shift_.push_back(static_cast<float>(random.Normal(0, sd_mm_ / 0.48 / rules.column_spacing_mm)));
    }
  }
  bool active() const { return sd_mm_ > 0; }
  void Add(std::int64_t row, std::int64_t column, float& slice_row, float& slice_column) const {
    const std::array<float, 4> wr = Weights(static_cast<float>(row % kStep) / kStep),
                               wc = Weights(static_cast<float>(column % kStep) / kStep);
    for (std::int64_t i = 0; i < 4; ++i) {
      for (std::int64_t j = 0; j < 4; ++j) {
        const auto point = static_cast<std::size_t>((row / kStep + i) * columns_ + column / kStep + j);
        slice_row += wr[static_cast<std::size_t>(i)] * wc[static_cast<std::size_t>(j)] * row_shift_[point];
        slice_column += wr[static_cast<std::size_t>(i)] * wc[static_cast<std::size_t>(j)] * column_shift_[point];
      }
    }
  }

 private:
  static constexpr std::int64_t kStep = 24;
  static std::array<float, 4> Weights(float t) {
    const float s = 1 - t;
    return {s * s * s / 6, (3 * t * t * t - 6 * t * t + 4) / 6, (3 * s * s * s - 6 * s * s + 4) / 6, t * t * t / 6};
  }
  double sd_mm_;
  std::int64_t rows_ = 0, columns_ = 0;
  std::vector<float> row_shift_, column_shift_;
};

// Where one row of the patch reads the slice: four neighbours and their weights per pixel.
struct RowReader {
  std::vector<std::int32_t> top_left, nearest, step_right, step_down;
  std::vector<float> right, down;

  explicit RowReader(std::size_t columns)
      : top_left(columns), nearest(columns), step_right(columns), step_down(columns), right(columns), down(columns) {}

  void Aim(const SliceImage& slice, std::size_t pixel, float row, float column) {
    row = std::clamp(row, 0.0F, static_cast<float>(slice.rows - 1));
    column = std::clamp(column, 0.0F, static_cast<float>(slice.columns - 1));
    const auto r = static_cast<std::int32_t>(row), c = static_cast<std::int32_t>(column);
    const auto width = static_cast<std::int32_t>(slice.columns);
    right[pixel] = column - static_cast<float>(c);
    down[pixel] = row - static_cast<float>(r);
    top_left[pixel] = r * width + c;
    step_right[pixel] = c + 1 < width ? 1 : 0;
    step_down[pixel] = r + 1 < slice.rows ? width : 0;
    nearest[pixel] =
        top_left[pixel] + (right[pixel] >= 0.5F ? step_right[pixel] : 0) + (down[pixel] >= 0.5F ? step_down[pixel] : 0);
  }

  void Read(const float* plane, float* target) const {
    for (std::size_t i = 0; i < right.size(); ++i) {
      const float* p = plane + top_left[i];
      const float top = p[0] + right[i] * (p[step_right[i]] - p[0]);
      const float* q = p + step_down[i];
      const float bottom = q[0] + right[i] * (q[step_right[i]] - q[0]);
      target[i] = top + down[i] * (bottom - top);
    }
  }
};

void ReadPatch(const SliceImage& slice, const SampleRules& rules, const Warp& warp, const Elastic& elastic,
               std::span<float> image, std::span<std::uint8_t> labels) {
  const auto columns = static_cast<std::size_t>(rules.columns);
  const auto slice_pixels = static_cast<std::size_t>(slice.rows * slice.columns),
             patch_pixels = static_cast<std::size_t>(rules.rows) * columns;
  const std::size_t planes = slice.planes.size() / slice_pixels;
  RowReader reader(columns);
  for (std::int64_t row = 0; row < rules.rows; ++row) {
    const double dr = static_cast<double>(row) - static_cast<double>(rules.rows - 1) / 2;
    for (std::size_t column = 0; column < columns; ++column) {
      const double dc = static_cast<double>(column) - static_cast<double>(columns - 1) / 2;
      auto slice_row = static_cast<float>(warp.centre_row + warp.rr * dr + warp.rc * dc);
      auto slice_column = static_cast<float>(warp.centre_column + warp.cr * dr + warp.cc * dc);
      if (elastic.active()) elastic.Add(row, static_cast<std::int64_t>(column), slice_row, slice_column);
      reader.Aim(slice, column, slice_row, slice_column);
    }
    const std::size_t offset = static_cast<std::size_t>(row) * columns;
    for (std::size_t plane = 0; plane < planes; ++plane) {
      reader.Read(slice.planes.data() + plane * slice_pixels, image.data() + plane * patch_pixels + offset);
    }
    for (std::size_t column = 0; column < columns; ++column) {
      labels[offset + column] = slice.labels[static_cast<std::size_t>(reader.nearest[column])];
    }
  }
}

}  // namespace

void MakeSample(const SliceImage& slice, const SampleRules& rules, int wanted, Random& random, std::span<float> image,
                std::span<std::uint8_t> labels) {
  Warp warp = DrawWarp(rules, random);
  PlaceWarp(slice, rules, wanted, random, warp);
  const Elastic elastic(rules, random);
  ReadPatch(slice, rules, warp, elastic, image, labels);
  ChangeIntensities(rules, random, image);
}

plan::AugmentationPlan NoAugmentation() {
  plan::AugmentationPlan none;
  none.rotation_degrees = none.scale = none.elastic_mm = none.brightness = none.contrast = none.gamma = none.noise =
      none.blur_mm = 0;
  none.flip_left_right = false;
  none.probability = 0;
  return none;
}

}  // namespace parotis::train
