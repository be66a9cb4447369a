#include "align/distortion.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "align/samples.h"
#include "image/threshold.h"

namespace parotis::align {
namespace {

using image::AffineMap;
using image::Vector3;
using image::Volume;

// A field whose shifts stay below this is not worth an interpolation, nor certain.
constexpr double kSmallestShift_mm = 1;
// The agreement of edges must rise by this share. Chosen on seeds that no published figure uses (docs/alignment.md).
constexpr double kSmallestGain = 0.01;
constexpr double kSpacing_mm = 4;

struct Extent {
  double mean_mm = 0, largest_mm = 0, largest_stretch = 0;
};

Extent ExtentOf(const image::LineDisplacement& displacement, const AffineMap& map, const Volume& reference) {
  const Volume coarse = AtResolution(reference, kSpacing_mm);
  const Samples samples = DrawSamples(coarse, HeadOf(coarse, 0), 8000, 1);
  Extent extent;
  std::vector<float> shifts_mm;
  for (const Vector3& point : samples.points_world) {
    const auto value = displacement.At(Mapped(map, point));
    shifts_mm.push_back(static_cast<float>(std::abs(value.shift_mm)));
    extent.mean_mm += std::abs(value.shift_mm) / static_cast<double>(samples.points_world.size());
    extent.largest_stretch = std::max(extent.largest_stretch, std::abs(value.stretch));
  }
  const std::array<double, 1> nearly_all = {0.99};
  extent.largest_mm = image::Quantiles(std::move(shifts_mm), nearly_all)[0];
  return extent;
}

}  // namespace

Correction CorrectDistortion(const Volume& reference, const Volume& moving, const AffineMap& source_from_reference,
                             int phase_axis, const DistortionLimits& limits, std::uint64_t seed) {
  image::Warp before, after;
  before.source_from_target = after.source_from_target = source_from_reference;
  after.displacement = ProposeDisplacement(reference, moving, source_from_reference, phase_axis, seed);
  const Comparison comparison = Compare(reference, moving, before, after);
  const Extent extent = ExtentOf(*after.displacement, source_from_reference, reference);
  Correction correction;
  correction.mean_shift_mm = extent.mean_mm;
  correction.largest_shift_mm = extent.largest_mm;
  correction.before = comparison.before;
  correction.after = comparison.after;
  if (extent.largest_mm < kSmallestShift_mm) {
    correction.reason =
        fmt::format("the shifts found, up to {:.1f} mm, are too small to be certain of", extent.largest_mm);
  } else if (extent.largest_mm > limits.shift_mm || extent.largest_stretch > limits.stretch) {
    correction.outcome = Outcome::kBeyondLimits;
    correction.reason = fmt::format(
        "the shifts found, up to {:.1f} mm with signal changed by up to {:.0f} %, are beyond "
        "the limits ({:.0f} mm, {:.0f} %)",
        extent.largest_mm, 100 * extent.largest_stretch, limits.shift_mm, 100 * limits.stretch);
  } else if (correction.after.edges < (1 + kSmallestGain) * correction.before.edges) {
    correction.outcome = Outcome::kRejected;
    correction.reason =
        fmt::format("shifts of up to {:.1f} mm would not make the edges agree better ({:.4f} before, {:.4f} after)",
                    extent.largest_mm, correction.before.edges, correction.after.edges);
  } else {
    correction.outcome = Outcome::kApplied;
    correction.displacement = std::move(after.displacement);
    correction.reason = fmt::format(
        "shifts of {:.1f} mm on average, up to {:.1f} mm, were undone; the agreement of edges "
        "rose from {:.4f} to {:.4f}",
        extent.mean_mm, extent.largest_mm, correction.before.edges, correction.after.edges);
  }
  return correction;
}

}  // namespace parotis::align
