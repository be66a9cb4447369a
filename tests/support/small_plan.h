// A plan small enough to train in a second, for two labels "square" and "disc" on two channels.
#pragma once

#include "plan/plan.h"

namespace parotis::test {

inline plan::Plan SmallPlan() {
  plan::Plan plan;
  plan.name = plan.dataset = "shapes";
  plan.labels = {"background", "square", "disc"};
  plan.channels = {{"A", plan::Normalisation::kNone, 0, 1}, {"B", plan::Normalisation::kPhysical, 0, 1}};
  plan.contrast_sets = {{"both", {"A", "B"}}, {"one", {"A"}}};
  plan.preparation.spacing_mm = {1, 1, 4};
  plan.preparation.crop = plan::CropRule::kNone;
  plan.network.widths = {6, 8, 10};
  plan.batch.size = 4;
  plan.batch.quota = {{"square", 1}, {"disc", 2}, {"tumour_free", 1}};
  plan.batch.patch = {24, 32};
  plan.optimiser.iterations = 12;
  plan.optimiser.warmup_iterations = 2;
  plan.training.validate_every = 6;
  plan.training.checkpoint_every = 4;
  plan.training.precision = "float32";
  plan.inference.batch = 3;
  return plan;
}

}  // namespace parotis::test
