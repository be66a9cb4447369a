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
constexpr int kRawWindow = -15;       // the same without them
constexpr int kLevel = 4;
constexpr std::size_t kFirstChunk = 1 << 16;

uInt Clip(std::size_t count) {
  return static_cast<uInt>(std::min<std::size_t>(count, std::numeric_limits<uInt>::max()));
}

Bytef* AsZlib(const std::byte* bytes) { return reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes)); }

// Unpacks from front to back, a chunk at a time.
class Inflater {
 public:
  Inflater(std::span<const std::byte> bytes, std::uint64_t limit_bytes, int window)
      : bytes_(bytes), limit_(limit_bytes) {
    if (inflateInit2(&stream_, window) != Z_OK) base::Throw(base::ErrorKind::kInternal, "zlib cannot be initialised");
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  bool full() const { return filled_ >= limit_; }
  // As inflate of zlib, but for Z_OK: there is more to come.
  int Step() {
    if (filled_ == unpacked_.size())
      unpacked_.resize(std::min<std::uint64_t>(limit_, std::max(kFirstChunk, 2 * filled_)));
    stream_.next_out = AsZlib(unpacked_.data() + filled_);
    stream_.avail_out = Clip(unpacked_.size() - filled_);
    stream_.next_in = AsZlib(bytes_.data());
    stream_.avail_in = Clip(bytes_.size());
    const int status = inflate(&stream_, Z_NO_FLUSH);
    filled_ = static_cast<std::size_t>(reinterpret_cast<std::byte*>(stream_.next_out) - unpacked_.data());
    bytes_ = bytes_.last(bytes_.size() -
                         static_cast<std::size_t>(reinterpret_cast<std::byte*>(stream_.next_in) - bytes_.data()));
    return status == Z_OK && bytes_.empty() && stream_.avail_out > 0 ? Z_BUF_ERROR : status;
  }
  std::vector<std::byte> Unpacked() {
    unpacked_.resize(filled_);
    return std::move(unpacked_);
  }

  std::span<const std::byte> left() const { return bytes_; }
  const char* reason() const { return stream_.msg != nullptr ? stream_.msg : "wrong checksum"; }
  void StartAnew() { inflateReset(&stream_); }

 private:
  z_stream stream_{};
  std::span<const std::byte> bytes_;
  std::uint64_t limit_;
  std::vector<std::byte> unpacked_;  // filled up to filled_
  std::size_t filled_ = 0;
};

}  // namespace

bool IsGzip(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && bytes[0] == std::byte{0x1f} && bytes[1] == std::byte{0x8b};
}

Inflated Inflate(std::span<const std::byte> bytes, std::uint64_t limit_bytes, const std::string& name) {
  Inflater inflater(bytes, limit_bytes, kGzipWindow);
  while (!inflater.full()) {
    const int status = inflater.Step();
    if (status == Z_STREAM_END) {
      if (!IsGzip(inflater.left())) return {inflater.Unpacked(), true};
      inflater.StartAnew();
    } else if (status == Z_BUF_ERROR) {
      break;  // the input is cut off
    } else if (status != Z_OK) {
      base::Throw(
          base::ErrorKind::kInput,
          fmt::format("{} is damaged: its gzip data cannot be unpacked ({}); copy it again", name, inflater.reason()));
    }
  }
  return {inflater.Unpacked(), false};
}

Inflated InflateRaw(std::span<const std::byte> bytes, std::uint64_t limit_bytes) {
  Inflater inflater(bytes, limit_bytes, kRawWindow);
  int status = Z_OK;
  while (status == Z_OK && !inflater.full()) status = inflater.Step();
  return {inflater.Unpacked(), status == Z_STREAM_END};
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
