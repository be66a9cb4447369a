#include "evaluate/calibration.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "evaluate/classification.h"
#include "evaluate/overlap.h"

namespace parotis::evaluate {
namespace {

// The likeliest class of one patient.
struct Claim {
  double confidence = 0;
  bool correct = false;
  std::string patient_id;
};

std::size_t BinOf(double confidence) {
  const auto bin = static_cast<int>(std::ceil(confidence * kReliabilityBins)) - 1;
  return static_cast<std::size_t>(std::clamp(bin, 0, kReliabilityBins - 1));
}

Claim ClaimOf(const PatientResult& patient, const std::vector<std::string>& classes) {
  const std::vector<double>& p = patient.verdict.class_probabilities;
  const auto best = std::max_element(p.begin(), p.end());
  return {*best, classes[static_cast<std::size_t>(best - p.begin())] == patient.truth, patient.patient_id};
}

void CountInBin(ReliabilityBin& bin, const Claim& claim) {
  ++bin.n;
  bin.mean_confidence += claim.confidence;
  bin.correct += claim.correct ? 1 : 0;
  bin.patient_ids.push_back(claim.patient_id);
}

void FinishBin(ReliabilityBin& bin) {
  const auto n = static_cast<double>(bin.n);
  bin.mean_confidence = bin.n == 0 ? kUndefined : bin.mean_confidence / n;
  bin.accuracy = bin.n == 0 ? kUndefined : static_cast<double>(bin.correct) / n;
  bin.interval = WilsonInterval(bin.correct, bin.n);
}

std::vector<ReliabilityBin> EqualWidthBins(const std::vector<Claim>& claims) {
  std::vector<ReliabilityBin> bins;
  for (int b = 0; b < kReliabilityBins; ++b) {
    bins.push_back({b / double{kReliabilityBins}, (b + 1) / double{kReliabilityBins}, 0, 0, 0, 0, {}});
  }
  for (const Claim& claim : claims) CountInBin(bins[BinOf(claim.confidence)], claim);
  std::for_each(bins.begin(), bins.end(), FinishBin);
  return bins;
}

std::vector<ReliabilityBin> EqualCountBins(std::vector<Claim> claims) {
  std::sort(claims.begin(), claims.end(), [](const Claim& a, const Claim& b) {
    return a.confidence != b.confidence ? a.confidence < b.confidence : a.correct < b.correct;
  });
  const std::size_t count = std::min<std::size_t>(kReliabilityBins, claims.size());
  std::vector<ReliabilityBin> bins;
  std::size_t next = 0;
  for (std::size_t b = 0; b < count; ++b) {
    const std::size_t size = claims.size() / count + (b < claims.size() % count ? 1 : 0);
    ReliabilityBin bin{claims[next].confidence, claims[next + size - 1].confidence, 0, 0, 0, 0, {}};
    for (const std::size_t end = next + size; next < end; ++next) CountInBin(bin, claims[next]);
    FinishBin(bin);
    bins.push_back(bin);
  }
  return bins;
}

double ErrorOf(const std::vector<ReliabilityBin>& bins, std::size_t n) {
  if (n == 0) return kUndefined;
  double sum = 0;
  for (const ReliabilityBin& bin : bins) {
    if (bin.n > 0) sum += static_cast<double>(bin.n) * std::abs(bin.accuracy - bin.mean_confidence);
  }
  return sum / static_cast<double>(n);
}

Interval Wald(double estimate, double error) {
  const double half = boost::math::quantile(boost::math::normal(), 0.5 + kConfidence / 2) * error;
  return {estimate - half, estimate + half};
}

void FillRegression(Calibration& result, const std::vector<Claim>& claims) {
  std::vector<double> logits;
  std::vector<int> correct;
  for (const Claim& claim : claims) {
    const double confidence = std::clamp(claim.confidence, kLeastDoubt, 1 - kLeastDoubt);
    logits.push_back(std::log(confidence / (1 - confidence)));
    correct.push_back(claim.correct ? 1 : 0);
  }
  const LogisticFit both = FitLogistic(logits, correct);
  result.slope = both.slope;
  result.slope_interval = Wald(both.slope, both.slope_error);
  const LogisticFit shift = FitLogisticIntercept(logits, correct);
  result.intercept = shift.intercept;
  result.intercept_interval = Wald(shift.intercept, shift.intercept_error);
}

}  // namespace

double BrierOf(const std::string& truth, const std::vector<double>& probabilities,
               const std::vector<std::string>& classes) {
  double sum = 0;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const double error = probabilities[c] - (truth == classes[c] ? 1 : 0);
    sum += error * error;
  }
  return sum;
}

Calibration Calibrate(const std::vector<PatientResult>& patients, const std::vector<std::string>& classes) {
  Calibration result;
  std::vector<Claim> claims;
  std::vector<double> brier;
  for (const PatientResult& patient : patients) {
    if (!HasTumour(patient)) continue;
    const std::vector<double>& p = patient.verdict.class_probabilities;
    if (p.size() != classes.size()) {
      ++result.without_probabilities;
      continue;
    }
    claims.push_back(ClaimOf(patient, classes));
    brier.push_back(BrierOf(patient.truth, p, classes));
  }
  result.n = static_cast<std::int64_t>(claims.size());
  result.brier = MeanOf(brier);
  result.bins = EqualWidthBins(claims);
  result.ece = ErrorOf(result.bins, claims.size());
  result.adaptive_bins = EqualCountBins(claims);
  result.adaptive_ece = ErrorOf(result.adaptive_bins, claims.size());
  FillRegression(result, claims);
  return result;
}

}  // namespace parotis::evaluate
