#include "align/align.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "align/samples.h"

namespace parotis::align {
namespace {

using image::AffineMap;
using image::Matrix3;
using image::Vector3;
using image::Volume;

// Smaller motions than this are below what registration can measure on slices of several millimetres.
constexpr double kSmallestMotion_mm = 0.5;
// The agreement of edges must rise by this share. Chosen on seeds that no published figure uses (docs/alignment.md).
constexpr double kSmallestGain = 0.03;
// Searches on different samples of the same images that end further apart have found chance.
constexpr double kLargestSpread_mm = 1;
constexpr double kSmallestOverlap = 0.5;
constexpr double kSpacing_mm = 4;
constexpr std::uint64_t kOtherSamples = 1000;  // added to the seed

// Lengths of the matrix's columns say how it stretches; the nearest rotation how it turns.
void Describe(const AffineMap& map, const Vector3& centre, Alignment& alignment) {
  const Matrix3 rotation = image::NearestOrthonormal(map.matrix);
  const double trace = rotation[0][0] + rotation[1][1] + rotation[2][2];
  alignment.rotation_deg = std::acos(std::clamp((trace - 1) / 2, -1.0, 1.0)) * 180 / std::numbers::pi;
  for (int c = 0; c < 3; ++c) {
    const double length = image::Norm({map.matrix[0][c], map.matrix[1][c], map.matrix[2][c]});
    alignment.scale = std::max(alignment.scale, std::abs(length - 1));
  }
  const Vector3 moved = Mapped(map, centre);
  alignment.translation_mm = image::Norm({moved[0] - centre[0], moved[1] - centre[1], moved[2] - centre[2]});
}

void Measure(const Volume& reference, const AffineMap& second_proposal, Alignment& alignment) {
  const Volume coarse = AtResolution(reference, kSpacing_mm);
  const Samples samples = DrawSamples(coarse, HeadOf(coarse, 0), 4000, 1);
  const double count = std::max<double>(1, static_cast<double>(samples.points_world.size()));
  Vector3 centre{};
  for (const Vector3& point : samples.points_world) {
    const Vector3 moved = Mapped(alignment.proposed, point);
    alignment.mean_displacement_mm +=
        image::Norm({moved[0] - point[0], moved[1] - point[1], moved[2] - point[2]}) / count;
    const Vector3 other = Mapped(second_proposal, point);
    alignment.spread_mm += image::Norm({moved[0] - other[0], moved[1] - other[1], moved[2] - other[2]}) / count;
    for (int r = 0; r < 3; ++r) centre[r] += point[r] / count;
  }
  Describe(alignment.proposed, centre, alignment);
}

bool IsBeyond(const Alignment& alignment, const MotionLimits& limits) {
  return alignment.translation_mm > limits.translation_mm || alignment.rotation_deg > limits.rotation_deg ||
         alignment.scale > limits.scale;
}

void Judge(double overlap, const MotionLimits& limits, Alignment& alignment) {
  const auto decide = [&](Outcome outcome, std::string reason) {
    alignment.outcome = outcome;
    alignment.reason = std::move(reason);
  };
  if (alignment.mean_displacement_mm < kSmallestMotion_mm) {
    decide(Outcome::kUnchanged, fmt::format("the motion found, {:.1f} mm on average, is too small to be certain of",
                                            alignment.mean_displacement_mm));
  } else if (IsBeyond(alignment, limits)) {
    decide(
        Outcome::kBeyondLimits,
        fmt::format("the motion found ({:.1f} mm, {:.1f}°, scale {:.0f} %) is beyond the limits ({:.0f} mm, {:.0f}°, "
                    "{:.0f} %)",
                    alignment.translation_mm, alignment.rotation_deg, 100 * alignment.scale, limits.translation_mm,
                    limits.rotation_deg, 100 * limits.scale));
  } else if (alignment.spread_mm > kLargestSpread_mm) {
    decide(Outcome::kRejected,
           fmt::format("two searches on different samples ended {:.1f} mm apart", alignment.spread_mm));
  } else if (overlap < kSmallestOverlap || alignment.after.edges < (1 + kSmallestGain) * alignment.before.edges) {
    decide(Outcome::kRejected,
           fmt::format("moving it by {:.1f} mm would not make the edges agree better ({:.4f} before, {:.4f} after)",
                       alignment.mean_displacement_mm, alignment.before.edges, alignment.after.edges));
  } else {
    decide(Outcome::kApplied,
           fmt::format("moved by {:.1f} mm on average; the agreement of edges rose from {:.4f} to {:.4f}",
                       alignment.mean_displacement_mm, alignment.before.edges, alignment.after.edges));
    alignment.source_from_reference = alignment.proposed;
  }
}

}  // namespace

std::string NameOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kUnchanged: return "unchanged";
    case Outcome::kApplied: return "applied";
    case Outcome::kRejected: return "rejected";
    case Outcome::kBeyondLimits: return "beyond_limits";
  }
  return {};
}

Alignment Align(const Volume& reference, const Volume& moving, Motion motion, const MotionLimits& limits,
                std::uint64_t seed) {
  Alignment alignment;
  alignment.proposed = Register(reference, moving, motion, seed);
  Measure(reference, Register(reference, moving, motion, seed + kOtherSamples), alignment);
  image::Warp proposed;
  proposed.source_from_target = alignment.proposed;
  const Comparison comparison = Compare(reference, moving, {}, proposed);
  alignment.before = comparison.before;
  alignment.after = comparison.after;
  Judge(comparison.overlap, limits, alignment);
  return alignment;
}

}  // namespace parotis::align
