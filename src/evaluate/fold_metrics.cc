#include "evaluate/fold_metrics.h"

#include <map>

#include "evaluate/classification.h"
#include "evaluate/comparison.h"

namespace parotis::evaluate {

std::vector<FoldMetrics> MetricsByFold(const Evaluation& evaluation) {
  std::map<int, Evaluation> folds;
  for (const CaseResult& result : evaluation.cases) {
    if (result.fold == kNoFold) continue;
    Evaluation& fold = folds[result.fold];
    fold.classes = evaluation.classes;
    fold.cases.push_back(result);
  }
  const bool has_classes = LabelsAreDiagnoses(evaluation);
  std::vector<FoldMetrics> metrics;
  for (const auto& [fold, part] : folds) {
    const RunView view = ViewOf(part);
    std::vector<double> correct, dice;
    for (std::size_t p = 0; p < view.patients.size(); ++p) {
      if (!HasTumour(view.patients[p])) continue;
      correct.push_back(IsStrictlyCorrect(view.patients[p]) ? 1 : 0);
      dice.push_back(view.tumour_dice[p]);
    }
    metrics.push_back({fold, has_classes ? MeanOf(correct) : kUndefined, MeanOf(dice)});
  }
  return metrics;
}

}  // namespace parotis::evaluate
