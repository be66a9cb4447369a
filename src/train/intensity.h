// The intensity half of augmentation (train/augment.h): blur, brightness, contrast, gamma and noise.
#pragma once

#include <span>

#include "base/random.h"
#include "train/augment.h"

namespace parotis::train {

// Changes image [planes, rules.rows, rules.columns] in place, each change with the plan's probability and, for all
// shown slices of one channel, in the same way. Brightness, contrast and gamma leave physical channels alone; blur and
// noise, which a scanner adds to any image, do not.
void ChangeIntensities(const SampleRules& rules, base::Random& random, std::span<float> image);

}  // namespace parotis::train
