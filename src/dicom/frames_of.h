// The frames of an image file as a DICOMweb server hands them out (PS3.18 8.7.3.3 and 10.4.1.1.6).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace parotis::dicom {

struct FrameBytes {
  std::string transfer_syntax_uid;  // of the frames
  std::string media_type;           // "application/octet-stream" for uncompressed frames, else "image/jpeg" or the like
  std::vector<std::string> frames;  // in the order asked for
};

// `numbers` count from 1. Compressed frames are given as they are, their fragments joined; others as explicit little
// endian (PS3.5 8.1), each beginning with a byte of its own even where one-bit frames lie without gaps. Throws kInput
// for a number that no frame has, and as PixelFile does.
FrameBytes FramesOf(const std::filesystem::path& file, const std::vector<int>& numbers);

}  // namespace parotis::dicom
