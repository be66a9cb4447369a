// The parts of the network by which a plan speaks of its weights: "encoder", "decoder", "heads", and each level of
// them.
#pragma once

#include <string>
#include <vector>

#include "plan/plan.h"

namespace parotis::plan {

// "encoder", "decoder", "heads", "encoder_0", …, "decoder_0", …, "head_0", …: level 0 is the finest. Without deep
// supervision, or with two levels, there is one head. The patient head is a part of its own, "patient_head".
std::vector<std::string> PartsOf(const NetworkPlan& network);

// The level's part to which a tensor belongs ("encoder_2.0.scale" → "encoder_2"); the upsampling to a level belongs to
// its decoder ("up_1.weight" → "decoder_1").
std::string LevelPartOf(const std::string& tensor);
// "encoder_2" → "encoder", "head_0" → "heads".
std::string WholePartOf(const std::string& level_part);

// Levels between the weights of a level's part and the logits, along the way without the skips: 0 for the heads, l + 1
// for decoder level l, 2·levels − 1 − l for encoder level l.
int DistanceFromOutput(const std::string& level_part, const NetworkPlan& network);

bool FreezesEverything(const Plan& plan);

// How one tensor learns in a training that starts from other weights.
struct LearningSpeed {
  double factor = 1;                 // of the learning rate
  std::int64_t first_iteration = 0;  // in which it changes; before, it is frozen
};
LearningSpeed SpeedOf(const std::string& tensor, const Plan& plan);

}  // namespace parotis::plan
