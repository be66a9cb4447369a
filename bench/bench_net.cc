// How fast the network learns and predicts, in slices a second: the counterpart of pytorch_unet.py, same network,
// batch, loss, optimiser and precision. Prints one JSON object.
//   parotis_bench_net [THREADS] [float32|bfloat16|auto] [SECONDS]
#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <string>

#include "base/json.h"
#include "base/random.h"
#include "infer/network_predictor.h"
#include "train/learner.h"

namespace parotis {
namespace {

constexpr std::int64_t kRows = 128, kColumns = 160, kChannels = 3, kLabels = 4, kBatch = 16, kSlices = 24;
constexpr int kWarmUp = 3;

plan::BundleInfo BenchInfo() {
  plan::BundleInfo info;
  info.plan.labels = {"background", "warthin", "pleomorphic", "malignant"};
  info.channels = {"B0", "B1000", "ADC"};
  info.plan.batch.patch = {kRows, kColumns};
  info.plan.inference.flip_left_right = false;
  info.plan.inference.batch = kBatch;
  return info;
}

std::vector<float> RandomValues(std::int64_t count) {
  base::Random random(1);
  std::vector<float> values(static_cast<std::size_t>(count));
  for (float& value : values) value = static_cast<float>(random.Normal());
  return values;
}

train::Batch BenchBatch() {
  train::Batch batch;
  batch.draws.resize(kBatch);
  batch.images = RandomValues(kBatch * kChannels * kRows * kColumns);
  base::Random random(2);
  for (std::int64_t i = 0; i < kBatch * kRows * kColumns; ++i)
    batch.labels.push_back(static_cast<std::uint8_t>(random.Integer(kLabels)));
  return batch;
}

// The best of many short runs: what the machine can do when nobody else uses it.
double BestRate(double images, double seconds, const std::function<void()>& run) {
  using Clock = std::chrono::steady_clock;
  for (int i = 0; i < kWarmUp; ++i) run();
  double best_s = 1e9;
  for (const auto start = Clock::now(); std::chrono::duration<double>(Clock::now() - start).count() < seconds;) {
    const auto begin = Clock::now();
    run();
    best_s = std::min(best_s, std::chrono::duration<double>(Clock::now() - begin).count());
  }
  return images / best_s;
}

int Main(int argc, char** argv) {
  const int threads = argc > 1 ? std::stoi(argv[1]) : 0;
  const model::Compute compute = model::ChooseCompute("cpu", argc > 2 ? argv[2] : "auto", threads);
  const double seconds = argc > 3 ? std::stod(argv[3]) : 15;
  const plan::BundleInfo info = BenchInfo();
  const std::vector<std::int64_t> patients(info.plan.labels.size(), 1);
  train::Learner learner(info, compute, model::MakeNetwork(info, 1), patients);
  const train::Batch batch = BenchBatch();
  std::int64_t iteration = 0;
  const double learnt = BestRate(kBatch, seconds, [&] { learner.Learn(batch, iteration++); });
  prepare::PreparedCase prepared;
  prepared.channel_names = info.channels;
  prepared.network_grid.size = {kColumns, kRows, kSlices};
  prepared.image = RandomValues(kSlices * kChannels * kRows * kColumns);
  std::vector<model::UNet> networks = {learner.average()};
  networks[0]->eval();
  const double predicted = BestRate(kSlices, seconds, [&] { infer::Ask(networks, compute, prepared, info.plan); });
  const base::Json result = {{"threads", at::get_num_threads()},
                             {"precision", compute.bfloat16 ? "bfloat16" : "float32"},
                             {"parameters", model::CountParameters(*networks[0])},
                             {"training_images_per_second", learnt},
                             {"inference_images_per_second", predicted}};
  fmt::print("{}\n", result.dump());
  return 0;
}

}  // namespace
}  // namespace parotis

int main(int argc, char** argv) { return parotis::Main(argc, argv); }
