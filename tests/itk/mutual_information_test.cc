// Mutual information of two images that are shifted against each other: the same curve as ITK's metric after Mattes.
#include "align/mutual_information.h"

#include <gtest/gtest.h>
#include <itkMattesMutualInformationImageToImageMetricv4.h>
#include <itkTranslationTransform.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "tests/itk/images.h"

namespace parotis::align {
namespace {

using FloatImage = itk::Image<float, 3>;
using Metric = itk::MattesMutualInformationImageToImageMetricv4<FloatImage, FloatImage>;
using Translation = itk::TranslationTransform<double, 3>;

constexpr int kMostShift_voxel = 3;

// Smooth blobs with two contrasts of one anatomy; the moving image is wider, so that every shift stays inside.
struct Pair {
  image::Volume fixed, moving;
};

Pair MakePair(std::uint64_t seed) {
  base::Random random(seed);
  const image::Vector3 phase = {random.Uniform(0, 6), random.Uniform(0, 6), random.Uniform(0, 6)};
  const image::Vector3 pitch = {random.Uniform(0.3, 0.6), random.Uniform(0.3, 0.6), random.Uniform(0.3, 0.6)};
  const auto anatomy = [&](double x, double y, double z) {
    return std::sin(pitch[0] * x + phase[0]) + std::sin(pitch[1] * y + phase[1]) * std::cos(pitch[2] * z + phase[2]);
  };
  image::Geometry small, wide;
  small.size = {24, 24, 16};
  wide.size = {24 + 2 * kMostShift_voxel, 24, 16};
  wide.origin_world = {-kMostShift_voxel, 0, 0};
  Pair pair{image::Volume(small), image::Volume(wide)};
  const auto fill = [&](image::Volume& volume, const auto& contrast) {
    const image::Geometry& grid = volume.geometry;
    for (std::int64_t k = 0; k < grid.size[2]; ++k) {
      for (std::int64_t j = 0; j < grid.size[1]; ++j) {
        for (std::int64_t i = 0; i < grid.size[0]; ++i)
          volume.At(i, j, k) = static_cast<float>(
              contrast(anatomy(grid.origin_world[0] + double(i), double(j), double(k))) + random.Normal(0, 2));
      }
    }
  };
  fill(pair.fixed, [](double t) { return 300 + 100 * t; });
  fill(pair.moving, [](double t) { return 200 + 150 * std::cos(2 * t); });
  return pair;
}

double Theirs(const Pair& pair, double shift_mm) {
  const auto metric = Metric::New();
  metric->SetFixedImage(test::ToItk(pair.fixed));
  metric->SetMovingImage(test::ToItk(pair.moving));
  const auto transform = Translation::New();
  Translation::ParametersType parameters(3);
  parameters.Fill(0);
  parameters[0] = shift_mm;
  transform->SetParameters(parameters);
  metric->SetMovingTransform(transform);
  metric->SetVirtualDomainFromImage(test::ToItk(pair.fixed));
  metric->SetNumberOfHistogramBins(kBins + 4);  // ITK counts two bins of padding at either end
  metric->Initialize();
  return -metric->GetValue();
}

double Ours(const Pair& pair, int shift_voxel) {
  const std::vector<float>& all = pair.moving.voxels;
  const auto [low, high] = std::minmax_element(all.begin(), all.end());
  const auto [fixed_low, fixed_high] = std::minmax_element(pair.fixed.voxels.begin(), pair.fixed.voxels.end());
  MutualInformation information(pair.fixed.voxels, {*fixed_low, *fixed_high}, {*low, *high});
  std::vector<float> moving;
  const image::Geometry& grid = pair.fixed.geometry;
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i)
        moving.push_back(pair.moving.At(i + kMostShift_voxel + shift_voxel, j, k));
    }
  }
  const std::vector<std::uint8_t> inside(moving.size(), 1);
  std::vector<float> derivative(moving.size());
  return information.Evaluate(moving, inside, derivative);
}

RC_GTEST_PROP(MutualInformationAgainstItk, IsTheSameAtEveryShift, (const std::uint64_t seed)) {
  const Pair pair = MakePair(seed);
  for (int shift = -kMostShift_voxel; shift <= kMostShift_voxel; ++shift) {
    const double theirs = Theirs(pair, shift);
    // One bin more or less per range is all the two histograms differ by.
    RC_ASSERT(std::abs(Ours(pair, shift) - theirs) < 0.03 * theirs);
  }
}

}  // namespace
}  // namespace parotis::align
