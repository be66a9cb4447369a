#include "image/png.h"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>

#include "base/error.h"

namespace parotis::image {

Picture::Picture(int w, int h, std::array<std::uint8_t, 3> colour)
    : width(w), height(h), rgb(static_cast<std::size_t>(w) * static_cast<std::size_t>(h) * 3) {
  for (std::size_t at = 0; at < rgb.size(); ++at) rgb[at] = colour[at % 3];
}

void Picture::Set(int x, int y, std::array<std::uint8_t, 3> colour) {
  if (x < 0 || x >= width || y < 0 || y >= height) return;
  const std::size_t at =
      (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)) * 3;
  std::copy(colour.begin(), colour.end(), rgb.begin() + static_cast<std::ptrdiff_t>(at));
}

std::string EncodePng(const Picture& picture) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string bytes(size, '\0');
  if (picture.rgb.empty() ||
      png_image_write_to_memory(&image, bytes.data(), &size, 0, picture.rgb.data(), 0, nullptr) == 0) {
    const std::string reason = image.message;
    png_image_free(&image);
    base::Throw(base::ErrorKind::kInternal, fmt::format("a picture of {} x {} cannot be written as PNG: {}",
                                                        picture.width, picture.height, reason));
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace parotis::image
