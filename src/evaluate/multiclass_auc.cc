#include "evaluate/multiclass_auc.h"

#include <algorithm>
#include <cmath>

#include "evaluate/overlap.h"
#include "evaluate/statistics.h"

namespace parotis::evaluate {

MultiClassAuc::MultiClassAuc(const ScoreTable& table) : patients_(table.size()) {
  const std::size_t classes = table.scores.size();
  for (const std::vector<double>& scores : table.scores) ranked_.push_back(Rank(scores));
  groups_.assign(classes, std::vector<std::vector<int>>(classes, std::vector<int>(patients_, -1)));
  for (std::size_t a = 0; a < classes; ++a) {
    for (std::size_t b = 0; b < classes; ++b) {
      for (std::size_t p = 0; p < patients_; ++p) {
        if (table.truth[p] == a) groups_[a][b][p] = 1;
        if (table.truth[p] == b) groups_[a][b][p] = 0;
      }
    }
  }
}

double MultiClassAuc::Of(Weights weights) const {
  std::vector<double> areas;
  for (std::size_t a = 0; a < ranked_.size(); ++a) {
    for (std::size_t b = 0; b < ranked_.size(); ++b) {
      if (a == b) continue;
      const double area = AreaUnderCurve(ranked_[a], groups_[a][b], weights);
      if (!std::isnan(area)) areas.push_back(area);
    }
  }
  return MeanOf(areas);
}

double MultiClassAuc::Of() const { return Of(std::vector<int>(patients_, 1)); }

std::vector<int> AgainstTheRest(std::span<const std::size_t> truth, std::size_t class_index) {
  std::vector<int> positive(truth.size());
  std::transform(truth.begin(), truth.end(), positive.begin(),
                 [class_index](std::size_t t) { return t == class_index ? 1 : 0; });
  return positive;
}

}  // namespace parotis::evaluate
