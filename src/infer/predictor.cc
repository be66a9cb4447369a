#include "infer/predictor.h"

#include <algorithm>

#include "base/error.h"
#include "infer/network_predictor.h"
#include "infer/slices.h"

namespace parotis::infer {
namespace {

// Slices first … first + count − 1 as the network's input [count, planes, rows, columns], neighbouring slices
// outermost.
torch::Tensor InputBatch(const torch::Tensor& image, std::int64_t first, std::int64_t count, int neighbour_slices) {
  if (neighbour_slices == 0) return image.slice(0, first, first + count);
  std::vector<torch::Tensor> batch;
  for (std::int64_t slice = first; slice < first + count; ++slice) {
    const auto shown = SlicesShown(slice, image.size(0), neighbour_slices);
    batch.push_back(image.index_select(0, torch::tensor(shown)).flatten(0, 1));
  }
  return torch::stack(batch);
}

torch::Tensor Softmax(model::UNet& network, const torch::Tensor& batch) {
  return torch::softmax(network->forward(batch)[0].to(at::kFloat), 1);
}

class NetworkPredictor : public Predictor {
 public:
  NetworkPredictor(model::ModelBundle bundle, const model::Compute& compute)
      : bundle_(std::move(bundle)), compute_(compute) {
    bundle_.network->eval();
    bundle_.network->to(compute_.device);
  }

  dataset::Prediction Predict(const dataset::Case& examination) override {
    return base::WithContext("predict " + examination.id, [&] {
      const prepare::PreparedCase prepared = prepare::Prepare(examination, info().plan, info().channels);
      const std::vector<float> probabilities = SliceProbabilities(bundle_.network, compute_, prepared, info().plan);
      dataset::Prediction prediction;
      prediction.case_id = examination.id;
      prediction.label_names = info().plan.labels;
      prediction.bundle_hash = info().file_hash;
      prediction.probabilities = prepare::Restore(prepared, probabilities, info().plan.labels.size());
      prediction.labels = MostProbable(prediction.probabilities);
      return prediction;
    });
  }

  const plan::BundleInfo& info() const override { return bundle_.info; }

 private:
  // Ties go to the lower label, so that a voxel of which nothing is known is background.
  static image::LabelVolume MostProbable(const std::vector<image::Volume>& probabilities) {
    image::LabelVolume labels(probabilities.at(0).geometry);
    std::vector<float> best = probabilities[0].voxels;
    for (std::size_t label = 1; label < probabilities.size(); ++label) {
      const std::vector<float>& values = probabilities[label].voxels;
      for (std::size_t voxel = 0; voxel < best.size(); ++voxel) {
        const bool better = values[voxel] > best[voxel];
        best[voxel] = better ? values[voxel] : best[voxel];
        labels.voxels[voxel] = better ? static_cast<std::uint8_t>(label) : labels.voxels[voxel];
      }
    }
    return labels;
  }

  model::ModelBundle bundle_;
  model::Compute compute_;
};

}  // namespace

std::vector<float> SliceProbabilities(model::UNet& network, const model::Compute& compute,
                                      const prepare::PreparedCase& prepared, const plan::Plan& plan) {
  const c10::InferenceMode inference_mode;
  const model::AutocastScope autocast(compute);
  const std::int64_t slices = prepared.slices(), rows = prepared.rows(), columns = prepared.columns();
  const auto channels = static_cast<std::int64_t>(prepared.channel_names.size());
  const torch::Tensor image = torch::from_blob(const_cast<float*>(prepared.image.data()),
                                               {slices, channels, rows, columns}, at::kFloat);  // only read
  std::vector<float> probabilities(static_cast<std::size_t>(network->labels() * slices * rows * columns));
  const torch::Tensor result =
      torch::from_blob(probabilities.data(), {network->labels(), slices, rows, columns}, at::kFloat);
  const bool flip = plan.inference.flip_left_right && ColumnsRunLeftRight(plan.preparation);
  const std::int64_t batch_size = std::max(1, plan.inference.batch);
  for (std::int64_t first = 0; first < slices; first += batch_size) {
    const std::int64_t count = std::min(batch_size, slices - first);
    const torch::Tensor batch = InputBatch(image, first, count, plan.network.neighbour_slices).to(compute.device);
    torch::Tensor softmax = Softmax(network, batch);
    if (flip) softmax = (softmax + Softmax(network, batch.flip(3)).flip(3)) / 2;
    result.slice(1, first, first + count).copy_(softmax.transpose(0, 1));
  }
  return probabilities;
}

std::unique_ptr<Predictor> MakePredictor(model::ModelBundle bundle, const model::Compute& compute) {
  return std::make_unique<NetworkPredictor>(std::move(bundle), compute);
}

std::unique_ptr<Predictor> LoadPredictor(const std::filesystem::path& bundle, const InferenceOptions& options) {
  const model::Compute compute = model::ChooseCompute(options.device, options.precision, options.threads);
  return MakePredictor(model::LoadBundle(bundle), compute);
}

}  // namespace parotis::infer
