#include "phantom/loft.h"

#include <gtest/gtest.h>

#include "phantom/glands.h"
#include "phantom/surface.h"

namespace parotis::phantom {
namespace {

// By 720 points of the ellipse.
float DistanceBySampling(float u, float v, float a, float b) {
  float best = 1e9f;
  for (int n = 0; n < 720; ++n) {
    const float angle = static_cast<float>(n) * 3.14159265f / 360;
    best = std::min(best, std::hypot(u - a * std::cos(angle), v - b * std::sin(angle)));
  }
  return (u * u) / (a * a) + (v * v) / (b * b) < 1 ? -best : best;
}

TEST(EllipseDistance, IsTheDistanceToTheNearestPoint) {
  base::Random random(3);
  for (int n = 0; n < 500; ++n) {
    const auto a = static_cast<float>(random.Uniform(1.5, 20)), b = static_cast<float>(random.Uniform(1.5, 20));
    const auto u = static_cast<float>(random.Uniform(-30, 30)), v = static_cast<float>(random.Uniform(-30, 30));
    EXPECT_NEAR(EllipseDistance(u, v, a, b), DistanceBySampling(u, v, a, b), 0.15 + 0.02 * std::max(a, b))
        << a << " " << b;
  }
}

// How fast the distance changes near the surface, at worst of many pairs of points half a millimetre apart, 99 in 100.
template <class Shape>
float Steepest(const Shape& shape, const Box& box, base::Random& random) {
  std::vector<float> slopes;
  while (slopes.size() < 2000) {
    const auto draw = [&](float low, float high) { return static_cast<float>(random.Uniform(low, high)); };
    const Vec p = {draw(box.low.x, box.high.x), draw(box.low.y, box.high.y), draw(box.low.z, box.high.z)};
    const float here = shape(p);
    if (std::abs(here) > 2) continue;
    const Vec step = {draw(-1, 1), draw(-1, 1), draw(-1, 1)};
    const float length = Length(step);
    if (length < 0.1f) continue;
    slopes.push_back(std::abs(shape(p + (0.5f / length) * step) - here) / 0.5f);
  }
  std::sort(slopes.begin(), slopes.end());
  return slopes[slopes.size() * 99 / 100];
}

TEST(Loft, ChangesByAMillimetrePerMillimetreAndReachesWhereItSays) {
  base::Random random(4);
  const Loft bowed({{-30, 50, 0, 3, 14, -15}, {0, 54, -4, 6, 19, -12, 0.006f}, {40, 60, -8, 4, 12, -8}});
  EXPECT_LT(Steepest(bowed, bowed.bounds().whole().Grown(2), random), 1.1f);
  EXPECT_LT(bowed({54, -4, 0}), -4);
  const Box& box = bowed.bounds().whole();
  for (int n = 0; n < 3000; ++n) {
    const Vec p = {static_cast<float>(random.Uniform(20, 90)), static_cast<float>(random.Uniform(-50, 50)),
                   static_cast<float>(random.Uniform(-50, 60))};
    if (bowed(p) >= 0) continue;
    EXPECT_EQ(box.Grown(0.5f).DistanceTo(p), 0);
  }
}

TEST(Sweep, IsATubeOfItsOwnSectionWithRoundEnds) {
  base::Random random(5);
  const Sweep tube({{{0, 0, 0}, 3, 6}, {{20, 5, 0}, 3, 6}, {{40, 0, 0}, 3, 6}});
  EXPECT_LT(Steepest(tube, tube.bounds().whole().Grown(2), random), 1.15f);
  EXPECT_NEAR(tube({20, 5, 8}), 2, 0.3);   // tall
  EXPECT_NEAR(tube({20, 10, 0}), 2, 0.3);  // across
}

TEST(Surfaces, OfHeadAndGlandAreSmooth) {
  base::Random random(6);
  const SmoothNoise noise(random);
  Body body;
  const HeadSurface surface(body, random);
  const auto skin = [&](Vec p) { return surface.Skin(p); };
  EXPECT_LT(Steepest(skin, {{-80, -110, -60}, {80, 110, 60}}, random), 1.15f);
  const ParotidShape gland(body, dataset::Side::kLeft, noise, random);
  EXPECT_LT(Steepest(gland, gland.bounds(), random), 1.25f) << "with the roughness of its lobules";
}

}  // namespace
}  // namespace parotis::phantom
