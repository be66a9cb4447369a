// From voxel probabilities to measured lesions.
#pragma once

#include <cstdint>
#include <vector>

#include "dataset/case.h"
#include "dataset/diagnosis.h"
#include "dataset/prediction.h"
#include "image/volume.h"
#include "plan/plan.h"

namespace parotis::diagnose {

// Lesion ids must fit the 8 bits of a label map.
inline constexpr int kMostLesions = 255;

// One connected region above the threshold, before and after the rule's selection.
struct Region {
  double volume_ml = 0;
  double peak_score = 0;  // largest 1 − P(background)
  double mean_score = 0;
  std::vector<double> class_probabilities;  // per tumour class, as the network says, sum to 1
  std::vector<std::size_t> voxels;          // offsets in memory, ascending
};

struct Regions {
  std::vector<Region> kept;  // largest first
  int too_small = 0;         // dropped by min_volume_ml
  int too_faint = 0;         // dropped by min_peak_probability
  int beyond_limit = 0;      // the smallest ones above kMostLesions
  double highest_score = 0;  // 1 − P(background) anywhere in the image
};

// Where the voxel at that offset in memory lies, LPS mm.
image::Vector3 WorldOfVoxel(const image::Geometry& grid, std::size_t offset);

// p^(1/T), renormalised: the log-probabilities divided by the temperature (Guo et al., ICML 2017).
void ApplyTemperature(std::vector<double>& probabilities, double temperature);

// 26-connected regions where 1 − P(background) ≥ rule.voxel_threshold.
Regions FindRegions(const dataset::Prediction& prediction, const plan::DiagnosisPlan& rule);

// Place, size and scores (id, side and class_probabilities left as they are): centre of mass, diameters in the largest
// slice, the channels with a unit.
dataset::Lesion Measure(const Region& region, const dataset::Case& examination);

// What is wrong with a channel "ADC" that cannot be in µm²/s, a sentence, or "": tissue there has 500 to 3000, so an
// image whose values nearly all lie below 20, or mostly above 20,000, is in another unit.
std::string FaultOfAdcUnit(const dataset::Case& examination);

}  // namespace parotis::diagnose
