// Writes NRRD files field by field from the format's description, independently of the reader.
#pragma once

#include <fmt/format.h>

#include <cstring>
#include <string>
#include <vector>

#include "image/gzip.h"
#include "image/volume.h"

namespace parotis::test {

struct NrrdOptions {
  std::string type = "unsigned char";
  std::string space = "left-posterior-superior";
  image::Vector3 signs = {1, 1, 1};  // from LPS to the axes of `space`
  bool big_endian = false;
  bool gzip = false;
  std::string entries;  // "key:=value\n" …
};

inline std::string VectorText(const image::Vector3& v) { return fmt::format("({},{},{})", v[0], v[1], v[2]); }

// Everything but the blank line. With several layers, the layer is the fastest axis, as 3D Slicer writes it.
inline std::string NrrdHeaderText(const image::Geometry& grid, const NrrdOptions& options, std::size_t layers = 1) {
  const auto affine = image::AffineOf(grid);
  const auto column = [&](std::size_t a) {
    return VectorText(
        {options.signs[0] * affine[0][a], options.signs[1] * affine[1][a], options.signs[2] * affine[2][a]});
  };
  const bool list = layers > 1;
  return fmt::format(
      "NRRD0004\n# a comment\ntype: {}\ndimension: {}\nspace: {}\nsizes: {}{} {} {}\nspace directions: {}{} {} {}\n"
      "kinds: {}domain domain domain\nendian: {}\nencoding: {}\nspace origin: {}\n{}",
      options.type, list ? 4 : 3, options.space, list ? fmt::format("{} ", layers) : "", grid.size[0], grid.size[1],
      grid.size[2], list ? "none " : "", column(0), column(1), column(2), list ? "list " : "",
      options.big_endian ? "big" : "little", options.gzip ? "gzip" : "raw", column(3), options.entries);
}

template <class T>
std::string NrrdValues(const std::vector<T>& values, const NrrdOptions& options) {
  std::string bytes(values.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  if (options.big_endian) {
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(T))
      std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                   bytes.begin() + static_cast<std::ptrdiff_t>(at + sizeof(T)));
  }
  return options.gzip ? image::Deflate(std::as_bytes(std::span(bytes))) : bytes;
}

template <class T>
std::string NrrdText(const image::Geometry& grid, const std::vector<T>& values, const NrrdOptions& options = {},
                     std::size_t layers = 1) {
  return NrrdHeaderText(grid, options, layers) + "\n" + NrrdValues(values, options);
}

}  // namespace parotis::test
