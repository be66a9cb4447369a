#include "image/nifti_plain.h"

#include <fmt/format.h>

#include <cstring>
#include <limits>
#include <string>

#include "base/error.h"
#include "base/files.h"
#include "image/gzip.h"
#include "image/nifti_header.h"

namespace parotis::image {
namespace {

constexpr std::size_t kHeaderBytes = kNifti1HeaderSize + 4;
constexpr std::int16_t kIntentVector = 1007;
constexpr std::int16_t kIntentRgbVector = 2003;
constexpr std::int16_t kIntentRgbaVector = 2004;

NiftiType TypeOf(const PlainFormat& format) {
  if (format.is_floating) return format.bits > 32 ? NiftiType::kFloat64 : NiftiType::kFloat32;
  if (format.bits <= 8) return format.is_signed ? NiftiType::kInt8 : NiftiType::kUint8;
  if (format.bits <= 16) return format.is_signed ? NiftiType::kInt16 : NiftiType::kUint16;
  return format.is_signed ? NiftiType::kInt32 : NiftiType::kUint32;
}

template <class T>
void Put(std::string& bytes, std::size_t at, T value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

std::int16_t IntentOf(int components) {
  if (components == 1) return 0;
  if (components == 3) return kIntentRgbVector;
  return components == 4 ? kIntentRgbaVector : kIntentVector;
}

// Field offsets: nifti1.h.
std::string Header(const PlainImage& image, NiftiType type, const std::string& name) {
  std::string header(kHeaderBytes, '\0');
  Put<std::int32_t>(header, 0, kNifti1HeaderSize);
  const std::array<std::int64_t, 8> dim = {
      image.components > 1 ? 5 : 3, image.size[0], image.size[1], image.size[2], 1, image.components, 1, 1};
  for (std::size_t axis = 0; axis < dim.size(); ++axis) {
    if (dim[axis] > std::numeric_limits<std::int16_t>::max()) {
      base::Throw(base::ErrorKind::kInput,
                  fmt::format("{}: {} entries along one axis do not fit into NIfTI-1", name, dim[axis]));
    }
    Put(header, 40 + 2 * axis, static_cast<std::int16_t>(dim[axis]));
    Put(header, 76 + 4 * axis, 1.0F);
  }
  Put(header, 68, IntentOf(image.components));
  Put(header, 70, static_cast<std::int16_t>(type));
  Put(header, 72, static_cast<std::int16_t>(8 * SizeOf(type)));
  Put(header, 108, static_cast<float>(kHeaderBytes));
  Put(header, 112, 1.0F);
  std::memcpy(header.data() + 148, "parotis", 7);
  std::memcpy(header.data() + 344, "n+1", 3);
  return header;
}

template <class T>
void Append(const std::vector<double>& values, std::string& bytes) {
  for (const double value : values) {
    const auto stored = static_cast<T>(value);
    bytes.append(reinterpret_cast<const char*>(&stored), sizeof stored);
  }
}

void AppendAs(NiftiType type, const std::vector<double>& values, std::string& bytes) {
  switch (type) {
    case NiftiType::kUint8: return Append<std::uint8_t>(values, bytes);
    case NiftiType::kInt8: return Append<std::int8_t>(values, bytes);
    case NiftiType::kUint16: return Append<std::uint16_t>(values, bytes);
    case NiftiType::kInt16: return Append<std::int16_t>(values, bytes);
    case NiftiType::kUint32: return Append<std::uint32_t>(values, bytes);
    case NiftiType::kInt32: return Append<std::int32_t>(values, bytes);
    case NiftiType::kFloat32: return Append<float>(values, bytes);
    default: return Append<double>(values, bytes);
  }
}

}  // namespace

void WritePlainNifti(const std::filesystem::path& path, const PlainImage& image) {
  const NiftiType type = TypeOf(image.format);
  std::string bytes = Header(image, type, path.string());
  bytes.reserve(bytes.size() + image.values.size() * SizeOf(type));
  AppendAs(type, image.values, bytes);
  if (path.extension() == ".gz") return base::WriteFile(path, Deflate(std::as_bytes(std::span(bytes))));
  base::WriteFile(path, bytes);
}

}  // namespace parotis::image
