// How fast parametric maps are made, and how far from the truth they end (docs/maps.md).
// `parotis_bench_maps [THREADS]`: accuracy on the tissues of tests/support, then the time for a whole volume.
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <functional>

#include "maps/decay.h"
#include "maps/dynamic.h"
#include "tests/support/decay_curves.h"
#include "tests/support/enhancement_curves.h"

namespace {

using namespace parotis;

const std::vector<double> kB = {0, 20, 40, 80, 120, 200, 400, 600, 800, 1000, 1500, 2000};

struct Spread {
  double mean = 0, rms_error = 0;
};

Spread SpreadOf(const image::Volume& map, std::size_t column, double truth) {
  const auto columns = static_cast<std::size_t>(map.geometry.size[0]);
  double sum = 0, squares = 0;
  std::size_t count = 0;
  for (std::size_t at = column; at < map.voxels.size(); at += columns, ++count) {
    sum += map.voxels[at];
    squares += (map.voxels[at] - truth) * (map.voxels[at] - truth);
  }
  return {sum / static_cast<double>(count), std::sqrt(squares / static_cast<double>(count))};
}

void Say(const char* map, double truth, const Spread& spread, double least, double scale) {
  fmt::print("    {:<3} truth {:7.3f}  mean {:7.3f}  bias {:+6.1f} %  RMSE {:6.1f} %  least possible {:6.1f} %\n", map,
             truth * scale, spread.mean * scale, 100 * (spread.mean / truth - 1), 100 * spread.rms_error / truth,
             100 * least / truth);
}

void DecayAccuracy(double signal_to_noise, bool joint) {
  fmt::print("{}, signal to noise {} at b 0\n", joint ? "IVIM and kurtosis together" : "IVIM and kurtosis apart",
             signal_to_noise);
  std::vector<test::Decay> decays;
  for (const auto& tissue : test::kTissues) decays.push_back(tissue.decay);
  const double sigma = 1000 / signal_to_noise;
  const auto volumes = test::VolumesOf(decays, kB, sigma, 4000, 7);
  maps::DecayOptions options;
  options.sigma = sigma;
  const auto together = joint ? maps::FitIvimKurtosis(test::Pointers(volumes), kB, options)
                              : maps::FitIvim(test::Pointers(volumes), kB, options);
  const auto kurtosis = joint ? together : maps::FitKurtosis(test::Pointers(volumes), kB, options);
  for (std::size_t t = 0; t < decays.size(); ++t) {
    const test::Decay& truth = decays[t];
    const auto least = test::CramerRao(truth, kB, sigma, true, true);
    fmt::print("  {}\n", test::kTissues[t].name);
    Say("D", truth.d_um2_s, SpreadOf(kurtosis.d_um2_s, t, truth.d_um2_s), least.d_um2_s, 1e-3);
    if (!joint) Say("D'", truth.d_um2_s, SpreadOf(together.d_um2_s, t, truth.d_um2_s), least.d_um2_s, 1e-3);
    Say("f", truth.f, SpreadOf(together.perfusion, t, truth.f), least.f, 1);
    Say("D*", truth.dstar_um2_s, SpreadOf(together.dstar_um2_s, t, truth.dstar_um2_s), least.dstar_um2_s, 1e-3);
    Say("K", truth.k, SpreadOf(kurtosis.kurtosis, t, truth.k), least.k, 1);
  }
}

std::vector<double> TenSecondFrames(int count) {
  std::vector<double> times;
  for (int n = 0; n < count; ++n) times.push_back(10.0 * n);
  return times;
}

constexpr double kArrival_s = 27;

// Columns: the curves of tests/support; rows: copies with noise.
std::vector<image::Volume> DynamicFrames(const std::vector<double>& times, double noise, int copies) {
  image::Geometry grid;
  grid.size = {static_cast<std::int64_t>(test::kCurves.size()), copies, 1};
  std::vector<image::Volume> frames(times.size(), image::Volume(grid));
  for (std::size_t c = 0; c < test::kCurves.size(); ++c) {
    const auto curve = test::FramesOf(test::Enhancement(test::kCurves[c].kinetics, 400), times, 10, kArrival_s);
    for (std::size_t f = 0; f < times.size(); ++f) {
      base::Random random(3, {c, f});
      for (std::int64_t j = 0; j < copies; ++j) {
        frames[f].At(static_cast<std::int64_t>(c), j, 0) =
            static_cast<float>(300 * (1 + curve[f] + random.Normal(0, noise)));
      }
    }
  }
  return frames;
}

void DynamicAccuracy(double noise) {
  const auto times = TenSecondFrames(35);
  const auto frames = DynamicFrames(times, noise, noise > 0 ? 2000 : 1);
  const auto maps = maps::FitDynamic(test::Pointers(frames), times);
  fmt::print("contrast dynamics, noise {} % of the signal before; arrival at {} s, found {:.1f}, {} frames before\n",
             100 * noise, kArrival_s, maps.arrival_s, maps.baseline_frames);
  for (std::size_t c = 0; c < test::kCurves.size(); ++c) {
    const auto truth = test::FactsOf(test::Enhancement(test::kCurves[c].kinetics, 322));
    std::array<int, 5> types{};
    for (std::size_t at = c; at < maps.type.voxels.size(); at += test::kCurves.size()) ++types[maps.type.voxels[at]];
    const auto say = [&](const char* name, double value, const image::Volume& map) {
      const Spread spread = SpreadOf(map, c, value);
      return fmt::format("{} {:.3g} → {:.3g} (RMSE {:.2g})", name, value, spread.mean, spread.rms_error);
    };
    double highest = 0;
    for (std::size_t j = 0; j < static_cast<std::size_t>(frames[0].geometry.size[1]); ++j) {
      double top = 0;
      for (const auto& frame : frames) top = std::max<double>(top, frame.voxels[j * test::kCurves.size() + c]);
      highest += top / 300 - 1;
    }
    highest /= static_cast<double>(frames[0].geometry.size[1]);
    fmt::print("  {:<22} {}; {}; {}; {}; highest frame {:.3g}; A {} B {} C {} D {}\n", test::kCurves[c].name,
               say("wash-in", truth.wash_in_percent_s, maps.wash_in_percent_s),
               say("peak at", truth.time_to_peak_s, maps.time_to_peak_s),
               say("wash-out", truth.wash_out_percent, maps.wash_out_percent), say("peak", truth.peak, maps.peak),
               highest, types[1], types[2], types[3], types[4]);
  }
}

void Time(const char* what, std::int64_t voxels, const std::function<void()>& body) {
  const auto start = std::chrono::steady_clock::now();
  body();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  fmt::print("  {:<28} {:6.2f} s, {:9.0f} voxels/s\n", what, took.count(), static_cast<double>(voxels) / took.count());
}

// Every voxel is tissue: what a real volume takes at most.
void Speed(int threads) {
  constexpr int kVoxels = 160 * 160 * 24;
  std::vector<test::Decay> decays;
  for (int n = 0; n < 160; ++n) decays.push_back(test::kTissues[static_cast<std::size_t>(n) % 3].decay);
  const std::vector<double> ten = {0, 20, 50, 100, 200, 400, 600, 800, 1500, 2000};
  const std::vector<double> ivim = {0, 10, 20, 50, 80, 100, 200, 400, 600, 800};
  maps::DecayOptions options;
  options.sigma = 30;
  options.threads = threads;
  fmt::print("160 x 160 x 24 voxels, all tissue, {} threads\n", threads);
  const auto volumes = test::VolumesOf(decays, ten, 30, kVoxels / 160, 1);
  const auto for_ivim = test::VolumesOf(decays, ivim, 30, kVoxels / 160, 1);
  Time("IVIM, 10 b-values", kVoxels, [&] { maps::FitIvim(test::Pointers(for_ivim), ivim, options); });
  Time("kurtosis, 6 of 10 b-values", kVoxels, [&] { maps::FitKurtosis(test::Pointers(volumes), ten, options); });
  Time("both together, 10 b-values", kVoxels, [&] { maps::FitIvimKurtosis(test::Pointers(volumes), ten, options); });
  const auto times = TenSecondFrames(35);
  const auto frames = DynamicFrames(times, 0.04, kVoxels / static_cast<int>(test::kCurves.size()));
  maps::DynamicOptions dynamic;
  dynamic.threads = threads;
  Time("dynamics, 35 frames", kVoxels, [&] { maps::FitDynamic(test::Pointers(frames), times, dynamic); });
}

}  // namespace

int main(int argc, char** argv) {
  for (const double signal_to_noise : {100.0, 30.0}) {
    DecayAccuracy(signal_to_noise, true);
    DecayAccuracy(signal_to_noise, false);
  }
  for (const double noise : {0.0, 0.04, 0.1}) DynamicAccuracy(noise);
  Speed(argc > 1 ? std::atoi(argv[1]) : 2);
  return 0;
}
