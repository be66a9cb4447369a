// A loaded model, ready to predict. This header needs no LibTorch: the program reaches the implementation through
// libparotis_net.so (app/net_library.h).
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "dataset/case.h"
#include "dataset/prediction.h"
#include "plan/bundle_info.h"

namespace parotis::infer {

struct InferenceOptions {
  std::string device = "cpu";      // "cpu", "cuda"
  int threads = 0;                 // 0: CPU affinity
  std::string precision = "auto";  // as in plan::TrainingPlan
};

class Predictor {
 public:
  virtual ~Predictor() = default;
  // The case must have the bundle's channels; throws kInput otherwise. Not thread-safe.
  virtual dataset::Prediction Predict(const dataset::Case& examination) = 0;
  virtual const plan::BundleInfo& info() const = 0;
};

std::unique_ptr<Predictor> LoadPredictor(const std::filesystem::path& bundle, const InferenceOptions& options);

}  // namespace parotis::infer
