// A Predictor around a network that is already in memory; training validates through it. Includes LibTorch.
#pragma once

#include <memory>
#include <vector>

#include "infer/predictor.h"
#include "model/bundle.h"
#include "model/compute.h"
#include "prepare/prepare.h"

namespace parotis::infer {

// Takes `bundle.networks` over as they are: the same weights, not copies.
std::unique_ptr<Predictor> MakePredictor(model::ModelBundle bundle, const model::Compute& compute);

struct NetworkAnswer {
  std::vector<float> probabilities;           // of the labels, [labels, slices, rows, columns]
  std::vector<double> patient_probabilities;  // [labels], [0] no tumour; empty without a patient head
};

// What the mean of `networks` says of a prepared case. Batches of inference.batch slices bound the memory; with
// flip_left_right the mean over a slice and its mirror image, where columns run left–right.
NetworkAnswer Ask(std::vector<model::UNet>& networks, const model::Compute& compute,
                  const prepare::PreparedCase& prepared, const plan::Plan& plan);

}  // namespace parotis::infer
