#include "weights/zip_directory.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "base/error.h"
#include "weights/refusal.h"

namespace parotis::weights {
namespace {

constexpr std::uint32_t kLocalHeader = 0x04034b50, kDirectoryHeader = 0x02014b50;
constexpr std::uint32_t kEnd = 0x06054b50, kEnd64 = 0x06064b50, kEnd64Locator = 0x07064b50;
constexpr std::size_t kLocalSize = 30, kDirectorySize = 46, kEndSize = 22, kEnd64Size = 56, kLocatorSize = 20;
constexpr std::size_t kLongestComment = 65535;
constexpr std::uint32_t kIn64 = 0xFFFFFFFF;  // the number stands in the zip64 field
constexpr std::uint64_t kMostEntries = 1 << 17;
constexpr std::uint64_t kAlwaysAllowed = std::uint64_t{64} << 20;
constexpr std::uint64_t kMostExpansion = 16;
constexpr int kRawWindow = -15;

// Little-endian numbers out of the archive. Who asks for bytes that are not there gets none.
class Fields {
 public:
  Fields(std::span<const std::byte> bytes, std::uint64_t offset, std::uint64_t size)
      : valid_(offset <= bytes.size() && size <= bytes.size() - offset),
        bytes_(valid_ ? bytes.subspan(offset, size) : bytes.first(0)) {}
  bool valid() const { return valid_; }

  template <class T>
  T At(std::size_t offset) const {
    T value = 0;
    std::memcpy(&value, bytes_.data() + offset, sizeof(T));
    return value;
  }

 private:
  bool valid_;
  std::span<const std::byte> bytes_;
};

struct DirectoryPlace {
  std::uint64_t offset = 0, size = 0, count = 0;
};

std::optional<std::uint64_t> FindEnd(std::span<const std::byte> bytes) {
  if (bytes.size() < kEndSize) return std::nullopt;
  const std::uint64_t last = bytes.size() - kEndSize;
  const std::uint64_t first = last > kLongestComment ? last - kLongestComment : 0;
  for (std::uint64_t at = last + 1; at-- > first;) {
    const Fields end(bytes, at, kEndSize);
    if (end.At<std::uint32_t>(0) == kEnd && at + kEndSize + end.At<std::uint16_t>(20) == bytes.size()) return at;
  }
  return std::nullopt;
}

DirectoryPlace FindDirectory(std::span<const std::byte> bytes, const std::string& name) {
  const auto at = FindEnd(bytes);
  if (!at) Damaged(name, "begins like a zip archive but has no directory: it is truncated");
  const Fields end(bytes, *at, kEndSize);
  DirectoryPlace place{end.At<std::uint32_t>(16), end.At<std::uint32_t>(12), end.At<std::uint16_t>(10)};
  if (*at < kLocatorSize) return place;
  const Fields locator(bytes, *at - kLocatorSize, kLocatorSize);
  if (locator.At<std::uint32_t>(0) != kEnd64Locator) return place;
  const Fields end64(bytes, locator.At<std::uint64_t>(8), kEnd64Size);
  if (!end64.valid() || end64.At<std::uint32_t>(0) != kEnd64) Damaged(name, "has a damaged zip64 directory");
  return {end64.At<std::uint64_t>(48), end64.At<std::uint64_t>(40), end64.At<std::uint64_t>(32)};
}

// The zip64 extra field (APPNOTE 4.5.3) holds, in this order, only those numbers that do not fit into the header.
void ReadZip64(const Fields& extra, std::size_t size, const std::string& name, ZipEntry& entry, std::uint64_t& header) {
  std::size_t at = 0;
  while (at + 4 <= size) {
    const auto id = extra.At<std::uint16_t>(at), length = extra.At<std::uint16_t>(at + 2);
    at += 4;
    if (length > size - at) Damaged(name, "has a damaged extra field in its directory");
    if (id != 1) {
      at += length;
      continue;
    }
    const std::size_t end = at + length;
    for (std::uint64_t* number : {&entry.unpacked, &entry.packed, &header}) {
      if (*number != kIn64) continue;
      if (end - at < 8) Damaged(name, "has a damaged zip64 field in its directory");
      *number = extra.At<std::uint64_t>(at);
      at += 8;
    }
    return;
  }
}

std::uint32_t ChecksumOf(std::span<const std::byte> bytes) {
  uLong checksum = crc32(0, nullptr, 0);
  while (!bytes.empty()) {
    const std::size_t count = std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max());
    checksum = crc32(checksum, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(count));
    bytes = bytes.subspan(count);
  }
  return static_cast<std::uint32_t>(checksum);
}

// Exactly `size` bytes, or nothing.
std::shared_ptr<std::vector<std::byte>> Inflated(std::span<const std::byte> packed, std::uint64_t size) {
  auto unpacked = std::make_shared<std::vector<std::byte>>(size);
  z_stream stream{};
  if (inflateInit2(&stream, kRawWindow) != Z_OK) base::Throw(base::ErrorKind::kInternal, "zlib cannot be initialised");
  std::uint64_t in = 0, out = 0;
  std::byte beyond{};  // shows that there is more than `size`
  int status = Z_OK;
  while (status == Z_OK && out <= size) {
    const std::uint64_t give = std::min<std::uint64_t>(packed.size() - in, std::numeric_limits<uInt>::max());
    const std::uint64_t take = std::min<std::uint64_t>(size - out, std::numeric_limits<uInt>::max());
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data() + in));
    stream.avail_in = static_cast<uInt>(give);
    stream.next_out = reinterpret_cast<Bytef*>(take > 0 ? unpacked->data() + out : &beyond);
    stream.avail_out = static_cast<uInt>(std::max<std::uint64_t>(take, 1));
    status = inflate(&stream, Z_NO_FLUSH);
    in += give - stream.avail_in;
    out += std::max<std::uint64_t>(take, 1) - stream.avail_out;
  }
  inflateEnd(&stream);
  return status == Z_STREAM_END && out == size ? unpacked : nullptr;
}

}  // namespace

bool LooksLikeZip(std::span<const std::byte> bytes) {
  return bytes.size() >= 4 && Fields(bytes, 0, 4).At<std::uint32_t>(0) == kLocalHeader;
}

ZipDirectory::ZipDirectory(std::span<const std::byte> bytes, std::string name) : bytes_(bytes), name_(std::move(name)) {
  const DirectoryPlace place = FindDirectory(bytes_, name_);
  if (place.offset > bytes_.size() || place.size > bytes_.size() - place.offset)
    Damaged(name_, "has a directory that does not lie within the file");
  if (place.count > kMostEntries || place.count > place.size / kDirectorySize)
    Damaged(name_, fmt::format("claims {} entries, which its directory cannot hold", place.count));
  ReadEntries(place.offset, place.size, place.count);
  CheckPlaces(place.offset);
}

void ZipDirectory::ReadEntries(std::uint64_t offset, std::uint64_t size, std::uint64_t count) {
  const auto directory = bytes_.subspan(offset, size);
  std::uint64_t at = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const Fields header(directory, at, kDirectorySize);
    if (!header.valid() || header.At<std::uint32_t>(0) != kDirectoryHeader) Damaged(name_, "has a damaged directory");
    const std::uint64_t name_size = header.At<std::uint16_t>(28), extra_size = header.At<std::uint16_t>(30);
    const std::uint64_t rest = name_size + extra_size + header.At<std::uint16_t>(32);
    if (rest > directory.size() - at - kDirectorySize) Damaged(name_, "has a damaged directory");
    const std::string entry_name(reinterpret_cast<const char*>(directory.data()) + at + kDirectorySize, name_size);
    const auto method = header.At<std::uint16_t>(10);
    if ((header.At<std::uint16_t>(8) & 1) != 0) Damaged(name_, "is encrypted");
    if (method != 0 && method != 8)
      Damaged(name_, fmt::format("is packed by method {}; stored and deflated entries are read", method));
    ZipEntry entry{0, header.At<std::uint32_t>(20), header.At<std::uint32_t>(24), header.At<std::uint32_t>(16),
                   method == 8};
    std::uint64_t local = header.At<std::uint32_t>(42);
    ReadZip64(Fields(directory, at + kDirectorySize + name_size, extra_size), extra_size, name_, entry, local);
    const Fields local_header(bytes_, local, kLocalSize);
    if (!local_header.valid() || local_header.At<std::uint32_t>(0) != kLocalHeader)
      Damaged(name_, fmt::format("has no entry where its directory says that {} lies", Quoted(entry_name)));
    entry.offset = local + kLocalSize + local_header.At<std::uint16_t>(26) + local_header.At<std::uint16_t>(28);
    if (!entry.deflated && entry.packed != entry.unpacked)
      Damaged(name_, fmt::format("has an entry {} of contradictory sizes", Quoted(entry_name)));
    if (!entries_.emplace(entry_name, entry).second)
      Damaged(name_, fmt::format("has the entry {} twice", Quoted(entry_name)));
    at += kDirectorySize + rest;
  }
}

void ZipDirectory::CheckPlaces(std::uint64_t directory) const {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> places;
  std::uint64_t unpacked = 0;
  const std::uint64_t most = kAlwaysAllowed + kMostExpansion * bytes_.size();
  for (const auto& [name, entry] : entries_) {
    if (entry.offset > directory || entry.packed > directory - entry.offset)
      Damaged(name_, fmt::format("has an entry {} that reaches beyond its place: it is truncated", Quoted(name)));
    places.emplace_back(entry.offset, entry.offset + entry.packed);
    if (entry.unpacked > most - unpacked) Unsafe(name_, "unpacks to far more than it is");
    unpacked += entry.unpacked;
  }
  std::sort(places.begin(), places.end());
  for (std::size_t i = 1; i < places.size(); ++i) {
    if (places[i].first < places[i - 1].second) Unsafe(name_, "has entries that overlap");
  }
}

EntryBytes ZipDirectory::Read(const std::string& entry) const {
  const auto found = entries_.find(entry);
  if (found == entries_.end()) Damaged(name_, fmt::format("has no entry {}", Quoted(entry)));
  EntryBytes read{bytes_.subspan(found->second.offset, found->second.packed), nullptr};
  if (found->second.deflated) {
    const auto unpacked = Inflated(read.bytes, found->second.unpacked);
    if (unpacked == nullptr) Damaged(name_, fmt::format("has an entry {} that cannot be unpacked", Quoted(entry)));
    read = {*unpacked, unpacked};
  }
  if (ChecksumOf(read.bytes) != found->second.checksum)
    Damaged(name_, fmt::format("has an entry {} whose content and checksum disagree", Quoted(entry)));
  return read;
}

}  // namespace parotis::weights
