// The header of a NIfTI-1 or NIfTI-2 file as plain numbers, and what follows from it. Private to image/nifti.cc.
// Field names and offsets: nifti1.h and nifti2.h (nifti.nimh.nih.gov).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "image/geometry.h"

namespace parotis::image {

inline constexpr std::size_t kNifti1HeaderSize = 348;
inline constexpr std::size_t kNifti2HeaderSize = 540;

// Values of the field `datatype` that this project reads.
enum class NiftiType : std::int16_t {
  kUint8 = 2,
  kInt16 = 4,
  kInt32 = 8,
  kFloat32 = 16,
  kFloat64 = 64,
  kInt8 = 256,
  kUint16 = 512,
  kUint32 = 768,
  kInt64 = 1024,
  kUint64 = 1280,
};
std::size_t SizeOf(NiftiType type);

struct NiftiHeader {
  bool swapped = false;  // the file's byte order is not this machine's
  std::array<std::int64_t, 8> dim{};
  std::array<double, 8> pixdim{};
  NiftiType type = NiftiType::kFloat32;
  std::uint64_t voxel_offset = 0;
  double slope = 1;
  double intercept = 0;
  int length_unit = 0;
  int qform_code = 0;
  int sform_code = 0;
  std::array<double, 3> quaternion{};  // b, c, d
  std::array<double, 3> qoffset{};
  std::array<std::array<double, 4>, 3> sform{};  // RAS
  std::int64_t volumes = 1;
};

// Reads and checks everything except the orientation. `bytes` need hold the header only. Throws kInput.
NiftiHeader ParseNiftiHeader(std::span<const std::byte> bytes, const std::string& name);

// Grid of one volume in LPS mm. Throws kInput: no orientation, contradictory ones, impossible sizes.
Geometry GeometryOf(const NiftiHeader& header, const std::string& name);

// What the file must hold in front of and in all its voxels. Throws kInput when that is beyond reason.
std::uint64_t ExpectedSize(const NiftiHeader& header, const std::string& name);

// A NIfTI-1 header of 352 bytes (with the empty extension) for float32, int16 or uint8, little-endian. sform and qform
// are set, both with code 1.
std::string MakeNiftiHeader(const Geometry& geometry, NiftiType type, std::int64_t volumes);

}  // namespace parotis::image
