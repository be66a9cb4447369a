// One area for several classes: M of Hand and Till, Mach Learn 2001;45:171. For every two classes the patients of these
// two alone are ranked, once by each class's probability; M is the mean over all pairs. It does not depend on how many
// patients a class has.
#pragma once

#include <span>
#include <vector>

#include "evaluate/ranked_scores.h"

namespace parotis::evaluate {

// Patients with their true class and a score for every class.
struct ScoreTable {
  std::vector<std::size_t> truth;           // [patient], a class
  std::vector<std::vector<double>> scores;  // [class][patient]

  std::size_t size() const { return truth.size(); }
};

// Prepared once for many resamples.
class MultiClassAuc {
 public:
  explicit MultiClassAuc(const ScoreTable& table);
  // Classes without weight are left out; NaN when fewer than two are left.
  double Of(Weights weights) const;
  double Of() const;  // every patient once

 private:
  // [a][b]: 1 for class a, 0 for class b, −1 for others.
  std::vector<std::vector<std::vector<int>>> groups_;
  std::vector<RankedScores> ranked_;  // [class]
  std::size_t patients_ = 0;
};

// 1 for patients of `class_index`, 0 for others.
std::vector<int> AgainstTheRest(std::span<const std::size_t> truth, std::size_t class_index);

}  // namespace parotis::evaluate
