#include "dicom/frame_times.h"

#include <algorithm>
#include <array>

#include "dicom/text.h"

namespace parotis::dicom {
namespace {

constexpr double kMilli = 1e-3;
constexpr std::size_t kDateCharacters = 8;  // of DT, "YYYYMMDDHHMMSS.FFFFFF" (PS3.5 6.2)

constexpr std::array kAttributes = {
    &FrameTimes::temporal_offset_s,    &FrameTimes::frame_s,   &FrameTimes::dynamic_begin_s,
    &FrameTimes::acquisition_s,        &FrameTimes::trigger_s, &FrameTimes::content_s,
    &FrameTimes::temporal_resolution_s};

// The time of day of a date and time; zones are all the same within a series.
std::optional<double> TimeOf(const std::string& date_time) {
  const std::string digits = date_time.substr(0, date_time.find_first_of("+-&"));
  if (digits.size() <= kDateCharacters) return std::nullopt;
  return SecondsOfDay(digits.substr(kDateCharacters));
}

std::optional<double> InSeconds(const std::optional<double>& milliseconds) {
  return milliseconds ? std::make_optional(*milliseconds * kMilli) : std::nullopt;
}

// The frame's own time, else where it begins (PS3.3 C.7.6.16.2.2.1).
std::optional<double> FrameTime(const FrameItems& items) {
  for (const Tag& tag : {tag::kFrameReferenceDateTime, tag::kFrameAcquisitionDateTime}) {
    if (const auto time = TimeOf(Code(items.With(tag::kFrameContentSequence, tag), tag))) return time;
  }
  return std::nullopt;
}

// In enhanced files the frame's classic attributes lie in a private sequence.
std::optional<double> PhilipsDynamicBegin(const FrameItems& items) {
  if (items.per_frame != nullptr) {
    if (const auto sequence = Resolve(*items.per_frame, tag::kPhilipsFrameSequence)) {
      DcmItem* own = SequenceItem(items.per_frame, *sequence);
      if (own != nullptr) return Number(*own, tag::kPhilipsDynamicBegin);
    }
  }
  return Number(*items.dataset, tag::kPhilipsDynamicBegin);
}

}  // namespace

std::optional<double> SecondsOfDay(const std::string& time) {
  std::string digits;
  for (const char c : time) {
    if (c != ':') digits += c;
  }
  if (digits.size() < 4) return std::nullopt;
  const auto hours = ParseNumber(digits.substr(0, 2));
  const auto minutes = ParseNumber(digits.substr(2, 2));
  const auto seconds = digits.size() >= 6 ? ParseNumber(digits.substr(4)) : std::make_optional(0.0);
  const auto within = [](std::optional<double> value, double limit) { return value && *value >= 0 && *value < limit; };
  if (!within(hours, 24) || !within(minutes, 60) || !within(seconds, 61)) return std::nullopt;
  return 3600 * *hours + 60 * *minutes + *seconds;
}

FrameTimes ReadFrameTimes(const FrameItems& items) {
  DcmItem& dataset = *items.dataset;
  FrameTimes times;
  times.temporal_offset_s = Number(items.With(tag::kTemporalPositionSequence, tag::kTemporalPositionTimeOffset),
                                   tag::kTemporalPositionTimeOffset);
  times.frame_s = FrameTime(items);
  times.dynamic_begin_s = PhilipsDynamicBegin(items);
  times.acquisition_s = SecondsOfDay(Code(dataset, tag::kAcquisitionTime));
  if (!times.acquisition_s) times.acquisition_s = TimeOf(Code(dataset, tag::kAcquisitionDateTime));
  times.trigger_s = InSeconds(Number(dataset, tag::kTriggerTime));
  times.content_s = SecondsOfDay(Code(dataset, tag::kContentTime));
  times.temporal_resolution_s = InSeconds(Number(dataset, tag::kTemporalResolution));
  return times;
}

FrameTimes EarliestOf(const std::vector<const FrameTimes*>& slices) {
  FrameTimes earliest = *slices.front();
  for (const auto attribute : kAttributes) {
    for (const FrameTimes* slice : slices) {
      const auto& own = slice->*attribute;
      auto& common = earliest.*attribute;
      common = own && common ? std::make_optional(std::min(*own, *common)) : std::nullopt;
    }
  }
  return earliest;
}

}  // namespace parotis::dicom
