#include "dicom/lossy_compression.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <string_view>
#include <vector>

#include "dicom/attributes.h"
#include "dicom/derived_object.h"
#include "dicom/put.h"

namespace parotis::dicom {
namespace {

// JPEG baseline and extended. What JPEG-LS and JPEG 2000 lose, their transfer syntaxes do not tell.
constexpr std::array<std::string_view, 2> kAlwaysLossy = {"1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51"};
constexpr const char* kJpeg = "ISO_10918_1";  // PS3.3 C.7.6.1.1.5.1

// PS3.5 6.2, CS.
bool IsCodeString(const std::string& text) {
  constexpr std::size_t kLongest = 16;
  return !text.empty() && text.size() <= kLongest && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ' ';
  });
}

double OverallRatio(const LossyCompression& lossy) {
  return std::accumulate(lossy.ratios.begin(), lossy.ratios.end(), 1.0, std::multiplies<>());
}

}  // namespace

std::optional<LossyCompression> ReadLossyCompression(DcmItem& dataset, const std::string& transfer_syntax_uid) {
  const bool lossy_now = std::find(kAlwaysLossy.begin(), kAlwaysLossy.end(), transfer_syntax_uid) != kAlwaysLossy.end();
  if (!lossy_now && Code(dataset, tag::kLossyImageCompression) != "01") return std::nullopt;
  LossyCompression lossy{Numbers(dataset, tag::kLossyImageCompressionRatio),
                         Codes(dataset, tag::kLossyImageCompressionMethod)};
  if (!std::all_of(lossy.methods.begin(), lossy.methods.end(), IsCodeString)) lossy.methods.clear();
  if (lossy_now && lossy.methods.empty()) lossy.methods = {kJpeg};
  return lossy;
}

std::optional<LossyCompression> HeaviestCompressionOf(const std::vector<FileReference>& files) {
  std::optional<LossyCompression> heaviest;
  for (const FileReference& file : files) {
    if (file.lossy && (!heaviest || OverallRatio(*file.lossy) > OverallRatio(*heaviest))) heaviest = file.lossy;
  }
  return heaviest;
}

void PutLossyCompression(DcmItem& item, const std::optional<LossyCompression>& lossy) {
  Put(item, DCM_LossyImageCompression, lossy ? "01" : "00");
  if (lossy && !lossy->ratios.empty()) {
    std::vector<std::string> ratios;
    for (const double ratio : lossy->ratios) ratios.push_back(DecimalString(ratio));
    Put(item, DCM_LossyImageCompressionRatio, fmt::format("{}", fmt::join(ratios, "\\")));
  }
  if (lossy && !lossy->methods.empty())
    Put(item, DCM_LossyImageCompressionMethod, fmt::format("{}", fmt::join(lossy->methods, "\\")));
}

}  // namespace parotis::dicom
