// The learning curve that a network's log.jsonl holds (docs/training.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/contrast_study.h"

namespace parotis::report {

// Adds the points of `text`, a whole log or the lines that came since. A training that was resumed writes again from
// its checkpoint on: what it had written after that goes. Throws kInput as ScalarsOfLog.
void AddLogPoints(std::string_view text, const std::string& name, std::vector<LogPoint>& points);

}  // namespace parotis::report
