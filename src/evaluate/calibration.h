// Whether stated class probabilities can be believed. Over patients with a tumour for whom probabilities were given.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "evaluate/patient.h"

namespace parotis::evaluate {

inline constexpr int kReliabilityBins = 10;

// Patients whose highest class probability lies in (low, high]; the first bin includes its lower end.
struct ReliabilityBin {
  double low = 0;
  double high = 0;
  std::int64_t n = 0;
  double mean_confidence = 0;  // NaN when n is 0
  double accuracy = 0;         // share whose likeliest class is the true one; NaN when n is 0
};

struct Calibration {
  std::int64_t n = 0;
  std::int64_t without_probabilities = 0;  // tumour patients left out: no tumour found, or only a label map
  double brier = 0;                        // mean over patients of Σ_c (p_c − y_c)², 0…2 (Brier 1950)
  double ece = 0;                          // Σ n_b/n · |accuracy_b − confidence_b| (Naeini, AAAI 2015)
  std::vector<ReliabilityBin> bins;
};

// Brier and ECE are NaN when no patient has probabilities.
Calibration Calibrate(const std::vector<PatientResult>& patients, const std::vector<std::string>& classes);

}  // namespace parotis::evaluate
