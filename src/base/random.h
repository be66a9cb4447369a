// Seeded random numbers that are the same on every machine and with every standard library: xoshiro256**
// (Blackman and Vigna 2018) seeded by SplitMix64. Streams named by integers (patient, slice, epoch) are independent of
// the order in which they are drawn, so results do not depend on the number of threads.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <vector>

namespace parotis::base {

class Random {
 public:
  using State = std::array<std::uint64_t, 4>;

  explicit Random(std::uint64_t seed);
  // The stream of `seed` named by `path`, e.g. {patient, kNoise}.
  Random(std::uint64_t seed, std::initializer_list<std::uint64_t> path);
  static Random FromState(const State& state);
  const State& state() const { return state_; }

  std::uint64_t Bits();
  double Uniform();                          // [0, 1)
  double Uniform(double low, double high);   // [low, high)
  std::int64_t Integer(std::int64_t count);  // 0 … count−1, unbiased; count ≥ 1
  bool Chance(double probability);
  double Normal(double mean = 0, double sd = 1);  // Box–Muller, one value per call: no hidden state
  // Log-normal variable with this mean and standard deviation of the variable itself (not of its logarithm).
  double LogNormal(double mean, double sd);
  std::size_t Weighted(const std::vector<double>& weights);  // index, with probability ∝ weight; not all zero

  template <class T>
  void Shuffle(std::vector<T>& values) {
    for (std::size_t i = values.size(); i > 1; --i)
      std::swap(values[i - 1], values[Integer(static_cast<std::int64_t>(i))]);
  }

 private:
  State state_;
};

}  // namespace parotis::base
