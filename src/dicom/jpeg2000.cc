#include "dicom/jpeg2000.h"

#include <fmt/format.h>
#include <openjpeg.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

#include "base/conditions.h"

namespace parotis::dicom {
namespace {

struct Source {
  std::span<const std::byte> bytes;
  std::size_t at = 0;
};

OPJ_SIZE_T Read(void* buffer, OPJ_SIZE_T wanted, void* data) {
  auto& source = *static_cast<Source*>(data);
  const std::size_t count = std::min<std::size_t>(wanted, source.bytes.size() - source.at);
  if (count == 0) return static_cast<OPJ_SIZE_T>(-1);
  std::memcpy(buffer, source.bytes.data() + source.at, count);
  source.at += count;
  return count;
}

OPJ_BOOL Seek(OPJ_OFF_T to, void* data) {
  auto& source = *static_cast<Source*>(data);
  if (to < 0 || static_cast<std::size_t>(to) > source.bytes.size()) return OPJ_FALSE;
  source.at = static_cast<std::size_t>(to);
  return OPJ_TRUE;
}

OPJ_OFF_T Skip(OPJ_OFF_T by, void* data) {
  const auto& source = *static_cast<Source*>(data);
  return Seek(static_cast<OPJ_OFF_T>(source.at) + by, data) == OPJ_TRUE ? by : -1;
}

using Stream = std::unique_ptr<opj_stream_t, decltype(&opj_stream_destroy)>;
using Codec = std::unique_ptr<opj_codec_t, decltype(&opj_destroy_codec)>;
using Image = std::unique_ptr<opj_image_t, decltype(&opj_image_destroy)>;

Stream OpenStream(Source& source) {
  Stream stream(opj_stream_default_create(OPJ_TRUE), &opj_stream_destroy);
  opj_stream_set_user_data(stream.get(), &source, nullptr);
  opj_stream_set_user_data_length(stream.get(), source.bytes.size());
  opj_stream_set_read_function(stream.get(), Read);
  opj_stream_set_skip_function(stream.get(), Skip);
  opj_stream_set_seek_function(stream.get(), Seek);
  return stream;
}

OPJ_CODEC_FORMAT FormatOf(std::span<const std::byte> bytes) {
  constexpr unsigned char kBoxedFileStart[] = {0, 0, 0, 0x0C, 'j', 'P', ' ', ' '};
  const bool boxed = bytes.size() >= 8 && std::memcmp(bytes.data(), kBoxedFileStart, 8) == 0;
  return boxed ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K;
}

// OpenJPEG takes kilobytes for each tile and each of its components before it looks for their data. Every tile has at
// least the markers SOT and SOD (ISO/IEC 15444-1 A.4), and pictures have no more components than colours and opacity.
constexpr std::uint64_t kFewestBytesPerTile = 14;
constexpr std::uint32_t kMostComponents = 4;

// Of the segment SIZ (A.5.1), which follows the start of the codestream.
bool SizesArePlausible(std::span<const std::byte> bytes) {
  constexpr std::array<std::byte, 4> kStart = {std::byte{0xFF}, std::byte{0x4F}, std::byte{0xFF}, std::byte{0x51}};
  constexpr std::size_t kSegmentBytes = 42;
  for (auto at = bytes.begin();; ++at) {
    at = std::search(at, bytes.end(), kStart.begin(), kStart.end());
    if (static_cast<std::size_t>(bytes.end() - at) < kSegmentBytes) return true;
    const auto number = [&](std::ptrdiff_t offset, std::ptrdiff_t count) {
      std::uint64_t value = 0;
      for (std::ptrdiff_t i = 0; i < count; ++i) value = value << 8U | std::to_integer<std::uint64_t>(at[offset + i]);
      return value;
    };
    const auto tiles = [&](std::ptrdiff_t grid_end, std::ptrdiff_t first_tile, std::ptrdiff_t tile_size) {
      const std::uint64_t end = number(grid_end, 4), size = number(tile_size, 4);
      return size == 0 ? 0 : (end - std::min(end, number(first_tile, 4)) + size - 1) / size;
    };
    if (number(40, 2) > kMostComponents || tiles(8, 32, 24) * tiles(12, 36, 28) > bytes.size() / kFewestBytesPerTile)
      return false;
  }
}

// Every component as large as the picture, and all of one kind.
bool Fits(const opj_image_t& picture, const Jpeg2000Size& expected) {
  if (picture.numcomps < static_cast<OPJ_UINT32>(expected.components)) return false;
  for (int c = 0; c < expected.components; ++c) {
    const opj_image_comp_t& plane = picture.comps[c];
    if (plane.w != static_cast<OPJ_UINT32>(expected.columns) || plane.h != static_cast<OPJ_UINT32>(expected.rows) ||
        plane.prec < 1 || plane.prec > 31 || plane.prec != picture.comps[0].prec ||
        plane.sgnd != picture.comps[0].sgnd) {
      return false;
    }
  }
  return true;
}

bool TransformsComponents(opj_codec_t& codec) {
  opj_codestream_info_v2_t* info = opj_get_cstr_info(&codec);
  const bool transforms = info != nullptr && info->m_default_tile_info.mct != 0;
  opj_destroy_cstr_info(&info);
  return transforms;
}

}  // namespace

Jpeg2000Image DecodeJpeg2000(std::span<const std::byte> bytes, const Jpeg2000Size& expected, const std::string& name) {
  const auto refuse = [&](const std::string& fact) {
    base::Refuse(base::Found("pixels_undecodable", fmt::format("{}: its JPEG 2000 picture {}", name, fact)));
  };
  if (!SizesArePlausible(bytes)) refuse("claims more tiles or components than it can hold");
  Source source{bytes, 0};
  const Stream stream = OpenStream(source);
  const Codec codec(opj_create_decompress(FormatOf(bytes)), &opj_destroy_codec);
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  opj_image_t* header = nullptr;
  if (opj_setup_decoder(codec.get(), &parameters) == OPJ_FALSE ||
      opj_read_header(stream.get(), codec.get(), &header) == OPJ_FALSE) {
    opj_image_destroy(header);
    refuse("is damaged");
  }
  const Image picture(header, &opj_image_destroy);
  if (!Fits(*picture, expected)) {
    const opj_image_comp_t& plane = picture->comps[0];
    refuse(fmt::format("is {} × {} pixels of {} components and {} bits where the header says {} × {} of {}", plane.w,
                       plane.h, picture->numcomps, plane.prec, expected.columns, expected.rows, expected.components));
  }
  const bool is_rgb = TransformsComponents(*codec);
  if (opj_decode(codec.get(), stream.get(), picture.get()) == OPJ_FALSE || !Fits(*picture, expected))
    refuse("is damaged");
  Jpeg2000Image image{static_cast<int>(picture->comps[0].prec), picture->comps[0].sgnd != 0, is_rgb, {}};
  const std::size_t count = static_cast<std::size_t>(expected.columns) * static_cast<std::size_t>(expected.rows);
  for (int c = 0; c < expected.components; ++c) {
    const OPJ_INT32* values = picture->comps[c].data;
    if (values == nullptr) refuse("is damaged");
    image.values.insert(image.values.end(), values, values + count);
  }
  return image;
}

}  // namespace parotis::dicom
