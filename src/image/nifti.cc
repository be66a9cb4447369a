#include "image/nifti.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>

#include "base/error.h"
#include "base/files.h"
#include "image/gzip.h"
#include "image/nifti_header.h"

namespace parotis::image {
namespace {

constexpr std::size_t kHeaderPrefix = 1 << 16;     // of the file: more than any header needs, packed or not
constexpr std::uint64_t kTrailingSlack = 1 << 16;  // bytes after the last voxel that a packed file may have
constexpr std::uint64_t kMaxFileBytes = std::uint64_t{1} << 36;

// A file with what its header says; `unpacked` holds the bytes when they were compressed.
struct OpenNifti {
  NiftiHeader header;
  Geometry geometry;
  std::vector<std::byte> unpacked;
  std::span<const std::byte> voxels;
};

OpenNifti Open(std::span<const std::byte> bytes, const std::string& name) {
  OpenNifti file;
  const bool packed = IsGzip(bytes);
  file.header =
      packed ? ParseNiftiHeader(Inflate(bytes, kNifti2HeaderSize, name).bytes, name) : ParseNiftiHeader(bytes, name);
  file.geometry = GeometryOf(file.header, name);
  const std::uint64_t expected = ExpectedSize(file.header, name);
  if (packed) {
    Inflated content = Inflate(bytes, expected + kTrailingSlack, name);
    if (!content.complete && content.bytes.size() == expected + kTrailingSlack) {
      base::Throw(base::ErrorKind::kInput,
                  fmt::format("{} unpacks to far more than the {} bytes its header speaks of; it is damaged or hostile",
                              name, expected));
    }
    if (!content.complete)
      base::Throw(base::ErrorKind::kInput, fmt::format("{} is cut off: its gzip data has no end; copy it again", name));
    file.unpacked = std::move(content.bytes);
    bytes = file.unpacked;
  }
  if (bytes.size() < expected) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{} is cut off: it holds {} bytes of {}; copy it again", name, bytes.size(), expected));
  }
  file.voxels = bytes.subspan(file.header.voxel_offset, expected - file.header.voxel_offset);
  return file;
}

template <class T>
T Load(const std::byte* at, bool swapped) {
  std::array<std::byte, sizeof(T)> raw;
  std::copy_n(at, sizeof(T), raw.begin());
  if (swapped) std::reverse(raw.begin(), raw.end());
  return std::bit_cast<T>(raw);
}

// What does not fit into single precision becomes infinite, which CheckCase and users of labels refuse.
float ToFloat(double value) {
  if (value > std::numeric_limits<float>::max()) return std::numeric_limits<float>::infinity();
  if (value < std::numeric_limits<float>::lowest()) return -std::numeric_limits<float>::infinity();
  return static_cast<float>(value);
}

template <class T>
void Decode(const std::byte* at, const NiftiHeader& header, std::vector<float>& values) {
  const bool scaled = header.slope != 1 || header.intercept != 0;
  for (float& value : values) {
    const T raw = Load<T>(at, header.swapped);
    at += sizeof(T);
    if constexpr (std::is_same_v<T, double>) {
      value = ToFloat(scaled ? header.slope * raw + header.intercept : raw);
    } else {
      value = scaled ? ToFloat(header.slope * static_cast<double>(raw) + header.intercept) : static_cast<float>(raw);
    }
  }
}

Volume DecodeVolume(const OpenNifti& file, std::int64_t index) {
  Volume volume(file.geometry);
  const std::byte* at =
      file.voxels.data() + volume.voxels.size() * SizeOf(file.header.type) * static_cast<std::size_t>(index);
  switch (file.header.type) {
    case NiftiType::kUint8: Decode<std::uint8_t>(at, file.header, volume.voxels); break;
    case NiftiType::kInt8: Decode<std::int8_t>(at, file.header, volume.voxels); break;
    case NiftiType::kInt16: Decode<std::int16_t>(at, file.header, volume.voxels); break;
    case NiftiType::kUint16: Decode<std::uint16_t>(at, file.header, volume.voxels); break;
    case NiftiType::kInt32: Decode<std::int32_t>(at, file.header, volume.voxels); break;
    case NiftiType::kUint32: Decode<std::uint32_t>(at, file.header, volume.voxels); break;
    case NiftiType::kInt64: Decode<std::int64_t>(at, file.header, volume.voxels); break;
    case NiftiType::kUint64: Decode<std::uint64_t>(at, file.header, volume.voxels); break;
    case NiftiType::kFloat32: Decode<float>(at, file.header, volume.voxels); break;
    case NiftiType::kFloat64: Decode<double>(at, file.header, volume.voxels); break;
  }
  return volume;
}

std::vector<Volume> DecodeAll(const OpenNifti& file) {
  std::vector<Volume> volumes;
  for (std::int64_t v = 0; v < file.header.volumes; ++v) volumes.push_back(DecodeVolume(file, v));
  return volumes;
}

std::span<const std::byte> AsBytes(const std::string& text) { return std::as_bytes(std::span(text)); }

void Write(const std::filesystem::path& path, std::string header, std::span<const std::span<const std::byte>> parts) {
  if (path.extension() != ".gz") {
    base::AtomicFile file(path);
    file.Write(header);
    for (const auto& part : parts) file.Write(part);
    file.Commit();
    return;
  }
  std::string content = std::move(header);
  for (const auto& part : parts) content.append(reinterpret_cast<const char*>(part.data()), part.size());
  base::WriteFile(path, Deflate(AsBytes(content)));
}

bool HoldsInt16(const std::vector<float>& values) {
  return std::all_of(values.begin(), values.end(), [](float value) {
    return value >= std::numeric_limits<std::int16_t>::min() && value <= std::numeric_limits<std::int16_t>::max() &&
           value == std::trunc(value);
  });
}

constexpr std::size_t kSlopeOffset = 112;  // the header's field `scl_slope`

// The header's field `descrip`: 80 bytes from byte 148, the last of them zero (NIfTI-1).
constexpr std::size_t kDescriptionOffset = 148;
constexpr std::size_t kDescriptionBytes = 79;

template <class T>
void WriteOne(const std::filesystem::path& path, const Image<T>& image, NiftiType type,
              std::string_view description = {}) {
  CheckGeometry(image.geometry, path.string());
  const std::span<const std::byte> part = std::as_bytes(std::span(image.voxels));
  std::string header = MakeNiftiHeader(image.geometry, type, 1);
  description = description.substr(0, kDescriptionBytes);
  header.replace(kDescriptionOffset, description.size(), description);
  Write(path, std::move(header), std::span(&part, 1));
}

}  // namespace

std::vector<Volume> ParseNifti(std::span<const std::byte> bytes, const std::string& name) {
  return DecodeAll(Open(bytes, name));
}

std::vector<Volume> ReadNiftiSeries(const std::filesystem::path& path) {
  return ParseNifti(AsBytes(base::ReadFile(path, kMaxFileBytes)), path.string());
}

Volume ReadNifti(const std::filesystem::path& path) {
  const std::string content = base::ReadFile(path, kMaxFileBytes);
  const OpenNifti file = Open(AsBytes(content), path.string());
  if (file.header.volumes != 1) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{} holds {} volumes where one is expected; split it into one file per volume",
                            path.string(), file.header.volumes));
  }
  return DecodeVolume(file, 0);
}

LabelVolume ReadNiftiLabels(const std::filesystem::path& path) {
  const Volume volume = ReadNifti(path);
  LabelVolume labels(volume.geometry);
  for (std::size_t v = 0; v < labels.voxels.size(); ++v) {
    const float value = volume.voxels[v];
    if (!(value >= 0 && value <= 255) || value != std::floor(value)) {
      base::Throw(base::ErrorKind::kInput,
                  fmt::format("{} is no label image: it holds the value {:g}; labels are whole numbers from 0 to 255",
                              path.string(), value));
    }
    labels.voxels[v] = static_cast<std::uint8_t>(value);
  }
  return labels;
}

Geometry ReadNiftiGeometry(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    base::Throw(base::ErrorKind::kIo, fmt::format("cannot open {}; check the path and its permissions", path.string()));
  std::string prefix(kHeaderPrefix, '\0');
  file.read(prefix.data(), static_cast<std::streamsize>(prefix.size()));
  prefix.resize(static_cast<std::size_t>(file.gcount()));
  const std::span<const std::byte> bytes = AsBytes(prefix);
  const std::string name = path.string();
  const NiftiHeader header = IsGzip(bytes) ? ParseNiftiHeader(Inflate(bytes, kNifti2HeaderSize, name).bytes, name)
                                           : ParseNiftiHeader(bytes, name);
  return GeometryOf(header, name);
}

void WriteNifti(const std::filesystem::path& path, const Volume& volume) {
  if (!HoldsInt16(volume.voxels)) return WriteOne(path, volume, NiftiType::kFloat32);
  Image<std::int16_t> whole(volume.geometry);
  std::transform(volume.voxels.begin(), volume.voxels.end(), whole.voxels.begin(),
                 [](float value) { return static_cast<std::int16_t>(value); });
  WriteOne(path, whole, NiftiType::kInt16);
}
void WriteNifti(const std::filesystem::path& path, const LabelVolume& labels, std::string_view description) {
  WriteOne(path, labels, NiftiType::kUint8, description);
}

namespace {

template <class T>
void WriteSteps(const std::filesystem::path& path, const Volume& volume, float step, NiftiType type) {
  CheckGeometry(volume.geometry, path.string());
  std::vector<T> steps(volume.voxels.size());
  std::transform(volume.voxels.begin(), volume.voxels.end(), steps.begin(), [step](float value) {
    if (std::isnan(value)) return T{0};
    constexpr float kLow = std::numeric_limits<T>::lowest(), kHigh = std::numeric_limits<T>::max();
    return static_cast<T>(std::lround(std::clamp(value / step, kLow, kHigh)));
  });
  std::string header = MakeNiftiHeader(volume.geometry, type, 1);
  std::memcpy(header.data() + kSlopeOffset, &step, sizeof(step));
  const std::span<const std::byte> part = std::as_bytes(std::span(steps));
  Write(path, std::move(header), std::span(&part, 1));
}

}  // namespace

void WriteNiftiInSteps(const std::filesystem::path& path, const Volume& volume, float step, Whole type) {
  if (type == Whole::kInt16) return WriteSteps<std::int16_t>(path, volume, step, NiftiType::kInt16);
  WriteSteps<std::uint8_t>(path, volume, step, NiftiType::kUint8);
}

void WriteNiftiSeries(const std::filesystem::path& path, std::span<const Volume> volumes) {
  if (volumes.empty()) base::Throw(base::ErrorKind::kInternal, "a series without volumes cannot be written");
  std::vector<std::span<const std::byte>> parts;
  for (const Volume& volume : volumes) {
    if (!SameGrid(volume.geometry, volumes[0].geometry))
      base::Throw(base::ErrorKind::kInternal, "the volumes of a series lie on different grids");
    parts.push_back(std::as_bytes(std::span(volume.voxels)));
  }
  CheckGeometry(volumes[0].geometry, path.string());
  Write(path, MakeNiftiHeader(volumes[0].geometry, NiftiType::kFloat32, static_cast<std::int64_t>(volumes.size())),
        parts);
}

}  // namespace parotis::image
