#include "infer/predictor.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "infer/network_predictor.h"
#include "infer/slices.h"
#include "tests/support/shapes.h"
#include "tests/support/small_plan.h"
#include "tests/support/temporary_folder.h"

namespace parotis::infer {
namespace {

using testing::ElementsAre;

plan::BundleInfo Info() {
  plan::BundleInfo info;
  info.name = "shapes";
  info.plan = test::SmallPlan();
  info.contrast_set = "both";
  info.channels = {"A", "B"};
  return info;
}

model::Compute Float32() { return model::ChooseCompute("cpu", "float32", 1); }

std::unique_ptr<Predictor> FreshPredictor(const plan::BundleInfo& info = Info()) {
  return MakePredictor({info, {model::MakeNetwork(info, 3)}}, Float32());
}

// Random values on the network's grid.
prepare::PreparedCase RandomSlices(std::int64_t columns, std::int64_t rows, std::int64_t slices) {
  prepare::PreparedCase prepared;
  prepared.channel_names = {"A", "B"};
  prepared.network_grid.size = {columns, rows, slices};
  base::Random random(5);
  for (std::int64_t i = 0; i < 2 * columns * rows * slices; ++i)
    prepared.image.push_back(static_cast<float>(random.Normal()));
  return prepared;
}

void MirrorColumns(std::vector<float>& values, std::int64_t columns) {
  for (auto row = values.begin(); row != values.end(); row += columns) std::reverse(row, row + columns);
}

double LargestDifference(const std::vector<float>& a, const std::vector<float>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max<double>(largest, std::abs(a[i] - b[i]));
  return largest;
}

TEST(Predictor, AnswersOnTheCasesOwnGridWithProbabilitiesThatSumToOne) {
  dataset::Case examination = test::ShapesCase(0);
  examination.grid.origin_world = {-30, 12, 5};
  examination.grid.direction = {{{0, 1, 0}, {1, 0, 0}, {0, 0, -1}}};
  for (image::Volume& channel : examination.channels) channel.geometry = examination.grid;
  examination.truth.reset();
  const dataset::Prediction prediction = FreshPredictor()->Predict(examination);
  EXPECT_TRUE(image::SameGrid(prediction.labels.geometry, examination.grid));
  ASSERT_EQ(prediction.probabilities.size(), 3U);
  for (std::size_t voxel = 0; voxel < prediction.labels.voxels.size(); ++voxel) {
    float sum = 0, best = 0;
    for (const image::Volume& probability : prediction.probabilities) {
      sum += probability.voxels[voxel];
      best = std::max(best, probability.voxels[voxel]);
    }
    ASSERT_NEAR(sum, 1, 1e-4);
    ASSERT_EQ(prediction.probabilities[prediction.labels.voxels[voxel]].voxels[voxel], best);
  }
}

TEST(Predictor, ACaseWithoutAChannelIsRefusedByName) {
  dataset::Case examination = test::ShapesCase(0);
  examination.channel_names[1] = "C";
  try {
    FreshPredictor()->Predict(examination);
    FAIL() << "no complaint";
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("case_0"), testing::HasSubstr("B")));
  }
}

TEST(Predictor, TheOrderOfTheCasesChannelsDoesNotMatter) {
  dataset::Case examination = test::ShapesCase(0);
  const auto predictor = FreshPredictor();
  const auto expected = predictor->Predict(examination).probabilities[1].voxels;
  std::swap(examination.channels[0], examination.channels[1]);
  std::swap(examination.channel_names[0], examination.channel_names[1]);
  EXPECT_EQ(predictor->Predict(examination).probabilities[1].voxels, expected);
}

TEST(Predictor, ABundleFromDiskPredictsLikeTheNetworkInMemoryAndCarriesItsHash) {
  const test::TemporaryFolder folder;
  const plan::BundleInfo info = Info();
  model::SaveBundle(folder.path() / "m.safetensors", info, *model::MakeNetwork(info, 3), base::DType::kF32);
  const auto predictor = LoadPredictor(folder.path() / "m.safetensors", {.threads = 1, .precision = "float32"});
  const dataset::Prediction prediction = predictor->Predict(test::ShapesCase(1));
  EXPECT_EQ(prediction.probabilities[2].voxels, FreshPredictor()->Predict(test::ShapesCase(1)).probabilities[2].voxels);
  EXPECT_EQ(prediction.bundle_hash.size(), 64U);
}

std::vector<float> ProbabilitiesOf(model::UNet& network, const model::Compute& compute,
                                   const prepare::PreparedCase& prepared, const plan::Plan& plan) {
  std::vector<model::UNet> networks = {network};
  return Ask(networks, compute, prepared, plan).probabilities;
}

TEST(Predictor, AnEnsembleAnswersWithTheMeanOfItsMembers) {
  const test::TemporaryFolder folder;
  const plan::BundleInfo info = Info();
  std::vector<std::filesystem::path> files;
  std::vector<float> mean(test::ShapesCase(1).channels[0].voxels.size(), 0);
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    files.push_back(folder.path() / fmt::format("m{}.safetensors", seed));
    model::SaveBundle(files.back(), info, *model::MakeNetwork(info, seed), base::DType::kF32);
    const auto one = MakePredictor({info, {model::MakeNetwork(info, seed)}}, Float32())->Predict(test::ShapesCase(1));
    for (std::size_t v = 0; v < mean.size(); ++v) mean[v] += one.probabilities[1].voxels[v] / 3;
  }
  plan::WriteEnsemble(files, info, folder.path() / "all.safetensors");
  const auto predictor = LoadPredictor(folder.path() / "all.safetensors", {.threads = 1, .precision = "float32"});
  EXPECT_EQ(predictor->info().members, 3);
  EXPECT_LT(LargestDifference(predictor->Predict(test::ShapesCase(1)).probabilities[1].voxels, mean), 1e-5);
}

TEST(Predictor, APatientHeadAnswersOnceForTheWholeExaminationWhateverTheBatches) {
  plan::BundleInfo info = Info();
  info.plan.network.patient_head = true;
  const auto answer = FreshPredictor(info)->Predict(test::ShapesCase(2)).patient_probabilities;
  ASSERT_EQ(answer.size(), 3U);
  EXPECT_NEAR(answer[0] + answer[1] + answer[2], 1, 1e-9);
  info.plan.inference.batch = 1;
  const auto slice_by_slice = FreshPredictor(info)->Predict(test::ShapesCase(2)).patient_probabilities;
  for (std::size_t label = 0; label < 3; ++label) EXPECT_NEAR(answer[label], slice_by_slice[label], 1e-5);
  EXPECT_TRUE(FreshPredictor()->Predict(test::ShapesCase(2)).patient_probabilities.empty()) << "no head, no answer";
}

TEST(SliceProbabilities, DoNotDependOnTheSizeOfTheBatch) {
  plan::BundleInfo info = Info();
  model::UNet network = model::MakeNetwork(info, 3);
  network->eval();
  const prepare::PreparedCase prepared = RandomSlices(30, 26, 7);
  info.plan.inference.batch = 7;
  const auto whole = ProbabilitiesOf(network, Float32(), prepared, info.plan);
  for (const int batch : {1, 2, 5}) {
    info.plan.inference.batch = batch;
    EXPECT_LT(LargestDifference(ProbabilitiesOf(network, Float32(), prepared, info.plan), whole), 1e-5) << batch;
  }
}

// The values of every plane in the middle of a larger one, the edge's continued around them, as training shows them.
std::vector<float> InTheMiddle(const std::vector<float>& values, std::int64_t columns, std::int64_t rows,
                               std::int64_t more_columns, std::int64_t more_rows) {
  std::vector<float> larger;
  const auto planes = static_cast<std::int64_t>(values.size()) / (columns * rows);
  for (std::int64_t plane = 0; plane < planes; ++plane) {
    for (std::int64_t r = 0; r < rows + more_rows; ++r) {
      for (std::int64_t c = 0; c < columns + more_columns; ++c) {
        const std::int64_t row = std::clamp<std::int64_t>(r - more_rows / 2, 0, rows - 1),
                           column = std::clamp<std::int64_t>(c - more_columns / 2, 0, columns - 1);
        larger.push_back(values[static_cast<std::size_t>((plane * rows + row) * columns + column)]);
      }
    }
  }
  return larger;
}

// Instance norm sees how much of what a slice is surrounded by: less than in training is another image to it.
TEST(SliceProbabilities, ASliceSmallerThanThePatchIsShownAsTrainingShowsIt) {
  plan::BundleInfo info = Info();
  info.plan.batch.patch = {32, 48};
  model::UNet network = model::MakeNetwork(info, 3);
  network->eval();
  const prepare::PreparedCase small = RandomSlices(33, 21, 3);
  prepare::PreparedCase framed = small;
  framed.network_grid.size = {48, 32, 3};
  framed.image = InTheMiddle(small.image, 33, 21, 15, 11);
  const std::vector<float> answer = ProbabilitiesOf(network, Float32(), small, info.plan);
  const std::vector<float> of_framed = ProbabilitiesOf(network, Float32(), framed, info.plan);
  std::size_t at = 0;
  double largest = 0;
  for (std::size_t plane = 0; plane < answer.size() / (33 * 21); ++plane) {
    for (std::size_t r = 0; r < 21; ++r) {
      for (std::size_t c = 0; c < 33; ++c, ++at)
        largest = std::max<double>(largest, std::abs(answer[at] - of_framed[(plane * 32 + r + 5) * 48 + c + 7]));
    }
  }
  EXPECT_LT(largest, 1e-6);
}

TEST(SliceProbabilities, MirrorAveragingMakesTheAnswerToAMirroredImageTheMirroredAnswer) {
  const plan::BundleInfo info = Info();
  model::UNet network = model::MakeNetwork(info, 3);
  network->eval();
  prepare::PreparedCase prepared = RandomSlices(32, 24, 2);
  auto probabilities = ProbabilitiesOf(network, Float32(), prepared, info.plan);
  MirrorColumns(prepared.image, 32);
  MirrorColumns(probabilities, 32);
  EXPECT_LT(LargestDifference(ProbabilitiesOf(network, Float32(), prepared, info.plan), probabilities), 1e-5);
  plan::Plan without = info.plan;
  without.inference.flip_left_right = false;
  EXPECT_GT(LargestDifference(ProbabilitiesOf(network, Float32(), prepared, without), probabilities), 1e-3);
}

TEST(SliceProbabilities, Bfloat16StaysCloseToFloat32) {
  const plan::BundleInfo info = Info();
  model::UNet network = model::MakeNetwork(info, 3);
  network->eval();
  const prepare::PreparedCase prepared = RandomSlices(32, 24, 2);
  model::Compute bfloat16 = Float32();
  bfloat16.bfloat16 = true;
  EXPECT_LT(LargestDifference(ProbabilitiesOf(network, bfloat16, prepared, info.plan),
                              ProbabilitiesOf(network, Float32(), prepared, info.plan)),
            0.05);
}

TEST(SliceProbabilities, ASliceIsShownWithItsNeighbours) {
  plan::BundleInfo info = Info();
  info.plan.network.neighbour_slices = 1;
  info.plan.inference.flip_left_right = false;
  model::UNet network = model::MakeNetwork(info, 3);
  network->eval();
  prepare::PreparedCase prepared = RandomSlices(16, 16, 6);
  const auto before = ProbabilitiesOf(network, Float32(), prepared, info.plan);
  prepared.image[0] += 10;  // in slice 0
  const auto after = ProbabilitiesOf(network, Float32(), prepared, info.plan);
  const auto changed = [&](std::size_t slice) {
    return !std::equal(before.begin() + slice * 256, before.begin() + (slice + 1) * 256, after.begin() + slice * 256);
  };
  EXPECT_TRUE(changed(0));
  EXPECT_TRUE(changed(1));
  EXPECT_FALSE(changed(2));
}

TEST(SlicesShown, RepeatTheFirstAndTheLast) {
  EXPECT_THAT(SlicesShown(0, 4, 2), ElementsAre(0, 0, 0, 1, 2));
  EXPECT_THAT(SlicesShown(3, 4, 1), ElementsAre(2, 3, 3));
  EXPECT_THAT(SlicesShown(2, 4, 0), ElementsAre(2));
}

TEST(ChooseCompute, WhatIsNotThereIsRefusedWithASentence) {
  EXPECT_THROW(model::ChooseCompute("tpu", "auto", 1), base::Error);
  EXPECT_THROW(model::ChooseCompute("cuda:99", "auto", 1), base::Error);
  EXPECT_THROW(model::ChooseCompute("cpu", "float8", 1), base::Error);
}

}  // namespace
}  // namespace parotis::infer
