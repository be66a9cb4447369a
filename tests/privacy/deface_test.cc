#include "privacy/deface.h"

#include <gtest/gtest.h>

#include "tests/support/face_phantom.h"

namespace parotis::privacy {
namespace {

// The whole bench is bench/bench_deface.cc.
TEST(Deface, TakesTheFaceAndSparesGlandsAndTumours) {
  const std::vector<test::FaceVariation> variations = {
      {}, {.nod_deg = 12}, {.turn_deg = -10}, {.tilt_deg = 8}, {.size = 0.8}, {.ghost = 0.2}, {.after_contrast = true}};
  for (std::size_t n = 0; n < variations.size(); ++n) {
    const test::FacePhantom made = test::MakeFacePhantom(61, static_cast<std::int64_t>(n), variations[n]);
    const auto [face, skin] = FindFace(made.image);
    ASSERT_TRUE(face.frame.has_value()) << n;
    const image::LabelVolume removed = FaceRegion(face, skin).On(made.image.geometry);
    EXPECT_GE(test::CountTouched(made.surface, removed).share(), 0.9) << n;
    EXPECT_EQ(test::CountTouched(made.gland, removed).removed, 0) << n;
    EXPECT_EQ(test::CountTouched(made.tumour, removed).removed, 0) << n;
  }
}

TEST(Deface, OneRegionFitsEveryGridOfThePatient) {
  const test::FacePhantom made = test::MakeFacePhantom(61, 8);
  const auto [face, skin] = FindFace(made.image);
  const FaceRegion region(face, skin);
  const image::LabelVolume whole = region.On(made.image.geometry);
  const std::int64_t k = made.image.geometry.size[2] / 2;
  const image::LabelVolume slice = region.On(image::CroppedGrid(
      made.image.geometry, {0, 0, k}, {made.image.geometry.size[0], made.image.geometry.size[1], 1}));
  EXPECT_TRUE(std::equal(slice.voxels.begin(), slice.voxels.end(),
                         whole.voxels.begin() + static_cast<std::ptrdiff_t>(whole.Offset(0, 0, k))));
}

TEST(Deface, AfterwardsThereIsNoFaceToFind) {
  test::FacePhantom made = test::MakeFacePhantom(61, 9);
  const auto [face, skin] = FindFace(made.image);
  const image::LabelVolume removed = FaceRegion(face, skin).On(made.image.geometry);
  for (std::size_t v = 0; v < removed.voxels.size(); ++v) {
    if (removed.voxels[v] != 0) made.image.voxels[v] = 0;
  }
  const Face after = FaceIn(FindSkin(made.image), made.image.geometry);
  EXPECT_FALSE(after.nose);
}

TEST(Deface, WhatIsOutlinedStaysWithAMargin) {
  image::Geometry grid;
  grid.size = {30, 30, 1};
  image::LabelVolume removed(grid, 1), outlined(grid);
  outlined.At(15, 15, 0) = 2;
  EXPECT_EQ(Spare(outlined, removed), 81);  // lattice points within 5 mm
  EXPECT_EQ(removed.At(15, 20, 0), 0);
  EXPECT_EQ(removed.At(15, 21, 0), 1);
  EXPECT_EQ(Spare(image::LabelVolume(grid), removed), 0);
}

}  // namespace
}  // namespace parotis::privacy
