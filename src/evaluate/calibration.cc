#include "evaluate/calibration.h"

#include <algorithm>
#include <cmath>

#include "evaluate/classification.h"
#include "evaluate/overlap.h"

namespace parotis::evaluate {
namespace {

std::size_t BinOf(double confidence) {
  const auto bin = static_cast<int>(std::ceil(confidence * kReliabilityBins)) - 1;
  return static_cast<std::size_t>(std::clamp(bin, 0, kReliabilityBins - 1));
}

double BrierOf(const PatientResult& patient, const std::vector<std::string>& classes) {
  double sum = 0;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const double error = patient.verdict.class_probabilities[c] - (patient.truth == classes[c] ? 1 : 0);
    sum += error * error;
  }
  return sum;
}

void CountInBin(ReliabilityBin& bin, double confidence, bool correct) {
  ++bin.n;
  bin.mean_confidence += confidence;
  bin.accuracy += correct ? 1 : 0;
}

}  // namespace

Calibration Calibrate(const std::vector<PatientResult>& patients, const std::vector<std::string>& classes) {
  Calibration result;
  for (int b = 0; b < kReliabilityBins; ++b) {
    result.bins.push_back({b / double{kReliabilityBins}, (b + 1) / double{kReliabilityBins}, 0, 0, 0});
  }
  for (const PatientResult& patient : patients) {
    if (!HasTumour(patient)) continue;
    const std::vector<double>& p = patient.verdict.class_probabilities;
    if (p.size() != classes.size()) {
      ++result.without_probabilities;
      continue;
    }
    ++result.n;
    result.brier += BrierOf(patient, classes);
    const auto best = std::max_element(p.begin(), p.end());
    CountInBin(result.bins[BinOf(*best)], *best, classes[static_cast<std::size_t>(best - p.begin())] == patient.truth);
  }
  for (ReliabilityBin& bin : result.bins) {
    bin.mean_confidence = bin.n == 0 ? kUndefined : bin.mean_confidence / static_cast<double>(bin.n);
    bin.accuracy = bin.n == 0 ? kUndefined : bin.accuracy / static_cast<double>(bin.n);
    if (bin.n > 0)
      result.ece +=
          static_cast<double>(bin.n) / static_cast<double>(result.n) * std::abs(bin.accuracy - bin.mean_confidence);
  }
  result.brier = result.n == 0 ? kUndefined : result.brier / static_cast<double>(result.n);
  if (result.n == 0) result.ece = kUndefined;
  return result;
}

}  // namespace parotis::evaluate
