#include "image/nrrd_encoding.h"

#include <bzlib.h>
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string_view>

#include "base/error.h"
#include "base/number.h"
#include "image/gzip.h"

namespace parotis::image {
namespace {

constexpr std::size_t kFirstChunk = 1 << 16;

[[noreturn]] void Refuse(const std::string& name, const std::string& fact) {
  base::Throw(base::ErrorKind::kInput, fmt::format("{} {}; copy it again", name, fact));
}

unsigned Clip(std::size_t count) {
  return static_cast<unsigned>(std::min<std::size_t>(count, std::numeric_limits<unsigned>::max()));
}

// A cut-off input ends the values; the caller counts them.
std::vector<std::byte> FromBzip2(std::span<const std::byte> bytes, std::uint64_t limit, const std::string& name) {
  bz_stream stream{};
  if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK)
    base::Throw(base::ErrorKind::kInternal, "libbz2 cannot be initialised");
  const std::unique_ptr<bz_stream, int (*)(bz_stream*)> closer(&stream, BZ2_bzDecompressEnd);
  std::vector<std::byte> values;
  std::size_t filled = 0;
  for (int status = BZ_OK; status != BZ_STREAM_END && filled < limit;) {
    if (filled == values.size()) values.resize(std::min<std::uint64_t>(limit, std::max(kFirstChunk, 2 * filled)));
    stream.next_in = const_cast<char*>(reinterpret_cast<const char*>(bytes.data()));
    stream.avail_in = Clip(bytes.size());
    stream.next_out = reinterpret_cast<char*>(values.data() + filled);
    stream.avail_out = Clip(values.size() - filled);
    status = BZ2_bzDecompress(&stream);
    if (status != BZ_OK && status != BZ_STREAM_END) Refuse(name, "is damaged: its bzip2 data cannot be unpacked");
    const auto left =
        static_cast<std::size_t>(bytes.data() + bytes.size() - reinterpret_cast<const std::byte*>(stream.next_in));
    filled = static_cast<std::size_t>(reinterpret_cast<std::byte*>(stream.next_out) - values.data());
    if (left == 0 && filled < values.size()) break;
    bytes = bytes.last(left);
  }
  values.resize(filled);
  return values;
}

bool IsSpace(char c) { return std::string_view(" \t\r\n\v\f").find(c) != std::string_view::npos; }

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::vector<std::byte> FromHex(std::string_view text, std::uint64_t limit, const std::string& name) {
  std::vector<std::byte> values;
  int high = -1;
  for (std::size_t at = 0; at < text.size() && values.size() < limit; ++at) {
    if (IsSpace(text[at])) continue;
    const int digit = HexDigit(text[at]);
    if (digit < 0) Refuse(name, "holds something that is no hexadecimal digit among its values");
    if (high >= 0) values.push_back(static_cast<std::byte>(16 * high + digit));
    high = high >= 0 ? -1 : digit;
  }
  return values;
}

// Decimal numbers between spaces or commas. Those of 8 bits are numbers, too, not letters.
template <class T>
std::vector<std::byte> FromText(std::string_view text, std::uint64_t limit, const std::string& name) {
  const auto separates = [](char c) { return IsSpace(c) || c == ','; };
  std::vector<std::byte> values;
  for (std::size_t at = 0; values.size() + sizeof(T) <= limit;) {
    while (at < text.size() && separates(text[at])) ++at;
    if (at == text.size()) break;
    std::size_t end = at;
    while (end < text.size() && !separates(text[end])) ++end;
    const std::size_t first = at + (text[at] == '+' ? 1 : 0);
    const std::string_view word = text.substr(first, end - first);
    const auto value = base::NumberFrom<T>(word);
    if (!value)
      Refuse(name,
             fmt::format("holds \"{}\" where a value should be", text.substr(at, std::min<std::size_t>(end - at, 20))));
    const auto* const raw = reinterpret_cast<const std::byte*>(&*value);
    values.insert(values.end(), raw, raw + sizeof(T));
    at = end;
  }
  return values;
}

std::vector<std::byte> FromTextOf(NrrdType type, std::string_view text, std::uint64_t limit, const std::string& name) {
  switch (type) {
    case NrrdType::kInt8: return FromText<std::int8_t>(text, limit, name);
    case NrrdType::kUint8: return FromText<std::uint8_t>(text, limit, name);
    case NrrdType::kInt16: return FromText<std::int16_t>(text, limit, name);
    case NrrdType::kUint16: return FromText<std::uint16_t>(text, limit, name);
    case NrrdType::kInt32: return FromText<std::int32_t>(text, limit, name);
    case NrrdType::kUint32: return FromText<std::uint32_t>(text, limit, name);
    case NrrdType::kInt64: return FromText<std::int64_t>(text, limit, name);
    case NrrdType::kUint64: return FromText<std::uint64_t>(text, limit, name);
    case NrrdType::kFloat32: return FromText<float>(text, limit, name);
    case NrrdType::kFloat64: return FromText<double>(text, limit, name);
  }
  base::Throw(base::ErrorKind::kInternal, "a NRRD type without a decoder");
}

}  // namespace

std::vector<std::byte> DecodedValues(std::span<const std::byte> bytes, NrrdEncoding encoding, NrrdType type,
                                     std::uint64_t limit_bytes, const std::string& name) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  switch (encoding) {
    case NrrdEncoding::kRaw: break;
    case NrrdEncoding::kGzip:
      if (!IsGzip(bytes)) Refuse(name, "holds no gzip data where its header says so");
      return Inflate(bytes, limit_bytes, name).bytes;
    case NrrdEncoding::kBzip2: return FromBzip2(bytes, limit_bytes, name);
    case NrrdEncoding::kHex: return FromHex(text, limit_bytes, name);
    case NrrdEncoding::kText: return FromTextOf(type, text, limit_bytes, name);
  }
  base::Throw(base::ErrorKind::kInternal, "a NRRD encoding without a decoder");
}

}  // namespace parotis::image
