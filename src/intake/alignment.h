// A study's series brought onto their reference: T1C by itself, everything of the diffusion acquisition (b-values, ADC)
// together. Each is judged before it is used (align/align.h); what is not better stays where its header puts it and is
// flagged.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "align/distortion.h"
#include "base/conditions.h"
#include "base/json.h"
#include "image/warp.h"

namespace parotis::intake {

struct AlignmentOptions {
  std::optional<align::Motion> motion;  // absent: the headers' geometry as it is
  bool correct_distortion = false;      // of the diffusion acquisition, along its phase-encode axis
  align::MotionLimits limits;
  align::DistortionLimits distortion_limits;

  bool wanted() const { return motion.has_value() || correct_distortion; }
};

// "none", "rigid" or "affine". Throws kUsage.
std::optional<align::Motion> ParseMotion(const std::string& text);
std::string NameOf(const std::optional<align::Motion>& motion);

// Of one case; acquisitions are measured once, when first asked for.
class CaseAligner {
 public:
  CaseAligner(const AlignmentOptions& options, image::Volume reference, std::string reference_acquisition)
      : options_(options), reference_(std::move(reference)), reference_acquisition_(std::move(reference_acquisition)) {}

  // What brings `acquisition` onto the reference; `image` is looked at when it is new. The identity for the reference's
  // own acquisition. `phase_axis`: index axis of a diffusion image along which phase was encoded, where that is known.
  image::Warp WarpOf(const std::string& acquisition, const image::Volume& image, std::optional<int> phase_axis);

  // [{acquisition, motion: {outcome, reason, before, after, …}, distortion: {…}}] in the order of measurement.
  const base::Json& provenance() const { return provenance_; }
  const std::vector<base::Finding>& findings() const { return findings_; }

 private:
  struct Known {
    std::string acquisition;
    image::Warp warp;
  };
  image::AffineMap MeasureMotion(const image::Volume& image, base::Json& entry);
  std::optional<image::LineDisplacement> MeasureDistortion(const image::Volume& image, const image::AffineMap& map,
                                                           std::optional<int> phase_axis, base::Json& entry);

  AlignmentOptions options_;
  image::Volume reference_;
  std::string reference_acquisition_;
  std::vector<Known> known_;
  base::Json provenance_ = base::Json::array();
  std::vector<base::Finding> findings_;
};

// Which acquisition a channel belongs to: "diffusion" for B0, B1000, ADC and what is fitted to b-values, "dynamic" for
// what comes from a dynamic series, else the channel itself.
std::string AcquisitionOf(const std::string& channel);

}  // namespace parotis::intake
