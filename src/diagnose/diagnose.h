// From a Prediction to what is said about the patient. The rule is documented in docs/diagnosis-rule.md.
#pragma once

#include <vector>

#include "dataset/case.h"
#include "dataset/diagnosis.h"
#include "dataset/prediction.h"
#include "image/components.h"
#include "plan/plan.h"

namespace parotis::diagnose {

struct Result {
  dataset::Diagnosis diagnosis;
  image::LabelVolume lesion_map;    // lesion ids on the case's grid, 0 outside
  image::LabelVolume segmentation;  // class labels of the kept lesions only; what is written and shown
};

// `examination` supplies ADC (channel "ADC", µm²/s) and the patient's midline; its grid is the prediction's.
Result Diagnose(const dataset::Prediction& prediction, const dataset::Case& examination,
                const plan::DiagnosisPlan& rule);

// The lesions of a map that somebody drew (ids 1 … n on the case's grid, each with a voxel), measured as Diagnose
// measures its own: place, side, size, scores, ADC; nothing about their class.
std::vector<dataset::Lesion> MeasureLesions(const image::LabelVolume& lesion_map, const dataset::Case& examination,
                                            const image::Volume& tumour_probability);

// What `rule` says about candidates, which were found under CandidateRule: the lesions that it does not keep leave the
// diagnosis and the map, the others are numbered anew. The same as Diagnose under `rule`, but for the words of the
// reason when none is kept: candidates do not know of regions too small to be one. At most kMostLesions lesions.
void DecideAgain(dataset::Diagnosis& diagnosis, image::LabelVolume& lesion_map, const plan::DiagnosisPlan& rule);

}  // namespace parotis::diagnose
