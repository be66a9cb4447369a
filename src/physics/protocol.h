// How a synthetic patient is examined: position in the magnet, slices, sequences, signal-to-noise ratios, receive
// field.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "phantom/painter.h"
#include "phantom/patient.h"
#include "physics/signal.h"

namespace parotis::physics {

// paper: T2, T1C, b = 0 and 1000. extended: many b-values and a dynamic series, too.
enum class ProtocolKind { kPaper, kExtended };

// Whose way of writing diffusion the scanner has: standard attributes, Siemens (CSA headers), GE, Philips, UIH.
enum class Vendor { kStandard, kSiemens, kGe, kPhilips, kUih };
inline constexpr std::array kVendors = {Vendor::kStandard, Vendor::kSiemens, Vendor::kGe, Vendor::kPhilips,
                                        Vendor::kUih};
std::string NameOf(Vendor vendor);  // "standard", "siemens", "ge", "philips", "uih"

struct ScanOptions {
  std::optional<phantom::FieldStrength> field{};  // none: drawn for each patient
  std::optional<Vendor> vendor{};                 // none: drawn for each patient
  ProtocolKind kind = ProtocolKind::kPaper;
  bool extras = false;  // also what only a DICOM study shows: T1 before contrast, and the localizer
};

// What differs from examination to examination. Signal-to-noise ratios are those of an average tumour.
struct Protocol {
  phantom::FieldStrength field = phantom::FieldStrength::k3T;
  Vendor vendor = Vendor::kStandard;
  phantom::HeadPose pose;
  // Of T2, T1 and T1C; in-plane 0.8 mm, coarser than a clinical scan's 0.5 mm to keep cohorts small.
  image::Geometry anatomy_grid;
  image::Geometry diffusion_grid;                // same slices, in-plane 1.8 mm
  std::vector<image::Geometry> localizer_grids;  // axial, coronal, sagittal
  image::Geometry dynamic_grid;                  // covers the same slab, coarser; extended protocols only
  Sequence t2, t1, t1c, diffusion, dynamic, localizer;
  std::vector<double> b_values_s_mm2 = {0, 1000};
  double b_high_s_mm2 = 1000;                    // with b = 0 makes the ADC map; among the above
  std::vector<image::Vector3> directions_world;  // of every b > 0, unit vectors; empty: only traces are kept
  std::vector<double> frame_times_s;             // of the dynamic series; empty: there is none
  double injection_s = 0;                        // in the same clock
  double snr_t2 = 35, snr_t1c = 30, snr_b0 = 30, snr_b1000 = 11;
  double gain_t2 = 110, gain_t1c = 110, gain_diffusion = 130;  // stored value of the average tumour
  std::array<double, 9> bias = {};  // receive field: coefficients of u v w u² v² w² uv uw vw on [−1, 1]³
};

Protocol DrawProtocol(const phantom::Patient& patient, const ScanOptions& options);

// Samples across a slice: slices are averages over that many thinner ones.
inline constexpr int kSubSlices = 2;
image::Geometry FineGrid(const image::Geometry& slices);

}  // namespace parotis::physics
