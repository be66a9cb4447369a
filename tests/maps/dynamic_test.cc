#include "maps/dynamic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "maps/arrival.h"
#include "tests/support/decay_curves.h"
#include "tests/support/enhancement_curves.h"
#include "tests/support/errors.h"

namespace parotis::maps {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<double> Times(int count, double every_s = 10) {
  std::vector<double> times;
  for (int n = 0; n < count; ++n) times.push_back(every_s * n);
  return times;
}

// Columns: curves of E at the times; rows: copies, with noise as a share of the signal before.
std::vector<image::Volume> FramesOf(const std::vector<std::vector<double>>& curves, double noise = 0, int copies = 1) {
  image::Geometry grid;
  grid.size = {static_cast<std::int64_t>(curves.size()), copies, 1};
  std::vector<image::Volume> frames(curves.front().size(), image::Volume(grid));
  for (std::size_t f = 0; f < frames.size(); ++f) {
    base::Random random(8, {f});
    for (std::size_t at = 0; at < frames[f].voxels.size(); ++at)
      frames[f].voxels[at] = static_cast<float>(300 * (1 + curves[at % curves.size()][f] + random.Normal(0, noise)));
  }
  return frames;
}

// Level, then E(t) = a (1 − e^(−t/rise)) e^(−t/fall): peak at rise · ln(1 + fall/rise), in closed form.
struct Rise {
  double height, rise_s, fall_s;

  double At(double since_s) const {
    return since_s <= 0 ? 0 : height * (1 - std::exp(-since_s / rise_s)) * std::exp(-since_s / fall_s);
  }
  double TimeToPeak() const { return rise_s * std::log(1 + fall_s / rise_s); }
  double WashOut() const {
    const double peak = At(TimeToPeak());
    return TimeToPeak() >= 300 ? 0 : 100 * (peak - At(300)) / peak;
  }
  std::vector<double> Sampled(const std::vector<double>& times, double arrival_s) const {
    std::vector<double> samples;
    for (const double time : times) samples.push_back(At(time - arrival_s));
    return samples;
  }
};

DynamicOptions ArrivingAt(double arrival_s) {
  DynamicOptions options;
  options.arrival_s = arrival_s;
  return options;
}

double Between(double low, double high) { return low + (high - low) * *rc::gen::inRange(0, 10001) / 10000.0; }

RC_GTEST_PROP(Dynamic, AnExactCurveGivesBackItsPeakAndWashOut, ()) {
  const Rise curve{Between(0.5, 3), Between(12, 80), Between(200, 1500)};
  const auto times = Times(36);
  const auto maps = FitDynamic(test::Pointers(FramesOf({curve.Sampled(times, 30)})), times, ArrivingAt(30));
  RC_ASSERT(std::abs(maps.peak.voxels[0] / curve.At(curve.TimeToPeak()) - 1) < 0.03);
  RC_ASSERT(std::abs(maps.time_to_peak_s.voxels[0] - curve.TimeToPeak()) < 0.15 * curve.TimeToPeak() + 3);
  RC_ASSERT(std::abs(maps.wash_out_percent.voxels[0] - curve.WashOut()) < 3);
  // The steepest part is the beginning, and what is seen of it the rise over one frame of 10 s.
  const double over_a_frame = 100 * curve.At(10) / 10;
  RC_ASSERT(std::abs(maps.wash_in_percent_s.voxels[0] / over_a_frame - 1) < 0.1);
}

TEST(Dynamic, AParabolaIsItsOwnCurve) {
  // E = 0.02 t − 0.0001 t²: peak 1 at 100 s, 1.9 % per second over the first 10 s.
  const auto times = Times(16);
  std::vector<double> samples;
  for (const double time : times)
    samples.push_back(time < 30 ? 0 : 0.02 * (time - 30) - 1e-4 * (time - 30) * (time - 30));
  const auto maps = FitDynamic(test::Pointers(FramesOf({samples})), times, ArrivingAt(30));
  // Frame 4 is the first after the arrival; with two neighbours and E(0) the parabola is met exactly.
  EXPECT_NEAR(maps.peak.voxels[0], 1, 1e-4);
  EXPECT_NEAR(maps.time_to_peak_s.voxels[0], 100, 0.1);
  EXPECT_NEAR(maps.wash_in_percent_s.voxels[0], 1.9, 1e-3);
  EXPECT_NEAR(maps.residual.voxels[0], 0, 1e-6);
  EXPECT_EQ(maps.baseline_frames, 4U);
}

TEST(Dynamic, TheTypesOfCurvesAreThoseOfTheirPeakAndWashOut) {
  const auto times = Times(36);
  const Rise slow{1, 80, 900}, fast_out{1.5, 15, 300}, fast_in{1.5, 25, 2000};
  const auto maps =
      FitDynamic(test::Pointers(FramesOf({slow.Sampled(times, 25), fast_out.Sampled(times, 25),
                                          fast_in.Sampled(times, 25), std::vector<double>(times.size(), 0.0)})),
                 times, ArrivingAt(25));
  EXPECT_THAT(maps.type.voxels, ElementsAre(1, 2, 3, 4));
  for (const image::Volume* map : {&maps.wash_in_percent_s, &maps.time_to_peak_s, &maps.wash_out_percent})
    EXPECT_EQ(map->voxels[3], 0);
}

TEST(Dynamic, ASignalThatRisesToTheEndPeaksWithTheLastFrameAndHasNoWashOut) {
  const auto times = Times(36);
  const Rise rising{1, 150, 1e6};
  const auto maps = FitDynamic(test::Pointers(FramesOf({rising.Sampled(times, 20)})), times, ArrivingAt(20));
  EXPECT_NEAR(maps.time_to_peak_s.voxels[0], 330, 1e-3);
  EXPECT_EQ(maps.wash_out_percent.voxels[0], 0);
  EXPECT_EQ(maps.type.voxels[0], 1);
}

TEST(Dynamic, TheArrivalIsFoundBetweenTheFrames) {
  const auto times = Times(36);
  for (const double arrival : {12.0, 27.0, 44.0, 61.0}) {
    for (const double noise : {0.0, 0.03}) {
      const auto maps = FitDynamic(
          test::Pointers(FramesOf(
              {Rise{1.5, 20, 400}.Sampled(times, arrival), Rise{0.8, 90, 900}.Sampled(times, arrival)}, noise, 400)),
          times);
      EXPECT_NEAR(maps.arrival_s, arrival, 5) << noise;
      EXPECT_EQ(maps.baseline_frames, static_cast<std::size_t>(maps.arrival_s / 10) + 1);
    }
  }
}

TEST(Dynamic, TimesCountFromTheFirstFrameWhereverTheyBegin) {
  auto times = Times(36);
  const auto frames = FramesOf({Rise{1.5, 20, 400}.Sampled(times, 35)});
  const auto maps = FitDynamic(test::Pointers(frames), times);
  for (double& time : times) time += 40000;
  const auto later = FitDynamic(test::Pointers(frames), times);
  EXPECT_NEAR(maps.arrival_s, later.arrival_s, 1e-6);
  EXPECT_NEAR(maps.time_to_peak_s.voxels[0], later.time_to_peak_s.voxels[0], 1e-3);
}

// The largest of many noisy frames is too high by more than twice the noise; the curve's is not.
TEST(Dynamic, NoiseMovesThePeakByLessThanItself) {
  const auto times = Times(35);
  constexpr double kNoise = 0.05;
  constexpr int kCopies = 1500;
  for (const auto& [name, kinetics] : test::kCurves) {
    const auto enhancement = test::Enhancement(kinetics, 400);
    const auto exact = test::FramesOf(enhancement, times, 10, 27);
    const auto frames = FramesOf({exact}, kNoise, kCopies);
    const auto truth = test::FactsOf(std::vector<double>(enhancement.begin(), enhancement.begin() + 627));
    const auto maps = FitDynamic(test::Pointers(frames), times);
    double peak = 0, time_to_peak = 0, wash_out = 0, largest = 0;
    for (std::size_t n = 0; n < kCopies; ++n) {
      peak += maps.peak.voxels[n] / kCopies;
      time_to_peak += maps.time_to_peak_s.voxels[n] / kCopies;
      wash_out += maps.wash_out_percent.voxels[n] / kCopies;
      double top = 0;
      for (const image::Volume& frame : frames) top = std::max<double>(top, frame.voxels[n]);
      largest += (top / 300 - 1) / kCopies;
    }
    EXPECT_NEAR(peak, truth.peak, kNoise) << name;
    EXPECT_NEAR(time_to_peak, truth.time_to_peak_s, 20) << name;  // two frames
    EXPECT_NEAR(wash_out, truth.wash_out_percent, 3) << name;
    if (truth.time_to_peak_s < 100) continue;  // sharp peaks fall between frames
    EXPECT_GT(largest - truth.peak, 3 * std::abs(peak - truth.peak)) << name;
  }
}

TEST(Dynamic, NoiseAloneIsFlat) {
  const auto times = Times(35);
  const auto maps =
      FitDynamic(test::Pointers(FramesOf({std::vector<double>(times.size(), 0.0)}, 0.15, 2000)), times, ArrivingAt(30));
  EXPECT_LT(std::count_if(maps.type.voxels.begin(), maps.type.voxels.end(), [](auto type) { return type != 4; }), 10);
}

TEST(Dynamic, TooShortForWashOutIsSaidAndTheRestIsMapped) {
  const auto times = Times(20);
  const auto maps = FitDynamic(test::Pointers(FramesOf({Rise{1.5, 20, 400}.Sampled(times, 25)})), times);
  EXPECT_TRUE(maps.wash_out_percent.voxels.empty());
  EXPECT_THAT(maps.no_wash_out, AllOf(HasSubstr("the frames end 16"), HasSubstr("needs 270 s")));
  EXPECT_GT(maps.time_to_peak_s.voxels[0], 20);
}

TEST(Dynamic, TheNumberOfThreadsChangesNothing) {
  const auto times = Times(35);
  const auto frames = FramesOf({Rise{1.5, 20, 400}.Sampled(times, 25)}, 0.05, 6000);
  DynamicOptions one, many;
  one.threads = 1, many.threads = 4;
  const auto first = FitDynamic(test::Pointers(frames), times, one);
  const auto second = FitDynamic(test::Pointers(frames), times, many);
  EXPECT_EQ(first.time_to_peak_s.voxels, second.time_to_peak_s.voxels);
  EXPECT_EQ(first.wash_out_percent.voxels, second.wash_out_percent.voxels);
}

TEST(Dynamic, BadInputIsRefusedInOneSentence) {
  const auto times = Times(36);
  const auto curve = Rise{1.5, 20, 400}.Sampled(times, 25);
  auto frames = FramesOf({curve});
  const auto fit = [&](const std::vector<double>& at, const DynamicOptions& options = {}) {
    return test::ErrorOf([&] { FitDynamic(test::Pointers(frames), at, options); });
  };
  EXPECT_THAT(fit(Times(7)), HasSubstr("36 frames and 7 times"));
  auto backwards = times;
  std::swap(backwards[3], backwards[4]);
  EXPECT_THAT(fit(backwards), HasSubstr("needs frames whose times are known and ascend"));
  EXPECT_THAT(fit(times, ArrivingAt(-5)), HasSubstr("no frame lies before the contrast agent's arrival"));
  EXPECT_THAT(fit(Times(36, 3)),
              AllOf(HasSubstr("a peak can be told slow or fast from 120 s on"), HasSubstr("[dce_incomplete]")));
  frames[2].geometry.origin_world[0] = 9;
  EXPECT_THAT(fit(times), HasSubstr("needs frames on one grid"));
  frames = FramesOf({std::vector<double>(times.size(), 0.0)}, 0.001, 100);
  EXPECT_THAT(fit(times), HasSubstr("no contrast agent arrives during the frames"));
  EXPECT_EQ(DynamicNeeds(Times(5)), "needs 6 to 1024 frames, not 5");
}

TEST(Dynamic, VoxelsWithoutSignalBeforeTheAgentAreNotMapped) {
  const auto times = Times(36);
  auto frames = FramesOf({Rise{1.5, 20, 400}.Sampled(times, 25), Rise{1.5, 20, 400}.Sampled(times, 25)});
  for (image::Volume& frame : frames) frame.voxels[0] = 0;
  const auto maps = FitDynamic(test::Pointers(frames), times);
  EXPECT_THAT(maps.type.voxels, ElementsAre(0, 2));
  EXPECT_EQ(maps.peak.voxels[0], 0);
}

}  // namespace
}  // namespace parotis::maps
