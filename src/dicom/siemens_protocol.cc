#include "dicom/siemens_protocol.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "base/text.h"
#include "dicom/text.h"

namespace parotis::dicom {
namespace {

constexpr std::size_t kMostLines = 200000;
constexpr double kMostSlices = 1024;

std::string_view Unquoted(std::string_view text) {
  while (!text.empty() && text.front() == '"') text.remove_prefix(1);
  while (!text.empty() && text.back() == '"') text.remove_suffix(1);
  return text;
}

double NumberOr0(const SiemensProtocol& protocol, const std::string& key) {
  const auto found = protocol.find(key);
  return found == protocol.end() ? 0 : ParseNumber(found->second).value_or(0);
}

}  // namespace

SiemensProtocol ParseSiemensProtocol(std::string_view bytes) {
  SiemensProtocol protocol;
  const auto begin = bytes.find("### ASCCONV BEGIN");
  if (begin == std::string_view::npos) return protocol;
  std::string_view rest = bytes.substr(begin);
  rest = rest.substr(0, rest.find("### ASCCONV END"));
  for (std::size_t line = 0; !rest.empty() && line < kMostLines; ++line) {
    const auto end = rest.find('\n');
    const std::string_view text = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || text.starts_with("###")) continue;
    protocol.emplace(base::Trimmed(text.substr(0, equals)), Unquoted(base::Trimmed(text.substr(equals + 1))));
  }
  return protocol;
}

SiemensProtocol ReadSiemensProtocol(const FrameItems& items) {
  if (const auto tag = Resolve(*items.dataset, tag::kSiemensCsaSeriesHeader)) {
    SiemensProtocol protocol = ParseSiemensProtocol(RawText(*items.dataset, *tag));
    if (!protocol.empty()) return protocol;
  }
  for (DcmItem* holder : {items.shared, items.dataset}) {
    if (holder == nullptr) continue;
    if (const auto tag = Resolve(*holder, tag::kSiemensSdsProtocol))
      return ParseSiemensProtocol(RawText(*holder, *tag));
  }
  return {};
}

std::vector<image::Vector3> ProtocolSliceCentres(const SiemensProtocol& protocol) {
  const double count = NumberOr0(protocol, "sSliceArray.lSize");
  if (!(count >= 1) || count > kMostSlices || count != std::floor(count)) return {};
  constexpr std::array<const char*, 3> kAxes = {"dSag", "dCor", "dTra"};
  std::vector<image::Vector3> centres(static_cast<std::size_t>(count));
  for (std::size_t n = 0; n < centres.size(); ++n) {
    for (std::size_t d = 0; d < 3; ++d)
      centres[n][d] = NumberOr0(protocol, fmt::format("sSliceArray.asSlice[{}].sPosition.{}", n, kAxes[d]));
  }
  return centres;
}

}  // namespace parotis::dicom
