// Writes DICOM files byte by byte (explicit VR little endian), independently of the library that the program reads them
// with, so that tests can also write what no library would.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/files.h"

namespace parotis::test {

inline std::string LittleEndian(std::uint32_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFFU);
  return out;
}

// Elements in the order of their tags, as DICOM wants them.
class DicomItem {
 public:
  DicomItem& Set(std::uint16_t group, std::uint16_t element, const std::string& vr, const std::string& value) {
    elements_[{group, element}] = {vr, value};
    return *this;
  }
  DicomItem& SetUs(std::uint16_t group, std::uint16_t element, int value) {
    return Set(group, element, "US", LittleEndian(static_cast<std::uint32_t>(value), 2));
  }
  DicomItem& SetFd(std::uint16_t group, std::uint16_t element, const std::vector<double>& values) {
    std::string bytes(values.size() * 8, '\0');
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return Set(group, element, "FD", bytes);
  }
  DicomItem& SetSequence(std::uint16_t group, std::uint16_t element, const std::vector<DicomItem>& items) {
    std::string bytes;
    for (const DicomItem& item : items) {
      const std::string content = item.Bytes();
      bytes += Tag(0xFFFE, 0xE000) + LittleEndian(static_cast<std::uint32_t>(content.size()), 4) + content;
    }
    return Set(group, element, "SQ", bytes);
  }
  DicomItem& Erase(std::uint16_t group, std::uint16_t element) {
    elements_.erase({group, element});
    return *this;
  }

  const std::string& Value(std::uint16_t group, std::uint16_t element) const {
    return elements_.at({group, element}).second;
  }

  std::string Bytes() const {
    std::string out;
    for (const auto& [tag, content] : elements_) {
      auto [vr, value] = content;
      if (value.size() % 2 != 0) value += vr == "UI" || vr == "OB" ? '\0' : ' ';
      const bool long_form = vr[0] == 'O' || vr == "SQ" || vr == "UN" || vr == "UT" || vr == "UC" || vr == "UR" ||
                             vr == "SV" || vr == "UV";
      out += Tag(tag.first, tag.second) + vr + (long_form ? std::string(2, '\0') : std::string());
      out += LittleEndian(static_cast<std::uint32_t>(value.size()), long_form ? 4 : 2) + value;
    }
    return out;
  }

 private:
  static std::string Tag(std::uint16_t group, std::uint16_t element) {
    return LittleEndian(group, 2) + LittleEndian(element, 2);
  }

  std::map<std::pair<std::uint16_t, std::uint16_t>, std::pair<std::string, std::string>> elements_;
};

// `tail`: bytes behind the dataset, for pixel data that DicomItem cannot hold.
inline std::string FileBytes(const DicomItem& dataset, const std::string& transfer_syntax = "1.2.840.10008.1.2.1",
                             const std::string& tail = {}) {
  DicomItem meta;
  meta.Set(0x0002, 0x0002, "UI", "1.2.840.10008.5.1.4.1.1.4");
  meta.Set(0x0002, 0x0010, "UI", transfer_syntax);
  const std::string rest = meta.Bytes();
  const std::string length =
      DicomItem().Set(0x0002, 0x0000, "UL", LittleEndian(static_cast<std::uint32_t>(rest.size()), 4)).Bytes();
  return std::string(128, '\0') + "DICM" + length + rest + dataset.Bytes() + tail;
}

// Pixel data in fragments (PS3.5 A.4); `offsets`: the basic offset table.
inline std::string EncapsulatedPixels(const std::vector<std::string>& fragments,
                                      const std::vector<std::uint32_t>& offsets = {}) {
  std::string table;
  for (const std::uint32_t offset : offsets) table += LittleEndian(offset, 4);
  const auto item = [](std::string bytes) {
    if (bytes.size() % 2 != 0) bytes += '\0';
    return LittleEndian(0xE000FFFE, 4) + LittleEndian(static_cast<std::uint32_t>(bytes.size()), 4) + bytes;
  };
  std::string out =
      LittleEndian(0x00107FE0, 4) + "OB" + std::string(2, '\0') + LittleEndian(0xFFFFFFFF, 4) + item(table);
  for (const std::string& fragment : fragments) out += item(fragment);
  return out + LittleEndian(0xE0DDFFFE, 4) + LittleEndian(0, 4);
}

inline void WriteDicom(const std::filesystem::path& path, const DicomItem& dataset) {
  base::WriteFile(path, FileBytes(dataset));
}

// A valid axial MR slice of 3 columns × 2 rows with 16-bit pixels 0 … 5, position (0, 0, z): change what the test is
// about.
inline DicomItem MrSlice(int instance, double z_mm, const std::string& series_uid = "1.2.3.4") {
  DicomItem item;
  item.Set(0x0008, 0x0008, "CS", "ORIGINAL\\PRIMARY\\M");
  item.Set(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.4")
      .Set(0x0008, 0x0018, "UI", series_uid + fmt::format(".{}", instance));
  item.Set(0x0008, 0x0060, "CS", "MR").Set(0x0008, 0x0070, "LO", "ACME").Set(0x0008, 0x103e, "LO", "a series");
  item.Set(0x0010, 0x0020, "LO", "patient-1").Set(0x0018, 0x0050, "DS", "4");
  item.Set(0x0018, 0x0020, "CS", "SE").Set(0x0018, 0x0080, "DS", "4000").Set(0x0018, 0x0081, "DS", "90");
  item.Set(0x0020, 0x000d, "UI", "1.2.3").Set(0x0020, 0x000e, "UI", series_uid).Set(0x0020, 0x0011, "IS", "1");
  item.Set(0x0020, 0x0013, "IS", std::to_string(instance)).Set(0x0020, 0x0032, "DS", fmt::format("0\\0\\{}", z_mm));
  item.Set(0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0").Set(0x0020, 0x0052, "UI", "1.2.3.9");
  item.SetUs(0x0028, 0x0002, 1)
      .Set(0x0028, 0x0004, "CS", "MONOCHROME2")
      .SetUs(0x0028, 0x0010, 2)
      .SetUs(0x0028, 0x0011, 3);
  item.Set(0x0028, 0x0030, "DS", "2\\1.5");
  item.SetUs(0x0028, 0x0100, 16).SetUs(0x0028, 0x0101, 16).SetUs(0x0028, 0x0102, 15).SetUs(0x0028, 0x0103, 0);
  std::string pixels;
  for (std::uint32_t i = 0; i < 6; ++i) pixels += LittleEndian(i, 2);
  return item.Set(0x7fe0, 0x0010, "OW", pixels);
}

}  // namespace parotis::test
