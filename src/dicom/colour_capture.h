// Secondary Capture Image Storage (PS3.3 A.8) of a picture in colours: the key image for viewers that show nothing
// else. It names no patient in its pixels.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dicom/derived_object.h"
#include "image/png.h"

namespace parotis::dicom {

// `description`: how the picture was made, ASCII. `images`: what it shows.
void WriteColourCapture(const std::filesystem::path& path, const DerivedObject& object, const image::Picture& picture,
                        const std::string& description, const std::vector<SourceImage>& images);

// Throws kInput, kRefused when the object holds no 8-bit colours.
image::Picture ReadColourCapture(const std::filesystem::path& path);

}  // namespace parotis::dicom
