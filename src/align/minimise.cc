#include "align/minimise.h"

#include <algorithm>
#include <cmath>
#include <deque>

namespace parotis::align {
namespace {

constexpr std::size_t kMemory = 8;
constexpr double kSufficientDecrease = 1e-4;
constexpr int kMostHalvings = 12;

using Vector = std::vector<double>;

double Dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

double LargestOf(const Vector& a) {
  double largest = 0;
  for (const double value : a) largest = std::max(largest, std::abs(value));
  return largest;
}

struct Pair {
  Vector step, change;  // of x and of the gradient
  double curvature = 0;
};

// Minus the approximate inverse Hessian times the gradient (two-loop recursion).
Vector Direction(const std::deque<Pair>& memory, const Vector& gradient) {
  Vector direction = gradient;
  Vector alphas;
  for (auto pair = memory.rbegin(); pair != memory.rend(); ++pair) {
    alphas.push_back(Dot(pair->step, direction) / pair->curvature);
    for (std::size_t i = 0; i < direction.size(); ++i) direction[i] -= alphas.back() * pair->change[i];
  }
  if (!memory.empty()) {
    const double scale = memory.back().curvature / Dot(memory.back().change, memory.back().change);
    for (double& value : direction) value *= scale;
  }
  for (const Pair& pair : memory) {
    const double correction = alphas.back() - Dot(pair.change, direction) / pair.curvature;
    alphas.pop_back();
    for (std::size_t i = 0; i < direction.size(); ++i) direction[i] += correction * pair.step[i];
  }
  for (double& value : direction) value = -value;
  return direction;
}

}  // namespace

Minimum Minimise(const Objective& objective, Vector x, const MinimiseOptions& options) {
  Vector gradient(x.size()), next_gradient(x.size());
  double value = objective(x, gradient);
  std::deque<Pair> memory;
  int iteration = 0;
  for (; iteration < options.iterations; ++iteration) {
    Vector direction = Direction(memory, gradient);
    double slope = Dot(direction, gradient);
    const double length = LargestOf(direction);
    if (!(length > 0) || !(slope < 0)) break;
    // The first direction is a bare gradient: its length means nothing.
    double scale = memory.empty() ? 0.5 * options.longest_step / length : std::min(1.0, options.longest_step / length);
    Vector next = x;
    double next_value = value;
    bool better = false;
    for (int halving = 0; halving < kMostHalvings && !better; ++halving, scale *= better ? 1 : 0.5) {
      if (scale * length < options.shortest_step) break;
      for (std::size_t i = 0; i < x.size(); ++i) next[i] = x[i] + scale * direction[i];
      next_value = objective(next, next_gradient);
      better = next_value <= value + kSufficientDecrease * scale * slope;
      if (better) break;
    }
    if (!better) {
      if (memory.empty()) break;
      memory.clear();  // once more along the gradient itself
      continue;
    }
    Pair pair{Vector(x.size()), Vector(x.size()), 0};
    for (std::size_t i = 0; i < x.size(); ++i) {
      pair.step[i] = next[i] - x[i];
      pair.change[i] = next_gradient[i] - gradient[i];
    }
    pair.curvature = Dot(pair.step, pair.change);
    const bool settled =
        value - next_value < options.smallest_gain && LargestOf(pair.step) < 10 * options.shortest_step;
    if (pair.curvature > 1e-12 * Dot(pair.change, pair.change)) {
      memory.push_back(std::move(pair));
      if (memory.size() > kMemory) memory.pop_front();
    }
    x = std::move(next);
    value = next_value;
    gradient.swap(next_gradient);
    if (settled) break;
  }
  return {std::move(x), value, iteration};
}

}  // namespace parotis::align
