// How each vendor writes what was scanned. A study comes as `series_builder` made it, in words of no vendor; the
// flavour gives it the vendor's equipment, image types, sequence names, scaling and private attributes, and arranges
// the diffusion images as that vendor does. Sources and what is left out: docs/scanner.md.
#pragma once

#include <string>

#include "physics/protocol.h"
#include "scanner/dicom_study.h"

namespace parotis::scanner {

// What a volume shows, told from its neutral image type and b-value.
enum class Content { kImage, kPhase, kB0, kDirection, kTrace, kAdc, kReformat, kProjection, kSubtraction };
Content ContentOf(const DicomSeries& series, const dicom::MrVolume& volume);

// Facts of the echo-planar readout that headers repeat.
struct EchoPlanar {
  double echo_spacing_ms = 0.5;
  double acceleration = 2;
  int phase_steps = 112;
  double bandwidth_hz = 1500;  // per pixel, along frequency
  bool positive = true;        // a higher field moves the image towards higher rows

  // Per pixel, along phase.
  double phase_bandwidth_hz() const { return 1000 * acceleration / (echo_spacing_ms * phase_steps); }
  int train_length() const { return static_cast<int>(phase_steps / acceleration); }
};
EchoPlanar EchoPlanarOf(const physics::Protocol& protocol);

// The components of a patient-frame vector along the grid's rows, columns and slices.
image::Vector3 AlongAxes(const image::Vector3& vector_world, const image::Geometry& grid);

bool IsGradientEcho(const dicom::MrSeries& header);
bool IsEchoPlanar(const dicom::MrSeries& header);

void WriteAsStandard(const physics::Protocol& protocol, DicomStudy& study);
void WriteAsSiemens(const physics::Protocol& protocol, DicomStudy& study);
void WriteAsGe(const physics::Protocol& protocol, DicomStudy& study);
void WriteAsPhilips(const physics::Protocol& protocol, DicomStudy& study);
void WriteAsUih(const physics::Protocol& protocol, DicomStudy& study);
void WriteAsVendor(const physics::Protocol& protocol, DicomStudy& study);

}  // namespace parotis::scanner
