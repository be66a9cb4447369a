#include "intake/acquisition_times.h"

#include <cmath>

#include "dicom/text.h"

namespace parotis::intake {

namespace {

constexpr double kDay_s = 86400;

}  // namespace

std::optional<double> SecondsOfDay(const std::string& time) {
  std::string digits;
  for (const char c : time) {
    if (c != ':') digits += c;
  }
  if (digits.size() < 4) return std::nullopt;
  const auto hours = dicom::ParseNumber(digits.substr(0, 2));
  const auto minutes = dicom::ParseNumber(digits.substr(2, 2));
  const auto seconds = digits.size() >= 6 ? dicom::ParseNumber(digits.substr(4)) : std::make_optional(0.0);
  const auto within = [](std::optional<double> value, double limit) { return value && *value >= 0 && *value < limit; };
  if (!within(hours, 24) || !within(minutes, 60) || !within(seconds, 61)) return std::nullopt;
  return 3600 * *hours + 60 * *minutes + *seconds;
}

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
