#include "train/validation.h"

#include <cmath>

#include "base/error.h"
#include "evaluate/overlap.h"

namespace parotis::train {
namespace {

// The mean of the values that are defined.
class Mean {
 public:
  void Add(double value) {
    if (std::isnan(value)) return;
    sum_ += value;
    ++count_;
  }
  double Value(double when_empty) const { return count_ > 0 ? sum_ / count_ : when_empty; }

 private:
  double sum_ = 0;
  int count_ = 0;
};

}  // namespace

base::Json ValidationResult::ToJson(const std::vector<std::string>& labels) const {
  base::Json json = {{"mean_dice", mean_dice}, {"foreground_dice", foreground_dice}, {"dice", base::Json::object()}};
  for (std::size_t label = 1; label < labels.size(); ++label) {
    if (!std::isnan(dice[label])) json["dice"][labels[label]] = dice[label];
  }
  return json;
}

ValidationResult Validate(infer::Predictor& predictor, const dataset::Dataset& dataset,
                          const std::vector<std::string>& case_ids) {
  const std::size_t label_count = predictor.info().plan.labels.size();
  std::vector<Mean> per_label(label_count);
  Mean foreground;
  for (const std::string& id : case_ids) {
    const dataset::Case examination = dataset::LoadCase(dataset, id, predictor.info().channels);
    if (!examination.truth) continue;
    const dataset::Prediction prediction = predictor.Predict(examination);
    const auto overlaps = evaluate::OverlapPerLabel(*examination.truth, prediction.labels, label_count);
    for (std::size_t label = 0; label < label_count; ++label) per_label[label].Add(evaluate::DiceOf(overlaps[label]));
    foreground.Add(evaluate::DiceOf(evaluate::OverlapOfForeground(*examination.truth, prediction.labels)));
  }
  ValidationResult result;
  Mean mean;
  for (const Mean& label : per_label) result.dice.push_back(label.Value(evaluate::kUndefined));
  for (std::size_t label = 1; label < label_count; ++label) mean.Add(result.dice[label]);
  result.mean_dice = mean.Value(0);
  result.foreground_dice = foreground.Value(0);
  return result;
}

}  // namespace parotis::train
