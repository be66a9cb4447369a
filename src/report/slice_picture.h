// One slice of a volume as an inline SVG figure: the pixels as an embedded PNG, lesions as outlines, a scale bar, and
// letters that say where the patient's sides are. Shown as radiologists do: axial slices from below (the patient's
// right on the left of the picture, front up), coronal from the front, sagittal with the front on the left. All from
// the grid's world directions, never from voxel order.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "image/png.h"
#include "image/volume.h"

namespace parotis::report {

// Which index axes run to the right and down on the screen, and whether they are counted backwards there.
struct ScreenAxes {
  int slice = 2, right = 0, down = 1;
  bool right_reversed = false, down_reversed = false;
  char left_letter = 'R', right_letter = 'L', top_letter = 'A', bottom_letter = 'P';
};
ScreenAxes ScreenAxesOf(const image::Geometry& grid);

struct PictureOptions {
  std::optional<image::Vector3> centre_world;  // middle of the window; absent: the whole slice
  double window_width_mm = 120;                // with a centre
  double window_height_mm = 100;
  double scale_bar_mm = 20;
};

// Brightness runs from the 1st to the 99.5th percentile of the slice.
struct Brightness {
  float low = 0;
  float high = 1;
};
Brightness BrightnessOf(const image::Volume& volume, std::int64_t slice);

// The pixels alone, without outlines.
image::Picture SlicePixels(const image::Volume& volume, std::int64_t slice, const PictureOptions& options);

// What is shown of a slice, and how it lies on the screen.
struct SliceFrame {
  double width_mm = 0, height_mm = 0;
  ScreenAxes axes;
};
SliceFrame FrameOf(const image::Geometry& grid, std::int64_t slice, const PictureOptions& options);

// A line along a row or a column of voxels, in mm from the upper left corner of what is shown.
using Segment = std::array<std::array<double, 2>, 2>;
// The outline of everything in the mask that is not 0, along voxel edges, cut off where the window ends.
std::vector<Segment> OutlineOf(const image::LabelVolume& mask, std::int64_t slice, const PictureOptions& options);

// `lesions`: a lesion map on the volume's grid. The picture is described by `alternative` (text) for those who cannot
// see it.
std::string SliceSvg(const image::Volume& volume, std::int64_t slice, const image::LabelVolume& lesions,
                     const PictureOptions& options, const std::string& alternative);

// Of a lesion's outline; the same as "#rrggbb".
std::array<std::uint8_t, 3> RgbOfLesion(int lesion_id);
std::string ColourOfLesion(int lesion_id);

}  // namespace parotis::report
