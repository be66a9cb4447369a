// Pictures of a build without Cairo.
#ifndef PAROTIS_CAIRO

#include "base/error.h"
#include "report/drawing_picture.h"

namespace parotis::report {

bool PictureIsAvailable() { return false; }

image::Picture PictureOf(const Drawing&, double, std::array<std::uint8_t, 3>) {
  base::Throw(base::ErrorKind::kUsage,
              "this build draws no pictures: Cairo (Debian: libcairo2-dev) was not found when it was built");
}

}  // namespace parotis::report

#endif
