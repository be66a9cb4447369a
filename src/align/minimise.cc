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

// A point of the search, with its value and gradient.
struct Place {
  Vector x, gradient;
  double value = 0;
};

// Halves the step along `direction` until the value falls by enough. False when the step gets too short first.
bool StepDown(const Objective& objective, const MinimiseOptions& options, const Place& from, const Vector& direction,
              double scale, Place& next) {
  const double slope = Dot(direction, from.gradient);
  const double length = LargestOf(direction);
  for (int halving = 0; halving < kMostHalvings && scale * length >= options.shortest_step; ++halving, scale *= 0.5) {
    for (std::size_t i = 0; i < from.x.size(); ++i) next.x[i] = from.x[i] + scale * direction[i];
    next.value = objective(next.x, next.gradient);
    if (next.value <= from.value + kSufficientDecrease * scale * slope) return true;
  }
  return false;
}

Pair Difference(const Place& from, const Place& next) {
  Pair pair{Vector(from.x.size()), Vector(from.x.size()), 0};
  for (std::size_t i = 0; i < from.x.size(); ++i) {
    pair.step[i] = next.x[i] - from.x[i];
    pair.change[i] = next.gradient[i] - from.gradient[i];
  }
  pair.curvature = Dot(pair.step, pair.change);
  return pair;
}

}  // namespace

Minimum Minimise(const Objective& objective, Vector x, const MinimiseOptions& options) {
  Place place{std::move(x), {}, 0};
  place.gradient.resize(place.x.size());
  place.value = objective(place.x, place.gradient);
  Place next = place;
  std::deque<Pair> memory;
  int iteration = 0;
  for (; iteration < options.iterations; ++iteration) {
    const Vector direction = Direction(memory, place.gradient);
    const double length = LargestOf(direction);
    if (!(length > 0) || !(Dot(direction, place.gradient) < 0)) break;
    // The first direction is a bare gradient: its length means nothing.
    const double scale =
        memory.empty() ? 0.5 * options.longest_step / length : std::min(1.0, options.longest_step / length);
    if (!StepDown(objective, options, place, direction, scale, next)) {
      if (memory.empty()) break;
      memory.clear();  // once more along the gradient itself
      continue;
    }
    Pair pair = Difference(place, next);
    const bool settled =
        place.value - next.value < options.smallest_gain && LargestOf(pair.step) < 10 * options.shortest_step;
    if (pair.curvature > 1e-12 * Dot(pair.change, pair.change)) {
      memory.push_back(std::move(pair));
      if (memory.size() > kMemory) memory.pop_front();
    }
    std::swap(place, next);
    if (settled) break;
  }
  return {std::move(place.x), place.value, iteration};
}

}  // namespace parotis::align
