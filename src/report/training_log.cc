#include "report/training_log.h"

#include "report/tensorboard.h"

namespace parotis::report {

void AddLogPoints(std::string_view text, const std::string& name, std::vector<LogPoint>& points) {
  for (const Scalar& scalar : ScalarsOfLog(text, name)) {
    if (scalar.tag != "train/loss" && scalar.tag != "train/soft_dice") continue;
    const auto iteration = static_cast<double>(scalar.step);
    while (!points.empty() && points.back().iteration > iteration) points.pop_back();
    if (points.empty() || points.back().iteration != iteration) points.push_back({iteration});
    (scalar.tag == "train/loss" ? points.back().loss : points.back().soft_dice) = scalar.value;
  }
}

}  // namespace parotis::report
