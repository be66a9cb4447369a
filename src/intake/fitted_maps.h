// What is common to the maps that are fitted to many images: whether there are enough of them, and how well they fit.
#pragma once

#include <string>

#include "image/volume.h"
#include "intake/diffusion_channels.h"

namespace parotis::intake {

struct FitQuality {
  std::int64_t voxels = 0;     // that were fitted
  double residual_median = 0;  // as a share of the signal without weighting or agent
};

// Refuses a map for which the study holds images, but too few of them: b_values_insufficient, dce_incomplete. Returns
// where it holds none.
void RefuseTooLittle(const dicom::Study& study, const StudyRoles& roles, const std::string& channel);

// Over the voxels where `fitted` is not 0.
FitQuality QualityOf(const image::Volume& residual, const image::LabelVolume& fitted);

// map_fits_poorly, where half of the voxels miss the model by more than a tenth of their signal: the patient moved
// between the images, or they are not what they seem.
void FlagPoorFit(const std::string& channel, const FitQuality& quality, MadeChannel& made);

}  // namespace parotis::intake
