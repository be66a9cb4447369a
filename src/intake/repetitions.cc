#include "intake/repetitions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "intake/acquisition_times.h"
#include "intake/diffusion_set.h"
#include "intake/extent.h"

namespace parotis::intake {
namespace {

using dicom::Series;
using dicom::Study;

constexpr double kSamePlace = 0.7;
constexpr double kComplete = 0.9;
constexpr double kAnotherAcquisition_s = 10;

const Series& SeriesOf(const Study& study, const Candidate& candidate) {
  return study.series[candidate.volumes.front().series];
}

const dicom::SeriesVolume& VolumeOf(const Study& study, const Candidate& candidate) {
  return SeriesOf(study, candidate).volumes[candidate.volumes.front().volume];
}

bool Near(const std::optional<double>& a, const std::optional<double>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return std::abs(*a - *b) <= 0.05 * std::max(std::abs(*a), std::abs(*b)) + 1e-6;
}

bool SameTiming(const Series& a, const Series& b) {
  return Near(a.echo_time_ms, b.echo_time_ms) && Near(a.repetition_time_ms, b.repetition_time_ms) &&
         Near(a.inversion_time_ms, b.inversion_time_ms) && Near(a.flip_angle_deg, b.flip_angle_deg) &&
         a.scanning_sequence == b.scanning_sequence;
}

bool SameVoxels(const image::Geometry& a, const image::Geometry& b) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (!Near(a.spacing_mm[axis], b.spacing_mm[axis])) return false;
  }
  return true;
}

// Different instants; where times are missing, different numbers.
bool AcquiredApart(const Series& a, const Series& b) {
  if (const auto apart_s = SecondsBetween(a.acquisition_time, b.acquisition_time))
    return std::abs(*apart_s) >= kAnotherAcquisition_s;
  return a.number != b.number;
}

// An aborted run covers less: judged by where it lies along the slices of the other.
bool SamePlace(const image::Geometry& a, const image::Geometry& b) {
  const image::BoundingBox first = image::BoundingBoxOf(a);
  const image::BoundingBox second = image::BoundingBoxOf(b);
  const double common_mm = std::min(first.high_mm[2], second.high_mm[2]) - std::max(first.low_mm[2], second.low_mm[2]);
  return common_mm >= kSamePlace * std::min(first.length_mm(2), second.length_mm(2));
}

std::int64_t SlicesOf(const Study& study, const Candidate& candidate) {
  return VolumeOf(study, candidate).geometry.size[2];
}

bool SameBValues(const Study& study, const Candidate& a, const Candidate& b) {
  const auto first = DistinctBValues(study, a.volumes);
  const auto second = DistinctBValues(study, b.volumes);
  return std::equal(first.begin(), first.end(), second.begin(), second.end(), SameBValue);
}

}  // namespace

bool AreRuns(const Study& study, const Candidate& a, const Candidate& b) {
  if (a.role == Role::kDwi && !SameBValues(study, a, b)) return false;
  const auto& first = VolumeOf(study, a);
  const auto& second = VolumeOf(study, b);
  return first.plane == second.plane && a.volumes.size() == b.volumes.size() && a.fat_suppressed == b.fat_suppressed &&
         SameTiming(SeriesOf(study, a), SeriesOf(study, b)) && SameVoxels(first.geometry, second.geometry) &&
         SamePlace(first.geometry, second.geometry) && AcquiredApart(SeriesOf(study, a), SeriesOf(study, b));
}

void JudgeRepetitions(const Study& study, std::vector<Candidate>& candidates) {
  for (std::size_t c = 0; c < candidates.size(); ++c) {
    std::int64_t most = SlicesOf(study, candidates[c]);
    bool repeated = false;
    for (std::size_t other = 0; other < candidates.size(); ++other) {
      if (other == c || !AreRuns(study, candidates[c], candidates[other])) continue;
      repeated = true;
      most = std::max(most, SlicesOf(study, candidates[other]));
    }
    if (!repeated) continue;
    const auto complete = [&](const Candidate& candidate) {
      return static_cast<double>(SlicesOf(study, candidate)) >= kComplete * static_cast<double>(most);
    };
    const bool superseded = std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& other) {
      return &other != &candidates[c] && AreRuns(study, candidates[c], other) && complete(other) &&
             AcquiredLater(study, SeriesOf(study, other), SeriesOf(study, candidates[c]));
    });
    Term term{"repetition", "the latest complete run of its protocol", 2};
    if (superseded) term = {"repetition", "an earlier run of a repeated protocol", 0};
    if (!complete(candidates[c])) {
      term = {"repetition", fmt::format("an incomplete run of {} slices of {}", SlicesOf(study, candidates[c]), most),
              -6};
    }
    candidates[c].terms.push_back(std::move(term));
  }
}

}  // namespace parotis::intake
