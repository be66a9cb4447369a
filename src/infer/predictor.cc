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

// Where a slice lies in the patch that the network was trained on: in its middle where it is smaller, as in training,
// with its edge continued around it. The norms average over what is shown, so that less around a slice is another
// image.
struct Frame {
  std::int64_t top = 0, bottom = 0, left = 0, right = 0;  // pixels around the slice

  Frame(std::int64_t rows, std::int64_t columns, const std::array<int, 2>& patch) {
    const std::int64_t more_rows = std::max<std::int64_t>(0, patch[0] - rows),
                       more_columns = std::max<std::int64_t>(0, patch[1] - columns);
    top = more_rows / 2, bottom = more_rows - top;
    left = more_columns / 2, right = more_columns - left;
  }
  torch::Tensor Around(const torch::Tensor& images) const {
    if (top + bottom + left + right == 0) return images;
    namespace F = torch::nn::functional;
    return F::pad(images, F::PadFuncOptions({left, right, top, bottom}).mode(torch::kReplicate));
  }
  torch::Tensor Within(const torch::Tensor& framed) const {
    return framed.slice(2, top, framed.size(2) - bottom).slice(3, left, framed.size(3) - right);
  }
};

// What each slice looks like to one member in one view, batch after batch.
using SliceDescriptions = std::vector<torch::Tensor>;

// The mean over members and views of what the patient heads say; empty without heads.
std::vector<double> PatientProbabilities(std::vector<model::UNet>& networks,
                                         const std::vector<SliceDescriptions>& views) {
  if (!networks[0]->has_patient_head()) return {};
  std::vector<double> mean(static_cast<std::size_t>(networks[0]->labels()), 0);
  for (std::size_t view = 0; view < views.size(); ++view) {
    const torch::Tensor descriptions = torch::cat(views[view]);
    const torch::Tensor bag = torch::zeros({descriptions.size(0)}, descriptions.options().dtype(at::kLong));
    const torch::Tensor p =
        torch::softmax(networks[view % networks.size()]->PatientLogits(descriptions, bag, 1).to(at::kDouble), 1)
            .to(at::kCPU);
    for (std::size_t label = 0; label < mean.size(); ++label) {
      mean[label] += p[0][static_cast<std::int64_t>(label)].item<double>() / static_cast<double>(views.size());
    }
  }
  return mean;
}

class NetworkPredictor : public Predictor {
 public:
  NetworkPredictor(model::ModelBundle bundle, const model::Compute& compute)
      : bundle_(std::move(bundle)), compute_(compute) {
    for (model::UNet& network : bundle_.networks) {
      network->eval();
      network->to(compute_.device);
    }
  }

  dataset::Prediction Predict(const dataset::Case& examination) override {
    return base::WithContext("predict " + examination.id, [&] {
      const prepare::PreparedCase prepared = prepare::Prepare(examination, info().plan, info().channels);
      NetworkAnswer answer = Ask(bundle_.networks, compute_, prepared, info().plan);
      dataset::Prediction prediction;
      prediction.case_id = examination.id;
      prediction.label_names = info().plan.labels;
      prediction.bundle_hash = info().file_hash;
      prediction.probabilities = prepare::Restore(prepared, answer.probabilities, info().plan.labels.size());
      prediction.patient_probabilities = std::move(answer.patient_probabilities);
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

NetworkAnswer Ask(std::vector<model::UNet>& networks, const model::Compute& compute,
                  const prepare::PreparedCase& prepared, const plan::Plan& plan) {
  const c10::InferenceMode inference_mode;
  const model::AutocastScope autocast(compute);
  const std::int64_t slices = prepared.slices(), rows = prepared.rows(), columns = prepared.columns();
  const auto channels = static_cast<std::int64_t>(prepared.channel_names.size());
  const torch::Tensor image = torch::from_blob(const_cast<float*>(prepared.image.data()),
                                               {slices, channels, rows, columns}, at::kFloat);  // only read
  const std::int64_t labels = networks.at(0)->labels();
  NetworkAnswer answer;
  answer.probabilities.resize(static_cast<std::size_t>(labels * slices * rows * columns));
  const torch::Tensor result =
      torch::from_blob(answer.probabilities.data(), {labels, slices, rows, columns}, at::kFloat);
  const bool flip = plan.inference.flip_left_right && ColumnsRunLeftRight(plan.preparation);
  std::vector<SliceDescriptions> patients(networks.size() * (flip ? 2 : 1));  // one view of one member each
  const double share = 1.0 / static_cast<double>(patients.size());
  const Frame frame(rows, columns, plan.batch.patch);
  const std::int64_t batch_size = std::max(1, plan.inference.batch);
  for (std::int64_t first = 0; first < slices; first += batch_size) {
    const std::int64_t count = std::min(batch_size, slices - first);
    const torch::Tensor batch =
        frame.Around(InputBatch(image, first, count, plan.network.neighbour_slices)).to(compute.device);
    torch::Tensor mean;
    for (std::size_t view = 0; view < patients.size(); ++view) {
      const bool mirrored = view >= networks.size();
      model::UNetOutput output = networks[view % networks.size()]->Run(mirrored ? batch.flip(3) : batch);
      const torch::Tensor softmax = torch::softmax(output.logits[0].to(at::kFloat), 1) * share;
      const torch::Tensor upright = mirrored ? softmax.flip(3) : softmax;
      mean = mean.defined() ? mean + upright : upright;
      if (output.descriptions.defined()) patients[view].push_back(output.descriptions);
    }
    result.slice(1, first, first + count).copy_(frame.Within(mean).transpose(0, 1));
  }
  answer.patient_probabilities = PatientProbabilities(networks, patients);
  return answer;
}

std::unique_ptr<Predictor> MakePredictor(model::ModelBundle bundle, const model::Compute& compute) {
  return std::make_unique<NetworkPredictor>(std::move(bundle), compute);
}

std::unique_ptr<Predictor> LoadPredictor(const std::filesystem::path& bundle, const InferenceOptions& options) {
  const model::Compute compute = model::ChooseCompute(options.device, options.precision, options.threads);
  return MakePredictor(model::LoadBundle(bundle), compute);
}

}  // namespace parotis::infer
