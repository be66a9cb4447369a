#include "report/case_pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "image/components.h"

namespace parotis::report {
namespace {

constexpr double kWidth_pt = 152;
constexpr double kWindowWidth_mm = 90;
constexpr double kWindowHeight_mm = 75;

struct Place {
  std::int64_t slice = 0;
  image::Vector3 centre_world{};  // of the lesion in that slice
};

Place PlaceOfLargest(const image::Components& lesions, const image::Geometry& grid) {
  const int axis = image::SliceAxis(grid.spacing_mm);
  std::vector<std::array<double, 4>> sums(static_cast<std::size_t>(grid.size[axis]));  // Σ index, count
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i) {
        if (lesions.ids.At(i, j, k) != 1) continue;
        const std::array<std::int64_t, 3> index = {i, j, k};
        std::array<double, 4>& sum = sums[static_cast<std::size_t>(index[axis])];
        for (int a = 0; a < 3; ++a) sum[a] += static_cast<double>(index[a]);
        ++sum[3];
      }
    }
  }
  const auto most =
      std::max_element(sums.begin(), sums.end(), [](const auto& a, const auto& b) { return a[3] < b[3]; });
  const auto& [x, y, z, count] = *most;
  return {most - sums.begin(), image::WorldFromVoxel(grid, {x / count, y / count, z / count})};
}

void DrawLetters(Drawing& drawing, const ScreenAxes& axes) {
  const double w = drawing.width_pt, h = drawing.height_pt, size = 8;
  const auto letter = [&](double x, double y, char text) {
    drawing.Text({x, y}, std::string(1, text), Anchor::kMiddle, {Role::kOnImage}, size);
  };
  letter(7, h / 2 + 3, axes.left_letter);
  letter(w - 7, h / 2 + 3, axes.right_letter);
  letter(w / 2, 10, axes.top_letter);
  letter(w / 2, h - 4, axes.bottom_letter);
}

}  // namespace

Drawing SliceDrawing(const image::Volume& volume, std::int64_t slice, const std::vector<Outline>& outlines,
                     const PictureOptions& options, double width_pt, const std::string& alternative) {
  const SliceFrame frame = FrameOf(volume.geometry, slice, options);
  const double pt_per_mm = width_pt / frame.width_mm;
  Drawing drawing{width_pt, frame.height_mm * pt_per_mm, alternative, {}};
  drawing.marks.emplace_back(ImageMark{0, 0, drawing.width_pt, drawing.height_pt, SlicePixels(volume, slice, options)});
  for (const Outline& outline : outlines) {
    for (const auto& [from, to] : OutlineOf(*outline.mask, slice, options)) {
      drawing.Line({from[0] * pt_per_mm, from[1] * pt_per_mm}, {to[0] * pt_per_mm, to[1] * pt_per_mm}, {outline.role},
                   1);
    }
  }
  DrawLetters(drawing, frame.axes);
  const double bar_y = drawing.height_pt - 6;
  drawing.Line({6, bar_y}, {6 + options.scale_bar_mm * pt_per_mm, bar_y}, {Role::kOnImage}, 1.6);
  drawing.Text({6, bar_y - 4}, fmt::format("{:g} mm", options.scale_bar_mm), Anchor::kStart, {Role::kOnImage}, 6.5);
  return drawing;
}

std::vector<Panel> CasePictures(const dataset::Case& examination, const image::LabelVolume& prediction) {
  if (!examination.truth) return {};
  const image::Components lesions = image::FindComponents(*examination.truth);
  if (lesions.count() == 0) return {};
  const Place place = PlaceOfLargest(lesions, examination.grid);
  PictureOptions options;
  options.centre_world = place.centre_world;
  options.window_width_mm = kWindowWidth_mm;
  options.window_height_mm = kWindowHeight_mm;
  const std::vector<Outline> outlines = {{&*examination.truth, Role::kReference}, {&prediction, Role::kPrediction}};
  std::vector<Panel> panels;
  for (std::size_t c = 0; c < examination.channels.size(); ++c) {
    const std::string& name = examination.channel_names[c];
    panels.push_back(
        {SliceDrawing(examination.channels[c], place.slice, outlines, options, kWidth_pt,
                      fmt::format("{}, slice {}, with the outlines of reference and prediction", name, place.slice)),
         fmt::format("{}, slice {}", name, place.slice)});
  }
  return panels;
}

}  // namespace parotis::report
