#include "dicom/diffusion.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "dicom/diffusion_readers.h"

namespace parotis::dicom {
namespace {

// Below this a gradient direction carries no meaning.
constexpr double kLowestDirectionalB_s_mm2 = 10;
constexpr double kSame_s_mm2 = 5;
constexpr double kSameShare = 0.05;
constexpr double kLengthError = 0.1;      // of a unit vector
constexpr double kMatrixError = 0.25;     // of a b-matrix's trace: it counts the imaging gradients, too
constexpr double kSameDirection_deg = 5;  // attributes are written with three digits or more

bool Agree(double a_s_mm2, double b_s_mm2) {
  return std::abs(a_s_mm2 - b_s_mm2) <= std::max(kSame_s_mm2, kSameShare * std::max(a_s_mm2, b_s_mm2));
}

bool Agree(const BValueClaim& a, const BValueClaim& b) {
  return Agree(a.b_value_s_mm2, b.b_value_s_mm2) || (a.nominal_s_mm2 && Agree(*a.nominal_s_mm2, b.b_value_s_mm2)) ||
         (b.nominal_s_mm2 && Agree(*b.nominal_s_mm2, a.b_value_s_mm2));
}

void JudgeBValue(const DiffusionClaims& claims, Diffusion& diffusion) {
  const BValueClaim* best = nullptr;
  for (const BValueClaim& claim : claims.b_values) {
    if (!(claim.b_value_s_mm2 >= 0)) continue;
    if (best == nullptr || claim.trust > best->trust) best = &claim;
  }
  if (best == nullptr) return;
  diffusion.b_value_s_mm2 = best->b_value_s_mm2;
  diffusion.b_value_source = best->source;
  for (const BValueClaim& other : claims.b_values) {
    if (other.trust < Trust::kPrivate || best->trust < Trust::kPrivate || !(other.b_value_s_mm2 >= 0)) continue;
    if (Agree(*best, other)) continue;
    diffusion.problem = base::Found("b_value_contradictory",
                                    fmt::format("its b-value is {:.6g} s/mm² by {} and {:.6g} s/mm² by {}",
                                                best->b_value_s_mm2, best->source, other.b_value_s_mm2, other.source));
    return;
  }
}

std::string KeyOf(const image::Vector3& direction) {
  const double length = image::Norm(direction);
  const auto part = [&](std::size_t d) { return std::round(direction[d] / length * 1e4) / 1e4 + 0.0; };
  return fmt::format("{:.4f} {:.4f} {:.4f}", part(0), part(1), part(2));
}

bool HasLengthOfDirection(const DirectionClaim& claim, double length) {
  return length <= 1 + kLengthError && (claim.scaled || length >= 1 - kLengthError);
}

// Why a written direction is none; empty when it is one.
std::string FaultOf(const DirectionClaim& claim, bool directional) {
  const double length = image::Norm(claim.direction);
  if (length == 0) return directional ? fmt::format("its gradient direction {} is zero", claim.source) : "";
  if (HasLengthOfDirection(claim, length)) return "";
  return fmt::format("its gradient direction {} is no unit vector (length {:.3g})", claim.source, length);
}

bool IsUsable(const DirectionClaim& claim, double b_s_mm2) {
  const double length = image::Norm(claim.direction);
  if (claim.trace_s_mm2 && std::abs(*claim.trace_s_mm2 - b_s_mm2) > kMatrixError * b_s_mm2) return false;
  return length > 0 && HasLengthOfDirection(claim, length);
}

void JudgeDirection(const DiffusionClaims& claims, const ImageAxes& axes, Diffusion& diffusion) {
  const DirectionClaim* best = nullptr;
  std::string fault;
  for (const DirectionClaim& claim : claims.directions) {
    if (fault.empty() && !claim.trace_s_mm2) fault = FaultOf(claim, claims.directional);
    if (!IsUsable(claim, *diffusion.b_value_s_mm2)) continue;
    const auto in_patient = DirectionInPatient(claim.direction, claim.frame, axes);
    if (best == nullptr) {
      best = &claim;
      diffusion.direction_key = KeyOf(claim.direction);
      diffusion.gradient_world = in_patient;
      continue;
    }
    if (!in_patient || claim.trace_s_mm2 || !diffusion.gradient_world) continue;
    const double apart_deg = AngleBetweenAxesDegrees(*diffusion.gradient_world, *in_patient);
    if (apart_deg > kSameDirection_deg && fault.empty())
      fault = fmt::format("its gradient directions {} and {} are {:.0f} degrees apart", best->source, claim.source,
                          apart_deg);
  }
  if (best == nullptr) diffusion.direction_key = claims.direction_token;
  if (fault.empty()) return;
  diffusion.flags.push_back(base::Found("gradient_direction_invalid", fault));
  // A contradiction leaves no direction to write down; it still tells images apart.
  diffusion.gradient_world.reset();
}

ImageAxes AxesIn(const FrameItems& items) {
  ImageAxes axes;
  const auto orientation =
      Numbers(items.With(tag::kPlaneOrientationSequence, tag::kImageOrientation), tag::kImageOrientation);
  if (orientation.size() == 6) std::copy_n(orientation.begin(), 6, axes.orientation.emplace().begin());
  axes.phase_encoding =
      Code(items.With(tag::kMrFovGeometrySequence, tag::kPhaseEncodingDirection), tag::kPhaseEncodingDirection);
  return axes;
}

}  // namespace

DiffusionClaims ReadDiffusionClaims(const FrameItems& items) {
  DiffusionClaims claims;
  ReadStandardDiffusion(items, claims);
  ReadSiemensDiffusion(items, claims);
  ReadGeDiffusion(items, claims);
  ReadPhilipsDiffusion(items, claims);
  ReadUihDiffusion(items, claims);
  ReadCanonDiffusion(items, claims);
  ReadDiffusionNames(items, claims);
  return claims;
}

Diffusion JudgeDiffusion(const DiffusionClaims& claims, const ImageAxes& axes) {
  Diffusion diffusion;
  diffusion.trace = claims.trace;
  diffusion.calculated = claims.calculated;
  JudgeBValue(claims, diffusion);
  const double b_s_mm2 = diffusion.b_value_s_mm2.value_or(0);
  diffusion.evidence = claims.evidence || claims.trace || b_s_mm2 > 0;
  if (!claims.trace && b_s_mm2 >= kLowestDirectionalB_s_mm2) JudgeDirection(claims, axes, diffusion);
  return diffusion;
}

Diffusion ReadDiffusion(const FrameItems& items) { return JudgeDiffusion(ReadDiffusionClaims(items), AxesIn(items)); }

}  // namespace parotis::dicom
