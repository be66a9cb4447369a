// What goes wrong with echo-planar diffusion images, done to good ones: for tests of what notices it. The
// phase-encoding axis is that of the columns (j).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

#include "base/random.h"
#include "image/volume.h"

namespace parotis::test {

struct DiffusionPair {
  image::Volume low, high;  // lowest and highest b-value, on one grid
};

// Every value of `volume` as a function of its indices.
template <class Value>
image::Volume Made(const image::Volume& volume, const Value& value) {
  image::Volume made(volume.geometry);
  const auto& size = volume.geometry.size;
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 0; j < size[1]; ++j) {
      for (std::int64_t i = 0; i < size[0]; ++i) made.At(i, j, k) = static_cast<float>(value(i, j, k));
    }
  }
  return made;
}

// Mean of the brightest tenth: a scale for noise and spikes.
inline double BrightnessOf(const image::Volume& volume) {
  std::vector<float> sorted = volume.voxels;
  std::sort(sorted.begin(), sorted.end());
  double sum = 0;
  const std::size_t first = sorted.size() * 9 / 10;
  for (std::size_t n = first; n < sorted.size(); ++n) sum += sorted[n];
  return sum / static_cast<double>(sorted.size() - first);
}

inline image::Volume WithNoise(const image::Volume& volume, double sigma, base::Random& random) {
  return Made(volume, [&](auto i, auto j, auto k) {
    const double real = volume.At(i, j, k) + random.Normal(0, sigma);
    return std::hypot(real, random.Normal(0, sigma));
  });
}

// Moved by whole voxels, round the edge.
inline image::Volume Moved(const image::Volume& volume, std::int64_t di, std::int64_t dj) {
  const auto& size = volume.geometry.size;
  return Made(volume, [&](auto i, auto j, auto k) {
    return volume.At(((i - di) % size[0] + size[0]) % size[0], ((j - dj) % size[1] + size[1]) % size[1], k);
  });
}

// Signal of (i, j − d) at (i, j), piled up where the field is compressed; `displacement(i, j, k)` in voxels.
template <class Displacement>
image::Volume Distorted(const image::Volume& volume, const Displacement& displacement) {
  const std::int64_t last = volume.geometry.size[1] - 1;
  return Made(volume, [&](auto i, auto j, auto k) {
    const double d = displacement(i, j, k);
    const double from = std::clamp(static_cast<double>(j) - d, 0.0, static_cast<double>(last) - 1e-6);
    const auto below = static_cast<std::int64_t>(from);
    const double share = from - static_cast<double>(below);
    const double density = std::clamp(std::abs(1 - (displacement(i, j + 1, k) - d)), 0.0, 3.0);
    return density * ((1 - share) * volume.At(i, below, k) + share * volume.At(i, below + 1, k));
  });
}

// Field inhomogeneity: waves of 60 to 120 mm in the plane, slowly changing across slices, `strength_mm` root mean
// square times 2.
inline auto SmoothField(const image::Geometry& grid, double strength_mm, base::Random& random) {
  struct Wave {
    double u, v, w, phase;
  };
  std::array<Wave, 6> waves{};
  for (Wave& wave : waves) {
    const double angle = random.Uniform(0, 2 * std::numbers::pi);
    const double per_mm = 2 * std::numbers::pi / random.Uniform(60, 120);
    wave = {std::cos(angle) * per_mm * grid.spacing_mm[0], std::sin(angle) * per_mm * grid.spacing_mm[1],
            random.Uniform(-0.15, 0.15), random.Uniform(0, 2 * std::numbers::pi)};
  }
  // Six waves of amplitude a have the root mean square a·√3.
  const double amplitude = strength_mm / 2 / std::sqrt(3.0) / grid.spacing_mm[1];
  return [waves, amplitude](std::int64_t i, std::int64_t j, std::int64_t k) {
    double sum = 0;
    for (const Wave& w : waves)
      sum += std::cos(w.u * static_cast<double>(i) + w.v * static_cast<double>(j) + w.w * static_cast<double>(k) +
                      w.phase);
    return amplitude * sum;
  };
}

inline void FadeSlices(image::Volume& volume, const std::vector<std::int64_t>& slices, double factor) {
  const auto& size = volume.geometry.size;
  for (const std::int64_t k : slices) {
    for (std::int64_t n = 0; n < size[0] * size[1]; ++n)
      volume.voxels[static_cast<std::size_t>(k * size[0] * size[1] + n)] *= static_cast<float>(factor);
  }
}

inline std::vector<std::int64_t> SomeSlices(const image::Volume& volume, double share, base::Random& random) {
  std::vector<std::int64_t> slices;
  // Not the outermost: nothing shows what they should be.
  for (std::int64_t k = 1; k + 1 < volume.geometry.size[2]; ++k) slices.push_back(k);
  random.Shuffle(slices);
  slices.resize(static_cast<std::size_t>(
      std::max<std::int64_t>(2, std::llround(share * static_cast<double>(volume.geometry.size[2])))));
  return slices;
}

// `kind`: "noise" (times a thirtieth of the brightness), "dropout" (share of the slices, high b only), "lost slices"
// (share, both), "ghost" (N/2, share of the signal), "distortion" (mm), "stretch" (share of the extent), "motion" (mm,
// high b against low), "spike" (share of the brightness), "no decay" (images exchanged), "no signal" (only noise at
// the high b-value).
inline DiffusionPair Spoilt(const DiffusionPair& good, const std::string& kind, double strength, base::Random random) {
  DiffusionPair spoilt = good;
  const auto both = [&](const auto& change) {
    spoilt.low = change(good.low);
    spoilt.high = change(good.high);
  };
  const image::Geometry& grid = good.low.geometry;
  const double brightness = BrightnessOf(good.low);
  if (kind == "noise") {
    both([&](const image::Volume& v) { return WithNoise(v, strength * brightness / 30, random); });
  } else if (kind == "dropout") {
    FadeSlices(spoilt.high, SomeSlices(good.high, strength, random), random.Uniform(0.05, 0.3));
  } else if (kind == "lost slices") {
    const auto slices = SomeSlices(good.low, strength, random);
    FadeSlices(spoilt.low, slices, 0.2);
    FadeSlices(spoilt.high, slices, 0.2);
  } else if (kind == "ghost") {
    both([&](const image::Volume& v) {
      const image::Volume shifted = Moved(v, 0, grid.size[1] / 2);
      return Made(v, [&](auto i, auto j, auto k) {
        return (1 - strength / 2) * v.At(i, j, k) + strength * shifted.At(i, j, k);
      });
    });
  } else if (kind == "distortion") {
    const auto field = SmoothField(grid, strength, random);
    both([&](const image::Volume& v) { return Distorted(v, field); });
  } else if (kind == "stretch") {
    const double centre = 0.5 * static_cast<double>(grid.size[1] - 1);
    both([&](const image::Volume& v) {
      return Distorted(v, [&](auto, auto j, auto) { return strength * (static_cast<double>(j) - centre); });
    });
  } else if (kind == "motion") {
    spoilt.high = Moved(good.high, std::lround(0.7 * strength / grid.spacing_mm[0]),
                        std::lround(0.7 * strength / grid.spacing_mm[1]));
  } else if (kind == "spike") {
    const double u = 2 * std::numbers::pi * random.Uniform(0.1, 0.4);
    const double v = 2 * std::numbers::pi * random.Uniform(0.1, 0.4);
    both([&](const image::Volume& volume) {
      return Made(volume, [&](auto i, auto j, auto k) {
        return std::abs(volume.At(i, j, k) +
                        strength * brightness * std::cos(u * static_cast<double>(i) + v * static_cast<double>(j)));
      });
    });
  } else if (kind == "no decay") {
    std::swap(spoilt.low, spoilt.high);
  } else if (kind == "no signal") {
    spoilt.high = WithNoise(image::Volume(grid), 0.02 * brightness, random);
  }
  return spoilt;
}

}  // namespace parotis::test
