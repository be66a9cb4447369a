// Whether stated class probabilities can be believed. Over patients with a tumour for whom probabilities were given.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "evaluate/logistic.h"
#include "evaluate/patient.h"
#include "evaluate/statistics.h"

namespace parotis::evaluate {

inline constexpr int kReliabilityBins = 10;
// Confidences are kept this far from 0 and 1 before their logit is taken.
inline constexpr double kLeastDoubt = 1e-6;

// Patients whose highest class probability lies in (low, high]; the first bin includes its lower end. Of equal-count
// bins `low` and `high` are the smallest and largest confidence in it.
struct ReliabilityBin {
  double low = 0;
  double high = 0;
  std::int64_t n = 0;
  double mean_confidence = 0;  // NaN when n is 0
  double accuracy = 0;         // share whose likeliest class is the true one; NaN when n is 0
  std::int64_t correct = 0;    // accuracy · n
  Interval interval;           // of the accuracy, Wilson; NaN when n is 0
  std::vector<std::string> patient_ids = {};
};

struct Calibration {
  std::int64_t n = 0;
  std::int64_t without_probabilities = 0;  // tumour patients left out: no tumour found, or only a label map
  double brier = 0;                        // mean over patients of Σ_c (p_c − y_c)², 0…2 (Brier 1950)
  double ece = 0;                          // Σ n_b/n · |accuracy_b − confidence_b| (Naeini, AAAI 2015)
  std::vector<ReliabilityBin> bins;        // of equal width
  // The same with bins of equal count (Nguyen and O'Connor, EMNLP 2015): kReliabilityBins of them, or n where that is
  // less; the first n mod bins have one patient more. Patients in order of confidence, of equal ones the wrong first.
  double adaptive_ece = 0;
  std::vector<ReliabilityBin> adaptive_bins;
  // Of the likeliest class: whether it is true, regressed on the logit of its probability (Cox, Biometrika 1958;45:562;
  // Van Calster et al., BMC Med 2019;17:230). A slope below 1 says that confidences are too extreme, an intercept
  // (slope held at 1) below 0 that they are too high. 95 % intervals by Wald.
  double slope = 0;
  Interval slope_interval;
  double intercept = 0;
  Interval intercept_interval;
};

// All figures are NaN when no patient has probabilities.
Calibration Calibrate(const std::vector<PatientResult>& patients, const std::vector<std::string>& classes);

base::Json ToJson(const Calibration& calibration);

// Brier score of one patient. `probabilities` has one per class.
double BrierOf(const std::string& truth, const std::vector<double>& probabilities,
               const std::vector<std::string>& classes);

}  // namespace parotis::evaluate
