// From what the program said and what a reader wants instead to an answer of the same form: lesions measured anew where
// their outline is another, the program's own figures where it is not.
#pragma once

#include <string>

#include "dataset/case.h"
#include "diagnose/diagnose.h"
#include "results/reader_version.h"
#include "review/edit.h"

namespace parotis::review {

struct Answer {
  dataset::Diagnosis diagnosis;
  image::LabelVolume lesion_map;
  std::vector<results::LesionOrigin> origins;  // of each lesion
};

struct Reader {
  std::string name, words;  // who, and why
};

struct Revised {
  diagnose::Result result;  // no `segmentation`
  std::vector<results::LesionOrigin> lesions;
};

// A lesion of the edit is the one of `before` with which it shares most voxels, whatever their ids. The patient
// has no class probabilities then, nor has a lesion whose outline changed. Throws kInput when the edit's mask is of
// another grid than the case's.
Revised Revise(const Answer& before, const Edit& edit, const Reader& reader, const dataset::Case& examination,
               const image::Volume& tumour_probability);

}  // namespace parotis::review
