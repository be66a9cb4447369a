#include "dicom/philips_scale.h"

#include <algorithm>
#include <cmath>

namespace parotis::dicom {
namespace {

bool IsMagnitude(const PlaneHeader& plane) {
  return std::any_of(plane.image_type.begin(), plane.image_type.end(),
                     [](const std::string& word) { return word == "M" || word.starts_with("M_"); });
}

// Classic images hold it themselves; enhanced ones in a private group of each frame, (2005,xx0f) of "… DD 005".
std::optional<double> ScaleSlope(const FrameItems& items) {
  if (items.per_frame != nullptr) {
    if (const auto group = Resolve(*items.per_frame, tag::kPhilipsFrameSequence)) {
      DcmItem* own = SequenceItem(items.per_frame, *group);
      if (own != nullptr) return Number(*own, tag::kPhilipsScaleSlope);
    }
    return std::nullopt;
  }
  return Number(*items.dataset, tag::kPhilipsScaleSlope);
}

}  // namespace

std::optional<double> PhilipsScale(const FrameItems& items, const PlaneHeader& plane) {
  if (!plane.unit.empty() || !IsMagnitude(plane)) return std::nullopt;
  const auto slope = ScaleSlope(items);
  if (!slope || !(*slope > 0) || !(plane.source.slope > 0)) return std::nullopt;
  const double scale = *slope * plane.source.slope;
  return std::isnormal(scale) ? std::optional(scale) : std::nullopt;
}

void UseFloatingPointSignal(std::vector<PlaneHeader>& planes) {
  const bool all = std::all_of(planes.begin(), planes.end(), [](const PlaneHeader& plane) {
    return plane.philips_scale || !plane.unit.empty() || !IsMagnitude(plane);
  });
  if (!all) return;
  for (PlaneHeader& plane : planes) {
    if (!plane.philips_scale) continue;
    plane.source.slope /= *plane.philips_scale;
    plane.source.intercept /= *plane.philips_scale;
  }
}

}  // namespace parotis::dicom
