#include <algorithm>

#include "dicom/convert.h"
#include "dicom/pixel_file.h"
#include "image/nifti_plain.h"

namespace parotis::dicom {
namespace {

image::PlainFormat FormatOf(const PixelDescription& description, const Picture& first) {
  if (description.format != PixelFormat::kInteger) return {description.bits_allocated, true, true};
  const bool looked_up = first.samples != description.samples;
  if (looked_up) return {first.bits, false, false};
  return {description.bits_allocated, description.is_signed, false};
}

}  // namespace

void ConvertPixels(const std::filesystem::path& file, const std::filesystem::path& output, Colours colours) {
  PixelFile pixels(file);
  const PixelDescription& d = pixels.description();
  const std::size_t per_frame = d.pixels();
  const auto frames = static_cast<std::size_t>(d.frames);
  image::PlainImage image;
  for (std::size_t f = 0; f < frames; ++f) {
    const int frame = static_cast<int>(f);
    const Picture picture = colours == Colours::kShown ? pixels.Shown(frame) : pixels.Stored(frame);
    if (f == 0) {
      image.format = FormatOf(d, picture);
      image.components = picture.samples;
      image.values.resize(picture.values.size() * frames);
    }
    for (std::size_t c = 0; c < static_cast<std::size_t>(picture.samples); ++c) {
      std::copy_n(picture.values.begin() + static_cast<std::ptrdiff_t>(c * per_frame), per_frame,
                  image.values.begin() + static_cast<std::ptrdiff_t>((c * frames + f) * per_frame));
    }
  }
  image.size = {d.columns, d.rows, d.frames};
  image::WritePlainNifti(output, image);
}

}  // namespace parotis::dicom
