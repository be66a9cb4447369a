#include "image/nrrd.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/number.h"
#include "image/nrrd_encoding.h"
#include "image/nrrd_header.h"

namespace parotis::image {
namespace {

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{1} << 36;
constexpr std::uint64_t kMaxSkippedBytes = std::uint64_t{1} << 24;
constexpr int kMaxSegments = 4096;

[[noreturn]] void Refuse(const std::string& name, const std::string& fact, const char* remedy = "copy it again") {
  base::Throw(base::ErrorKind::kInput, fmt::format("{} {}; {}", name, fact, remedy));
}

std::span<const std::byte> WithoutLines(std::span<const std::byte> bytes, std::int64_t lines, const std::string& name) {
  for (std::int64_t line = 0; line < lines; ++line) {
    const auto end = std::find(bytes.begin(), bytes.end(), std::byte{'\n'});
    if (end == bytes.end()) Refuse(name, "ends within the lines that its header says to skip");
    bytes = bytes.subspan(static_cast<std::size_t>(end - bytes.begin()) + 1);
  }
  return bytes;
}

// Exactly the bytes of the values; `unpacked` holds them when they were encoded.
std::span<const std::byte> ValueBytes(std::span<const std::byte> bytes, const NrrdHeader& header,
                                      const std::string& name, std::vector<std::byte>& unpacked) {
  const std::uint64_t wanted = header.value_bytes();
  bytes = WithoutLines(bytes, header.line_skip, name);
  auto skipped = static_cast<std::uint64_t>(std::max<std::int64_t>(header.byte_skip, 0));
  if (skipped > kMaxSkippedBytes) Refuse(name, fmt::format("says that {} bytes are to be skipped", skipped));
  const bool text = header.encoding == NrrdEncoding::kHex || header.encoding == NrrdEncoding::kText;
  if (text) bytes = bytes.subspan(std::min<std::uint64_t>(std::exchange(skipped, 0), bytes.size()));
  if (header.encoding != NrrdEncoding::kRaw) {
    unpacked = DecodedValues(bytes, header.encoding, header.type, skipped + wanted, name);
    bytes = unpacked;
  }
  if (bytes.size() < skipped + wanted)
    Refuse(name, fmt::format("is cut off: it holds {} of {} bytes of values", bytes.size(), skipped + wanted));
  return header.byte_skip < 0 ? bytes.last(wanted) : bytes.subspan(skipped, wanted);
}

template <class T>
float Load(const std::byte* at, bool swapped) {
  std::array<std::byte, sizeof(T)> raw;
  std::copy_n(at, sizeof(T), raw.begin());
  if (swapped) std::reverse(raw.begin(), raw.end());
  const T value = std::bit_cast<T>(raw);
  if constexpr (std::is_same_v<T, double>) {
    if (value > std::numeric_limits<float>::max()) return std::numeric_limits<float>::infinity();
    if (value < std::numeric_limits<float>::lowest()) return -std::numeric_limits<float>::infinity();
  }
  return static_cast<float>(value);
}

// Where axes lie in the file: the distance between neighbours along i, j, k and the first value of a layer.
struct Layout {
  std::array<std::size_t, 3> stride{};
  std::size_t first = 0;
};

Layout LayoutOf(const NrrdHeader& header, std::int64_t layer) {
  Layout layout;
  std::size_t stride = 1;
  for (std::size_t axis = 0; axis < header.sizes.size(); ++axis) {
    const auto* const spatial = std::find(header.spatial_axes.begin(), header.spatial_axes.end(), axis);
    if (spatial != header.spatial_axes.end()) {
      layout.stride[static_cast<std::size_t>(spatial - header.spatial_axes.begin())] = stride;
    } else {
      layout.first += stride * static_cast<std::size_t>(layer % header.sizes[axis]);
      layer /= header.sizes[axis];
    }
    stride *= static_cast<std::size_t>(header.sizes[axis]);
  }
  return layout;
}

template <class T>
Volume Decode(std::span<const std::byte> values, const NrrdHeader& header, const Layout& layout) {
  Volume volume(header.geometry);
  const auto& size = header.geometry.size;
  std::size_t at = 0;
  for (std::size_t k = 0; k < static_cast<std::size_t>(size[2]); ++k) {
    for (std::size_t j = 0; j < static_cast<std::size_t>(size[1]); ++j) {
      const std::size_t row = layout.first + j * layout.stride[1] + k * layout.stride[2];
      for (std::size_t i = 0; i < static_cast<std::size_t>(size[0]); ++i)
        volume.voxels[at++] = Load<T>(values.data() + sizeof(T) * (row + i * layout.stride[0]), header.swapped);
    }
  }
  return volume;
}

Volume DecodeLayer(std::span<const std::byte> values, const NrrdHeader& header, std::int64_t layer) {
  const Layout layout = LayoutOf(header, layer);
  switch (header.type) {
    case NrrdType::kInt8: return Decode<std::int8_t>(values, header, layout);
    case NrrdType::kUint8: return Decode<std::uint8_t>(values, header, layout);
    case NrrdType::kInt16: return Decode<std::int16_t>(values, header, layout);
    case NrrdType::kUint16: return Decode<std::uint16_t>(values, header, layout);
    case NrrdType::kInt32: return Decode<std::int32_t>(values, header, layout);
    case NrrdType::kUint32: return Decode<std::uint32_t>(values, header, layout);
    case NrrdType::kInt64: return Decode<std::int64_t>(values, header, layout);
    case NrrdType::kUint64: return Decode<std::uint64_t>(values, header, layout);
    case NrrdType::kFloat32: return Decode<float>(values, header, layout);
    case NrrdType::kFloat64: return Decode<double>(values, header, layout);
  }
  base::Throw(base::ErrorKind::kInternal, "a NRRD type without a decoder");
}

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return parts;
}

// 3D Slicer's terminology entry: context~category~type~type modifier~anatomic context~region~region modifier, each code
// scheme^value^meaning; entries of Tags are separated by '|'.
std::vector<std::string> CodesFrom(const std::string& tags) {
  constexpr std::string_view kEntry = "TerminologyEntry:";
  std::vector<std::string> codes;
  for (const std::string& tag : Split(tags, '|')) {
    if (!tag.starts_with(kEntry)) continue;
    const std::vector<std::string> parts = Split(std::string_view(tag).substr(kEntry.size()), '~');
    for (const std::size_t part : {2, 3}) {
      if (part >= parts.size()) continue;
      const std::vector<std::string> code = Split(parts[part], '^');
      if (code.size() >= 2 && !code[0].empty() && !code[1].empty()) codes.push_back(code[0] + ":" + code[1]);
    }
  }
  return codes;
}

class SegmentReader {
 public:
  SegmentReader(const NrrdHeader& header, const std::string& name) : header_(header), name_(name) {}

  std::vector<NrrdSegment> Read() const {
    std::vector<NrrdSegment> segments;
    for (int number = 0; number < kMaxSegments; ++number) {
      const std::string prefix = fmt::format("Segment{}_", number);
      const std::string* id = Entry(prefix + "ID");
      const std::string* segment_name = Entry(prefix + "Name");
      if (id == nullptr && segment_name == nullptr) break;
      NrrdSegment segment;
      segment.id = id == nullptr ? "" : *id;
      segment.name = segment_name == nullptr ? *id : *segment_name;
      // Before LabelValue and Layer were written (Slicer 4.10), every structure had a layer of its own with the
      // value 1.
      segment.value = Number(prefix + "LabelValue", 1);
      segment.layer = static_cast<std::size_t>(Number(prefix + "Layer", number));
      if (segment.value < 1 || segment.layer >= static_cast<std::size_t>(header_.layer_count()))
        Refuse(name_,
               fmt::format("places its structure \"{}\" in a layer or value that it does not have", segment.name),
               "save the segmentation again");
      if (const std::string* tags = Entry(prefix + "Tags")) segment.codes = CodesFrom(*tags);
      segments.push_back(std::move(segment));
    }
    return segments;
  }

 private:
  const std::string* Entry(const std::string& key) const {
    const auto found = header_.entries.find(key);
    return found == header_.entries.end() ? nullptr : &found->second;
  }
  int Number(const std::string& key, int otherwise) const {
    const std::string* text = Entry(key);
    if (text == nullptr) return otherwise;
    const auto value = base::NumberFrom<int>(*text);
    if (!value || *value < 0)
      Refuse(name_, fmt::format("gives {} as \"{}\"", key, *text), "save the segmentation again");
    return *value;
  }

  const NrrdHeader& header_;
  const std::string& name_;
};

Nrrd Decoded(std::span<const std::byte> bytes, const NrrdHeader& header, const std::string& name) {
  Nrrd nrrd;
  nrrd.segments = SegmentReader(header, name).Read();
  std::vector<std::byte> unpacked;
  const std::span<const std::byte> values = ValueBytes(bytes, header, name, unpacked);
  for (std::int64_t layer = 0; layer < header.layer_count(); ++layer)
    nrrd.layers.push_back(DecodeLayer(values, header, layer));
  return nrrd;
}

// The file beside `path` that a detached header names: a plain name, so that a header cannot make this program read
// files elsewhere.
std::filesystem::path DataFile(const std::filesystem::path& path, const std::string& data_file) {
  const std::string name = data_file.starts_with("./") ? data_file.substr(2) : data_file;
  if (name.starts_with("LIST") || name.find('%') != std::string::npos)
    Refuse(path.string(), "keeps its values in several files", "save it as one .nrrd");
  if (name.find_first_of("/\\") != std::string::npos || name == "..")
    Refuse(path.string(), fmt::format("keeps its values in another folder ({})", data_file),
           "put the two side by side");
  return path.parent_path() / name;
}

}  // namespace

Nrrd ParseNrrd(std::span<const std::byte> bytes, const std::string& name) {
  const NrrdHeader header = ParseNrrdHeader(bytes, name);
  if (!header.data_file.empty()) Refuse(name, "is a header whose values are in another file", "save it as one .nrrd");
  return Decoded(bytes.subspan(header.data_offset), header, name);
}

Nrrd ReadNrrd(const std::filesystem::path& path) {
  const std::string content = base::ReadFile(path, kMaxFileBytes);
  const std::span<const std::byte> bytes = std::as_bytes(std::span(content));
  const NrrdHeader header = ParseNrrdHeader(bytes, path.string());
  if (header.data_file.empty()) return Decoded(bytes.subspan(header.data_offset), header, path.string());
  const std::filesystem::path data_file = DataFile(path, header.data_file);
  const std::string values = base::ReadFile(data_file, kMaxFileBytes);
  return Decoded(std::as_bytes(std::span(values)), header, data_file.string());
}

}  // namespace parotis::image
