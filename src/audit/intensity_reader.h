// A reader without eyes for shape or place: logistic regression on the grey values of single voxels. What it reaches
// says how much of finding a tumour is a matter of intensity alone; a cohort in which it does well is too easy.
#pragma once

#include <cstdint>
#include <functional>

#include "phantom/cohort.h"
#include "physics/protocol.h"

namespace parotis::audit {

struct IntensityReading {
  std::int64_t trained_on = 0, tested_on = 0;  // patients with a tumour
  double threshold = 0;                        // of the probability: the best for the training patients
  double train_dice = 0, test_dice = 0;        // mean over patients, all tumour classes as one
};

// Patients 0 … count − 1 of the seed: the first half trains, the second is tested. Features of a voxel in the body:
// every channel of the noisy images as the network gets it (T2, T1C, b 0, b 1000 against their median in the body; ADC
// as it is), their squares and products.
IntensityReading ReadByIntensity(const phantom::Priors& priors, const phantom::Mix& mix, std::uint64_t seed,
                                 std::int64_t count, const physics::ScanOptions& options, int threads,
                                 const std::function<void()>& advance);

}  // namespace parotis::audit
