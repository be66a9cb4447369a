#include "intake/dynamic_series.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

#include "intake/contrast.h"
#include "intake/dixon.h"
#include "intake/words.h"

namespace parotis::intake {
namespace {

using dicom::FrameTimes;
using dicom::Series;
using dicom::SeriesVolume;

constexpr double kLeastApart_s = 0.5;
constexpr double kTick_s = 1e-3;
constexpr double kDay_s = 86400;

struct Attribute {
  std::optional<double> FrameTimes::* value;
  const char* name;
  bool of_the_day;
};
constexpr Attribute kAttributes[] = {
    {&FrameTimes::temporal_offset_s, "(0020,930d)", false},
    {&FrameTimes::frame_s, "(0018,9151)", true},
    {&FrameTimes::dynamic_begin_s, "Philips (2005,xxa0)", false},
    {&FrameTimes::acquisition_s, "(0008,0032)", true},
    {&FrameTimes::trigger_s, "(0018,1060)", false},
    {&FrameTimes::content_s, "(0008,0033)", true},
};

// A balanced gradient echo has its echo in the middle of the repetition time (Scheffler and Lehnhardt, Eur Radiol
// 2003;13:2409), and nobody injects a contrast agent for minutes of it.
bool MayBeBalanced(const Series& series) {
  const double middle = 2 * *series.echo_time_ms / *series.repetition_time_ms;
  return middle > 0.9 && middle < 1.1 && !NamesAgent(series);
}

// Each frame's temporal position; empty unless all have one of their own.
std::vector<int> TemporalPositions(const Series& series, const std::vector<std::size_t>& frames) {
  std::vector<int> positions;
  positions.reserve(frames.size());
  for (const std::size_t v : frames) positions.push_back(series.volumes[v].temporal_position);
  std::vector<int> sorted = positions;
  std::sort(sorted.begin(), sorted.end());
  const bool own =
      !sorted.empty() && sorted.front() > 0 && std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
  return own ? positions : std::vector<int>();
}

// Times of frames; empty when one of them has none.
std::vector<double> TimesBy(const Attribute& attribute, const Series& series, const std::vector<std::size_t>& frames) {
  std::vector<double> times;
  for (const std::size_t v : frames) {
    const auto& time = series.volumes[v].times.*attribute.value;
    if (!time) return {};
    times.push_back(*time);
  }
  const auto [first, last] = std::minmax_element(times.begin(), times.end());
  if (attribute.of_the_day && *last - *first > kDay_s / 2) {
    for (double& time : times) time += time < kDay_s / 2 ? kDay_s : 0;  // past midnight
  }
  return times;
}

// Frame n is positions[n] − 1 steps after the first.
std::vector<double> TimesByResolution(const Series& series, const std::vector<std::size_t>& frames,
                                      const std::vector<int>& positions) {
  std::vector<double> times;
  for (std::size_t n = 0; n < positions.size(); ++n) {
    const auto& resolution = series.volumes[frames[n]].times.temporal_resolution_s;
    if (!resolution || *resolution != series.volumes[frames[0]].times.temporal_resolution_s) return {};
    times.push_back(positions[n] * *resolution);
  }
  return times;
}

// The clock that these times make; absent when two frames have the same, or in another order than their positions.
std::optional<FrameClock> Clock(const std::vector<std::size_t>& frames, const std::vector<double>& times,
                                const std::vector<int>& positions, const char* source, double least_apart_s) {
  if (times.empty()) return std::nullopt;
  std::vector<std::size_t> order(frames.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return times[a] < times[b]; });
  FrameClock clock{{}, {}, source};
  for (std::size_t n = 0; n < order.size(); ++n) {
    const std::size_t at = order[n];
    if (n > 0 && times[at] - times[order[n - 1]] < least_apart_s) return std::nullopt;
    if (n > 0 && !positions.empty() && positions[at] < positions[order[n - 1]]) return std::nullopt;
    clock.frames.push_back(frames[at]);
    clock.times_s.push_back(times[at] - times[order.front()]);
  }
  return clock;
}

std::optional<FrameClock> ClockOf(const Series& series, const std::vector<std::size_t>& frames, double least_apart_s) {
  if (frames.empty()) return std::nullopt;
  const std::vector<int> positions = TemporalPositions(series, frames);
  for (const Attribute& attribute : kAttributes) {
    const std::vector<double> times = TimesBy(attribute, series, frames);
    if (auto clock = Clock(frames, times, positions, attribute.name, least_apart_s)) return clock;
  }
  return Clock(frames, TimesByResolution(series, frames, positions), positions, "(0020,0110)", least_apart_s);
}

}  // namespace

bool NamesAgent(const Series& series) {
  Series agent;
  agent.contrast_agent = series.contrast_agent;
  return ContrastOf(agent, "").given;
}

std::vector<std::size_t> DynamicFrames(const Series& series, const std::vector<std::size_t>& measured) {
  using Key = std::pair<std::optional<double>, std::vector<std::string>>;
  std::map<Key, std::vector<std::size_t>> groups;
  for (const std::size_t v : measured) {
    const SeriesVolume& volume = series.volumes[v];
    if (!volume.problem.empty()) continue;
    std::vector<std::size_t>& group = groups[{volume.echo_time_ms, volume.image_type}];
    if (group.empty() || image::SameGrid(series.volumes[group.front()].geometry, volume.geometry)) group.push_back(v);
  }
  const auto rank = [&](const std::vector<std::size_t>& group) {
    const DixonPart part = DixonPartOf(series, series.volumes[group.front()]);
    const int dixon = part == DixonPart::kWater     ? 2
                      : part == DixonPart::kInPhase ? 1
                      : part == DixonPart::kNone    ? 0
                                                    : -1;
    return std::make_pair(dixon, group.size());
  };
  const std::vector<std::size_t>* best = nullptr;
  bool tied = false;
  for (const auto& [key, group] : groups) {
    if (group.size() < kFewestFrames && groups.size() > 1) continue;
    tied = best != nullptr && (rank(group) == rank(*best) || (tied && rank(group) < rank(*best)));
    if (best == nullptr || rank(group) > rank(*best)) best = &group;
  }
  return best == nullptr || tied ? std::vector<std::size_t>() : *best;
}

Weighting WeightingOfFrames(const Series& series) {
  const Words words({series.description, series.protocol});
  if (words.HasAny({"tof", "mra", "pca", "trance"}) || words.HasStem("angio"))
    return {WeightingKind::kOther, "angiography", {}, {}};
  if (!series.echo_time_ms || !series.repetition_time_ms) return WeightingOf(series);
  Series unnamed;
  unnamed.sequence_name = series.sequence_name;
  unnamed.scanning_sequence = series.scanning_sequence;
  unnamed.sequence_variant = series.sequence_variant;
  // GE writes SS into spoiled sequences, too.
  if (!MayBeBalanced(series)) std::erase(unnamed.sequence_variant, "SS");
  unnamed.scan_options = series.scan_options;
  unnamed.echo_time_ms = series.echo_time_ms;
  unnamed.repetition_time_ms = series.repetition_time_ms;
  unnamed.inversion_time_ms = series.inversion_time_ms;
  unnamed.flip_angle_deg = series.flip_angle_deg;
  return WeightingOf(unnamed);
}

std::optional<FrameClock> ClockOf(const Series& series, const std::vector<std::size_t>& frames) {
  return ClockOf(series, frames, kLeastApart_s);
}

bool IsShort(const Series& series, const std::vector<std::size_t>& frames) {
  const auto clock = ClockOf(series, frames, kTick_s);
  return clock && clock->times_s.back() < kShortestDynamic_s;
}

bool SaysDynamic(const Series& series, const std::vector<std::size_t>& frames) {
  const Words words({series.description, series.protocol});
  return !TemporalPositions(series, frames).empty() || words.HasAny({"dce", "perfusion", "twist", "disco"}) ||
         words.HasAnyStem({"dyn", "perf"});
}

}  // namespace parotis::intake
