// Synthetic patients with known motions between two contrasts, and how far from the truth a map puts their heads.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "align/samples.h"
#include "tests/support/moved_phantom.h"

namespace parotis::bench {

inline image::Vector3 CentreOf(const image::Geometry& grid) {
  return image::WorldFromVoxel(
      grid, {0.5 * static_cast<double>(grid.size[0] - 1), 0.5 * static_cast<double>(grid.size[1] - 1),
             0.5 * static_cast<double>(grid.size[2] - 1)});
}

struct KnownMotion {
  std::string pair;
  image::Volume reference, moving;
  image::AffineMap truth;  // from the reference's world to the moving image's
};

// The n-th of a series: up to 8 mm and 8° about random axes, or, with `moved` false, none.
inline KnownMotion MakeKnownMotion(int n, std::uint64_t seed, bool moved) {
  using test::Contrast;
  static const std::array<std::pair<const char*, std::array<Contrast, 2>>, 3> kPairs = {
      {{"T2 / T1C", {Contrast::kT2, Contrast::kT1c}},
       {"T2 / DWI b0", {Contrast::kT2, Contrast::kB0}},
       {"T1 / T2", {Contrast::kT1, Contrast::kT2}}}};
  static const std::array<const char*, 4> kDiagnoses = {"warthin", "pleomorphic", "malignant", "tumour_free"};
  const auto& [name, contrasts] = kPairs[n % 3];
  const test::MovedPatient patient(seed, n, kDiagnoses[n % 4]);
  base::Random random(seed, {static_cast<std::uint64_t>(n), 1});
  const image::AffineMap motion =
      moved ? test::RandomMotion(random, CentreOf(patient.protocol.anatomy_grid), 8, 8) : image::AffineMap{};
  return {fmt::format("{}{}", name, moved ? "" : ", still"), patient.Scan(contrasts[0]),
          patient.Scan(contrasts[1], motion), motion};
}

// Points in the reference's head; world, LPS mm.
inline std::vector<image::Vector3> HeadPoints(const image::Volume& reference) {
  const image::Volume coarse = align::AtResolution(reference, 4);
  return align::DrawSamples(coarse, align::HeadOf(coarse, 0), 20000, 7).points_world;
}

// `a` and `b` map a point of world to a point of world.
template <class A, class B>
double MeanDistanceMm(const std::vector<image::Vector3>& points, const A& a, const B& b) {
  double sum_mm = 0;
  for (const image::Vector3& point : points) {
    const image::Vector3 p = a(point), q = b(point);
    sum_mm += image::Norm({p[0] - q[0], p[1] - q[1], p[2] - q[2]});
  }
  return sum_mm / static_cast<double>(points.size());
}

inline double MeanDistanceMm(const std::vector<image::Vector3>& points, const image::AffineMap& a,
                             const image::AffineMap& b) {
  return MeanDistanceMm(
      points, [&](const image::Vector3& p) { return Mapped(a, p); },
      [&](const image::Vector3& p) { return Mapped(b, p); });
}

inline double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace parotis::bench
