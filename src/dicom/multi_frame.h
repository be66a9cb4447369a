// Functional groups (PS3.3 C.7.6.16) of frames that are the slices of one grid, for DCMTK's writers of multi-frame
// objects. Private to this folder.
#pragma once

#include <memory>

#include "dicom/derived_object.h"
#include "image/geometry.h"

class CodeSequenceMacro;
class FGBase;

namespace parotis::dicom {

CodeSequenceMacro MacroOf(const CodedConcept& concept_);

// Shared by all frames.
std::unique_ptr<FGBase> MeasuresOf(const image::Geometry& grid);
std::unique_ptr<FGBase> OrientationOfFrames(const image::Geometry& grid);

// Of slice `slice` along the third axis.
std::unique_ptr<FGBase> PositionOf(const image::Geometry& grid, std::int64_t slice);
// That the frame was made from this image: derivation DCM 113076 "Segmentation" or the like.
std::unique_ptr<FGBase> DerivedFrom(const SourceImage& image, const CodedConcept& derivation);

// Throws kInternal for a grid whose axes are left-handed, or that has another number of slices than there are images.
void CheckFrames(const image::Geometry& grid, const std::vector<SourceImage>& slice_images);

}  // namespace parotis::dicom
