// Mutual information of pairs of values, and how it changes with every second value (Mattes et al., IEEE TMI 2003;
// Thévenaz and Unser, IEEE TIP 2000): a joint histogram, box window on the fixed values, cubic B-spline window on the
// moving ones. In nats. Single-threaded and in a fixed order, so that it has the same bits everywhere.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace parotis::align {

inline constexpr int kBins = 32;

// Values are clipped to [low, high].
struct ValueRange {
  float low = 0, high = 1;
};
// Between the quantiles 0.005 and 0.995.
ValueRange RangeOf(std::span<const float> values);

class MutualInformation {
 public:
  MutualInformation(std::span<const float> fixed, ValueRange fixed_range, ValueRange moving_range);

  // Of the pairs (fixed[n], moving[n]) with inside[n]. `derivative[n]` becomes ∂MI/∂moving[n] with the other values
  // held fixed; 0 outside. 0 when nothing is inside.
  double Evaluate(std::span<const float> moving, std::span<const std::uint8_t> inside, std::span<float> derivative);

 private:
  std::vector<std::uint8_t> fixed_bin_;
  ValueRange moving_range_;
  std::vector<double> joint_;  // [fixed bins, moving bins]
  std::vector<double> log_ratio_;
};

}  // namespace parotis::align
