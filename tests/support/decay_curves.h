// Signals whose perfusion, diffusion and kurtosis are known, with the noise of magnitude images, and the least error
// that any unbiased estimate of them can have.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "base/random.h"
#include "image/volume.h"

namespace parotis::test {

struct Decay {
  double s0 = 1000;
  double d_um2_s = 1000;
  double f = 0;
  double dstar_um2_s = 20000;
  double k = 0;

  double Signal(double b_s_mm2) const {
    const double bd = b_s_mm2 * d_um2_s * 1e-6;
    return s0 * (f * std::exp(-b_s_mm2 * dstar_um2_s * 1e-6) + (1 - f) * std::exp(-bd + bd * bd * k / 6));
  }
};

// A tissue of the table of priors: the middle of what is published or assumed for it.
struct NamedDecay {
  const char* name;
  Decay decay;
};
inline const std::vector<NamedDecay> kTissues = {
    {"pleomorphic adenoma", {1000, 1600, 0.075, 15000, 0.75}},
    {"Warthin tumour", {1000, 850, 0.20, 59000, 0.75}},
    {"malignant", {1000, 1000, 0.14, 25000, 1.0}},
};

inline double Rician(base::Random& random, double signal, double sigma) {
  return std::hypot(signal + random.Normal(0, sigma), random.Normal(0, sigma));
}

// One row of voxels with each decay, `copies` times over; one volume per b-value.
inline std::vector<image::Volume> VolumesOf(const std::vector<Decay>& decays, const std::vector<double>& b_s_mm2,
                                            double sigma, int copies, std::uint64_t seed) {
  image::Geometry grid;
  grid.size = {static_cast<std::int64_t>(decays.size()), copies, 1};
  std::vector<image::Volume> volumes(b_s_mm2.size(), image::Volume(grid));
  for (std::size_t n = 0; n < b_s_mm2.size(); ++n) {
    base::Random random(seed, {n});
    for (std::int64_t j = 0; j < copies; ++j) {
      for (std::size_t i = 0; i < decays.size(); ++i) {
        const double signal = decays[i].Signal(b_s_mm2[n]);
        const double shown = sigma > 0 ? Rician(random, signal, sigma) : signal;
        volumes[n].At(static_cast<std::int64_t>(i), j, 0) = static_cast<float>(shown);
      }
    }
  }
  return volumes;
}

inline std::vector<const image::Volume*> Pointers(const std::vector<image::Volume>& volumes) {
  std::vector<const image::Volume*> pointers;
  for (const image::Volume& volume : volumes) pointers.push_back(&volume);
  return pointers;
}

// The inverse of a small symmetric matrix by Gauss and Jordan, row pivots.
inline std::vector<std::vector<double>> Inverse(std::vector<std::vector<double>> a) {
  const std::size_t size = a.size();
  std::vector<std::vector<double>> inverse(size, std::vector<double>(size, 0));
  for (std::size_t i = 0; i < size; ++i) inverse[i][i] = 1;
  for (std::size_t c = 0; c < size; ++c) {
    std::size_t pivot = c;
    for (std::size_t r = c; r < size; ++r) pivot = std::abs(a[r][c]) > std::abs(a[pivot][c]) ? r : pivot;
    std::swap(a[c], a[pivot]), std::swap(inverse[c], inverse[pivot]);
    const double by = a[c][c];
    for (std::size_t k = 0; k < size; ++k) a[c][k] /= by, inverse[c][k] /= by;
    for (std::size_t r = 0; r < size; ++r) {
      const double factor = r == c ? 0 : a[r][c];
      for (std::size_t k = 0; k < size; ++k) a[r][k] -= factor * a[c][k], inverse[r][k] -= factor * inverse[c][k];
    }
  }
  return inverse;
}

// Cramér-Rao bounds: standard deviations of unbiased estimates under Gaussian noise of `sigma`, from the Jacobian of
// the signal by central differences.
struct LeastErrors {
  double d_um2_s = 0, f = 0, dstar_um2_s = 0, k = 0;
};

inline LeastErrors CramerRao(const Decay& decay, const std::vector<double>& b_s_mm2, double sigma, bool perfusion,
                             bool kurtosis) {
  // Relative steps keep the matrix well conditioned.
  std::vector<double Decay::*> unknown = {&Decay::s0, &Decay::d_um2_s};
  if (perfusion) unknown.push_back(&Decay::f), unknown.push_back(&Decay::dstar_um2_s);
  if (kurtosis) unknown.push_back(&Decay::k);
  std::vector<std::vector<double>> fisher(unknown.size(), std::vector<double>(unknown.size(), 0));
  for (const double b : b_s_mm2) {
    std::vector<double> slope;
    for (auto member : unknown) {
      Decay up = decay, down = decay;
      up.*member *= 1 + 1e-5, down.*member *= 1 - 1e-5;
      slope.push_back((up.Signal(b) - down.Signal(b)) / 2e-5);
    }
    for (std::size_t i = 0; i < slope.size(); ++i) {
      for (std::size_t j = 0; j < slope.size(); ++j) fisher[i][j] += slope[i] * slope[j] / (sigma * sigma);
    }
  }
  const auto covariance = Inverse(fisher);
  LeastErrors least;
  const auto at = [&](std::size_t n) { return std::sqrt(covariance[n][n]); };
  least.d_um2_s = at(1) * decay.d_um2_s;
  if (perfusion) least.f = at(2) * decay.f, least.dstar_um2_s = at(3) * decay.dstar_um2_s;
  if (kurtosis) least.k = at(unknown.size() - 1) * decay.k;
  return least;
}

}  // namespace parotis::test
