// How a synthetic patient is examined: which scanner, position in the magnet, slices, sequences, signal-to-noise
// ratios, and what goes wrong.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "image/warp.h"
#include "phantom/painter.h"
#include "phantom/patient.h"
#include "phantom/tissue.h"
#include "physics/receive.h"
#include "physics/sequence.h"

namespace parotis::physics {

// paper: T2, T1C, b = 0 and 1000. extended: many b-values and a dynamic series, too.
enum class ProtocolKind { kPaper, kExtended };

// Whose way of writing diffusion the scanner has: standard attributes, Siemens (CSA headers), GE, Philips, UIH.
enum class Vendor { kStandard, kSiemens, kGe, kPhilips, kUih };
inline constexpr std::array kVendors = {Vendor::kStandard, Vendor::kSiemens, Vendor::kGe, Vendor::kPhilips,
                                        Vendor::kUih};
std::string NameOf(Vendor vendor);  // "standard", "siemens", "ge", "philips", "uih"

struct ScanOptions {
  std::optional<phantom::FieldStrength> field = std::nullopt;  // none: drawn for each patient
  std::optional<Vendor> vendor = std::nullopt;                 // none: drawn for each patient
  ProtocolKind kind = ProtocolKind::kPaper;
  bool extras = false;  // also what only a DICOM study shows: T1 before contrast, and the localizer
  // No noise, no rounding, nothing that blurs, moves or spoils: what the tissues alone would show.
  bool ideal = false;
  // Tissues, sequences and grids far beyond what is real (physics/randomise.h).
  bool randomised = false;
};

// What makes diffusion images useless to a reader.
enum class Unusable { kNo, kDistorted, kGhosted, kNoisy, kDropouts, kFat };
std::string NameOf(Unusable unusable);  // "no", "distorted", …

// Where fat suppression fails: around a place where the field is off.
struct FatFailure {
  image::Vector3 centre_world = {0, 0, 0};
  double radius_mm = 30;
  double left = 0.8;  // of the fat's signal at the centre
};

// What goes wrong in an examination. Motions are the patient's, from where he lay during T2 (LPS world to world).
struct Faults {
  image::AffineMap diffusion_motion, t1_motion, t1c_motion, dynamic_motion;
  double swallowing_mm = 0;  // while anatomical images are acquired
  double ghost = 0, ghost_slope = 0;
  double field_factor = 1;      // of the field map, in diffusion images
  std::vector<float> dropouts;  // [slices] what is left of the signal of diffusion-weighted images
  std::optional<FatFailure> t1c_fat, diffusion_fat;
  Unusable unusable = Unusable::kNo;
};

// What differs from examination to examination. Signal-to-noise ratios are those of an average tumour.
struct Protocol {
  phantom::FieldStrength field = phantom::FieldStrength::k3T;
  Vendor vendor = Vendor::kStandard;
  phantom::HeadPose pose;
  // Of T2, T1 and T1C; in-plane 0.8 mm, coarser than a clinical scan's 0.5 mm to keep cohorts small.
  image::Geometry anatomy_grid;
  image::Geometry diffusion_grid;                // same slices, in-plane 1.7 mm
  std::vector<image::Geometry> localizer_grids;  // axial, coronal, sagittal
  image::Geometry dynamic_grid;                  // covers the same slab, coarser; extended protocols only
  Sequence t2, t1, t1c, diffusion, dynamic, localizer;
  std::vector<double> b_values_s_mm2 = {0, 1000};
  double b_high_s_mm2 = 1000;                    // with b = 0 makes the ADC map; among the above
  std::vector<image::Vector3> directions_world;  // of every b > 0, unit vectors; empty: only traces are kept
  std::vector<double> frame_times_s;             // of the dynamic series; empty: there is none
  double injection_s = 0;                        // in the same clock
  double snr_t2 = 35, snr_t1c = 30, snr_b0 = 30, snr_b1000 = 11, snr_dynamic = 20;
  double gain_t2 = 110, gain_t1c = 110, gain_diffusion = 130, gain_dynamic = 200;  // stored value of that tumour
  ReceiveField bias = {};
  bool bias_corrected = false;
  int diffusion_channels = 1;  // whose squares are summed; else images are combined coherently
  Faults faults;
  bool exact = false;  // ScanOptions::ideal

  // Of the average tumour at this b-value; more is averaged the less there is.
  double SnrAt(double b_s_mm2) const;
};

Protocol DrawProtocol(const phantom::Patient& patient, const phantom::AcquisitionPriors& priors,
                      const ScanOptions& options);

}  // namespace parotis::physics
