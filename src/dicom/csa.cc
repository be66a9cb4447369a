#include "dicom/csa.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "dicom/attributes.h"
#include "dicom/text.h"

namespace parotis::dicom {
namespace {

constexpr std::uint32_t kMostElements = 1024;
constexpr std::uint32_t kMostItems = 4096;

// Reads forward; the first read beyond the end makes it `failed` for good.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  bool failed() const { return failed_; }

  std::string_view Take(std::size_t count) {
    if (failed_ || count > bytes_.size()) {
      failed_ = true;
      return {};
    }
    const std::string_view taken(reinterpret_cast<const char*>(bytes_.data()), count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }
  // The last item of a header may lack its padding.
  void SkipPadding(std::size_t count) { bytes_ = bytes_.subspan(std::min(count, bytes_.size())); }

  std::uint32_t Uint32() {
    const std::string_view raw = Take(4);
    std::uint32_t value = 0;
    if (!failed_) std::memcpy(&value, raw.data(), 4);
    return value;
  }

 private:
  std::span<const std::byte> bytes_;
  bool failed_ = false;
};

std::string_view UpToNul(std::string_view text) { return text.substr(0, text.find('\0')); }

struct Format {
  bool sv10 = false;
  std::uint32_t first_item_count = 0;  // the older format adds it to every length
};

// The items of one element. False when the bytes break off.
bool ReadItems(Reader& reader, const Format& format, std::uint32_t count, std::vector<std::string>& items) {
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t first = reader.Uint32();
    const std::uint32_t second = reader.Uint32();
    reader.Take(8);
    const std::uint32_t length = format.sv10 ? second : first - format.first_item_count;
    const std::string_view value = reader.Take(length);
    if (reader.failed()) return false;
    reader.SkipPadding((4 - length % 4) % 4);
    const std::string text = CleanText(UpToNul(value));
    if (!text.empty()) items.push_back(text);
  }
  return true;
}

}  // namespace

std::optional<CsaHeader> ParseCsa(std::span<const std::byte> bytes) {
  Reader reader(bytes);
  Format format;
  format.sv10 = bytes.size() >= 4 && std::memcmp(bytes.data(), "SV10", 4) == 0;
  if (format.sv10) reader.Take(8);
  const std::uint32_t element_count = reader.Uint32();
  reader.Uint32();
  if (reader.failed() || element_count == 0 || element_count > kMostElements) return std::nullopt;
  CsaHeader header;
  for (std::uint32_t e = 0; e < element_count; ++e) {
    const std::string name = CleanText(UpToNul(reader.Take(64)));
    reader.Take(12);  // multiplicity, representation, its number
    const std::uint32_t item_count = reader.Uint32();
    reader.Take(4);
    if (reader.failed() || item_count > kMostItems) return std::nullopt;
    if (e == 0) format.first_item_count = item_count;
    if (!ReadItems(reader, format, item_count, header[name])) return std::nullopt;
  }
  return header;
}

std::optional<CsaHeader> ReadCsa(DcmItem& dataset) {
  const auto tag = Resolve(dataset, tag::kSiemensCsaImageHeader);
  if (!tag) return std::nullopt;
  const std::string raw = RawText(dataset, *tag);
  return ParseCsa(std::as_bytes(std::span(raw)));
}

std::vector<double> CsaNumbers(const CsaHeader& header, const std::string& name) {
  const auto found = header.find(name);
  if (found == header.end()) return {};
  std::vector<double> values;
  for (const std::string& item : found->second) {
    const auto value = ParseNumber(item);
    if (!value) return {};
    values.push_back(*value);
  }
  return values;
}

}  // namespace parotis::dicom
