// Reads untrusted bytes from front to back.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>

namespace parotis::dicom {

// The first read beyond the end makes it `failed` for good; from then on it gives nothing.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  bool failed() const { return failed_; }
  std::size_t left() const { return bytes_.size(); }

  std::string_view Take(std::size_t count) {
    if (failed_ || count > bytes_.size()) {
      failed_ = true;
      return {};
    }
    const std::string_view taken(reinterpret_cast<const char*>(bytes_.data()), count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }
  // As far as there are bytes; never fails.
  void Skip(std::size_t count) { bytes_ = bytes_.subspan(std::min(count, bytes_.size())); }

 private:
  std::span<const std::byte> bytes_;
  bool failed_ = false;
};

}  // namespace parotis::dicom
