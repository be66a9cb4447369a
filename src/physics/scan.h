// The examination of a synthetic patient: the volumes that come out, each on the grid on which it was acquired, in
// whole numbers as a scanner stores them. Deterministic in patient and options.
#pragma once

#include <optional>
#include <vector>

#include "dataset/case.h"
#include "dataset/participants.h"
#include "phantom/patient.h"
#include "physics/protocol.h"

namespace parotis::physics {

struct DiffusionVolume {
  double b_s_mm2 = 0;
  // Unit vector in the patient's frame (LPS). None: b = 0, or the trace image over the directions of this b.
  std::optional<image::Vector3> direction;
  image::Volume image;  // on Protocol::diffusion_grid
};

// A series of frames before, during and after the injection.
struct DynamicSeries {
  std::vector<double> times_s;        // of each frame's centre, from the first frame's start
  std::vector<image::Volume> frames;  // on Protocol::dynamic_grid
};

struct Examination {
  phantom::Patient patient;
  Protocol protocol;
  image::Volume t2, t1c;  // on protocol.anatomy_grid
  // By b; of one b the directions come first and the trace last. Without directions there is the trace alone.
  std::vector<DiffusionVolume> diffusion;
  image::Volume adc;                     // µm²/s, computed from the noisy b = 0 and b high, on protocol.diffusion_grid
  std::optional<DynamicSeries> dynamic;  // of extended protocols
  // What distorted the diffusion images, before Faults::field_factor: Hz, on a coarse grid, where the head was during
  // T2. None when ideal.
  std::optional<image::Volume> field_hz;
  image::LabelVolume lesions;  // on protocol.anatomy_grid: 0, or 1 + index into patient.lesions
  image::LabelVolume glands;   // on protocol.anatomy_grid: codes of phantom::GlandRegion
  // Only with ScanOptions::extras.
  std::optional<image::Volume> t1;
  std::vector<image::Volume> localizer;  // axial, coronal, sagittal

  // The image without a direction of this b. Throws kInternal when it was not acquired.
  const image::Volume& TraceAt(double b_s_mm2) const;
};
Examination Scan(const phantom::Patient& patient, const phantom::Priors& priors, const ScanOptions& options);

// All channels on the anatomy's grid, diffusion brought there linearly and rounded, as a cohort importer would.
dataset::Case ToCase(const Examination& examination, const phantom::Priors& priors);
// One row of participants.tsv: the patient, the largest lesion's drawn values (what the oracle knows), the scan.
dataset::Participant ToParticipant(const Examination& examination);

}  // namespace parotis::physics
