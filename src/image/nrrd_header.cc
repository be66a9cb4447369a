#include "image/nrrd_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cctype>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"

namespace parotis::image {
namespace {

constexpr std::size_t kMaxHeaderBytes = std::size_t{1} << 22;
constexpr std::size_t kMaxAxes = 16;
constexpr std::int64_t kMaxVoxels = std::int64_t{1} << 30;  // of all layers
constexpr std::int64_t kMaxLayers = 4096;

[[noreturn]] void Refuse(const std::string& name, const std::string& fact,
                         const char* remedy = "export the file again") {
  base::Throw(base::ErrorKind::kInput, fmt::format("{} {}; {}", name, fact, remedy));
}

std::string Lower(std::string_view text) { return base::AsciiLower(base::Trimmed(text)); }

// "data file" and "datafile" are one field, as are "space directions" in any case.
std::string FieldName(std::string_view text) {
  std::string name = Lower(text);
  std::erase(name, ' ');
  return name;
}

// Words between spaces; a vector in parentheses is one word, whatever it holds.
std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool in_vector = false;
  for (const char c : text) {
    in_vector = c == '(' || (in_vector && c != ')');
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      if (!in_vector && !word.empty()) words.push_back(std::exchange(word, {}));
    } else {
      word += c;
    }
  }
  if (!word.empty()) words.push_back(word);
  return words;
}

template <class T>
std::optional<T> NumberFrom(std::string_view text) {
  text = base::Trimmed(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  return base::NumberFrom<T>(text);
}

// "(x,y,z)"; absent when it is none of three finite numbers.
std::optional<Vector3> VectorFrom(std::string_view text) {
  if (text.size() < 2 || text.front() != '(' || text.back() != ')') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  Vector3 vector{};
  for (std::size_t at = 0; at < 3; ++at) {
    const std::size_t comma = text.find(',');
    if ((comma == std::string_view::npos) != (at == 2)) return std::nullopt;
    const auto value = NumberFrom<double>(text.substr(0, comma));
    if (!value || !std::isfinite(*value)) return std::nullopt;
    vector[at] = *value;
    text.remove_prefix(at == 2 ? text.size() : comma + 1);
  }
  return vector;
}

// NRRD0001 and later: \n and \\ inside a value of key:=value.
std::string Unescaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool escaped = text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == 'n' || text[at + 1] == '\\');
    if (!escaped) {
      out += text[at];
      continue;
    }
    out += text[++at] == 'n' ? '\n' : '\\';
  }
  return out;
}

NrrdType TypeFrom(const std::string& word, const std::string& name) {
  static const std::map<std::string, NrrdType> kTypes = {
      {"signed char", NrrdType::kInt8},
      {"int8", NrrdType::kInt8},
      {"int8_t", NrrdType::kInt8},
      {"uchar", NrrdType::kUint8},
      {"unsigned char", NrrdType::kUint8},
      {"uint8", NrrdType::kUint8},
      {"uint8_t", NrrdType::kUint8},
      {"short", NrrdType::kInt16},
      {"short int", NrrdType::kInt16},
      {"signed short", NrrdType::kInt16},
      {"signed short int", NrrdType::kInt16},
      {"int16", NrrdType::kInt16},
      {"int16_t", NrrdType::kInt16},
      {"ushort", NrrdType::kUint16},
      {"unsigned short", NrrdType::kUint16},
      {"unsigned short int", NrrdType::kUint16},
      {"uint16", NrrdType::kUint16},
      {"uint16_t", NrrdType::kUint16},
      {"int", NrrdType::kInt32},
      {"signed int", NrrdType::kInt32},
      {"int32", NrrdType::kInt32},
      {"int32_t", NrrdType::kInt32},
      {"uint", NrrdType::kUint32},
      {"unsigned int", NrrdType::kUint32},
      {"uint32", NrrdType::kUint32},
      {"uint32_t", NrrdType::kUint32},
      {"longlong", NrrdType::kInt64},
      {"long long", NrrdType::kInt64},
      {"long long int", NrrdType::kInt64},
      {"signed long long", NrrdType::kInt64},
      {"signed long long int", NrrdType::kInt64},
      {"int64", NrrdType::kInt64},
      {"int64_t", NrrdType::kInt64},
      {"ulonglong", NrrdType::kUint64},
      {"unsigned long long", NrrdType::kUint64},
      {"unsigned long long int", NrrdType::kUint64},
      {"uint64", NrrdType::kUint64},
      {"uint64_t", NrrdType::kUint64},
      {"float", NrrdType::kFloat32},
      {"double", NrrdType::kFloat64},
  };
  const auto found = kTypes.find(word);
  if (found == kTypes.end()) Refuse(name, fmt::format("holds values of the unsupported type \"{}\"", word));
  return found->second;
}

// What turns a position in the file's space into LPS: the signs of its three axes.
Vector3 SignsToLps(const std::string& space, const std::string& name) {
  if (space == "left-posterior-superior" || space == "lps") return {1, 1, 1};
  if (space == "right-anterior-superior" || space == "ras") return {-1, -1, 1};
  if (space == "left-anterior-superior" || space == "las") return {1, -1, 1};
  Refuse(name,
         space.empty() ? std::string("does not say in which space it lies, so left and right are unknown")
                       : fmt::format("lies in the space \"{}\", which is not the patient's", space),
         "export it with space left-posterior-superior, right-anterior-superior or left-anterior-superior");
}

using Fields = std::map<std::string, std::string>;

class HeaderReader {
 public:
  HeaderReader(std::span<const std::byte> bytes, const std::string& name)
      : text_(reinterpret_cast<const char*>(bytes.data()), bytes.size()), name_(name) {}

  NrrdHeader Read() {
    ReadLines();
    header_.type = TypeFrom(Lower(Required("type")), name_);
    ReadEncoding();
    ReadSizes();
    ReadPlace();
    ReadDataPlace();
    return std::move(header_);
  }

 private:
  std::string Field(const std::string& field) const {
    const auto found = fields_.find(field);
    return found == fields_.end() ? std::string() : found->second;
  }
  std::string Required(const std::string& field) const {
    const auto found = fields_.find(field);
    if (found == fields_.end()) Refuse(name_, fmt::format("lacks the field \"{}\"", field));
    return found->second;
  }

  // One line without its end; the text moves on behind it.
  std::string_view NextLine() {
    const std::size_t end = text_.find('\n', at_);
    std::string_view line = text_.substr(at_, end == std::string_view::npos ? end : end - at_);
    at_ = end == std::string_view::npos ? text_.size() : end + 1;
    if (at_ > kMaxHeaderBytes) Refuse(name_, "has a header without end");
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }

  void ReadLines() {
    const std::string_view magic = NextLine();
    if (magic.size() != 8 || !magic.starts_with("NRRD000") || magic[7] < '1' || magic[7] > '5')
      Refuse(name_, "is no NRRD file: its first line is not NRRD0001 to NRRD0005", "check the file");
    while (at_ < text_.size()) {
      const std::string_view line = NextLine();
      if (line.empty()) break;
      ReadLine(line);
    }
    header_.data_offset = at_;
  }

  void ReadLine(std::string_view line) {
    if (line.starts_with('#')) return;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon + 1 >= line.size())
      Refuse(name_, "has a header line that is neither a field nor a key", "check the file");
    if (line[colon + 1] == '=') {
      header_.entries[std::string(line.substr(0, colon))] = Unescaped(line.substr(colon + 2));
      return;
    }
    const std::string field = FieldName(line.substr(0, colon));
    if (!fields_.emplace(field, base::Trimmed(line.substr(colon + 1))).second)
      Refuse(name_, fmt::format("gives the field \"{}\" twice", field));
  }

  void ReadEncoding() {
    static const std::map<std::string, NrrdEncoding> kEncodings = {
        {"raw", NrrdEncoding::kRaw},     {"gzip", NrrdEncoding::kGzip}, {"gz", NrrdEncoding::kGzip},
        {"bzip2", NrrdEncoding::kBzip2}, {"bz2", NrrdEncoding::kBzip2}, {"hex", NrrdEncoding::kHex},
        {"text", NrrdEncoding::kText},   {"txt", NrrdEncoding::kText},  {"ascii", NrrdEncoding::kText}};
    const auto encoding = kEncodings.find(Lower(Required("encoding")));
    if (encoding == kEncodings.end())
      Refuse(name_, fmt::format("is written in the encoding \"{}\"", Required("encoding")), "save it as raw or gzip");
    header_.encoding = encoding->second;
    if (header_.encoding == NrrdEncoding::kText || SizeOf(header_.type) == 1) return;
    const std::string endian = Lower(Field("endian"));
    if (endian != "little" && endian != "big") Refuse(name_, "does not say the byte order of its values (endian)");
    header_.swapped = (endian == "big") == (std::endian::native == std::endian::little);
  }

  void ReadSizes() {
    const auto dimension = NumberFrom<std::int64_t>(Required("dimension"));
    const std::vector<std::string> words = Words(Required("sizes"));
    if (!dimension || *dimension < 3 || *dimension > static_cast<std::int64_t>(kMaxAxes) ||
        words.size() != static_cast<std::size_t>(*dimension))
      Refuse(name_, fmt::format("has {} axes with {} sizes; three or more of both are needed",
                                dimension ? *dimension : 0, words.size()));
    std::int64_t values = 1;
    for (const std::string& word : words) {
      const auto size = NumberFrom<std::int64_t>(word);
      if (!size || *size < 1) Refuse(name_, "has an axis whose size is no positive number");
      if (*size > kMaxVoxels / values) Refuse(name_, "says that it holds more voxels than this program reads");
      values *= *size;
      header_.sizes.push_back(*size);
    }
  }

  void ReadPlace() {
    const Vector3 signs = SignsToLps(Lower(Field("space")), name_);
    const std::vector<std::string> words = Words(Required("spacedirections"));
    if (words.size() != header_.sizes.size()) Refuse(name_, "does not give a direction, or none, for every axis");
    std::array<std::array<double, 4>, 3> affine{};
    std::array<std::int64_t, 3> size{};
    std::size_t spatial = 0;
    for (std::size_t axis = 0; axis < words.size(); ++axis) {
      if (Lower(words[axis]) == "none") continue;
      const auto vector = VectorFrom(words[axis]);
      if (!vector || spatial == 3) Refuse(name_, "needs three space directions of three numbers each");
      for (std::size_t row = 0; row < 3; ++row) affine[row][spatial] = signs[row] * (*vector)[row];
      size[spatial] = header_.sizes[axis];
      header_.spatial_axes[spatial++] = axis;
    }
    const auto origin = VectorFrom(Required("spaceorigin"));
    if (spatial != 3 || !origin) Refuse(name_, "needs three space directions and a space origin");
    for (std::size_t row = 0; row < 3; ++row) affine[row][3] = signs[row] * (*origin)[row];
    CheckMillimetres();
    header_.geometry = GeometryFromAffine(affine, size, name_);
    if (header_.layer_count() > kMaxLayers) Refuse(name_, fmt::format("has {} layers", header_.layer_count()));
  }

  void CheckMillimetres() const {
    std::string units = Field("spaceunits");
    std::erase(units, '"');
    for (const std::string& unit : Words(units)) {
      if (unit != "mm") Refuse(name_, fmt::format("measures positions in \"{}\"", unit), "export it in millimetres");
    }
  }

  void ReadDataPlace() {
    header_.data_file = Field("datafile");
    const auto skip = [&](const std::string& field, std::int64_t least) {
      const std::string text = Field(field);
      const auto value = text.empty() ? std::optional<std::int64_t>(0) : NumberFrom<std::int64_t>(text);
      if (!value || *value < least) Refuse(name_, fmt::format("has an impossible {}", field));
      return *value;
    };
    header_.line_skip = skip("lineskip", 0);
    header_.byte_skip = skip("byteskip", header_.encoding == NrrdEncoding::kRaw ? -1 : 0);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  const std::string& name_;
  Fields fields_;
  NrrdHeader header_;
};

}  // namespace

std::size_t SizeOf(NrrdType type) {
  switch (type) {
    case NrrdType::kInt8:
    case NrrdType::kUint8: return 1;
    case NrrdType::kInt16:
    case NrrdType::kUint16: return 2;
    case NrrdType::kInt32:
    case NrrdType::kUint32:
    case NrrdType::kFloat32: return 4;
    case NrrdType::kInt64:
    case NrrdType::kUint64:
    case NrrdType::kFloat64: return 8;
  }
  base::Throw(base::ErrorKind::kInternal, "a NRRD type without a size");
}

std::int64_t NrrdHeader::layer_count() const {
  std::int64_t all = 1;
  for (const std::int64_t size : sizes) all *= size;
  return all / geometry.voxel_count();
}

std::uint64_t NrrdHeader::value_bytes() const {
  return static_cast<std::uint64_t>(geometry.voxel_count() * layer_count()) * SizeOf(type);
}

NrrdHeader ParseNrrdHeader(std::span<const std::byte> bytes, const std::string& name) {
  return HeaderReader(bytes, name).Read();
}

}  // namespace parotis::image
