// A Predictor around a network that is already in memory; training validates through it. Includes LibTorch.
#pragma once

#include <memory>
#include <vector>

#include "infer/predictor.h"
#include "model/bundle.h"
#include "model/compute.h"
#include "prepare/prepare.h"

namespace parotis::infer {

// Takes `bundle.network` over as it is: the same weights, not a copy.
std::unique_ptr<Predictor> MakePredictor(model::ModelBundle bundle, const model::Compute& compute);

// Probabilities of the labels, [labels, slices, rows, columns], of a prepared case. Batches of `plan.batch` slices
// bound the memory; with flip_left_right the mean over a slice and its mirror image, where columns run left–right.
std::vector<float> SliceProbabilities(model::UNet& network, const model::Compute& compute,
                                      const prepare::PreparedCase& prepared, const plan::Plan& plan);

}  // namespace parotis::infer
