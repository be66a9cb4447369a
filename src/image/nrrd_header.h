// The text in front of a NRRD file's values as plain numbers, and what follows from it. Private to image/nrrd.cc.
// Format: teem.sourceforge.net/nrrd/format.html (NRRD0001 to NRRD0005).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "image/geometry.h"

namespace parotis::image {

enum class NrrdType { kInt8, kUint8, kInt16, kUint16, kInt32, kUint32, kInt64, kUint64, kFloat32, kFloat64 };
std::size_t SizeOf(NrrdType type);
enum class NrrdEncoding { kRaw, kGzip, kBzip2, kHex, kText };

struct NrrdHeader {
  NrrdType type = NrrdType::kUint8;
  bool swapped = false;  // the file's byte order is not this machine's
  NrrdEncoding encoding = NrrdEncoding::kRaw;
  std::vector<std::int64_t> sizes;             // per axis, the fastest first
  std::array<std::size_t, 3> spatial_axes{};   // which of them are i, j and k; the others count layers
  Geometry geometry;                           // of i, j, k in LPS mm
  std::string data_file;                       // "" when the values follow in the same file
  std::size_t data_offset = 0;                 // of the values in this file when they do
  std::int64_t line_skip = 0;                  // lines in front of the values, before they are unpacked
  std::int64_t byte_skip = 0;                  // bytes in front of the values: unpacked ones of kGzip and kBzip2, else
                                               // those of the file; -1, of kRaw only: the values end the file
  std::map<std::string, std::string> entries;  // key:=value

  std::int64_t layer_count() const;
  std::uint64_t value_bytes() const;  // of all values
};

// Throws kInput: no NRRD, an encoding, type or number of dimensions that is not read, no place in the patient (only
// spaces whose axes are the patient's are accepted), more voxels than this program reads.
NrrdHeader ParseNrrdHeader(std::span<const std::byte> bytes, const std::string& name);

}  // namespace parotis::image
