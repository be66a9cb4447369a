#include "train/batches.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "tests/support/small_plan.h"

namespace parotis::train {
namespace {

// One prepared case in memory: 6 slices of 20 × 24 pixels, two channels; slices 2 and 3 show label 1, slice 4 label 2.
struct MemoryCase {
  std::vector<std::uint16_t> halves;
  std::vector<std::uint8_t> labels;
  prepare::CachedCase cached;

  MemoryCase() : halves(6 * 2 * 480), labels(6 * 480, 0) {
    for (std::size_t i = 0; i < halves.size(); ++i)
      halves[i] = base::HalfFromFloat(static_cast<float>(i / 480));  // plane number
    for (std::size_t slice = 2; slice < 5; ++slice) labels[slice * 480 + 100] = slice < 4 ? 1 : 2;
    cached.id = cached.patient_id = "memory";
    cached.channel_names = {"A", "B"};
    cached.image = base::TensorOf<std::uint16_t>(halves, {6, 2, 20, 24});
    cached.label = base::TensorOf<std::uint8_t>(labels, {6, 20, 24});
  }
};

std::vector<float> ImagesOf(const BatchMaker& maker, int workers) {
  BatchQueue queue(maker, 0, 12, workers);
  std::vector<float> images;
  for (int i = 0; i < 12; ++i) {
    const Batch batch = queue.Next();
    images.insert(images.end(), batch.images.begin(), batch.images.end());
  }
  return images;
}

TEST(BatchQueue, GivesTheSameBatchesInTheSameOrderWithAnyNumberOfThreads) {
  const MemoryCase memory;
  const BatchMaker maker(std::span(&memory.cached, 1), test::SmallPlan(), {"A", "B"}, 5);
  const std::vector<float> one = ImagesOf(maker, 1);
  EXPECT_EQ(one, ImagesOf(maker, 3));
  EXPECT_EQ(one, ImagesOf(maker, 8));
}

TEST(BatchQueue, StartedLaterGivesTheBatchesOfThatIteration) {
  const MemoryCase memory;
  const BatchMaker maker(std::span(&memory.cached, 1), test::SmallPlan(), {"A", "B"}, 5);
  BatchQueue queue(maker, 7, 9);
  EXPECT_EQ(queue.Next().images, maker.Make(7).images);
  EXPECT_EQ(queue.Next().images, maker.Make(8).images);
}

TEST(BatchQueue, MayBeLeftBeforeItIsEmpty) {
  const MemoryCase memory;
  const BatchMaker maker(std::span(&memory.cached, 1), test::SmallPlan(), {"A", "B"}, 5);
  BatchQueue queue(maker, 0, 1000000, 2);
  queue.Next();
}

TEST(BatchMaker, ShowsChannelsInTheContrastSetsOrderAndNeighboursOutermost) {
  const MemoryCase memory;
  plan::Plan plan = test::SmallPlan();
  plan.network.neighbour_slices = 1;
  plan.augmentation = NoAugmentation();
  plan.batch.quota = {{"disc", 1}};  // slice 4: its planes are 8 (A) and 9 (B)
  const Batch batch = BatchMaker(std::span(&memory.cached, 1), plan, {"B", "A"}, 5).Make(0);
  const std::size_t pixels = 24 * 32;
  std::vector<float> planes;
  for (std::size_t plane = 0; plane < 6; ++plane) planes.push_back(batch.images[plane * pixels]);
  EXPECT_EQ(planes, (std::vector<float>{7, 6, 9, 8, 11, 10}));
}

TEST(BatchMaker, ChannelDropoutEmptiesWholeChannelsInAllTheirSlicesButNeverAll) {
  const MemoryCase memory;
  plan::Plan plan = test::SmallPlan();
  plan.network.neighbour_slices = 1;
  plan.augmentation = NoAugmentation();
  plan.augmentation.channel_dropout = 0.5;
  const BatchMaker maker(std::span(&memory.cached, 1), plan, {"A", "B"}, 5);
  const std::size_t pixels = 24 * 32;
  int dropped = 0, samples = 0;
  for (std::int64_t iteration = 0; iteration < 50; ++iteration) {
    const Batch batch = maker.Make(iteration);
    for (std::size_t sample = 0; sample < batch.draws.size(); ++sample) {
      // Planes are numbered from 0 to 11 and constant: the second and third slice shown are never all 0.
      const auto plane = [&](std::size_t i) { return batch.images[(sample * 6 + i) * pixels]; };
      const bool a_dropped = plane(2) == 0 && plane(4) == 0, b_dropped = plane(3) == 0 && plane(5) == 0;
      EXPECT_FALSE(a_dropped && b_dropped);
      EXPECT_EQ(a_dropped, plane(4) == 0);
      EXPECT_EQ(b_dropped, plane(5) == 0);
      dropped += (a_dropped ? 1 : 0) + (b_dropped ? 1 : 0);
      ++samples;
    }
  }
  // Each with probability 1/2, and one of two kept where both would go: 1/2 + ... = 0.375 each.
  EXPECT_NEAR(dropped / (2.0 * samples), 0.375, 0.06);
}

TEST(BatchMaker, AnErrorNamesTheCaseAndTheStage) {
  MemoryCase memory;
  memory.cached.channel_names = {"A", "C"};
  const BatchMaker maker(std::span(&memory.cached, 1), test::SmallPlan(), {"A", "B"}, 5);
  BatchQueue queue(maker, 0, 2);
  try {
    queue.Next();
    FAIL() << "no complaint";
  } catch (const base::Error& error) {
    EXPECT_NE(std::string(error.what()).find("case memory, slice"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("augmentation"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace parotis::train
