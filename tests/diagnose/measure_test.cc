#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "diagnose/diagnose.h"
#include "diagnose/diameters.h"
#include "diagnose/lesions.h"
#include "tests/diagnose/scene.h"

namespace parotis::diagnose {
namespace {

TEST(Diameters, OfARectangleAreItsDiagonalAndTheChordAcrossIt) {
  // 4 × 3: diagonal 5; the perpendicular through a corner leaves through the side 3 · 3/4 = 2.25 away: 3.75.
  const Diameters diameters = DiametersOf({{0, 0}, {4, 0}, {4, 3}, {0, 3}, {2, 1}});
  EXPECT_NEAR(diameters.long_mm, 5, 1e-12);
  EXPECT_NEAR(diameters.short_mm, 3.75, 1e-12);
}

TEST(Diameters, OfACircleAreBothItsDiameter) {
  std::vector<Point2> circle;
  for (int i = 0; i < 720; ++i) circle.push_back({10 * std::cos(i * M_PI / 360), 10 * std::sin(i * M_PI / 360)});
  const Diameters diameters = DiametersOf(circle);
  EXPECT_NEAR(diameters.long_mm, 20, 1e-9);
  EXPECT_NEAR(diameters.short_mm, 20, 1e-3);
}

TEST(Diameters, OfAPointOrALineHaveNoWidth) {
  EXPECT_EQ(DiametersOf({{3, 3}}).long_mm, 0);
  EXPECT_NEAR(DiametersOf({{0, 0}, {3, 4}, {6, 8}}).long_mm, 10, 1e-12);
  EXPECT_NEAR(DiametersOf({{0, 0}, {3, 4}, {6, 8}}).short_mm, 0, 1e-12);
}

RC_GTEST_PROP(Diameters, TurningTheShapeDoesNotChangeThem, ()) {
  const double angle = *rc::gen::inRange(0, 3600) * M_PI / 1800;
  std::vector<Point2> points;
  std::vector<Point2> turned;
  const int count = *rc::gen::inRange(3, 30);
  for (int i = 0; i < count; ++i) {
    const Point2 p = {*rc::gen::inRange(-500, 500) / 10.0, *rc::gen::inRange(-300, 300) / 10.0};
    points.push_back(p);
    turned.push_back(
        {p[0] * std::cos(angle) - p[1] * std::sin(angle), p[0] * std::sin(angle) + p[1] * std::cos(angle)});
  }
  const Diameters a = DiametersOf(points);
  const Diameters b = DiametersOf(turned);
  RC_ASSERT(std::abs(a.long_mm - b.long_mm) < 1e-7);
  RC_ASSERT(std::abs(a.short_mm - b.short_mm) < 1e-5);
  RC_ASSERT(a.short_mm <= a.long_mm + 1e-9);
}

// A ball sampled on a fine in-plane grid has the diameters and the volume of a ball.
TEST(Measure, ABallHasTheSizeOfABall) {
  image::Geometry grid;
  grid.size = {80, 80, 20};
  grid.spacing_mm = {0.5, 0.5, 2};
  dataset::Prediction prediction;
  prediction.label_names = {"background", "tumour"};
  prediction.probabilities.assign(2, image::Volume(grid));
  for (std::int64_t k = 0; k < 20; ++k) {
    for (std::int64_t j = 0; j < 80; ++j) {
      for (std::int64_t i = 0; i < 80; ++i) {
        const double r = std::hypot((double(i) - 40) * 0.5, (double(j) - 40) * 0.5, (double(k) - 10) * 2);
        prediction.probabilities[0].At(i, j, k) = r <= 15 ? 0.0F : 1.0F;
        prediction.probabilities[1].At(i, j, k) = r <= 15 ? 1.0F : 0.0F;
      }
    }
  }
  dataset::Case examination;
  examination.grid = grid;
  const Regions regions = FindRegions(prediction, {});
  ASSERT_EQ(regions.kept.size(), 1U);
  const dataset::Lesion lesion = Measure(regions.kept[0], examination);
  EXPECT_EQ(lesion.slice, 10);
  EXPECT_NEAR(lesion.long_axis_mm, 30, 0.6);
  EXPECT_NEAR(lesion.short_axis_mm, 30, 0.6);
  EXPECT_NEAR(lesion.volume_ml, 4.0 / 3 * M_PI * 3.375, 0.15);
}

TEST(Diagnose, ATemperatureAboveOneSoftensTheClassesAndKeepsTheirOrder) {
  const auto scene = test::MakeScene(test::AxialGrid(), {test::TumourAt(+1, {0.1F, 0.09F, 0.72F, 0.09F})});
  plan::DiagnosisPlan rule;
  rule.temperature = 2;
  const auto soft = Diagnose(scene.prediction, scene.examination, rule).diagnosis.lesions.at(0).class_probabilities;
  // 0.1, 0.8, 0.1 with T = 2: weights √0.1, √0.8, √0.1
  EXPECT_NEAR(soft[1], std::sqrt(0.8) / (std::sqrt(0.8) + 2 * std::sqrt(0.1)), 1e-6);
  EXPECT_NEAR(soft[0] + soft[1] + soft[2], 1, 1e-12);
}

TEST(Regions, VoxelsCountByTheirTumourProbability) {
  // A sure half that says beta and an unsure half that says alpha: the sure one weighs more.
  const auto scene = test::MakeScene(test::AxialGrid(), {{{42, 14, -2.5}, {50, 22, 2.5}, {0.0F, 0.0F, 1.0F, 0.0F}},
                                                         {{54, 14, -2.5}, {62, 22, 2.5}, {0.5F, 0.5F, 0.0F, 0.0F}}});
  const auto classes = FindRegions(scene.prediction, {}).kept.at(0).class_probabilities;
  EXPECT_NEAR(classes[1], 2.0 / 3, 1e-6);
}

}  // namespace
}  // namespace parotis::diagnose
