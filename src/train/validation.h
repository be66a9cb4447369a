// How good the network is on cases it never saw, measured as its users would: on the case's own grid, through infer.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "dataset/dataset.h"
#include "infer/predictor.h"

namespace parotis::train {

struct ValidationResult {
  std::vector<double> dice;    // per label, mean over the cases where it is defined; NaN when there is none
  double mean_dice = 0;        // over foreground labels with a Dice
  double foreground_dice = 0;  // any foreground label against the background, mean over cases

  base::Json ToJson(const std::vector<std::string>& labels) const;  // without undefined values
};

// Dice and its empty-label policy are evaluate's.
ValidationResult Validate(infer::Predictor& predictor, const dataset::Dataset& dataset,
                          const std::vector<std::string>& case_ids);

}  // namespace parotis::train
