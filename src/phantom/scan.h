// The examination of a synthetic patient: where the slices lie, with which sequences, and the volumes that come out,
// each on the grid on which it was acquired, in whole numbers as a scanner stores them. Deterministic in patient and
// options.
#pragma once

#include <optional>
#include <vector>

#include "dataset/case.h"
#include "dataset/participants.h"
#include "phantom/patient.h"
#include "phantom/protocol.h"

namespace parotis::phantom {

struct Examination {
  Patient patient;
  Protocol protocol;
  image::Volume t2, t1c;         // on protocol.anatomy_grid
  image::Volume b0, b1000, adc;  // on protocol.diffusion_grid; ADC in µm²/s, computed from the noisy images
  image::LabelVolume lesions;    // on protocol.anatomy_grid: 0, or 1 + index into patient.lesions
  // Only with ScanOptions::extras.
  std::optional<image::Volume> t1;
  std::vector<image::Volume> localizer;  // axial, coronal, sagittal
};
Examination Scan(const Patient& patient, const Priors& priors, const ScanOptions& options);

// All five channels on the anatomy's grid, diffusion brought there linearly and rounded, as a cohort importer would.
dataset::Case ToCase(const Examination& examination, const Priors& priors);
// One row of participants.tsv: the patient, the largest lesion's drawn values (what the oracle knows), the scan.
dataset::Participant ToParticipant(const Examination& examination);

}  // namespace parotis::phantom
