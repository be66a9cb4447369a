#include "intake/dynamic_sets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "intake/acquisition_times.h"
#include "intake/dynamic_series.h"

namespace parotis::intake {
namespace {

using dicom::Series;
using dicom::SeriesVolume;
using dicom::Study;

constexpr double kLongestPause_s = 120;

// One series' share of an acquisition.
struct Piece {
  std::size_t series = 0;
  FrameClock clock;
  std::optional<double> begin_s;  // of the day; absent: it joins no other

  bool single() const { return clock.frames.size() == 1; }
  double end_s() const { return *begin_s + clock.times_s.back(); }
};

std::optional<double> BeginOf(const Series& series, const SeriesVolume& first) {
  return first.times.acquisition_s ? first.times.acquisition_s : SecondsOfDay(series.acquisition_time);
}

std::optional<Piece> PieceOf(const ClassifiedStudy& classified, std::size_t s) {
  const Series& series = classified.study.series[s];
  const Classification& each = classified.series[s];
  if (!each.usable || each.volumes.empty()) return std::nullopt;
  const bool single = series.volumes.size() == 1;
  if (each.role != Role::kDce && !(single && (each.role == Role::kT1 || each.role == Role::kT1c))) return std::nullopt;
  Piece piece{s, {each.volumes, {0}, "(0008,0032)"}, std::nullopt};
  if (!single) {
    const auto clock = ClockOf(series, each.volumes);
    if (!clock) return std::nullopt;
    piece.clock = *clock;
  }
  piece.begin_s = BeginOf(series, series.volumes[piece.clock.frames.front()]);
  return piece;
}

bool Near(const std::optional<double>& a, const std::optional<double>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return std::abs(*a - *b) <= 0.02 * std::max(std::abs(*a), std::abs(*b)) + 1e-6;
}

bool AcquiredAlike(const Study& study, const Piece& a, const Piece& b) {
  const Series& first = study.series[a.series];
  const Series& second = study.series[b.series];
  return first.frame_of_reference_uid == second.frame_of_reference_uid &&
         image::SameGrid(first.volumes[a.clock.frames.front()].geometry,
                         second.volumes[b.clock.frames.front()].geometry) &&
         Near(first.echo_time_ms, second.echo_time_ms) && Near(first.repetition_time_ms, second.repetition_time_ms) &&
         Near(first.flip_angle_deg, second.flip_angle_deg) && first.scanning_sequence == second.scanning_sequence;
}

using Chain = std::vector<Piece>;  // ascending in time

// Pieces that follow each other; `pieces` may be in any order.
std::vector<Chain> Chains(const Study& study, std::vector<Piece> pieces) {
  std::stable_sort(pieces.begin(), pieces.end(),
                   [](const Piece& a, const Piece& b) { return a.begin_s.value_or(-1) < b.begin_s.value_or(-1); });
  std::vector<Chain> chains;
  for (Piece& piece : pieces) {
    const auto joins = [&](const Chain& chain) {
      const Piece& last = chain.back();
      if (!piece.begin_s || !last.begin_s || !AcquiredAlike(study, last, piece)) return false;
      const double pause_s = *piece.begin_s - last.end_s();
      return pause_s >= 0.5 && pause_s <= kLongestPause_s;
    };
    const auto chain = std::find_if(chains.begin(), chains.end(), joins);
    if (chain == chains.end()) {
      chains.push_back({std::move(piece)});
    } else {
      chain->push_back(std::move(piece));
    }
  }
  return chains;
}

std::vector<Piece> Pieces(const ClassifiedStudy& classified, bool dynamic_only) {
  std::vector<Piece> pieces;
  for (std::size_t s = 0; s < classified.series.size(); ++s) {
    if (dynamic_only && classified.series[s].role != Role::kDce) continue;
    if (auto piece = PieceOf(classified, s)) pieces.push_back(std::move(*piece));
  }
  return pieces;
}

DynamicSet Joined(const Chain& chain) {
  DynamicSet set;
  for (const Piece& piece : chain) {
    const double begin_s = chain.size() == 1 ? 0 : *piece.begin_s - *chain.front().begin_s;
    for (std::size_t n = 0; n < piece.clock.frames.size(); ++n) {
      set.frames.push_back({piece.series, piece.clock.frames[n]});
      set.times_s.push_back(begin_s + piece.clock.times_s[n]);
    }
  }
  set.time_source = chain.back().clock.source;
  return set;
}

bool LongEnough(const DynamicSet& set) {
  return set.frames.size() >= kFewestFrames && set.times_s.back() >= kShortestDynamic_s;
}

}  // namespace

void MarkDynamicSets(ClassifiedStudy& classified) {
  for (Chain& chain : Chains(classified.study, Pieces(classified, false))) {
    const auto last_long =
        std::find_if(chain.rbegin(), chain.rend(), [](const Piece& piece) { return !piece.single(); });
    if (last_long != chain.rend()) chain.erase(last_long.base(), chain.end());
    const DynamicSet set = Joined(chain);
    if (chain.size() < 2 || !LongEnough(set)) continue;
    for (const Piece& piece : chain) {
      Classification& each = classified.series[piece.series];
      each.role = Role::kDce;
      each.reason += fmt::format("; {} of the {} frames of a dynamic acquisition in {} series",
                                 piece.clock.frames.size(), set.frames.size(), chain.size());
    }
  }
}

std::vector<DynamicSet> DynamicSetsOf(const ClassifiedStudy& classified) {
  std::vector<DynamicSet> sets;
  for (const Chain& chain : Chains(classified.study, Pieces(classified, true))) {
    DynamicSet set = Joined(chain);
    if (LongEnough(set)) sets.push_back(std::move(set));
  }
  return sets;
}

}  // namespace parotis::intake
