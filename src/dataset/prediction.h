// What a model says about one Case, on the Case's own grid.
#pragma once

#include <string>
#include <vector>

#include "image/volume.h"

namespace parotis::dataset {

struct Prediction {
  std::string case_id;
  std::vector<std::string> label_names;      // [0] is the background
  image::LabelVolume labels;                 // most probable label
  std::vector<image::Volume> probabilities;  // one per label; they sum to 1 in every voxel
  // Of the whole examination, by the model's patient head: one per label, [0] no tumour; empty when it has none.
  std::vector<double> patient_probabilities;
  std::string bundle_hash;  // SHA-256 of the weights file
};

}  // namespace parotis::dataset
