#include "dicom/diffusion_series.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <string_view>

namespace parotis::dicom {
namespace {

constexpr auto kAdcTypes =
    std::to_array<std::string_view>({"ADC", "ADC_UNSPECIFIED", "APPARENT_DIFFUSION", "DIFFUSION_ADC"});
constexpr auto kOtherMapTypes = std::to_array<std::string_view>(
    {"FA",   "COLFA", "FA_COLOR", "TENSOR", "TENSOR_B0", "EADC",   "EXP",   "EXP_ADC", "RA",
     "VR",   "MD",    "AD",       "RD",     "TRACE_ADC", "L1",     "L2",    "L3",      "RCBV",
     "RCBF", "MTT",   "TTP",      "PBP",    "GBP",       "T1 MAP", "T2 MAP"});

// The first two values say ORIGINAL\PRIMARY or not.
std::string FirstOf(std::span<const std::string_view> wanted, const std::vector<std::string>& image_type) {
  for (std::size_t i = 2; i < image_type.size(); ++i) {
    if (std::find(wanted.begin(), wanted.end(), image_type[i]) != wanted.end()) return image_type[i];
  }
  return {};
}

bool IsMap(const PlaneHeader& plane) {
  return !AdcTypeIn(plane.image_type).empty() || !OtherMapTypeIn(plane.image_type).empty();
}

bool LeavesOutZero(const std::string& name) {
  const std::string manufacturer = base::AsciiUpper(name);
  return manufacturer.find("TOSHIBA") != std::string::npos || manufacturer.find("CANON") != std::string::npos;
}

void FillInZeros(std::vector<PlaneHeader>& planes) {
  const auto weighted = std::find_if(planes.begin(), planes.end(), [](const PlaneHeader& plane) {
    return plane.diffusion.b_value_s_mm2.value_or(0) > 0 && plane.diffusion.calculated.empty();
  });
  if (weighted == planes.end()) return;
  const PlaneHeader& pattern = *weighted;
  for (PlaneHeader& plane : planes) {
    if (plane.diffusion.b_value_s_mm2 || IsMap(plane) || plane.image_type != pattern.image_type) continue;
    if (plane.size != pattern.size || plane.echo_time_ms != pattern.echo_time_ms) continue;
    plane.diffusion.b_value_s_mm2 = 0;
    plane.diffusion.b_value_source = "the absence of the attribute that the series' weighted images have";
    plane.diffusion.evidence = true;
  }
}

}  // namespace

std::string AdcTypeIn(const std::vector<std::string>& image_type) { return FirstOf(kAdcTypes, image_type); }
std::string OtherMapTypeIn(const std::vector<std::string>& image_type) { return FirstOf(kOtherMapTypes, image_type); }

void SettleDiffusion(std::vector<PlaneHeader>& planes, const std::string& manufacturer) {
  const bool diffusion =
      std::any_of(planes.begin(), planes.end(), [](const PlaneHeader& p) { return p.diffusion.evidence; });
  if (!diffusion) {
    for (PlaneHeader& plane : planes) plane.diffusion = {};
    return;
  }
  if (LeavesOutZero(manufacturer)) FillInZeros(planes);
  for (PlaneHeader& plane : planes) {
    if (plane.diffusion.b_value_s_mm2 || !plane.diffusion.evidence || IsMap(plane)) continue;
    plane.diffusion.flags.push_back(base::Found(
        "b_value_missing", "it says that it is a diffusion image, but none of its attributes has a b-value"));
  }
}

}  // namespace parotis::dicom
