// A file in memory for parsers that take a path: DCMTK trusts a file's size, and would allocate what a buffer only
// claims.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

namespace parotis::fuzz {

// The path of a file that holds `data` until the next call.
inline const std::string& MemoryFile(const std::uint8_t* data, std::size_t size) {
  static const int descriptor = memfd_create("input", 0);
  static const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
  if (ftruncate(descriptor, 0) != 0 || pwrite(descriptor, data, size, 0) != static_cast<ssize_t>(size)) std::abort();
  return path;
}

}  // namespace parotis::fuzz
