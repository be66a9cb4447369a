#include "physics/contact_sheet.h"

#include <algorithm>
#include <array>

namespace parotis::physics {
namespace {

using image::Picture;

constexpr std::array<std::array<std::uint8_t, 3>, 4> kOutline = {
    {{0, 0, 0}, {255, 90, 60}, {80, 220, 90}, {250, 220, 40}}};

float BrightEnd(const image::Volume& volume, std::int64_t slice) {
  const auto plane = volume.geometry.size[0] * volume.geometry.size[1];
  std::vector<float> values(volume.voxels.begin() + slice * plane, volume.voxels.begin() + (slice + 1) * plane);
  const auto at = values.begin() + static_cast<std::int64_t>(0.995 * static_cast<double>(values.size()));
  std::nth_element(values.begin(), at, values.end());
  return std::max(1.0f, *at);
}

bool OnOutline(const image::LabelVolume& truth, std::int64_t i, std::int64_t j, std::int64_t k) {
  const auto& size = truth.geometry.size;
  if (truth.At(i, j, k) == 0 || i == 0 || j == 0 || i + 1 == size[0] || j + 1 == size[1]) return false;
  return truth.At(i - 1, j, k) == 0 || truth.At(i + 1, j, k) == 0 || truth.At(i, j - 1, k) == 0 ||
         truth.At(i, j + 1, k) == 0;
}

}  // namespace

std::int64_t TellingSlice(const dataset::Case& examination) {
  const auto& size = examination.grid.size;
  std::int64_t best = size[2] / 2, most = 0;
  if (!examination.truth) return best;
  const auto plane = size[0] * size[1];
  for (std::int64_t k = 0; k < size[2]; ++k) {
    const auto begin = examination.truth->voxels.begin() + k * plane;
    const std::int64_t count = plane - std::count(begin, begin + plane, 0);
    if (count > most) best = k, most = count;
  }
  return best;
}

Picture ContactRow(const dataset::Case& examination, int zoom) {
  const auto& size = examination.grid.size;
  const std::int64_t slice = TellingSlice(examination);
  const int width = static_cast<int>(size[0]) * zoom, height = static_cast<int>(size[1]) * zoom;
  Picture row(width * static_cast<int>(examination.channels.size()), height);
  for (std::size_t c = 0; c < examination.channels.size(); ++c) {
    const image::Volume& volume = examination.channels[c];
    const float bright = examination.channel_names[c] == dataset::kAdc ? 2500.0f : BrightEnd(volume, slice);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const std::int64_t i = x / zoom, j = y / zoom;
        const auto grey = static_cast<std::uint8_t>(255 * std::clamp(volume.At(i, j, slice) / bright, 0.0f, 1.0f));
        std::array<std::uint8_t, 3> colour = {grey, grey, grey};
        if (c == 0 && examination.truth && OnOutline(*examination.truth, i, j, slice)) {
          colour = kOutline[std::min<std::size_t>(examination.truth->At(i, j, slice), kOutline.size() - 1)];
        }
        row.Set(static_cast<int>(c) * width + x, y, colour);
      }
    }
  }
  return row;
}

Picture Stack(const std::vector<Picture>& rows) {
  int width = 0, height = 0;
  for (const Picture& row : rows) width = std::max(width, row.width), height += row.height;
  Picture sheet(width, height);
  int top = 0;
  for (const Picture& row : rows) {
    for (int y = 0; y < row.height; ++y) {
      const auto from = row.rgb.begin() + static_cast<std::int64_t>(y) * row.width * 3;
      std::copy(from, from + row.width * 3, sheet.rgb.begin() + static_cast<std::int64_t>(top + y) * width * 3);
    }
    top += row.height;
  }
  return sheet;
}

}  // namespace parotis::physics
