#include "dataset/duplicates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.h"

namespace parotis::dataset {
namespace {

// Smooth with some noise, like an image; odd and even numbers of voxels, more and fewer than the picture's blocks.
image::Volume Image(std::uint64_t seed, const std::array<std::int64_t, 3>& size = {21, 12, 7}) {
  image::Volume volume;
  volume.geometry.size = size;
  volume.voxels.resize(static_cast<std::size_t>(size[0] * size[1] * size[2]));
  base::Random random(seed);
  const double a = random.Integer(1000) / 100.0, b = random.Integer(1000) / 100.0;
  std::size_t v = 0;
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 0; j < size[1]; ++j) {
      for (std::int64_t i = 0; i < size[0]; ++i) {
        const double x = static_cast<double>(i) / 20, y = static_cast<double>(j) / 12, z = static_cast<double>(k) / 7;
        volume.voxels[v++] = static_cast<float>(500 + 300 * std::sin(6 * x + a) * std::cos(5 * y + b) + 100 * z * z +
                                                static_cast<double>(random.Integer(60)));
      }
    }
  }
  return volume;
}

image::Volume Changed(const image::Volume& original, const std::array<std::size_t, 3>& axis, unsigned flipped,
                      double slope) {
  image::Volume copy;
  for (std::size_t c = 0; c < 3; ++c) copy.geometry.size[axis[c]] = original.geometry.size[c];
  copy.voxels.resize(original.voxels.size());
  std::array<std::int64_t, 3> at{};
  const auto& size = original.geometry.size;
  for (at[2] = 0; at[2] < size[2]; ++at[2]) {
    for (at[1] = 0; at[1] < size[1]; ++at[1]) {
      for (at[0] = 0; at[0] < size[0]; ++at[0]) {
        std::array<std::int64_t, 3> to{};
        for (std::size_t c = 0; c < 3; ++c) to[axis[c]] = (flipped >> c & 1U) != 0 ? size[c] - 1 - at[c] : at[c];
        copy.At(to[0], to[1], to[2]) = std::round(static_cast<float>(slope) * original.At(at[0], at[1], at[2]) + 3000);
      }
    }
  }
  return copy;
}

TEST(PossibleCopies, EveryOrderAndDirectionOfAxesAndScaleIsAPair) {
  const image::Volume original = Image(1);
  const ImageSignature signature = SignatureOf(original);
  std::array<std::size_t, 3> axis = {0, 1, 2};
  do {
    for (unsigned flipped = 0; flipped < 8; ++flipped) {
      for (const double slope : {1.0, 0.37, -2.5}) {
        const image::Volume copy = Changed(original, axis, flipped, slope);
        const ImageSignature other = SignatureOf(copy);
        EXPECT_THAT(PossibleCopies({&signature, &other}), testing::SizeIs(1)) << flipped << " " << slope;
        EXPECT_TRUE(AreCopies(original, copy));
      }
    }
  } while (std::next_permutation(axis.begin(), axis.end()));
}

// Of a hundred examinations alike, none is read a second time but the two that are one.
TEST(PossibleCopies, ImagesThatAreOnlyAlikeAreNone) {
  std::vector<ImageSignature> signatures;
  for (std::uint64_t seed = 0; seed < 100; ++seed) signatures.push_back(SignatureOf(Image(seed)));
  signatures.push_back(SignatureOf(Changed(Image(40), {1, 0, 2}, 5, 0.5)));
  std::vector<const ImageSignature*> all;
  for (const ImageSignature& each : signatures) all.push_back(&each);
  EXPECT_THAT(PossibleCopies(all), testing::ElementsAre(std::pair<std::size_t, std::size_t>(40, 100)));
}

}  // namespace
}  // namespace parotis::dataset
