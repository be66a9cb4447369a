// Zip archives as torch.save writes them, read from memory by their central directory (PKWARE APPNOTE.TXT 4.3 to 4.5,
// with zip64). Stored entries are views, deflated ones are unpacked within bounds. Nothing is written anywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace parotis::weights {

struct ZipEntry {
  std::uint64_t offset = 0;    // of the packed bytes
  std::uint64_t packed = 0;    // bytes in the archive
  std::uint64_t unpacked = 0;  // as the directory says
  std::uint32_t checksum = 0;  // CRC-32 of the unpacked bytes
  bool deflated = false;
};

// Bytes that lie in the archive, or in memory of their own that `owner` keeps.
struct EntryBytes {
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;
};

bool LooksLikeZip(std::span<const std::byte> bytes);

class ZipDirectory {
 public:
  // `bytes` must outlive the object; `name` is for messages. Refuses (weights/refusal.h) entries that overlap each
  // other or the directory, lie beyond the file, are there twice, are encrypted or packed in another way, and archives
  // that unpack to more than 64 MiB and 16 times their size.
  ZipDirectory(std::span<const std::byte> bytes, std::string name);

  const std::map<std::string, ZipEntry>& entries() const { return entries_; }
  // Refuses an entry that is not there, or whose checksum or length differs from what the directory says.
  EntryBytes Read(const std::string& entry) const;

 private:
  void ReadEntries(std::uint64_t offset, std::uint64_t size, std::uint64_t count);
  void CheckPlaces(std::uint64_t directory) const;

  std::span<const std::byte> bytes_;
  std::string name_;
  std::map<std::string, ZipEntry> entries_;
};

}  // namespace parotis::weights
