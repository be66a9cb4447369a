// One image brought onto another's place, if that can be shown to be right. What registration proposes is taken only
// when it stays within limits and a measure it has not seen, the agreement of edges, gets better; otherwise the
// header's geometry stays, and the result says why. docs/alignment.md gives method, sources and figures.
#pragma once

#include <optional>
#include <string>

#include "align/agreement.h"
#include "align/register.h"
#include "image/warp.h"

namespace parotis::align {

// What a patient can do between two series without being positioned anew.
struct MotionLimits {
  double translation_mm = 20;  // of the head's centre
  double rotation_deg = 15;
  double scale = 0.06;  // relative change along any axis (affine)
};

enum class Outcome {
  kUnchanged,  // nothing to gain: the images lie where they should as far as can be measured
  kApplied,
  kRejected,      // moving would have made the independent measure worse, or no better
  kBeyondLimits,  // the motion found is not one of a patient between two series
};
std::string NameOf(Outcome outcome);  // "unchanged", "applied", …

struct Alignment {
  Outcome outcome = Outcome::kUnchanged;
  image::AffineMap source_from_reference;                  // to use; the identity unless applied
  image::AffineMap proposed;                               // what registration found
  double translation_mm = 0, rotation_deg = 0, scale = 0;  // of the proposal
  double mean_displacement_mm = 0;                         // of the proposal, over the reference's head
  double spread_mm = 0;     // mean distance there between the proposal and one from other samples
  Agreement before, after;  // with the header's geometry, and with the proposal
  std::string reason;       // a sentence without full stop
};

// Throws kInput when an image has no voxels. Deterministic in its arguments.
Alignment Align(const image::Volume& reference, const image::Volume& moving, Motion motion,
                const MotionLimits& limits = {}, std::uint64_t seed = 1);

}  // namespace parotis::align
