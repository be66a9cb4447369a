#include "dicom/pixel_description.h"

#include <fmt/format.h>

#include "base/conditions.h"
#include "dicom/attributes.h"

namespace parotis::dicom {
namespace {

constexpr std::int64_t kMostPixels = std::int64_t{1} << 28;
constexpr int kMostBits = 32;

PixelFormat FormatOf(DcmItem& dataset) {
  if (Has(dataset, tag::kPixelData)) return PixelFormat::kInteger;
  if (Has(dataset, tag::kFloatPixelData)) return PixelFormat::kFloat;
  if (Has(dataset, tag::kDoubleFloatPixelData)) return PixelFormat::kDouble;
  return PixelFormat::kInteger;
}

void Check(const PixelDescription& d, const std::string& name) {
  const bool sizes_fit = d.rows > 0 && d.columns > 0 && d.frames > 0 && std::int64_t{d.rows} * d.columns <= kMostPixels;
  const bool samples_fit = d.samples == 1 || d.samples == 3 || d.samples == 4;
  const bool bits_fit = d.format != PixelFormat::kInteger ||
                        (d.bits_allocated >= 1 && d.bits_allocated <= kMostBits && d.bits_stored >= 1 &&
                         d.high_bit < d.bits_allocated && d.high_bit + 1 >= d.bits_stored);
  if (sizes_fit && samples_fit && bits_fit) return;
  base::Refuse(base::Found(
      "pixels_undecodable",
      fmt::format("{} has pixels that cannot be: {} × {}, {} frames, {} samples, {} of {} bits, high bit {}", name,
                  d.columns, d.rows, d.frames, d.samples, d.bits_stored, d.bits_allocated, d.high_bit)));
}

}  // namespace

PixelDescription DescribePixels(DcmItem& dataset, const std::string& name) {
  PixelDescription d;
  d.rows = Integer(dataset, tag::kRows).value_or(0);
  d.columns = Integer(dataset, tag::kColumns).value_or(0);
  d.frames = Integer(dataset, tag::kNumberOfFrames).value_or(1);
  d.samples = Integer(dataset, tag::kSamplesPerPixel).value_or(1);
  d.format = FormatOf(dataset);
  d.bits_allocated = Integer(dataset, tag::kBitsAllocated).value_or(0);
  if (d.format == PixelFormat::kFloat) d.bits_allocated = 32;
  if (d.format == PixelFormat::kDouble) d.bits_allocated = 64;
  d.bits_stored = Integer(dataset, tag::kBitsStored).value_or(d.bits_allocated);
  d.high_bit = Integer(dataset, tag::kHighBit).value_or(d.bits_stored - 1);
  d.is_signed = Integer(dataset, tag::kPixelRepresentation).value_or(0) == 1;
  d.by_plane = d.samples > 1 && Integer(dataset, tag::kPlanarConfiguration).value_or(0) == 1;
  d.colour_model = Code(dataset, tag::kPhotometricInterpretation);
  Check(d, name);
  return d;
}

double StoredValue(std::uint64_t raw, int bits, bool is_signed) {
  if (bits < 64) raw &= (std::uint64_t{1} << bits) - 1;
  if (!is_signed) return static_cast<double>(raw);
  if (bits < 64 && (raw >> (bits - 1)) != 0) raw |= ~std::uint64_t{0} << bits;
  return static_cast<double>(static_cast<std::int64_t>(raw));
}

}  // namespace parotis::dicom
