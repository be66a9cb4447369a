// A curve through noisy samples, by the quadratic that fits the neighbours of each place best (Cleveland, J Am Stat
// Assoc 1979;74:829). The result is linear in the samples: rows of weights, made once for all voxels.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace parotis::maps {

// Value or slope at one place: Σ weights[i] · sample[first + i].
struct WeightRow {
  std::size_t first = 0;
  std::vector<double> weights;

  double Apply(std::span<const double> samples) const {
    double sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * samples[first + i];
    return sum;
  }
};

struct LocalFit {
  WeightRow value;
  WeightRow slope;  // per unit of `times`
};

// At `place`, from samples at the ascending `times` that lie nearer than `half_width`, with tricube weights times
// `trust`. Fewer than four: it widens. At least three different times.
LocalFit FitLocally(std::span<const double> times, std::span<const double> trust, double place, double half_width);

}  // namespace parotis::maps
