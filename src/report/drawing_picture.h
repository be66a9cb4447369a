// A drawing as pixels, for media that know neither SVG nor PDF: the key image that an archive shows.
#pragma once

#include <array>
#include <cstdint>

#include "image/png.h"
#include "report/drawing.h"

namespace parotis::report {

bool PictureIsAvailable();  // false in a build without Cairo

// On a background of that colour, with the inks' colours on paper. The same drawing gives the same pixels. Throws
// kUsage in a build without Cairo.
image::Picture PictureOf(const Drawing& drawing, double pixels_per_pt, std::array<std::uint8_t, 3> background);

}  // namespace parotis::report
