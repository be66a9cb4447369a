// Figures in JSON: what does not exist is null, never 0.
#pragma once

#include <cmath>
#include <string>

#include "base/json.h"
#include "evaluate/overlap.h"
#include "evaluate/statistics.h"

namespace parotis::evaluate {

inline base::Json OrNull(double value) { return std::isfinite(value) ? base::Json(value) : base::Json(nullptr); }

inline base::Json ToJson(const Interval& interval) {
  return base::Json::array({OrNull(interval.low), OrNull(interval.high)});
}

inline base::Json ToJson(const Proportion& proportion) {
  return {{"estimate", OrNull(proportion.estimate())},
          {"interval_95", ToJson(proportion.interval())},
          {"count", proportion.count},
          {"n", proportion.n}};
}

// The number under `key`, or NaN when it is null.
inline double NumberOrNan(base::JsonObject& object, const std::string& key) {
  return object.Require(key).is_null() ? kUndefined : object.Get<double>(key);
}

}  // namespace parotis::evaluate
