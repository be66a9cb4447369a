#include "scanner/flavour.h"

#include <algorithm>
#include <cmath>

namespace parotis::scanner {
namespace {

bool Holds(const std::vector<std::string>& values, const char* wanted) {
  return std::find(values.begin(), values.end(), wanted) != values.end();
}

}  // namespace

Content ContentOf(const DicomSeries& series, const dicom::MrVolume& volume) {
  if (Holds(volume.image_type, "P")) return Content::kPhase;
  if (Holds(volume.image_type, "ADC")) return Content::kAdc;
  if (Holds(volume.image_type, "MPR")) return Content::kReformat;
  if (Holds(volume.image_type, "MIP")) return Content::kProjection;
  if (Holds(volume.image_type, "SUBTRACTION")) return Content::kSubtraction;
  if (series.kind != SeriesKind::kDiffusion || !volume.b_value_s_mm2) return Content::kImage;
  if (*volume.b_value_s_mm2 == 0) return Content::kB0;
  return volume.direction_world ? Content::kDirection : Content::kTrace;
}

EchoPlanar EchoPlanarOf(const physics::Protocol& protocol) {
  EchoPlanar facts;
  const physics::Sequence& sequence = protocol.diffusion;
  facts.phase_steps = static_cast<int>(protocol.diffusion_grid.size[1]);
  if (sequence.echo_spacing_ms > 0) facts.echo_spacing_ms = sequence.echo_spacing_ms;
  facts.acceleration = sequence.acceleration;
  // A line is read in somewhat less than the echo spacing; the rest goes for its ramps.
  facts.bandwidth_hz = std::round(1200 / facts.echo_spacing_ms);
  facts.positive = sequence.polarity > 0;
  return facts;
}

bool IsGradientEcho(const dicom::MrSeries& header) {
  return Holds(header.scanning_sequence, "GR") && !Holds(header.scanning_sequence, "SE");
}

image::Vector3 AlongAxes(const image::Vector3& vector_world, const image::Geometry& grid) {
  image::Vector3 along{};
  for (int axis = 0; axis < 3; ++axis) {
    for (int d = 0; d < 3; ++d) along[axis] += vector_world[d] * grid.direction[d][axis];
  }
  return along;
}

bool IsEchoPlanar(const dicom::MrSeries& header) { return Holds(header.scanning_sequence, "EP"); }

void WriteAsVendor(const physics::Protocol& protocol, DicomStudy& study) {
  switch (protocol.vendor) {
    case physics::Vendor::kStandard: return WriteAsStandard(protocol, study);
    case physics::Vendor::kSiemens: return WriteAsSiemens(protocol, study);
    case physics::Vendor::kGe: return WriteAsGe(protocol, study);
    case physics::Vendor::kPhilips: return WriteAsPhilips(protocol, study);
    case physics::Vendor::kUih: return WriteAsUih(protocol, study);
  }
}

}  // namespace parotis::scanner
