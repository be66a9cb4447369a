#include "dicom/load.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>

#include <array>
#include <cctype>
#include <fstream>

#include "base/conditions.h"
#include "dicom/attributes.h"
#include "dicom/dcmtk_setup.h"
#include "dicom/guarded_stream.h"
#include "dicom/text.h"

namespace parotis::dicom {
namespace {

constexpr Uint32 kLongestValueRead = 64 * 1024;
constexpr std::uint32_t kPrefixBytes = 132;      // preamble and "DICM"
constexpr std::uint32_t kGroupLengthBytes = 12;  // of the element (0002,0000)
constexpr std::uint32_t kMostMetaBytes = 1 << 16;

DcmTagKey EndOf(Extent extent) { return extent == Extent::kHeader ? DCM_PixelData : DCM_UndefinedTagKey; }

std::uint32_t LittleEndian(const std::array<unsigned char, 8>& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8U | bytes[at + i];
  return value;
}

// Where a dataset without explicit representations starts behind a file header; absent for everything else.
std::optional<std::uint32_t> StartOfImplicitDataset(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<unsigned char, 8> bytes{};
  const auto read = [&](std::uint32_t at) {
    file.seekg(at);
    return static_cast<bool>(file.read(reinterpret_cast<char*>(bytes.data()), bytes.size()));
  };
  if (!read(kPrefixBytes + 4) || bytes[0] != 'U' || bytes[1] != 'L') return std::nullopt;
  const std::uint32_t length = LittleEndian(bytes, 4);
  if (length > kMostMetaBytes || !read(kPrefixBytes + kGroupLengthBytes + length)) return std::nullopt;
  if (std::isupper(bytes[4]) != 0 && std::isupper(bytes[5]) != 0) return std::nullopt;
  return kPrefixBytes + kGroupLengthBytes + length;
}

[[noreturn]] void Unsafe(const ReadableFile& readable, const char* fact) {
  base::Refuse(base::Found("file_unsafe", fmt::format("{} {}", readable.name().string(), fact)));
}

// `read` reads from the stream.
template <class Read>
OFCondition ReadGuarded(const ReadableFile& readable, std::uint32_t start, Read&& read) {
  const GuardedStream guarded = OpenGuarded(readable.path(), start);
  if (guarded.stream->status().bad()) return guarded.stream->status();
  const OFCondition status = read(*guarded.stream);
  switch (*guarded.breach) {
    case Breach::kNone: break;
    case Breach::kTooDeep: Unsafe(readable, "holds sequences that lie more than a hundred deep in each other");
    case Breach::kTooManyElements: Unsafe(readable, "holds thousands of elements in one item, or out of order");
    case Breach::kUnpacksTooFar: Unsafe(readable, "is deflated and unpacks to far more than it is");
  }
  return status;
}

// `read_meta`: whether the file's own header was read, whatever came then.
OFCondition LoadFile(DcmFileFormat& file, const ReadableFile& readable, Extent extent, bool& read_meta) {
  return ReadGuarded(readable, 0, [&](DcmInputStream& stream) {
    file.clear();
    file.transferInit();
    const OFCondition status = file.readUntilTag(stream, EXS_Unknown, EGL_noChange, kLongestValueRead, EndOf(extent));
    read_meta = file.getMetaInfo() != nullptr && file.getMetaInfo()->transferState() == ERW_ready;
    file.transferEnd();
    return status;
  });
}

OFCondition LoadImplicit(DcmFileFormat& file, const ReadableFile& readable, std::uint32_t start, Extent extent) {
  return ReadGuarded(readable, start, [&](DcmInputStream& stream) {
    DcmDataset& dataset = *file.getDataset();
    dataset.clear();
    dataset.transferInit();
    const OFCondition status =
        dataset.readUntilTag(stream, EXS_LittleEndianImplicit, EGL_noChange, kLongestValueRead, EndOf(extent));
    dataset.transferEnd();
    return status.good() && dataset.card() == 0 ? EC_CorruptedData : status;
  });
}

}  // namespace

std::optional<std::string> Load(DcmFileFormat& file, const ReadableFile& readable, Extent extent) {
  SetUpDcmtk();
  bool read_meta = false;
  const OFCondition status = LoadFile(file, readable, extent, read_meta);
  if (status.good()) return std::nullopt;
  // An element of the file's own header that claims more than there is would be believed later.
  const auto start = read_meta ? StartOfImplicitDataset(readable.path()) : std::nullopt;
  if (start && LoadImplicit(file, readable, *start, extent).good()) return std::nullopt;
  return CleanText(status.text());
}

}  // namespace parotis::dicom
