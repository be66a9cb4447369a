#include "plan/axes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace parotis::plan {
namespace {

using testing::ElementsAre;

image::Geometry WithColumns(const image::Vector3& i, const image::Vector3& j, const image::Vector3& k) {
  image::Geometry geometry;
  for (std::size_t row = 0; row < 3; ++row) geometry.direction[row] = {i[row], j[row], k[row]};
  return geometry;
}

TEST(CanonicalAxes, NameTheIndexAxisAlongEachPatientAxis) {
  EXPECT_THAT(CanonicalAxes(image::Geometry{}), ElementsAre(0, 1, 2));
  // Coronal: rows to the left, columns to the feet, slices to the back.
  EXPECT_THAT(CanonicalAxes(WithColumns({1, 0, 0}, {0, 0, -1}, {0, 1, 0})), ElementsAre(0, 2, 1));
  // Sagittal: rows to the back, columns to the feet, slices to the right.
  EXPECT_THAT(CanonicalAxes(WithColumns({0, 1, 0}, {0, 0, -1}, {-1, 0, 0})), ElementsAre(2, 0, 1));
}

TEST(CanonicalAxes, AreAPermutationEvenWhenTwoAxesLeanTheSameWay) {
  const double s = std::sqrt(0.5);
  // Turned by 45° about x: both in-plane axes are as near to y as to z.
  const auto axes = CanonicalAxes(WithColumns({1, 0, 0}, {0, s, s}, {0, -s, s}));
  EXPECT_EQ(axes[0], 0);
  EXPECT_NE(axes[1], axes[2]);
}

TEST(NetworkAxes, PutTheSliceAxisLastAndKeepTheOthersInOrder) {
  EXPECT_THAT(NetworkAxes(2), ElementsAre(0, 1, 2));
  EXPECT_THAT(NetworkAxes(1), ElementsAre(0, 2, 1));
  EXPECT_THAT(NetworkAxes(0), ElementsAre(1, 2, 0));
}

}  // namespace
}  // namespace parotis::plan
