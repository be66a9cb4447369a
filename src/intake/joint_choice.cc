#include "intake/joint_choice.h"

#include <algorithm>
#include <limits>

namespace parotis::intake {
namespace {

constexpr double kLowest = -std::numeric_limits<double>::infinity();
constexpr double kEqual = 1e-9;

double Highest(const std::vector<double>& values) { return *std::max_element(values.begin(), values.end()); }

class Search {
 public:
  Search(const JointProblem& problem, std::optional<std::pair<std::size_t, std::size_t>> forced)
      : problem_(problem), forced_(forced), current_(problem.alone.size(), 0) {
    best_.total = kLowest;
    FindBounds();
  }

  JointSolution Run() {
    Descend(0, 0);
    return best_;
  }

 private:
  const std::vector<std::vector<double>>& Pair(std::size_t a, std::size_t b) const { return problem_.together[a][b]; }

  // after_[r]: the most that roles r and later can add, each with the best partner among all earlier and later ones.
  void FindBounds() {
    const std::size_t roles = problem_.alone.size();
    after_.assign(roles + 1, 0);
    for (std::size_t r = roles; r-- > 0;) {
      double most = Highest(problem_.alone[r]);
      for (std::size_t a = 0; a < r; ++a) {
        if (Pair(a, r).empty()) continue;
        double pair = kLowest;
        for (const auto& row : Pair(a, r)) pair = std::max(pair, Highest(row));
        most += pair;
      }
      after_[r] = after_[r + 1] + most;
    }
  }

  void Descend(std::size_t role, double total) {
    if (role == current_.size()) {
      if (total > best_.total + kEqual) best_ = {current_, total};
      return;
    }
    if (total + after_[role] <= best_.total + kEqual) return;
    for (std::size_t c = 0; c < problem_.alone[role].size(); ++c) {
      if (forced_ && forced_->first == role && forced_->second != c) continue;
      current_[role] = c;
      double added = problem_.alone[role][c];
      for (std::size_t a = 0; a < role; ++a) {
        if (!Pair(a, role).empty()) added += Pair(a, role)[current_[a]][c];
      }
      Descend(role + 1, total + added);
    }
  }

  const JointProblem& problem_;
  std::optional<std::pair<std::size_t, std::size_t>> forced_;
  std::vector<double> after_;
  std::vector<std::size_t> current_;
  JointSolution best_;
};

}  // namespace

JointSolution SolveJointly(const JointProblem& problem, std::optional<std::pair<std::size_t, std::size_t>> forced) {
  return Search(problem, forced).Run();
}

}  // namespace parotis::intake
