// A patient's images around the largest lesion of the reference, with the outlines of reference and prediction, as
// drawings for a page and for paper.
#pragma once

#include <string>
#include <vector>

#include "dataset/case.h"
#include "report/document.h"
#include "report/slice_picture.h"

namespace parotis::report {

struct Outline {
  const image::LabelVolume* mask = nullptr;  // on the volume's grid; everything that is not 0
  Role role = Role::kReference;
};

// Pixels, outlines, a scale bar and the letters of the patient's sides.
Drawing SliceDrawing(const image::Volume& volume, std::int64_t slice, const std::vector<Outline>& outlines,
                     const PictureOptions& options, double width_pt, const std::string& alternative);

// One panel for each channel, in the slice that holds most of the largest reference lesion. Without a lesion in the
// truth: none. `prediction`: on the case's grid.
std::vector<Panel> CasePictures(const dataset::Case& examination, const image::LabelVolume& prediction);

}  // namespace parotis::report
