#include "report/tensorboard.h"

#include <array>
#include <bit>
#include <cmath>

#include "base/error.h"
#include "base/json.h"

namespace parotis::report {
namespace {

using Crc32cTable = std::array<std::uint32_t, 256>;

constexpr Crc32cTable MakeTable() {
  Crc32cTable table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78U : 0U);
    table[byte] = crc;
  }
  return table;
}
constexpr Crc32cTable kTable = MakeTable();

template <class T>
std::string LittleEndian(T value) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof(T); ++i) bytes += static_cast<char>((value >> (8 * i)) & 0xFF);
  return bytes;
}

std::string Varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>((value & 0x7F) | 0x80);
  return bytes + static_cast<char>(value);
}

// Wire types of protocol buffers: 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes.
std::string Key(int field, int wire_type) { return Varint(static_cast<std::uint64_t>(field << 3 | wire_type)); }
std::string Bytes(int field, std::string_view value) { return Key(field, 2) + Varint(value.size()).append(value); }
std::string Double(int field, double value) {
  return Key(field, 1) + LittleEndian(std::bit_cast<std::uint64_t>(value));
}
std::string Float(int field, float value) { return Key(field, 5) + LittleEndian(std::bit_cast<std::uint32_t>(value)); }
std::string Integer(int field, std::int64_t value) { return Key(field, 0) + Varint(static_cast<std::uint64_t>(value)); }

std::string Record(const std::string& data) {
  const std::string length = LittleEndian(static_cast<std::uint64_t>(data.size()));
  return length + LittleEndian(MaskedCrc32c(length)) + data + LittleEndian(MaskedCrc32c(data));
}

// Event: wall_time = 1, step = 2, file_version = 3, summary = 5. Summary: value = 1. Value: tag = 1, simple_value = 2.
std::string EventOf(const Scalar& scalar, double wall_time_s) {
  const std::string value = Bytes(1, scalar.tag) + Float(2, scalar.value);
  return Double(1, wall_time_s) + Integer(2, scalar.step) + Bytes(5, Bytes(1, value));
}

void Collect(const base::Json& json, const std::string& path, std::int64_t step, std::vector<Scalar>& scalars) {
  for (const auto& [key, value] : json.items()) {
    if (value.is_object()) Collect(value, path + key + "/", step, scalars);
    if (value.is_number() && key != "iteration") scalars.push_back({step, path + key, value.get<float>()});
  }
}

}  // namespace

std::uint32_t Crc32c(std::string_view bytes) {
  std::uint32_t crc = ~0U;
  for (const char c : bytes) crc = (crc >> 8) ^ kTable[(crc ^ static_cast<std::uint8_t>(c)) & 0xFF];
  return ~crc;
}

std::uint32_t MaskedCrc32c(std::string_view bytes) { return std::rotr(Crc32c(bytes), 15) + 0xA282EAD8U; }

std::string EventsFileOf(const std::vector<Scalar>& scalars, double wall_time_s) {
  std::string file = Record(Double(1, wall_time_s) + Bytes(3, "brain.Event:2"));
  double time_s = wall_time_s;
  for (std::size_t s = 0; s < scalars.size(); ++s) {
    if (s > 0 && scalars[s].step != scalars[s - 1].step) ++time_s;
    file += Record(EventOf(scalars[s], time_s));
  }
  return file;
}

std::vector<Scalar> ScalarsOfLog(std::string_view text, const std::string& name) {
  std::vector<Scalar> scalars;
  for (int line = 1; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) break;
    const std::string where = name + " line " + std::to_string(line);
    const base::Json json = base::ParseJson(text.substr(0, end), where);
    const auto step = base::JsonObject(json, where).Get<std::int64_t>("iteration");
    Collect(json, json.contains("validation") ? "" : "train/", step, scalars);
    text.remove_prefix(end + 1);
  }
  return scalars;
}

}  // namespace parotis::report
