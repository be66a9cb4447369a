// With noise: how far from the truth the fits end, held against the least that is possible (Cramér and Rao).
#include <gtest/gtest.h>

#include <cmath>

#include "maps/decay.h"
#include "maps/rician.h"
#include "tests/support/decay_curves.h"

namespace parotis::maps {
namespace {

const std::vector<double> kAllB = {0, 20, 40, 80, 120, 200, 400, 600, 800, 1000, 1500, 2000};
const std::vector<double> kIvimB = {0, 10, 20, 40, 80, 120, 200, 300, 400, 600, 800, 1000};
constexpr int kCopies = 3000;

struct Error {
  double bias = 0;
  double rms = 0;
};

Error ErrorOf(const image::Volume& map, double truth) {
  double sum = 0, squares = 0;
  for (const float value : map.voxels) sum += value - truth, squares += (value - truth) * (value - truth);
  const auto count = static_cast<double>(map.voxels.size());
  return {sum / count, std::sqrt(squares / count)};
}

// Efficient: nearly as little error as possible, little of it bias. RMSE of `kCopies` draws is known to 1.3 %.
void ExpectEfficient(const image::Volume& map, double truth, double least, const std::string& what) {
  const Error error = ErrorOf(map, truth);
  EXPECT_LT(error.rms, 1.3 * least) << what;
  EXPECT_GT(error.rms, 0.9 * least) << what;
  EXPECT_LT(std::abs(error.bias), 0.3 * least) << what;
}

DecayOptions AllAtOnce(double sigma) {
  DecayOptions options;
  options.sigma = sigma;
  options.hold_slow_part = false;
  return options;
}

TEST(DecayWithNoise, AllAtOnceIsEfficientWhereTheNoiseIsSmall) {
  for (const auto& [name, tissue] : test::kTissues) {
    const double sigma = tissue.s0 / 500;
    const auto volumes = test::VolumesOf({tissue}, kAllB, sigma, kCopies, 2);
    const auto least = test::CramerRao(tissue, kAllB, sigma, true, true);
    const DecayMaps maps = FitIvimKurtosis(test::Pointers(volumes), kAllB, AllAtOnce(sigma));
    ExpectEfficient(maps.d_um2_s, tissue.d_um2_s, least.d_um2_s, std::string(name) + ", D");
    ExpectEfficient(maps.perfusion, tissue.f, least.f, std::string(name) + ", f");
    ExpectEfficient(maps.dstar_um2_s, tissue.dstar_um2_s, least.dstar_um2_s, std::string(name) + ", D*");
    ExpectEfficient(maps.kurtosis, tissue.k, least.k, std::string(name) + ", K");
  }
}

TEST(DecayWithNoise, PerfusionWithoutKurtosisIsEfficientWhereTheNoiseIsSmall) {
  for (const auto& [name, with_kurtosis] : test::kTissues) {
    test::Decay tissue = with_kurtosis;
    tissue.k = 0;
    const double sigma = tissue.s0 / 200;
    const auto volumes = test::VolumesOf({tissue}, kIvimB, sigma, kCopies, 3);
    const auto least = test::CramerRao(tissue, kIvimB, sigma, true, false);
    const DecayMaps maps = FitIvim(test::Pointers(volumes), kIvimB, AllAtOnce(sigma));
    ExpectEfficient(maps.d_um2_s, tissue.d_um2_s, least.d_um2_s, std::string(name) + ", D");
    ExpectEfficient(maps.perfusion, tissue.f, least.f, std::string(name) + ", f");
    ExpectEfficient(maps.dstar_um2_s, tissue.dstar_um2_s, least.dstar_um2_s, std::string(name) + ", D*");
  }
}

TEST(DecayWithNoise, KurtosisIsEfficientOnItsOwnBValues) {
  const std::vector<double> b = {200, 400, 600, 800, 1000, 1500, 2000};
  for (const auto& [name, with_perfusion] : test::kTissues) {
    test::Decay tissue = with_perfusion;
    tissue.f = 0;
    const double sigma = tissue.s0 / 150;
    const auto volumes = test::VolumesOf({tissue}, b, sigma, kCopies, 4);
    const auto least = test::CramerRao(tissue, b, sigma, false, true);
    DecayOptions options;
    options.sigma = sigma;
    const DecayMaps maps = FitKurtosis(test::Pointers(volumes), b, options);
    ExpectEfficient(maps.d_um2_s, tissue.d_um2_s, least.d_um2_s, std::string(name) + ", D");
    ExpectEfficient(maps.kurtosis, tissue.k, least.k, std::string(name) + ", K");
  }
}

// At the signal to noise of a clinical series: less error than any unbiased estimate could have where perfusion is
// small, hardly more elsewhere, and D and f are not pulled away.
TEST(DecayWithNoise, WithTheSlowPartHeldFAndDComeOutAtClinicalNoise) {
  for (const auto& [name, tissue] : test::kTissues) {
    const double sigma = tissue.s0 / 40;
    const auto volumes = test::VolumesOf({tissue}, kAllB, sigma, kCopies, 5);
    const auto least = test::CramerRao(tissue, kAllB, sigma, true, true);
    DecayOptions options;
    options.sigma = sigma;
    const DecayMaps maps = FitIvimKurtosis(test::Pointers(volumes), kAllB, options);
    const Error d = ErrorOf(maps.d_um2_s, tissue.d_um2_s);
    const Error f = ErrorOf(maps.perfusion, tissue.f);
    EXPECT_LT(d.rms, 1.5 * least.d_um2_s) << name;
    EXPECT_LT(std::abs(d.bias), 0.05 * tissue.d_um2_s) << name;
    EXPECT_LT(f.rms, 1.3 * least.f) << name;
    EXPECT_LT(std::abs(f.bias), 0.02) << name;
  }
}

// The noise floor holds up the signal at high b: taken at its word, that is kurtosis.
TEST(DecayWithNoise, KnownNoiseKeepsTheFloorFromLookingLikeKurtosis) {
  const test::Decay tissue{1000, 1200, 0, 0, 0.5};
  const std::vector<double> b = {200, 500, 1000, 1500, 2000, 2500};
  DecayOptions known;
  known.sigma = 60;
  auto volumes = test::VolumesOf({tissue}, b, 0, 1, 6);
  // What is shown on average: 1.9 σ where the signal is 1.75 σ.
  for (image::Volume& volume : volumes)
    volume.voxels[0] = static_cast<float>(known.sigma * MeanOfRice(volume.voxels[0] / known.sigma).mean);
  EXPECT_NEAR(FitKurtosis(test::Pointers(volumes), b, known).kurtosis.voxels[0], tissue.k, 1e-3);
  EXPECT_NEAR(FitKurtosis(test::Pointers(volumes), b, known).d_um2_s.voxels[0], tissue.d_um2_s, 1);
  EXPECT_GT(FitKurtosis(test::Pointers(volumes), b).kurtosis.voxels[0], tissue.k + 0.08);
}

}  // namespace
}  // namespace parotis::maps
