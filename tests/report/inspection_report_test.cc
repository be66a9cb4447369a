#include "report/inspection_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "tests/support/geometries.h"

namespace parotis::report {
namespace {

using testing::HasSubstr;
using testing::Not;

image::Volume Flat(float value, const image::Matrix3& axes = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}) {
  image::Geometry grid{{40, 40, 5}, {1, 1, 4}, {-20, -20, 0}, axes};
  image::Volume volume(grid, value);
  volume.voxels[0] = value + 1;  // a flat slice has no brightness of its own
  return volume;
}

Inspection OneStudy() {
  InspectedSeries t2{"4", "t2_tse <tra>", "t2", "T2-weighted", {{"plane", "axial"}}, {"T2"}, {}, Flat(3), ""};
  InspectedSeries lost{"9", "screen", "other", "it holds no images", {}, {}, {}, std::nullopt, "it holds no images"};
  lost.findings.push_back({"slices_missing", "refuse", "1 slice is missing"});
  InspectedStudy study;
  study.title = "Neck";
  study.series = {lost, t2};
  study.decay = {{"series 6", {{0, 400, 405}, {1000, 120, 118}}}};
  study.reference_name = "T2";
  study.reference = Flat(3);
  study.overlays = {{"ADC", Flat(1000), Flat(900), {{"motion", "2.1 mm"}}}};
  return {"folder", "2026-01-01", {study}, {{"x", "x is damaged"}}};
}

TEST(InspectionReport, ShowsEverySeriesWithItsReasonUsedOnesFirst) {
  const std::string html = InspectionHtml(OneStudy());
  const auto used = html.find("t2_tse &lt;tra&gt;");
  const auto unused = html.find("9 screen");
  ASSERT_NE(used, std::string::npos);
  ASSERT_NE(unused, std::string::npos);
  EXPECT_LT(used, unused);
  EXPECT_THAT(html, HasSubstr("no picture: it holds no images"));
  EXPECT_THAT(html, HasSubstr("slices_missing"));
  EXPECT_THAT(html, Not(HasSubstr("<tra>")));
}

TEST(InspectionReport, ShowsTheDecayAndTheCheckerboardsBeforeAndAfter) {
  const std::string html = InspectionHtml(OneStudy());
  EXPECT_THAT(html, HasSubstr("Signal against b-value"));
  EXPECT_THAT(html, HasSubstr("checkerboard before alignment"));
  EXPECT_THAT(html, HasSubstr("checkerboard after alignment"));
  EXPECT_THAT(html, HasSubstr("x is damaged"));
}

TEST(InspectionReport, ACheckerboardShowsBothImagesInTurnWhateverTheOrderOfVoxels) {
  for (const image::Matrix3& axes : test::AxisOrientations()) {
    image::Volume dark = Flat(0, axes);
    image::Volume bright = Flat(0, axes);
    // Half of each slice is bright, so that brightness is not flat: dark's left, bright's all but a corner.
    for (std::size_t n = 0; n < dark.voxels.size(); ++n) bright.voxels[n] = n % 50 == 0 ? 0.0F : 10.0F;
    dark.voxels.assign(dark.voxels.size(), 0);
    for (std::size_t n = 0; n < dark.voxels.size(); n += 40) dark.voxels[n] = 10;
    const image::Volume board = Checkerboard(dark, bright, 2, 10);
    const double mean =
        std::accumulate(board.voxels.begin(), board.voxels.end(), 0.0) / static_cast<double>(board.voxels.size());
    EXPECT_GT(mean, 0.3);
    EXPECT_LT(mean, 0.7);
  }
}

}  // namespace
}  // namespace parotis::report
