#include "intake/alignment.h"

#include <fmt/format.h>

#include "base/error.h"
#include "dataset/case.h"

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

Json ToJson(const std::string& acquisition, align::Motion motion, const Alignment& alignment) {
  return {{"acquisition", acquisition},
          {"motion", motion == align::Motion::kRigid ? "rigid" : "affine"},
          {"outcome", align::NameOf(alignment.outcome)},
          {"reason", alignment.reason},
          {"before", ToJson(alignment.before)},
          {"after", ToJson(alignment.after)},
          {"translation_mm", alignment.translation_mm},
          {"rotation_deg", alignment.rotation_deg},
          {"scale", alignment.scale},
          {"mean_displacement_mm", alignment.mean_displacement_mm},
          {"proposed_source_from_reference", ToJson(alignment.proposed)},
          {"source_from_reference", ToJson(alignment.source_from_reference)}};
}

}  // namespace

std::optional<align::Motion> ParseMotion(const std::string& text) {
  if (text == "none") return std::nullopt;
  if (text == "rigid") return align::Motion::kRigid;
  if (text == "affine") return align::Motion::kAffine;
  base::Throw(base::ErrorKind::kUsage, fmt::format("\"{}\" is no motion; use none, rigid or affine", text));
}

std::string AcquisitionOf(const std::string& channel) {
  const bool diffusion = channel == dataset::kB0 || channel == dataset::kB1000 || channel == dataset::kAdc;
  return diffusion ? "diffusion" : channel;
}

image::Warp CaseAligner::WarpOf(const std::string& acquisition, const image::Volume& image) {
  if (!options_.wanted() || acquisition == reference_acquisition_) return {};
  for (const Known& known : known_) {
    if (known.acquisition == acquisition) return known.warp;
  }
  known_.push_back({acquisition, Measure(acquisition, image)});
  return known_.back().warp;
}

image::Warp CaseAligner::Measure(const std::string& acquisition, const image::Volume& image) {
  const Alignment alignment = align::Align(reference_, image, *options_.motion, options_.limits);
  provenance_.push_back(ToJson(acquisition, *options_.motion, alignment));
  const std::string message = fmt::format("{} was not aligned to {}: {}; it lies where its header puts it", acquisition,
                                          reference_acquisition_, alignment.reason);
  if (alignment.outcome == Outcome::kRejected) findings_.push_back(base::Found("alignment_rejected", message));
  if (alignment.outcome == Outcome::kBeyondLimits) findings_.push_back(base::Found("alignment_beyond_limits", message));
  image::Warp warp;
  warp.source_from_target = alignment.source_from_reference;
  return warp;
}

}  // namespace parotis::intake
