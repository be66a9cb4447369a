// Writes Segmentation Storage objects (PS3.3 A.51): BINARY, one segment for each finding, every frame on a slice of the
// grid that was segmented, slices without the segment left out. Identical input gives identical bytes.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dicom/derived_object.h"
#include "image/volume.h"

namespace parotis::dicom {

// Segment Algorithm Type (0062,0008).
enum class SegmentMaker { kAutomatic, kSemiautomatic, kManual };

// PS3.3 C.8.20.2 and C.8.20.4. Texts in ASCII, the label at most 64 characters.
struct SegmentDescription {
  std::string label, description;
  CodedConcept category, type;
  std::optional<CodedConcept> region;      // anatomic region …
  std::optional<CodedConcept> laterality;  // … and its modifier
  std::string tracking_id, tracking_uid;   // the same finding has the same in every object
  SegmentMaker maker = SegmentMaker::kAutomatic;
  std::string algorithm_name, algorithm_version;  // not of a manual one
  std::array<std::uint8_t, 3> rgb = {255, 0, 0};  // how it is to be shown
};

// Voxels of `map` with value n belong to `segments[n - 1]`, 0 to none. `slice_images[k]` is the image of slice k of the
// map's third axis. Throws kInternal when a segment has no voxel, when the map holds other values or its grid is left
// handed (no orientation of an image could say so).
void WriteSegmentation(const std::filesystem::path& path, const DerivedObject& object, const image::LabelVolume& map,
                       const std::vector<SegmentDescription>& segments, const std::vector<SourceImage>& slice_images);

}  // namespace parotis::dicom
