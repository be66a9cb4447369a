#include "train/measure.h"

#include <sys/resource.h>

#include <chrono>
#include <memory>

#include "base/random.h"
#include "base/safetensors.h"
#include "infer/network_predictor.h"
#include "prepare/prepare.h"
#include "train/batches.h"
#include "train/learner.h"

namespace parotis::train {
namespace {

constexpr std::int64_t kWarmUp = 2;  // the first iterations also allocate
constexpr std::int64_t kMeasured = 6;
constexpr std::uint64_t kLabelStream = 1;

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// A case as the cache holds it, in memory: every slice shows every label somewhere.
struct MadeUpCase {
  std::vector<std::uint16_t> image;
  std::vector<std::uint8_t> labels;
};

prepare::CachedCase InMemory(const dataset::Case& examination, const plan::Plan& plan) {
  std::vector<std::string> channels;
  for (const plan::ChannelPlan& channel : plan.channels) channels.push_back(channel.name);
  const prepare::PreparedCase prepared = prepare::Prepare(examination, plan, channels, 1);
  const auto owned = std::make_shared<MadeUpCase>();
  for (const float value : prepared.image) owned->image.push_back(base::HalfFromFloat(value));
  base::Random random(1, {kLabelStream});
  const auto voxels = static_cast<std::size_t>(prepared.slices() * prepared.rows() * prepared.columns());
  for (std::size_t voxel = 0; voxel < voxels; ++voxel)
    owned->labels.push_back(static_cast<std::uint8_t>(random.Integer(static_cast<std::int64_t>(plan.labels.size()))));
  prepare::CachedCase cached;
  cached.id = cached.patient_id = examination.id;
  cached.channel_names = channels;
  cached.network_grid = prepared.network_grid;
  cached.image = base::TensorOf<std::uint16_t>(
      owned->image, {prepared.slices(), std::ssize(channels), prepared.rows(), prepared.columns()});
  cached.label = base::TensorOf<std::uint8_t>(owned->labels, {prepared.slices(), prepared.rows(), prepared.columns()});
  cached.owner = owned;
  return cached;
}

std::int64_t PeakBytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss * 1024;
}

std::int64_t ElementsOf(const std::map<std::string, torch::Tensor>& tensors) {
  std::int64_t count = 0;
  for (const auto& [name, tensor] : tensors) count += tensor.numel();
  return count;
}

double SecondsPerIteration(Learner& learner, const BatchMaker& maker) {
  BatchQueue queue(maker, 0, kWarmUp + kMeasured);
  auto start = std::chrono::steady_clock::now();
  for (std::int64_t iteration = 0; iteration < kWarmUp + kMeasured; ++iteration) {
    if (iteration == kWarmUp) start = std::chrono::steady_clock::now();
    learner.Learn(queue.Next(), iteration);
  }
  return SecondsSince(start) / static_cast<double>(kMeasured);
}

}  // namespace

Cost MeasureCost(const dataset::Case& examination, const plan::Plan& plan, const std::string& contrast_set,
                 const std::string& device, int threads) {
  const model::Compute compute = model::ChooseCompute(device, plan.training.precision, threads);
  plan::BundleInfo info;
  info.plan = plan;
  // Every slice shows every label, so that no quota of slices without any could be met.
  info.plan.batch.design = plan::BatchDesign::kUniform;
  info.contrast_set = contrast_set;
  info.channels = plan.ChannelsOf(contrast_set);
  const std::vector<prepare::CachedCase> cases = {InMemory(examination, plan)};
  const BatchMaker maker(cases, info.plan, info.channels, /*seed=*/1);
  Learner learner(info, compute, model::MakeNetwork(info, /*seed=*/1),
                  maker.designer().index().PatientsPerLabel(plan.labels.size()));
  Cost cost;
  cost.seconds_per_iteration = SecondsPerIteration(learner, maker);
  cost.checkpoint_bytes = ElementsOf(learner.State()) * static_cast<std::int64_t>(sizeof(float));
  cost.model_bytes = ElementsOf(model::StateOf(*learner.average())) * 2;  // kept in half precision
  cost.prepared_bytes = static_cast<std::int64_t>(cases[0].image.bytes.size() + cases[0].label.bytes.size());
  const auto predictor = infer::MakePredictor({info, {learner.average()}}, compute);
  predictor->Predict(examination);
  const auto start = std::chrono::steady_clock::now();
  predictor->Predict(examination);
  cost.seconds_per_prediction = SecondsSince(start);
  cost.peak_bytes = PeakBytes();
  return cost;
}

}  // namespace parotis::train
