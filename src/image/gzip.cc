#include "image/gzip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "base/error.h"

namespace parotis::image {
namespace {

constexpr int kGzipWindow = 15 + 16;  // largest window, gzip header and trailer
constexpr int kLevel = 4;
constexpr std::size_t kFirstChunk = 1 << 16;

uInt Clip(std::size_t count) {
  return static_cast<uInt>(std::min<std::size_t>(count, std::numeric_limits<uInt>::max()));
}

Bytef* AsZlib(const std::byte* bytes) { return reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes)); }

}  // namespace

bool IsGzip(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && bytes[0] == std::byte{0x1f} && bytes[1] == std::byte{0x8b};
}

Inflated Inflate(std::span<const std::byte> bytes, std::uint64_t limit_bytes, const std::string& name) {
  z_stream stream{};
  if (inflateInit2(&stream, kGzipWindow) != Z_OK) base::Throw(base::ErrorKind::kInternal, "zlib cannot be initialised");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> closer(&stream, inflateEnd);
  Inflated result;
  std::size_t consumed = 0;
  while (result.bytes.size() < limit_bytes) {
    const std::size_t start = result.bytes.size();
    result.bytes.resize(std::min<std::uint64_t>(limit_bytes, std::max(kFirstChunk, 2 * start)));
    stream.next_out = AsZlib(result.bytes.data() + start);
    stream.avail_out = Clip(result.bytes.size() - start);
    stream.next_in = AsZlib(bytes.data() + consumed);
    stream.avail_in = Clip(bytes.size() - consumed);
    const int status = inflate(&stream, Z_NO_FLUSH);
    result.bytes.resize(static_cast<std::size_t>(reinterpret_cast<std::byte*>(stream.next_out) - result.bytes.data()));
    consumed = static_cast<std::size_t>(reinterpret_cast<const std::byte*>(stream.next_in) - bytes.data());
    if (status == Z_STREAM_END) {
      if (!IsGzip(bytes.subspan(consumed))) {
        result.complete = true;
        return result;
      }
      inflateReset(&stream);
    } else if (status == Z_BUF_ERROR || (status == Z_OK && consumed == bytes.size() && stream.avail_out > 0)) {
      return result;  // the input is cut off
    } else if (status != Z_OK) {
      base::Throw(base::ErrorKind::kInput,
                  fmt::format("{} is damaged: its gzip data cannot be unpacked ({}); copy it again", name,
                              stream.msg ? stream.msg : "wrong checksum"));
    }
  }
  return result;
}

std::string Deflate(std::span<const std::byte> bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipWindow, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
    base::Throw(base::ErrorKind::kInternal, "zlib cannot be initialised");
  }
  const std::unique_ptr<z_stream, int (*)(z_stream*)> closer(&stream, deflateEnd);
  std::string packed;
  std::size_t consumed = 0;
  int status = Z_OK;
  while (status != Z_STREAM_END) {
    const std::size_t start = packed.size();
    packed.resize(start + std::max(kFirstChunk, bytes.size() / 4));
    stream.next_in = AsZlib(bytes.data() + consumed);
    stream.avail_in = Clip(bytes.size() - consumed);
    stream.next_out = reinterpret_cast<Bytef*>(packed.data() + start);
    stream.avail_out = Clip(packed.size() - start);
    status = deflate(&stream, consumed + stream.avail_in == bytes.size() ? Z_FINISH : Z_NO_FLUSH);
    if (status == Z_STREAM_ERROR) base::Throw(base::ErrorKind::kInternal, "zlib refused to pack");
    packed.resize(static_cast<std::size_t>(reinterpret_cast<char*>(stream.next_out) - packed.data()));
    consumed = static_cast<std::size_t>(reinterpret_cast<const std::byte*>(stream.next_in) - bytes.data());
  }
  return packed;
}

}  // namespace parotis::image
