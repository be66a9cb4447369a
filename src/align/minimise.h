// Minimising a smooth function of many variables: L-BFGS with a backtracking line search (Nocedal and Wright, Numerical
// Optimization, 2006, algorithms 7.4, 7.5 and 3.1). Deterministic.
#pragma once

#include <functional>
#include <vector>

namespace parotis::align {

// Value at `x`; writes the gradient. Infinity where the function is not defined.
using Objective = std::function<double(const std::vector<double>& x, std::vector<double>& gradient)>;

struct MinimiseOptions {
  int iterations = 60;
  double longest_step = 2;       // no variable changes by more in one iteration
  double shortest_step = 0.005;  // a step whose largest change is smaller ends the search
  double smallest_gain = 1e-6;   // of the value in one iteration, relative to 1
};

struct Minimum {
  std::vector<double> x;
  double value = 0;
  int iterations = 0;
};

// Starts at `x`, where the function must be defined. The result's value is never above the start's.
Minimum Minimise(const Objective& objective, std::vector<double> x, const MinimiseOptions& options);

}  // namespace parotis::align
