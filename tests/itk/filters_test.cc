// Resampling, components and distances: the same numbers as ITK's filters give.
#include <gtest/gtest.h>
#include <itkConnectedComponentImageFilter.h>
#include <itkLinearInterpolateImageFunction.h>
#include <itkNearestNeighborInterpolateImageFunction.h>
#include <itkRelabelComponentImageFilter.h>
#include <itkResampleImageFilter.h>
#include <itkSignedMaurerDistanceMapImageFilter.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "image/components.h"
#include "image/distance.h"
#include "image/resample.h"
#include "tests/itk/images.h"
#include "tests/support/geometries.h"

namespace parotis::image {
namespace {

using FloatImage = itk::Image<float, 3>;
using MaskImage = itk::Image<std::uint8_t, 3>;

template <class Interpolator>
Volume ResampleWithItk(const Volume& source, const Geometry& target) {
  const auto filter = itk::ResampleImageFilter<FloatImage, FloatImage>::New();
  filter->SetInput(test::ToItk(source));
  filter->SetOutputParametersFromImage(test::ToItk(Volume(target)));
  filter->SetInterpolator(Interpolator::New());
  filter->SetDefaultPixelValue(-1000);
  filter->Update();
  return test::FromItk<float>(*filter->GetOutput());
}

// Overlaps `source` in part, and is nowhere so much coarser that we would smooth first.
Geometry OverlappingGrid(const Geometry& source, base::Random& random, bool aligned) {
  Geometry target = test::RandomGeometry(random, 12);
  const double finest = *std::min_element(source.spacing_mm.begin(), source.spacing_mm.end());
  for (double& spacing : target.spacing_mm) spacing = finest * random.Uniform(0.4, 0.85);
  if (aligned) target.direction = CanonicalGrid(source).direction;
  target.origin_world = WorldFromVoxel(source, {random.Uniform(-2, 2), random.Uniform(-2, 2), random.Uniform(-2, 2)});
  return target;
}

// How near a voxel of `target` comes to where a sampling rule of `source` changes: 0 is on it.
double NearestEdge(const Geometry& source, const Geometry& target, const std::array<std::int64_t, 3>& voxel) {
  const Vector3 index =
      VoxelFromWorld(source, WorldFromVoxel(target, {double(voxel[0]), double(voxel[1]), double(voxel[2])}));
  double nearest = 1;
  for (const double x : index) nearest = std::min(nearest, std::abs(x - 0.5 - std::round(x - 0.5)));
  return nearest;
}

template <class Interpolator>
void ExpectResampledAlike(std::uint64_t seed, bool aligned, Interpolation interpolation) {
  base::Random random(seed);
  Volume source(test::RandomGeometry(random, 10));
  for (float& value : source.voxels) value = static_cast<float>(random.Normal(100, 30));
  const Geometry target = OverlappingGrid(source.geometry, random, aligned);
  const Volume ours = Resample(source, target, interpolation, -1000);
  const Volume theirs = ResampleWithItk<Interpolator>(source, target);
  for (std::int64_t k = 0; k < target.size[2]; ++k) {
    for (std::int64_t j = 0; j < target.size[1]; ++j) {
      for (std::int64_t i = 0; i < target.size[0]; ++i) {
        if (NearestEdge(source.geometry, target, {i, j, k}) < 2e-4) continue;
        RC_ASSERT(std::abs(ours.At(i, j, k) - theirs.At(i, j, k)) < 0.05F);
      }
    }
  }
}

RC_GTEST_PROP(ResampleAgainstItk, LinearGivesTheSameValues, (const std::uint64_t seed, const bool aligned)) {
  ExpectResampledAlike<itk::LinearInterpolateImageFunction<FloatImage>>(seed, aligned, Interpolation::kLinear);
}

RC_GTEST_PROP(ResampleAgainstItk, NearestGivesTheSameValues, (const std::uint64_t seed, const bool aligned)) {
  ExpectResampledAlike<itk::NearestNeighborInterpolateImageFunction<FloatImage>>(seed, aligned,
                                                                                 Interpolation::kNearest);
}

LabelVolume RandomMask(base::Random& random, double density) {
  LabelVolume mask(test::RandomGeometry(random, 16));
  for (auto& voxel : mask.voxels) voxel = random.Chance(density);
  return mask;
}

RC_GTEST_PROP(ComponentsAgainstItk, AreTheSamePartsInTheSameOrderOfSize, (const std::uint64_t seed, const bool faces)) {
  base::Random random(seed);
  const LabelVolume mask = RandomMask(random, random.Uniform(0.05, 0.5));
  const auto filter = itk::ConnectedComponentImageFilter<MaskImage, itk::Image<std::int32_t, 3>>::New();
  filter->SetInput(test::ToItk(mask));
  filter->SetFullyConnected(!faces);
  const auto relabel =
      itk::RelabelComponentImageFilter<itk::Image<std::int32_t, 3>, itk::Image<std::int32_t, 3>>::New();
  relabel->SetInput(filter->GetOutput());
  relabel->Update();
  const Image<std::int32_t> theirs = test::FromItk<std::int32_t>(*relabel->GetOutput());
  const Components ours = FindComponents(mask, faces ? Connectivity::kFaces : Connectivity::kAll);
  RC_ASSERT(ours.sizes.size() == relabel->GetNumberOfObjects());
  for (std::size_t c = 0; c < ours.sizes.size(); ++c) {
    RC_ASSERT(static_cast<std::uint64_t>(ours.sizes[c]) == relabel->GetSizeOfObjectsInPixels()[c]);
  }
  // Among equal sizes the numbers may differ, the parts may not.
  std::vector<std::int32_t> theirs_of(ours.sizes.size() + 1, -1);
  for (std::size_t v = 0; v < theirs.voxels.size(); ++v) {
    std::int32_t& expected = theirs_of[static_cast<std::size_t>(ours.ids.voxels[v])];
    if (expected < 0) expected = theirs.voxels[v];
    RC_ASSERT(expected == theirs.voxels[v]);
  }
}

RC_GTEST_PROP(DistanceAgainstItk, IsMaurersOutsideTheMask, (const std::uint64_t seed)) {
  base::Random random(seed);
  LabelVolume mask = RandomMask(random, 0.03);
  mask.voxels[0] = 1;
  const auto filter = itk::SignedMaurerDistanceMapImageFilter<MaskImage, FloatImage>::New();
  filter->SetInput(test::ToItk(mask));
  filter->SetSquaredDistance(false);
  filter->SetUseImageSpacing(true);
  filter->SetBackgroundValue(0);
  filter->Update();
  const Volume theirs = test::FromItk<float>(*filter->GetOutput());
  const Volume ours = DistanceTo(mask);
  for (std::size_t v = 0; v < ours.voxels.size(); ++v) {
    if (mask.voxels[v] == 0) {
      RC_ASSERT(std::abs(ours.voxels[v] - theirs.voxels[v]) < 1e-3F);
    }
  }
}

}  // namespace
}  // namespace parotis::image
