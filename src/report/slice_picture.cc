#include "report/slice_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "base/base64.h"
#include "image/threshold.h"
#include "report/html.h"

namespace parotis::report {
namespace {

constexpr double kLongestSide_px = 420;
constexpr std::array<std::array<std::uint8_t, 3>, 6> kColours = {{{0xFF, 0xD2, 0x3F},
                                                                  {0x3F, 0xD6, 0xFF},
                                                                  {0xFF, 0x6F, 0xD0},
                                                                  {0x7D, 0xFF, 0x6B},
                                                                  {0xFF, 0x9B, 0x3F},
                                                                  {0xFF, 0xFF, 0xFF}}};

using Pixel = std::array<std::int64_t, 2>;  // column, row on the screen, in whole voxels

char LetterOf(const image::Vector3& towards) {
  constexpr std::array<std::array<char, 2>, 3> kLetters = {{{'R', 'L'}, {'A', 'P'}, {'I', 'S'}}};
  int axis = 0;
  for (int a = 1; a < 3; ++a) axis = std::abs(towards[a]) > std::abs(towards[axis]) ? a : axis;
  return kLetters[axis][towards[axis] > 0 ? 1 : 0];
}

image::Vector3 DirectionOf(const image::Geometry& grid, int axis, bool reversed) {
  const double sign = reversed ? -1 : 1;
  return {sign * grid.direction[0][axis], sign * grid.direction[1][axis], sign * grid.direction[2][axis]};
}

image::Vector3 Opposite(const image::Vector3& v) { return {-v[0], -v[1], -v[2]}; }

// The slice laid out as on the screen.
class Screen {
 public:
  Screen(const image::Geometry& grid, std::int64_t slice) : grid_(grid), axes_(ScreenAxesOf(grid)), slice_(slice) {}

  const ScreenAxes& axes() const { return axes_; }
  std::int64_t columns() const { return grid_.size[axes_.right]; }
  std::int64_t rows() const { return grid_.size[axes_.down]; }
  double column_mm() const { return grid_.spacing_mm[axes_.right]; }
  double row_mm() const { return grid_.spacing_mm[axes_.down]; }

  template <class T>
  T At(const image::Image<T>& image, std::int64_t column, std::int64_t row) const {
    std::array<std::int64_t, 3> index{};
    index[axes_.slice] = slice_;
    index[axes_.right] = axes_.right_reversed ? columns() - 1 - column : column;
    index[axes_.down] = axes_.down_reversed ? rows() - 1 - row : row;
    return image.At(index[0], index[1], index[2]);
  }

  // Screen position (column, row), continuous, of a world point.
  std::array<double, 2> PlaceOf(const image::Vector3& point_world) const {
    const image::Vector3 index = VoxelFromWorld(grid_, point_world);
    const double column = index[axes_.right];
    const double row = index[axes_.down];
    return {axes_.right_reversed ? static_cast<double>(columns() - 1) - column : column,
            axes_.down_reversed ? static_cast<double>(rows() - 1) - row : row};
  }

 private:
  const image::Geometry& grid_;
  ScreenAxes axes_;
  std::int64_t slice_;
};

// What of the slice is shown, in mm from its upper left corner (the outer edge of the first voxel).
struct Window {
  double left_mm, top_mm, width_mm, height_mm;
};

Window WindowOf(const Screen& screen, const PictureOptions& options) {
  const double full_width = static_cast<double>(screen.columns()) * screen.column_mm();
  const double full_height = static_cast<double>(screen.rows()) * screen.row_mm();
  if (!options.centre_world) return {0, 0, full_width, full_height};
  const auto place = screen.PlaceOf(*options.centre_world);
  const double width = std::min(options.window_width_mm, full_width);
  const double height = std::min(options.window_height_mm, full_height);
  return {std::clamp((place[0] + 0.5) * screen.column_mm() - width / 2, 0.0, full_width - width),
          std::clamp((place[1] + 0.5) * screen.row_mm() - height / 2, 0.0, full_height - height), width, height};
}

float Linear(const image::Volume& volume, const Screen& screen, double column, double row) {
  const auto clamp = [](double value, std::int64_t count) {
    return std::clamp(value, 0.0, static_cast<double>(count - 1));
  };
  const double x = clamp(column, screen.columns());
  const double y = clamp(row, screen.rows());
  const auto i = static_cast<std::int64_t>(x);
  const auto j = static_cast<std::int64_t>(y);
  const std::int64_t i1 = std::min(i + 1, screen.columns() - 1);
  const std::int64_t j1 = std::min(j + 1, screen.rows() - 1);
  const double fx = x - static_cast<double>(i);
  const double fy = y - static_cast<double>(j);
  const double top = screen.At(volume, i, j) * (1 - fx) + screen.At(volume, i1, j) * fx;
  const double bottom = screen.At(volume, i, j1) * (1 - fx) + screen.At(volume, i1, j1) * fx;
  return static_cast<float>(top * (1 - fy) + bottom * fy);
}

image::Picture Render(const image::Volume& volume, const Screen& screen, const Window& window,
                      const Brightness& brightness) {
  const double finest_mm = std::min(screen.column_mm(), screen.row_mm()) / 2;
  const double pixel_mm = std::max(finest_mm, std::max(window.width_mm, window.height_mm) / kLongestSide_px);
  image::Picture picture(static_cast<int>(std::lround(window.width_mm / pixel_mm)),
                         static_cast<int>(std::lround(window.height_mm / pixel_mm)));
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const double column = (window.left_mm + (x + 0.5) * window.width_mm / picture.width) / screen.column_mm() - 0.5;
      const double row = (window.top_mm + (y + 0.5) * window.height_mm / picture.height) / screen.row_mm() - 0.5;
      const float value = (Linear(volume, screen, column, row) - brightness.low) / (brightness.high - brightness.low);
      const auto grey = static_cast<std::uint8_t>(std::lround(255 * std::clamp(value, 0.0F, 1.0F)));
      picture.Set(x, y, {grey, grey, grey});
    }
  }
  return picture;
}

// Edges between what is inside and everything else, as runs along the screen's rows and columns, in mm of the window.
template <class IsInside>
std::vector<Segment> EdgesOf(const Screen& screen, const Window& window, const IsInside& is_inside) {
  const auto inside = [&](std::int64_t column, std::int64_t row) {
    return column >= 0 && row >= 0 && column < screen.columns() && row < screen.rows() && is_inside(column, row);
  };
  std::vector<Segment> edges;
  const auto add = [&](std::int64_t x0, std::int64_t y0, std::int64_t x1, std::int64_t y1) {
    const auto place = [&](std::int64_t x, std::int64_t y) -> std::array<double, 2> {
      return {static_cast<double>(x) * screen.column_mm() - window.left_mm,
              static_cast<double>(y) * screen.row_mm() - window.top_mm};
    };
    edges.push_back({place(x0, y0), place(x1, y1)});
  };
  for (std::int64_t row = 0; row <= screen.rows(); ++row) {
    for (std::int64_t column = 0; column < screen.columns(); ++column) {
      if (inside(column, row) == inside(column, row - 1)) continue;
      const std::int64_t start = column;
      while (column + 1 < screen.columns() && inside(column + 1, row) != inside(column + 1, row - 1)) ++column;
      add(start, row, column + 1, row);
    }
  }
  for (std::int64_t column = 0; column <= screen.columns(); ++column) {
    for (std::int64_t row = 0; row < screen.rows(); ++row) {
      if (inside(column, row) == inside(column - 1, row)) continue;
      const std::int64_t start = row;
      while (row + 1 < screen.rows() && inside(column, row + 1) != inside(column - 1, row + 1)) ++row;
      add(column, start, column, row + 1);
    }
  }
  return edges;
}

// Both axes are the screen's: what lies outside the window is cut off. False when nothing is left.
bool CutToWindow(Segment& edge, const Window& window) {
  for (int axis = 0; axis < 2; ++axis) {
    const double end = axis == 0 ? window.width_mm : window.height_mm;
    if (std::max(edge[0][axis], edge[1][axis]) < 0 || std::min(edge[0][axis], edge[1][axis]) > end) return false;
    for (std::array<double, 2>& point : edge) point[axis] = std::clamp(point[axis], 0.0, end);
  }
  return true;
}

std::string OutlinePath(const Screen& screen, const image::LabelVolume& lesions, int id, const Window& window) {
  std::string path;
  for (const Segment& edge : EdgesOf(screen, window, [&](std::int64_t column, std::int64_t row) {
         return screen.At(lesions, column, row) == id;
       }))
    path += fmt::format("M{:.2f} {:.2f}L{:.2f} {:.2f}", edge[0][0], edge[0][1], edge[1][0], edge[1][1]);
  return path;
}

std::string Outlines(const Screen& screen, const image::LabelVolume& lesions, const Window& window) {
  std::set<int> ids;
  for (std::int64_t row = 0; row < screen.rows(); ++row) {
    for (std::int64_t column = 0; column < screen.columns(); ++column) {
      if (const int id = screen.At(lesions, column, row); id != 0) ids.insert(id);
    }
  }
  std::string svg;
  for (const int id : ids) {
    svg += fmt::format(
        "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.6\" stroke-linecap=\"round\" "
        "vector-effect=\"non-scaling-stroke\"/>",
        OutlinePath(screen, lesions, id, window), ColourOfLesion(id));
  }
  return svg;
}

std::string Letters(const ScreenAxes& axes, const Window& w) {
  const double size = w.width_mm * 0.055;
  const auto letter = [&](double x, double y, char text) {
    return fmt::format(
        "<text x=\"{:.2f}\" y=\"{:.2f}\" text-anchor=\"middle\" font-size=\"{:.2f}\" font-family=\"sans-serif\" "
        "fill=\"#fff\" "
        "stroke=\"#000\" stroke-width=\"{:.2f}\" paint-order=\"stroke\">{}</text>",
        x, y, size, size * 0.15, text);
  };
  return letter(size * 0.7, w.height_mm / 2, axes.left_letter) +
         letter(w.width_mm - size * 0.7, w.height_mm / 2, axes.right_letter) +
         letter(w.width_mm / 2, size * 1.1, axes.top_letter) +
         letter(w.width_mm / 2, w.height_mm - size * 0.4, axes.bottom_letter);
}

std::string ScaleBar(const Window& w, double bar_mm) {
  const double size = w.width_mm * 0.04;
  const double x = size;
  const double y = w.height_mm - size;
  return fmt::format(
      "<path d=\"M{:.2f} {:.2f}h{:.2f}\" stroke=\"#fff\" stroke-width=\"2.5\" vector-effect=\"non-scaling-stroke\"/>"
      "<text x=\"{:.2f}\" y=\"{:.2f}\" font-size=\"{:.2f}\" font-family=\"sans-serif\" fill=\"#fff\" stroke=\"#000\" "
      "stroke-width=\"{:.2f}\" paint-order=\"stroke\">{:g} mm</text>",
      x, y, bar_mm, x, y - size * 0.5, size, size * 0.15, bar_mm);
}

}  // namespace

ScreenAxes ScreenAxesOf(const image::Geometry& grid) {
  ScreenAxes axes;
  axes.slice = image::SliceAxis(grid.spacing_mm);
  int normal = 0;  // world axis the slices are stacked along
  for (int a = 1; a < 3; ++a) {
    if (std::abs(grid.direction[a][axes.slice]) > std::abs(grid.direction[normal][axes.slice])) normal = a;
  }
  const int right_world = normal == 0 ? 1 : 0;
  const int down_world = normal == 2 ? 1 : 2;
  const double down_sign = normal == 2 ? 1 : -1;  // to the back on axial slices, to the feet on the others
  const int first = axes.slice == 0 ? 1 : 0;
  const int second = axes.slice == 2 ? 1 : 2;
  const bool first_is_right =
      std::abs(grid.direction[right_world][first]) >= std::abs(grid.direction[right_world][second]);
  axes.right = first_is_right ? first : second;
  axes.down = first_is_right ? second : first;
  axes.right_reversed = grid.direction[right_world][axes.right] < 0;
  axes.down_reversed = down_sign * grid.direction[down_world][axes.down] < 0;
  const image::Vector3 right = DirectionOf(grid, axes.right, axes.right_reversed);
  const image::Vector3 down = DirectionOf(grid, axes.down, axes.down_reversed);
  axes.right_letter = LetterOf(right);
  axes.left_letter = LetterOf(Opposite(right));
  axes.bottom_letter = LetterOf(down);
  axes.top_letter = LetterOf(Opposite(down));
  return axes;
}

Brightness BrightnessOf(const image::Volume& volume, std::int64_t slice) {
  const Screen screen(volume.geometry, slice);
  std::vector<float> values;
  for (std::int64_t row = 0; row < screen.rows(); ++row) {
    for (std::int64_t column = 0; column < screen.columns(); ++column) values.push_back(screen.At(volume, column, row));
  }
  const std::vector<float> limits = image::Quantiles(std::move(values), std::array{0.01, 0.995});
  return {limits[0], limits[1] > limits[0] ? limits[1] : limits[0] + 1};
}

std::array<std::uint8_t, 3> RgbOfLesion(int lesion_id) {
  return kColours[static_cast<std::size_t>(lesion_id - 1) % kColours.size()];
}

std::string ColourOfLesion(int lesion_id) {
  const auto [red, green, blue] = RgbOfLesion(lesion_id);
  return fmt::format("#{:02x}{:02x}{:02x}", red, green, blue);
}

image::Picture SlicePixels(const image::Volume& volume, std::int64_t slice, const PictureOptions& options) {
  const Screen screen(volume.geometry, slice);
  return Render(volume, screen, WindowOf(screen, options), BrightnessOf(volume, slice));
}

SliceFrame FrameOf(const image::Geometry& grid, std::int64_t slice, const PictureOptions& options) {
  const Screen screen(grid, slice);
  const Window window = WindowOf(screen, options);
  return {window.width_mm, window.height_mm, screen.axes()};
}

std::vector<Segment> OutlineOf(const image::LabelVolume& mask, std::int64_t slice, const PictureOptions& options) {
  const Screen screen(mask.geometry, slice);
  const Window window = WindowOf(screen, options);
  std::vector<Segment> edges =
      EdgesOf(screen, window, [&](std::int64_t column, std::int64_t row) { return screen.At(mask, column, row) != 0; });
  std::erase_if(edges, [&](Segment& edge) { return !CutToWindow(edge, window); });
  return edges;
}

std::string SliceSvg(const image::Volume& volume, std::int64_t slice, const image::LabelVolume& lesions,
                     const PictureOptions& options, const std::string& alternative) {
  const Screen screen(volume.geometry, slice);
  const Window window = WindowOf(screen, options);
  return fmt::format(
      "<svg viewBox=\"0 0 {:.2f} {:.2f}\" role=\"img\" aria-label=\"{}\"><image width=\"{:.2f}\" height=\"{:.2f}\" "
      "preserveAspectRatio=\"none\" href=\"data:image/png;base64,{}\"/>{}{}{}</svg>",
      window.width_mm, window.height_mm, Escape(alternative), window.width_mm, window.height_mm,
      base::Base64(image::EncodePng(SlicePixels(volume, slice, options))), Outlines(screen, lesions, window),
      Letters(screen.axes(), window), ScaleBar(window, options.scale_bar_mm));
}

}  // namespace parotis::report
