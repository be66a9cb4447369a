#include "dicom/load.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcistrmf.h>
#include <dcmtk/dcmdata/dctk.h>

#include <array>
#include <cctype>
#include <fstream>

#include "dicom/attributes.h"
#include "dicom/dcmtk_setup.h"
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

OFCondition LoadImplicit(DcmFileFormat& file, const std::filesystem::path& path, std::uint32_t start, Extent extent) {
  DcmInputFileStream stream(path.c_str(), static_cast<offile_off_t>(start));
  if (stream.status().bad()) return stream.status();
  DcmDataset& dataset = *file.getDataset();
  dataset.clear();
  dataset.transferInit();
  const OFCondition status =
      dataset.readUntilTag(stream, EXS_LittleEndianImplicit, EGL_noChange, kLongestValueRead, EndOf(extent));
  dataset.transferEnd();
  return status;
}

}  // namespace

std::optional<std::string> Load(DcmFileFormat& file, const std::filesystem::path& path, Extent extent) {
  SetUpDcmtk();
  const OFCondition status =
      file.loadFileUntilTag(path.c_str(), EXS_Unknown, EGL_noChange, kLongestValueRead, ERM_autoDetect, EndOf(extent));
  if (status.good()) return std::nullopt;
  const auto start = StartOfImplicitDataset(path);
  if (start && LoadImplicit(file, path, *start, extent).good()) return std::nullopt;
  return CleanText(status.text());
}

}  // namespace parotis::dicom
