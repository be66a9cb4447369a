// What a simulated tumour shows when it is measured in its own images: the solid part of a patient's largest lesion, in
// images without noise, distortion or motion, on the grid of the diffusion images. Everything goes through the same
// painting, signal equations, readouts and fits as the cohort's images.
#pragma once

#include <optional>

#include "phantom/patient.h"
#include "physics/protocol.h"

namespace parotis::audit {

struct LesionMeasurement {
  std::int64_t voxels = 0;  // of the solid part that were measured
  double adc_um2_s = 0;     // from b = 0 and 1000 s/mm², mean over the voxels, as all below
  double adc_sd_um2_s = 0;  // within the lesion
  double d_um2_s = 0, kurtosis = 0, perfusion_fraction = 0, dstar_um2_s = 0;
  double t2_ms = 0;                                // from two spin echoes
  double enhancement = 0;                          // of T1-weighted images: (after − before) / before
  double washout_percent = 0, time_to_peak_s = 0;  // of the dynamic series; time from the injection
};

// None when no voxel lies wholly in the solid part, or there is no lesion.
std::optional<LesionMeasurement> MeasureLargestLesion(const phantom::Patient& patient, const phantom::Priors& priors);

// Of echo-planar images at the largest lesion: how far the field of air, bone and metal moves it, mean over the
// lesion's middle; absent without a lesion. With the field strength and readout that the patient drew.
struct LesionDistortion {
  double shift_mm = 0;  // magnitude
  double field_hz = 0;  // signed mean
};
std::optional<LesionDistortion> MeasureDistortion(const phantom::Patient& patient, const phantom::Priors& priors);

}  // namespace parotis::audit
