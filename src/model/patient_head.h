// A second answer beside the segmentation: which class the patient has, from all slices at once. Each slice is
// described by the mean and the maximum of the deepest level's features; gated attention (Ilse et al., ICML 2018) says
// how much each slice counts; the weighted mean is classified. A patient with one small tumour in three of thirty
// slices is still read from these three.
#pragma once

#include <cstdint>
#include <vector>

#include "model/torch.h"

namespace parotis::model {

class PatientHeadImpl : public torch::nn::Module {
 public:
  // `channels`: of the deepest level. `labels`: of the plan; label 0 stands for "no tumour".
  PatientHeadImpl(std::int64_t channels, std::int64_t labels);

  // Deepest features [slices, channels, rows, columns] → one description per slice [slices, 2 · channels], float32.
  static torch::Tensor Describe(const torch::Tensor& features);
  // descriptions [slices, 2 · channels]; `bag`: for each slice the bag (patient) it belongs to, 0 … bags − 1, int64
  // [slices] → logits [bags, labels]. Every bag has at least one slice.
  torch::Tensor forward(const torch::Tensor& descriptions, const torch::Tensor& bag, std::int64_t bags);

 private:
  torch::nn::Linear embed_{nullptr}, attention_tanh_{nullptr}, attention_gate_{nullptr}, attention_{nullptr},
      classify_{nullptr};
};
TORCH_MODULE(PatientHead);

}  // namespace parotis::model
