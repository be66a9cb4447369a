#include "report/slice_picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace parotis::report {
namespace {

using testing::HasSubstr;

// Voxels of 2 × 2 × 5 mm around the world's origin, slices along world axis `normal`.
image::Geometry GridAlong(int normal) {
  image::Geometry grid;
  for (int a = 0; a < 3; ++a) {
    grid.size[a] = a == normal ? 8 : 40;
    grid.spacing_mm[a] = a == normal ? 5 : 2;
    grid.origin_world[a] = -0.5 * grid.spacing_mm[a] * static_cast<double>(grid.size[a] - 1);
  }
  return grid;
}

image::Geometry Mirrored(image::Geometry grid, int axis) {
  for (int row = 0; row < 3; ++row) {
    grid.origin_world[row] +=
        grid.direction[row][axis] * grid.spacing_mm[axis] * static_cast<double>(grid.size[axis] - 1);
    grid.direction[row][axis] *= -1;
  }
  return grid;
}

image::Geometry Exchanged(image::Geometry grid, int a, int b) {
  std::swap(grid.size[a], grid.size[b]);
  std::swap(grid.spacing_mm[a], grid.spacing_mm[b]);
  for (auto& row : grid.direction) std::swap(row[a], row[b]);
  return grid;
}

// The same voxels in the same places, indexed in any order.
image::Geometry AnyOrderOf(image::Geometry grid) {
  for (int axis = 0; axis < 3; ++axis) {
    if (*rc::gen::arbitrary<bool>()) grid = Mirrored(grid, axis);
  }
  const int a = *rc::gen::inRange(0, 3);
  return Exchanged(grid, a, (a + *rc::gen::inRange(0, 3)) % 3);
}

// `value` where the world point lies within 7 mm of `centre_world` along every axis.
template <class T>
image::Image<T> CubeAt(const image::Geometry& grid, const image::Vector3& centre_world, T value) {
  image::Image<T> image(grid);
  std::size_t v = 0;
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i, ++v) {
        const auto point = WorldFromVoxel(grid, {double(i), double(j), double(k)});
        bool inside = true;
        for (int a = 0; a < 3; ++a) inside &= std::abs(point[a] - centre_world[a]) <= 7;
        if (inside) image.voxels[v] = value;
      }
    }
  }
  return image;
}

// In 0…1 from the left and from the top.
std::array<double, 2> BrightCentreOf(const image::Picture& picture) {
  double x_sum = 0;
  double y_sum = 0;
  double weight = 0;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const double value = picture.rgb[static_cast<std::size_t>((y * picture.width + x) * 3)];
      x_sum += value * x;
      y_sum += value * y;
      weight += value;
    }
  }
  return {x_sum / weight / picture.width, y_sum / weight / picture.height};
}

std::int64_t MiddleSlice(const image::Geometry& grid) { return grid.size[image::SliceAxis(grid.spacing_mm)] / 2; }

RC_GTEST_PROP(SlicePicture, AxialSlicesHaveThePatientsRightOnTheLeftAndTheFrontOnTop, ()) {
  const image::Geometry grid = AnyOrderOf(GridAlong(2));
  const auto volume = CubeAt(grid, {-20, -24, 0}, 100.0F);  // right and front of the middle
  const auto centre = BrightCentreOf(SlicePixels(volume, MiddleSlice(grid), {}));
  RC_ASSERT(centre[0] < 0.4);
  RC_ASSERT(centre[1] < 0.4);
  const ScreenAxes axes = ScreenAxesOf(grid);
  RC_ASSERT(axes.left_letter == 'R' && axes.right_letter == 'L');
  RC_ASSERT(axes.top_letter == 'A' && axes.bottom_letter == 'P');
}

RC_GTEST_PROP(SlicePicture, CoronalAndSagittalSlicesHaveTheHeadOnTop, ()) {
  const int normal = *rc::gen::inRange(0, 2);
  const image::Geometry grid = AnyOrderOf(GridAlong(normal));
  const auto volume = CubeAt(grid, {normal == 1 ? -20.0 : 0.0, normal == 0 ? -20.0 : 0.0, 24}, 100.0F);
  const auto centre = BrightCentreOf(SlicePixels(volume, MiddleSlice(grid), {}));
  RC_ASSERT(centre[0] < 0.4);
  RC_ASSERT(centre[1] < 0.4);
  const ScreenAxes axes = ScreenAxesOf(grid);
  RC_ASSERT(axes.top_letter == 'S' && axes.bottom_letter == 'I');
  RC_ASSERT(axes.left_letter == (normal == 1 ? 'R' : 'A'));
}

RC_GTEST_PROP(SlicePicture, OutlinesLieWhereThePixelsAre, ()) {
  const image::Geometry grid = AnyOrderOf(GridAlong(2));
  const image::Vector3 centre = {-21, 13, 0};
  const auto lesions = CubeAt<std::uint8_t>(grid, centre, 1);
  const std::string svg = SliceSvg(CubeAt(grid, centre, 100.0F), MiddleSlice(grid), lesions, {}, "test");
  // The cube covers 14 mm from −28 to −14 and from 6 to 20 in a slice from −40 to 40.
  RC_ASSERT(svg.find("M12.00 46.00L26.00 46.00") != std::string::npos);
  RC_ASSERT(svg.find("M12.00 60.00L26.00 60.00") != std::string::npos);
  RC_ASSERT(svg.find("M12.00 46.00L12.00 60.00") != std::string::npos);
  RC_ASSERT(svg.find("M26.00 46.00L26.00 60.00") != std::string::npos);
}

TEST(SlicePicture, ACloseUpIsCentredAndStaysInsideTheSlice) {
  const image::Geometry grid = GridAlong(2);
  const auto lesions = CubeAt<std::uint8_t>(grid, {-21, 13, 0}, 1);
  PictureOptions close;
  close.centre_world = image::Vector3{-21, 13, 0};
  close.window_width_mm = 40;
  close.window_height_mm = 30;
  const std::string svg = SliceSvg(CubeAt(grid, {-21, 13, 0}, 100.0F), 4, lesions, close, "test");
  EXPECT_THAT(svg, HasSubstr("viewBox=\"0 0 40.00 30.00\""));
  // The middle would be 13; the window must not begin 1 mm left of the slice.
  EXPECT_THAT(svg, HasSubstr("M12.00 8.00L26.00 8.00"));
  EXPECT_THAT(svg, HasSubstr(">20 mm<"));
}

TEST(SlicePicture, AFlatSliceIsDrawnWithoutDividingByZero) {
  const image::Picture picture = SlicePixels(image::Volume(GridAlong(2), 7.0F), 3, {});
  EXPECT_EQ(picture.rgb.at(0), 0);
}

TEST(SlicePicture, ItsDescriptionIsEscaped) {
  const image::Geometry grid = GridAlong(2);
  const std::string svg = SliceSvg(image::Volume(grid, 1.0F), 3, image::LabelVolume(grid), {}, "\"><script>");
  EXPECT_THAT(svg, HasSubstr("aria-label=\"&quot;&gt;&lt;script&gt;\""));
}

}  // namespace
}  // namespace parotis::report
