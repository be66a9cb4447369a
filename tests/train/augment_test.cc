#include "train/augment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "train/intensity.h"

namespace parotis::train {
namespace {

using base::Random;

// A slice whose value is unique in every pixel, one plane; labels 0 but for one pixel of label 2.
struct TestSlice {
  std::vector<std::uint8_t> labels;
  SliceImage image;

  TestSlice(std::int64_t rows, std::int64_t columns, std::int64_t marked_row, std::int64_t marked_column)
      : labels(static_cast<std::size_t>(rows * columns), 0) {
    image.rows = rows;
    image.columns = columns;
    image.planes.resize(labels.size());
    std::iota(image.planes.begin(), image.planes.end(), 0.0F);
    labels[static_cast<std::size_t>(marked_row * columns + marked_column)] = 2;
    image.labels = labels;
  }
};

struct Sample {
  std::vector<float> image;
  std::vector<std::uint8_t> labels;
};

SampleRules Rules(std::int64_t rows, std::int64_t columns,
                  const plan::AugmentationPlan& augmentation = NoAugmentation()) {
  SampleRules rules;
  rules.augmentation = augmentation;
  rules.rows = rows;
  rules.columns = columns;
  rules.is_physical = {false};
  return rules;
}

Sample Make(const TestSlice& slice, const SampleRules& rules, int wanted, std::uint64_t seed) {
  Sample sample{std::vector<float>(slice.image.planes.size() / slice.labels.size() *
                                   static_cast<std::size_t>(rules.rows * rules.columns)),
                std::vector<std::uint8_t>(static_cast<std::size_t>(rules.rows * rules.columns))};
  Random random(seed);
  MakeSample(slice.image, rules, wanted, random, sample.image, sample.labels);
  return sample;
}

TEST(Sample, WithoutAugmentationASliceOfThePatchsSizeIsCopied) {
  const TestSlice slice(12, 17, 3, 5);
  const Sample sample = Make(slice, Rules(12, 17), -1, 1);
  EXPECT_EQ(sample.image, slice.image.planes);
  EXPECT_EQ(sample.labels, slice.labels);
}

TEST(Sample, ASmallerSliceLiesInTheMiddleAndItsEdgeIsContinued) {
  const TestSlice slice(4, 4, 1, 1);
  const Sample sample = Make(slice, Rules(8, 6), -1, 1);
  for (std::int64_t row = 0; row < 8; ++row) {
    for (std::int64_t column = 0; column < 6; ++column) {
      const auto r = std::clamp<std::int64_t>(row - 2, 0, 3), c = std::clamp<std::int64_t>(column - 1, 0, 3);
      EXPECT_EQ(sample.image[static_cast<std::size_t>(row * 6 + column)], static_cast<float>(r * 4 + c));
    }
  }
}

RC_GTEST_PROP(Sample, APixelOfTheWantedLabelIsInsideThePatch, ()) {
  const auto rows = *rc::gen::inRange<std::int64_t>(1, 60), columns = *rc::gen::inRange<std::int64_t>(1, 60);
  const TestSlice slice(rows, columns, *rc::gen::inRange<std::int64_t>(0, rows),
                        *rc::gen::inRange<std::int64_t>(0, columns));
  plan::AugmentationPlan augmentation = NoAugmentation();
  augmentation.rotation_degrees = 45;
  augmentation.flip_left_right = true;
  const Sample sample = Make(slice, Rules(16, 20, augmentation), 2, *rc::gen::arbitrary<std::uint64_t>());
  // A rotated pixel may fall between those of the patch; its neighbourhood cannot.
  const double marked =
      static_cast<double>(std::find(slice.labels.begin(), slice.labels.end(), 2) - slice.labels.begin());
  const double marked_row = std::floor(marked / static_cast<double>(columns)),
               marked_column = marked - marked_row * static_cast<double>(columns);
  const bool near = std::any_of(sample.image.begin(), sample.image.end(), [&](float value) {
    const double row = std::floor(value / static_cast<double>(columns));
    return std::abs(row - marked_row) <= 1 &&
           std::abs(value - row * static_cast<double>(columns) - marked_column) <= static_cast<double>(columns);
  });
  RC_ASSERT(near);
}

TEST(Sample, ImageAndLabelsMoveTogether) {
  TestSlice slice(40, 40, 0, 0);
  std::fill(slice.labels.begin(), slice.labels.end(), std::uint8_t{0});
  for (std::int64_t row = 10; row < 30; ++row) {
    for (std::int64_t column = 5; column < 20; ++column) slice.labels[static_cast<std::size_t>(row * 40 + column)] = 1;
  }
  std::copy(slice.labels.begin(), slice.labels.end(), slice.image.planes.begin());
  plan::AugmentationPlan augmentation = NoAugmentation();
  augmentation.rotation_degrees = 30;
  augmentation.scale = 0.3;
  augmentation.elastic_mm = 1;
  augmentation.flip_left_right = true;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Sample sample = Make(slice, Rules(32, 32, augmentation), -1, seed);
    for (std::size_t i = 0; i < sample.labels.size(); ++i)
      ASSERT_LE(std::abs(sample.image[i] - static_cast<float>(sample.labels[i])), 0.76F) << seed;
  }
}

TEST(Sample, MirroringIsExactAndTwiceIsNothing) {
  const TestSlice slice(6, 9, 2, 1);
  plan::AugmentationPlan augmentation = NoAugmentation();
  augmentation.flip_left_right = true;
  bool mirrored = false, kept = false;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Sample sample = Make(slice, Rules(6, 9, augmentation), -1, seed);
    if (sample.image == slice.image.planes) {
      kept = true;
      continue;
    }
    mirrored = true;
    for (std::size_t row = 0; row < 6; ++row)
      std::reverse(sample.image.begin() + row * 9, sample.image.begin() + (row + 1) * 9);
    EXPECT_EQ(sample.image, slice.image.planes);
  }
  EXPECT_TRUE(mirrored && kept);
}

TEST(Sample, SagittalSlicesAreNeverMirrored) {
  const TestSlice slice(6, 9, 2, 1);
  plan::AugmentationPlan augmentation = NoAugmentation();
  augmentation.flip_left_right = true;
  SampleRules rules = Rules(6, 9, augmentation);
  rules.columns_run_left_right = false;
  for (std::uint64_t seed = 0; seed < 20; ++seed) EXPECT_EQ(Make(slice, rules, -1, seed).image, slice.image.planes);
}

TEST(Sample, RotationKeepsDistancesInMillimetresOnPixelsThatAreNotSquare) {
  // A disc of 12 mm in the middle of a slice with 1 mm × 2 mm pixels looks the same from every angle.
  TestSlice slice(60, 30, 0, 0);
  for (std::int64_t row = 0; row < 60; ++row) {
    for (std::int64_t column = 0; column < 30; ++column) {
      const double r = static_cast<double>(row) - 29.5, c = (static_cast<double>(column) - 14.5) * 2;
      slice.labels[static_cast<std::size_t>(row * 30 + column)] = r * r + c * c < 144 ? 1 : 0;
    }
  }
  plan::AugmentationPlan augmentation = NoAugmentation();
  augmentation.rotation_degrees = 90;
  SampleRules rules = Rules(60, 30, augmentation);
  rules.column_spacing_mm = 2;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const Sample sample = Make(slice, rules, -1, seed);
    std::int64_t differing = 0;
    for (std::size_t i = 0; i < sample.labels.size(); ++i) differing += sample.labels[i] != slice.labels[i] ? 1 : 0;
    EXPECT_LE(differing, 24) << seed;  // of 226 pixels, along the rim
  }
}

TEST(Intensity, LeavesPhysicalChannelsToNoiseAndBlurOnly) {
  plan::AugmentationPlan augmentation = NoAugmentation();
  augmentation.probability = 1;
  augmentation.brightness = augmentation.contrast = augmentation.gamma = 0.5;
  SampleRules rules = Rules(4, 4, augmentation);
  rules.is_physical = {false, true};
  std::vector<float> image(32);
  std::iota(image.begin(), image.end(), 0.0F);
  const std::vector<float> before = image;
  Random random(3);
  ChangeIntensities(rules, random, image);
  EXPECT_NE(std::vector<float>(image.begin(), image.begin() + 16),
            std::vector<float>(before.begin(), before.begin() + 16));
  EXPECT_EQ(std::vector<float>(image.begin() + 16, image.end()), std::vector<float>(before.begin() + 16, before.end()));
}

TEST(Intensity, NeighbouringSlicesOfAChannelChangeAlike) {
  plan::AugmentationPlan augmentation = NoAugmentation();
  augmentation.probability = 1;
  augmentation.brightness = augmentation.contrast = 0.5;
  SampleRules rules = Rules(4, 4, augmentation);
  rules.is_physical = {false, false};
  std::vector<float> image(16 * 6);
  for (std::size_t i = 0; i < image.size(); ++i) image[i] = static_cast<float>(i % 16);  // three slices of two channels
  Random random(3);
  ChangeIntensities(rules, random, image);
  EXPECT_EQ(std::vector<float>(image.begin(), image.begin() + 16),
            std::vector<float>(image.begin() + 32, image.begin() + 48));
  EXPECT_NE(std::vector<float>(image.begin(), image.begin() + 16),
            std::vector<float>(image.begin() + 16, image.begin() + 32));
}

TEST(Intensity, NoiseHasThePlansStandardDeviationAndMeanZero) {
  plan::AugmentationPlan augmentation = NoAugmentation();
  augmentation.probability = 1;
  augmentation.noise = 0.2;
  std::vector<float> image(200 * 200, 0.0F);
  Random random(3);
  ChangeIntensities(Rules(200, 200, augmentation), random, image);
  const double mean = std::accumulate(image.begin(), image.end(), 0.0) / 40000;
  const double square = std::inner_product(image.begin(), image.end(), image.begin(), 0.0) / 40000;
  EXPECT_NEAR(mean, 0, 0.005);
  EXPECT_NEAR(std::sqrt(square), 0.2, 0.005);
}

TEST(Intensity, BlurKeepsTheMeanAndSmoothsAnEdge) {
  plan::AugmentationPlan augmentation = NoAugmentation();
  augmentation.probability = 1;
  augmentation.blur_mm = 3;
  std::vector<float> image(20 * 20);
  for (std::size_t i = 0; i < image.size(); ++i) image[i] = i % 20 < 10 ? 0.0F : 1.0F;
  Random random(3);
  ChangeIntensities(Rules(20, 20, augmentation), random, image);
  EXPECT_NEAR(std::accumulate(image.begin(), image.end(), 0.0) / 400, 0.5, 1e-4);
  EXPECT_GT(image[9], 0.05F);
  EXPECT_LT(image[10], 0.95F);
}

}  // namespace
}  // namespace parotis::train
