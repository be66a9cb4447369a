// The three channels that come from diffusion imaging, on the diffusion images' own grid.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "dicom/series.h"
#include "image/volume.h"
#include "intake/adc.h"
#include "intake/diffusion_quality.h"
#include "intake/roles.h"

namespace parotis::intake {

struct DiffusionImages {
  std::vector<WeightedVolume> trace_weighted;  // one per b-value, ascending
  std::optional<DiffusionFit> fit;             // with two b-values or more
  std::optional<DiffusionQuality> quality;     // with a fit
};

// Loads the study's diffusion volumes (none: empty), fits them and measures their quality, against the T2-weighted
// image where it shares their frame of reference and `compare_with_t2`: not when the two are aligned afterwards, which
// judges its own result.
DiffusionImages LoadDiffusion(const dicom::Study& study, const StudyRoles& roles, bool compare_with_t2 = true);

struct MadeChannel {
  image::Volume volume;
  std::size_t series = 0;  // where it came from
  std::string how;         // for provenance: "acquired, b 0", "derived: S0 of the fit of b 50, 400, 800"
  bool derived = false;
  std::vector<double> b_values_s_mm2;
  std::vector<std::pair<std::string, std::string>> flags;  // code, sentence
  base::Json fit = nullptr;                                // of fitted maps: how, and how well
};

// `channel` is B0, B1000 or ADC and is available. Throws kInput when the vendor's ADC map is doubtful.
MadeChannel MakeDiffusionChannel(const std::string& channel, const dicom::Study& study, const StudyRoles& roles,
                                 const DiffusionImages& images);

}  // namespace parotis::intake
