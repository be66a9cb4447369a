#include "intake/alignment.h"

#include <fmt/format.h>

#include "base/error.h"
#include "dataset/case.h"
#include "intake/roles.h"

namespace parotis::intake {
namespace {

using align::Alignment;
using align::Outcome;
using base::Json;

Json ToJson(const align::Agreement& agreement) {
  return {{"normalised_mutual_information", agreement.mutual_information}, {"edges", agreement.edges}};
}

// [3, 4]: the matrix and the shift in mm.
Json ToJson(const image::AffineMap& map) {
  Json rows = Json::array();
  for (int r = 0; r < 3; ++r) rows.push_back({map.matrix[r][0], map.matrix[r][1], map.matrix[r][2], map.shift_mm[r]});
  return rows;
}

Json ToJson(align::Motion motion, const Alignment& alignment) {
  return {{"model", NameOf(motion)},
          {"outcome", align::NameOf(alignment.outcome)},
          {"reason", alignment.reason},
          {"before", ToJson(alignment.before)},
          {"after", ToJson(alignment.after)},
          {"translation_mm", alignment.translation_mm},
          {"rotation_deg", alignment.rotation_deg},
          {"scale", alignment.scale},
          {"mean_displacement_mm", alignment.mean_displacement_mm},
          {"spread_mm", alignment.spread_mm},
          {"proposed_source_from_reference", ToJson(alignment.proposed)},
          {"source_from_reference", ToJson(alignment.source_from_reference)}};
}

Json ToJson(const image::LineDisplacement& displacement) {
  return {{"direction", displacement.direction_world()},        {"control_points", displacement.grid.size},
          {"control_spacing_mm", displacement.grid.spacing_mm}, {"control_origin", displacement.grid.origin_world},
          {"control_axes", displacement.grid.direction},        {"coefficients_mm", displacement.coefficients_mm}};
}

Json ToJson(const align::Correction& correction, int phase_axis) {
  return {{"outcome", align::NameOf(correction.outcome)},
          {"reason", correction.reason},
          {"phase_axis", phase_axis == 0 ? "row" : "column"},
          {"before", ToJson(correction.before)},
          {"after", ToJson(correction.after)},
          {"mean_shift_mm", correction.mean_shift_mm},
          {"largest_shift_mm", correction.largest_shift_mm},
          {"displacement", correction.displacement ? ToJson(*correction.displacement) : Json(nullptr)}};
}

constexpr const char* kDiffusion = "diffusion";
constexpr const char* kDynamic = "dynamic";

}  // namespace

std::optional<align::Motion> ParseMotion(const std::string& text) {
  if (text == "none") return std::nullopt;
  if (text == "rigid") return align::Motion::kRigid;
  if (text == "affine") return align::Motion::kAffine;
  base::Throw(base::ErrorKind::kUsage, fmt::format("\"{}\" is no motion; use none, rigid or affine", text));
}

std::string NameOf(const std::optional<align::Motion>& motion) {
  if (!motion) return "none";
  return *motion == align::Motion::kRigid ? "rigid" : "affine";
}

std::string AcquisitionOf(const std::string& channel) {
  const Role role = RoleOf(channel);
  if (role == Role::kDce) return kDynamic;
  return role == Role::kDwi || role == Role::kAdc ? kDiffusion : channel;
}

image::Warp CaseAligner::WarpOf(const std::string& acquisition, const image::Volume& image,
                                std::optional<int> phase_axis) {
  for (const Known& known : known_) {
    if (known.acquisition == acquisition) return known.warp;
  }
  const bool corrects = options_.correct_distortion && acquisition == kDiffusion;
  image::Warp warp;
  if (acquisition == reference_acquisition_) {
    if (corrects) {
      findings_.push_back(
          base::Found("distortion_correction_rejected",
                      "the diffusion images were not corrected for distortion: there is no T2 to correct "
                      "them by"));
    }
  } else if (options_.motion || corrects) {
    Json entry = {{"acquisition", acquisition}, {"reference", reference_acquisition_}};
    if (options_.motion) warp.source_from_target = MeasureMotion(image, entry);
    if (corrects) warp.displacement = MeasureDistortion(image, warp.source_from_target, phase_axis, entry);
    provenance_.push_back(std::move(entry));
  }
  known_.push_back({acquisition, warp});
  return warp;
}

image::AffineMap CaseAligner::MeasureMotion(const image::Volume& image, Json& entry) {
  const Alignment alignment = align::Align(reference_, image, *options_.motion, options_.limits);
  entry["motion"] = ToJson(*options_.motion, alignment);
  const std::string message =
      fmt::format("{} was not aligned to {}: {}; it lies where its header puts it",
                  entry["acquisition"].get<std::string>(), reference_acquisition_, alignment.reason);
  if (alignment.outcome == Outcome::kRejected) findings_.push_back(base::Found("alignment_rejected", message));
  if (alignment.outcome == Outcome::kBeyondLimits) findings_.push_back(base::Found("alignment_beyond_limits", message));
  return alignment.source_from_reference;
}

std::optional<image::LineDisplacement> CaseAligner::MeasureDistortion(const image::Volume& image,
                                                                      const image::AffineMap& map,
                                                                      std::optional<int> phase_axis, Json& entry) {
  const auto flag = [&](const std::string& why) {
    findings_.push_back(base::Found("distortion_correction_rejected",
                                    "the diffusion images were not corrected for distortion: " + why));
  };
  if (!phase_axis) {
    const std::string why = "their header does not say along which axis phase was encoded";
    entry["distortion"] = {{"outcome", align::NameOf(Outcome::kRejected)}, {"reason", why}};
    flag(why);
    return std::nullopt;
  }
  align::Correction correction =
      align::CorrectDistortion(reference_, image, map, *phase_axis, options_.distortion_limits);
  entry["distortion"] = ToJson(correction, *phase_axis);
  if (correction.outcome == Outcome::kRejected || correction.outcome == Outcome::kBeyondLimits) flag(correction.reason);
  return std::move(correction.displacement);
}

}  // namespace parotis::intake
