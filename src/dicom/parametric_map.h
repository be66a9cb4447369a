// Parametric Map Storage objects (PS3.3 A.75): a quantity in every voxel, stored in 16 bits that Real World Value
// Mapping turns into values with a unit.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dicom/derived_object.h"
#include "image/volume.h"

namespace parotis::dicom {

struct MappedQuantity {
  CodedConcept quantity, unit;  // what the values are, in UCUM
  CodedConcept region;          // frame anatomy (PS3.16 CID 4031)
  CodedConcept derivation;      // how it was made of the images (PS3.16 CID 7203)
  std::string label;            // at most 16 characters
  double step = 1;              // value = step · stored, stored 0 … 65535
};

// Every slice of the third axis as a frame; values are rounded to the nearest step, those out of range to its ends.
// `slice_images[k]` is the image whose plane slice k lies in, `images` is everything that the map was made from. Throws
// kInternal as WriteSegmentation does.
void WriteParametricMap(const std::filesystem::path& path, const DerivedObject& object, const image::Volume& map,
                        const MappedQuantity& quantity, const std::vector<SourceImage>& slice_images,
                        const std::vector<SourceImage>& images);

struct ParametricMap {
  image::Volume values;  // in `unit`
  CodedConcept quantity, unit;
};

// Of integers with one mapping for all frames. Throws kInput, kRefused when it is not one.
ParametricMap ReadParametricMap(const std::filesystem::path& path);

}  // namespace parotis::dicom
