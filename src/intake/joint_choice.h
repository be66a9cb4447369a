// The best set: one candidate per role, so that the sum of what each is worth by itself and of what every two are worth
// together is greatest. Numbers only; what they mean is candidates' and compatibility's.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace parotis::intake {

struct JointProblem {
  std::vector<std::vector<double>> alone;  // [role][candidate]; every role has at least one
  // [role a][role b > a][candidate of a][candidate of b]; empty where the two do not matter to each other
  std::vector<std::vector<std::vector<std::vector<double>>>> together;
};

struct JointSolution {
  std::vector<std::size_t> choice;  // [role]
  double total = 0;
};

// Exact: depth first with a bound. Of equal totals the one whose candidates come first wins, so that the caller's order
// decides. `forced` fixes one role's candidate.
JointSolution SolveJointly(const JointProblem& problem,
                           std::optional<std::pair<std::size_t, std::size_t>> forced = std::nullopt);

}  // namespace parotis::intake
