#include "intake/acquisition_times.h"

#include <cmath>

namespace parotis::intake {

namespace {

constexpr double kDay_s = 86400;

}  // namespace

std::optional<double> SecondsBetween(const std::string& a, const std::string& b) {
  const auto first = SecondsOfDay(a);
  const auto second = SecondsOfDay(b);
  if (!first || !second) return std::nullopt;
  return std::remainder(*second - *first, kDay_s);
}

std::string ContrastStartOf(const dicom::Study& study) {
  std::string earliest;
  for (const dicom::Series& series : study.series) {
    const std::string& start = series.contrast_start_time;
    if (!SecondsOfDay(start)) continue;
    if (earliest.empty() || SecondsBetween(earliest, start).value_or(0) < 0) earliest = start;
  }
  return earliest;
}

}  // namespace parotis::intake
