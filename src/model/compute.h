// Where and in which precision the network computes.
#pragma once

#include <string>

#include "model/torch.h"

namespace parotis::model {

struct Compute {
  at::Device device = at::kCPU;
  bool bfloat16 =
      false;  // convolutions in bfloat16 through autocast; weights, norms' statistics and losses stay float32
};

// `device`: "cpu", "cuda" or "cuda:N"; `precision`: "auto" (bfloat16 where the hardware multiplies in it), "float32" or
// "bfloat16"; `threads` 0: the CPU affinity. Sets LibTorch's threads and switches deterministic algorithms on, for the
// whole process. Throws kUsage when the device is not there.
Compute ChooseCompute(const std::string& device, const std::string& precision, int threads);

// Autocast to bfloat16 for as long as the object lives, where `compute` wants it.
class AutocastScope {
 public:
  explicit AutocastScope(const Compute& compute);
  ~AutocastScope();
  AutocastScope(const AutocastScope&) = delete;
  AutocastScope& operator=(const AutocastScope&) = delete;

 private:
  at::DeviceType device_;
  bool previous_;
};

}  // namespace parotis::model
