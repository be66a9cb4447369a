#include "base/random.h"

#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>

namespace parotis::base {
namespace {

std::uint64_t SplitMix(std::uint64_t& x) {
  std::uint64_t z = (x += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace

Random::Random(std::uint64_t seed) : Random(seed, {}) {}

Random::Random(std::uint64_t seed, std::initializer_list<std::uint64_t> path) {
  std::uint64_t x = seed;
  for (const std::uint64_t name : path) {
    std::uint64_t y = SplitMix(x) ^ (name * 0xff51afd7ed558ccd + 1);
    x = SplitMix(y);
  }
  for (std::uint64_t& word : state_) word = SplitMix(x);
}

Random Random::FromState(const State& state) {
  Random random(0);
  random.state_ = state;
  return random;
}

std::uint64_t Random::Bits() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Random::Uniform() { return static_cast<double>(Bits() >> 11) * 0x1.0p-53; }

double Random::Uniform(double low, double high) { return low + (high - low) * Uniform(); }

std::int64_t Random::Integer(std::int64_t count) {
  const auto n = static_cast<std::uint64_t>(count);
  const std::uint64_t threshold = (0 - n) % n;
  while (true) {
    const std::uint64_t bits = Bits();
    if (bits >= threshold) return static_cast<std::int64_t>(bits % n);
  }
}

bool Random::Chance(double probability) { return Uniform() < probability; }

double Random::Normal(double mean, double sd) {
  const double radius = std::sqrt(-2 * std::log(1 - Uniform()));
  return mean + sd * radius * std::cos(2 * std::numbers::pi * Uniform());
}

double Random::LogNormal(double mean, double sd) {
  const double variance = std::log1p(sd * sd / (mean * mean));
  return std::exp(Normal(std::log(mean) - variance / 2, std::sqrt(variance)));
}

std::size_t Random::Weighted(const std::vector<double>& weights) {
  double left = Uniform() * std::accumulate(weights.begin(), weights.end(), 0.0);
  std::size_t last_positive = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] <= 0) continue;
    last_positive = i;
    left -= weights[i];
    if (left < 0) return i;
  }
  return last_positive;
}

}  // namespace parotis::base
