// How a synthetic patient is examined: position in the magnet, slices, sequences, signal-to-noise ratios, receive
// field.
#pragma once

#include <array>
#include <vector>

#include "phantom/painter.h"
#include "phantom/patient.h"
#include "phantom/signal.h"

namespace parotis::phantom {

struct ScanOptions {
  FieldStrength field = FieldStrength::k3T;
  bool extras = false;  // also what only a DICOM study shows: T1 before contrast, and the localizer
};

// What differs from examination to examination. Signal-to-noise ratios are those of an average tumour.
struct Protocol {
  FieldStrength field = FieldStrength::k3T;
  HeadPose pose;
  // Of T2, T1 and T1C; in-plane 0.8 mm, coarser than a clinical scan's 0.5 mm to keep cohorts small.
  image::Geometry anatomy_grid;
  image::Geometry diffusion_grid;                // same slices, in-plane 1.8 mm
  std::vector<image::Geometry> localizer_grids;  // axial, coronal, sagittal
  Sequence t2, t1, t1c, diffusion, localizer;
  double b_high_s_mm2 = 1000;
  double snr_t2 = 35, snr_t1c = 30, snr_b0 = 30, snr_b1000 = 11;
  double gain_t2 = 110, gain_t1c = 110, gain_diffusion = 130;  // stored value of the average tumour
  std::array<double, 9> bias = {};  // receive field: coefficients of u v w u² v² w² uv uw vw on [−1, 1]³
};

Protocol DrawProtocol(const Patient& patient, const ScanOptions& options);

// Samples across a slice: slices are averages over that many thinner ones.
inline constexpr int kSubSlices = 2;
image::Geometry FineGrid(const image::Geometry& slices);

}  // namespace parotis::phantom
