// NRRD images (.nrrd, or .nhdr with its values in a file beside it), and the segmentations that 3D Slicer writes as
// .seg.nrrd. Raw, gzip, bzip2, hexadecimal or text, every integer and floating-point type, either byte order. World
// frame: see image/geometry.h; the file's own space (LPS, RAS or LAS) is converted.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "image/volume.h"

namespace parotis::image {

// What 3D Slicer says about one structure in its Segment*_ entries: the voxels of layer `layer` with the value `value`.
struct NrrdSegment {
  std::string id;
  std::string name;
  int value = 1;
  std::size_t layer = 0;
  std::vector<std::string> codes;  // what it is, then modifiers: "SCT:108369006"
};

struct Nrrd {
  std::vector<Volume> layers;         // all on one grid; several where structures overlap
  std::vector<NrrdSegment> segments;  // by their number in the file; empty for a plain image
};

// Throws kIo, kInput; the message names the file, the fact and the remedy (truncated, no place in the patient, values
// in several files or outside the header's folder, decompression bomb, …).
Nrrd ReadNrrd(const std::filesystem::path& path);
// The same from the bytes of a file with its values inside; `name` is for messages.
Nrrd ParseNrrd(std::span<const std::byte> bytes, const std::string& name);

}  // namespace parotis::image
