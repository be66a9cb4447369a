// The examination of a synthetic patient: where the slices lie, with which sequences, and the volumes that come out,
// each on the grid on which it was acquired, in whole numbers as a scanner stores them. Deterministic in patient and
// options.
#pragma once

#include "dataset/case.h"
#include "dataset/participants.h"
#include "phantom/painter.h"
#include "phantom/patient.h"
#include "phantom/signal.h"

namespace parotis::phantom {

struct ScanOptions {
  FieldStrength field = FieldStrength::k3T;
};

// What differs from examination to examination. Signal-to-noise ratios are those of an average tumour.
struct Protocol {
  FieldStrength field = FieldStrength::k3T;
  HeadPose pose;
  image::Geometry
      anatomy_grid;  // of T2 and T1C; in-plane 0.8 mm, coarser than a clinical scan's 0.5 mm to keep cohorts small
  image::Geometry diffusion_grid;  // same slices, in-plane 1.8 mm
  Sequence t2, t1c, diffusion;
  double b_high_s_mm2 = 1000;
  double snr_t2 = 35, snr_t1c = 30, snr_b0 = 30, snr_b1000 = 11;
  double gain_t2 = 110, gain_t1c = 110, gain_diffusion = 130;  // stored value of the average tumour
  std::array<double, 9> bias = {};  // receive field: coefficients of u v w u² v² w² uv uw vw on [−1, 1]³
};
Protocol DrawProtocol(const Patient& patient, const ScanOptions& options);

struct Examination {
  Patient patient;
  Protocol protocol;
  image::Volume t2, t1c;         // on protocol.anatomy_grid
  image::Volume b0, b1000, adc;  // on protocol.diffusion_grid; ADC in µm²/s, computed from the noisy images
  image::LabelVolume lesions;    // on protocol.anatomy_grid: 0, or 1 + index into patient.lesions
};
Examination Scan(const Patient& patient, const Priors& priors, const ScanOptions& options);

// All five channels on the anatomy's grid, diffusion brought there linearly and rounded, as a cohort importer would.
dataset::Case ToCase(const Examination& examination, const Priors& priors);
// One row of participants.tsv: the patient, the largest lesion's drawn values (what the oracle knows), the scan.
dataset::Participant ToParticipant(const Examination& examination);

}  // namespace parotis::phantom
