#include "audit/intensity_reader.h"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "dataset/body_mask.h"
#include "dataset/participants.h"
#include "physics/scan.h"

namespace parotis::audit {
namespace {

constexpr int kChannels = 5;
constexpr int kTerms = 1 + kChannels + kChannels * (kChannels + 1) / 2;
using Terms = Eigen::Matrix<double, kTerms, 1>;

// Voxels of one patient's body.
struct Voxels {
  std::vector<std::array<float, kChannels>> values;
  std::vector<std::uint8_t> tumour;
  std::int64_t tumour_count = 0;
};

Terms TermsOf(const std::array<float, kChannels>& x) {
  Terms terms;
  terms[0] = 1;
  int t = 1;
  for (int a = 0; a < kChannels; ++a) terms[t++] = x[a];
  for (int a = 0; a < kChannels; ++a) {
    for (int b = a; b < kChannels; ++b) terms[t++] = x[a] * x[b];
  }
  return terms;
}

float MedianInside(const image::Volume& volume, const image::LabelVolume& body) {
  std::vector<float> values;
  for (std::size_t v = 0; v < body.voxels.size(); v += 3) {
    if (body.voxels[v] != 0) values.push_back(volume.voxels[v]);
  }
  if (values.empty()) return 1;
  std::nth_element(values.begin(), values.begin() + static_cast<std::int64_t>(values.size() / 2), values.end());
  return std::max(1.0f, values[values.size() / 2]);
}

Voxels VoxelsOf(const dataset::Case& examination) {
  const image::LabelVolume body = dataset::BodyMask(examination);
  std::array<float, kChannels> scale{};
  for (int c = 0; c < kChannels; ++c) {
    const bool adc = examination.channel_names[c] == dataset::kAdc;
    scale[c] = adc ? 1000.0f : MedianInside(examination.channels[c], body);
  }
  Voxels voxels;
  for (std::size_t v = 0; v < body.voxels.size(); ++v) {
    if (body.voxels[v] == 0) continue;
    std::array<float, kChannels> values{};
    // Ten times the median is as bright as anything gets.
    for (int c = 0; c < kChannels; ++c) values[c] = std::min(10.0f, examination.channels[c].voxels[v] / scale[c]);
    voxels.values.push_back(values);
    voxels.tumour.push_back(examination.truth->voxels[v] != 0 ? 1 : 0);
    voxels.tumour_count += voxels.tumour.back();
  }
  return voxels;
}

double Probability(const Terms& weights, const std::array<float, kChannels>& values) {
  return 1 / (1 + std::exp(-weights.dot(TermsOf(values))));
}

// Newton's method on the likelihood, every tumour voxel and one in `stride` of the others, which count as many.
Terms Fit(const std::vector<Voxels>& patients, std::size_t first, std::size_t last) {
  constexpr std::size_t kStride = 11;
  Terms weights = Terms::Zero();
  for (int step = 0; step < 12; ++step) {
    Eigen::Matrix<double, kTerms, kTerms> curvature = Eigen::Matrix<double, kTerms, kTerms>::Identity() * 1e-2;
    Terms slope = -1e-2 * weights;
    for (std::size_t p = first; p < last; ++p) {
      for (std::size_t v = 0; v < patients[p].values.size(); ++v) {
        const bool tumour = patients[p].tumour[v] != 0;
        if (!tumour && v % kStride != 0) continue;
        const Terms terms = TermsOf(patients[p].values[v]);
        const double probability = 1 / (1 + std::exp(-weights.dot(terms)));
        const double counts = tumour ? 1 : kStride;
        slope += counts * ((tumour ? 1 : 0) - probability) * terms;
        curvature.selfadjointView<Eigen::Lower>().rankUpdate(terms, counts * probability * (1 - probability));
      }
    }
    weights += curvature.selfadjointView<Eigen::Lower>().ldlt().solve(slope);
  }
  return weights;
}

double DiceOf(const Voxels& voxels, const Terms& weights, double threshold) {
  std::int64_t found = 0, both = 0;
  for (std::size_t v = 0; v < voxels.values.size(); ++v) {
    if (Probability(weights, voxels.values[v]) < threshold) continue;
    ++found;
    both += voxels.tumour[v];
  }
  return 2.0 * static_cast<double>(both) / static_cast<double>(found + voxels.tumour_count);
}

double MeanDice(const std::vector<Voxels>& patients, std::size_t first, std::size_t last, const Terms& weights,
                double threshold, std::int64_t& counted) {
  double sum = 0;
  counted = 0;
  for (std::size_t p = first; p < last; ++p) {
    if (patients[p].tumour_count == 0) continue;
    sum += DiceOf(patients[p], weights, threshold);
    ++counted;
  }
  return counted == 0 ? 0 : sum / static_cast<double>(counted);
}

}  // namespace

IntensityReading ReadByIntensity(const phantom::Priors& priors, const phantom::Mix& mix, std::uint64_t seed,
                                 std::int64_t count, const physics::ScanOptions& options, int threads,
                                 const std::function<void()>& advance) {
  std::vector<Voxels> patients(static_cast<std::size_t>(count));
  base::ParallelFor(count, threads, [&](std::int64_t k) {
    const phantom::Patient patient = phantom::DrawPatient(priors, seed, k, phantom::DiagnosisOf(mix, seed, k));
    patients[static_cast<std::size_t>(k)] = VoxelsOf(physics::ToCase(physics::Scan(patient, priors, options), priors));
    if (advance) advance();
  });
  const std::size_t half = patients.size() / 2;
  const Terms weights = Fit(patients, 0, half);
  IntensityReading reading;
  for (const double threshold : {0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7}) {
    const double dice = MeanDice(patients, 0, half, weights, threshold, reading.trained_on);
    if (dice > reading.train_dice) reading.train_dice = dice, reading.threshold = threshold;
  }
  reading.test_dice = MeanDice(patients, half, patients.size(), weights, reading.threshold, reading.tested_on);
  return reading;
}

}  // namespace parotis::audit
