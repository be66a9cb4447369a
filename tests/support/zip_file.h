// Writes zip archives byte by byte (APPNOTE.TXT 4.3), stored without compression, so that tests can also write what no
// archiver would.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/dicom_file.h"

namespace parotis::test {

struct ZipEntry {
  std::string name;
  std::string content;
  std::uint32_t unix_mode = 0100644;
  bool encrypted = false;
  std::uint32_t claimed_bytes = 0xFFFFFFFF;  // unpacked; by default the truth
  int method = 0;                            // 0 stored, 8 deflated (`content` is packed then)
};

inline std::string ZipBytes(const std::vector<ZipEntry>& entries) {
  std::string bytes;
  std::string directory;
  for (const ZipEntry& entry : entries) {
    const auto packed = static_cast<std::uint32_t>(entry.content.size());
    const std::uint32_t unpacked = entry.claimed_bytes == 0xFFFFFFFF ? packed : entry.claimed_bytes;
    const auto checksum = static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(entry.content.data()), static_cast<uInt>(entry.content.size())));
    const std::string common = LittleEndian(entry.encrypted ? 1 : 0, 2) +
                               LittleEndian(static_cast<std::uint32_t>(entry.method), 2) + LittleEndian(0, 4) +
                               LittleEndian(checksum, 4) + LittleEndian(packed, 4) + LittleEndian(unpacked, 4) +
                               LittleEndian(static_cast<std::uint32_t>(entry.name.size()), 2) + LittleEndian(0, 2);
    directory += "PK\x01\x02" + LittleEndian(0x0314, 2) + LittleEndian(20, 2) + common + LittleEndian(0, 2) +
                 LittleEndian(0, 2) + LittleEndian(0, 2) + LittleEndian(entry.unix_mode << 16U, 4) +
                 LittleEndian(static_cast<std::uint32_t>(bytes.size()), 4) + entry.name;
    bytes += "PK\x03\x04" + LittleEndian(20, 2) + common + entry.name + entry.content;
  }
  const auto count = static_cast<std::uint32_t>(entries.size());
  return bytes + directory + "PK\x05\x06" + LittleEndian(0, 4) + LittleEndian(count, 2) + LittleEndian(count, 2) +
         LittleEndian(static_cast<std::uint32_t>(directory.size()), 4) +
         LittleEndian(static_cast<std::uint32_t>(bytes.size()), 4) + LittleEndian(0, 2);
}

}  // namespace parotis::test
