// Paired comparisons as rows of a table and of a forest plot.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "evaluate/comparison.h"
#include "report/document.h"

namespace parotis::report {

// One group of rows for each of evaluate::MainMeasures(); `family`: how many tests were corrected together.
Table PairTable(const std::vector<evaluate::Comparison>& pairs, const std::string& caption, std::size_t family);

// The differences of one measure with their intervals, around 0.
Drawing PairForest(const std::vector<evaluate::Comparison>& pairs, const char* measure, const std::string& title);

std::string MeasureTitle(const std::string& measure);  // of evaluate::MainMeasures(), for people

// Whether any of the comparisons has the measure: what nobody has gets no rows.
template <typename AComparison>
bool AnyHas(const std::vector<AComparison>& pairs, const std::string& measure) {
  return std::any_of(pairs.begin(), pairs.end(), [&](const AComparison& pair) { return pair.Find(measure); });
}

std::string PairName(const evaluate::Comparison& pair);  // "one − other"

}  // namespace parotis::report
