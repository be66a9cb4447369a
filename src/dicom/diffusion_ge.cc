#include <algorithm>
#include <cmath>

#include "dicom/diffusion_readers.h"

namespace parotis::dicom {
namespace {

constexpr double kOffset = 1e9;
constexpr int kCombinedImage = 15;  // (0043,xx30): average over directions
// A direction of this length scales the b-value by its square: one table serves several shells.
constexpr double kShortestScaling = 0.03;
constexpr double kLongestScaling = 0.97;

bool IsEchoPlanar(const FrameItems& items) {
  const auto codes = Codes(*items.dataset, tag::kScanningSequence);
  return std::find(codes.begin(), codes.end(), "EP") != codes.end() ||
         Code(*items.dataset, tag::kEchoPlanarPulseSequence) == "YES";
}

std::optional<image::Vector3> Direction(DcmItem& dataset) {
  const auto x = Number(dataset, tag::kGeGradientX);
  const auto y = Number(dataset, tag::kGeGradientY);
  const auto z = Number(dataset, tag::kGeGradientZ);
  if (!x || !y || !z) return std::nullopt;
  return image::Vector3{*x, *y, *z};
}

}  // namespace

// (0043,xx39) exists in images that are not diffusion-weighted, too: only echo-planar ones are believed.
void ReadGeDiffusion(const FrameItems& items, DiffusionClaims& claims) {
  DcmItem& dataset = *items.dataset;
  if (!IsEchoPlanar(items)) return;
  const auto stored = Number(dataset, tag::kGeSlopIntegers);
  const bool combined = Number(dataset, tag::kGeRawDataType) == kCombinedImage;
  const auto direction = Direction(dataset);
  const double length = direction ? image::Norm(*direction) : 1;
  const bool scaled = length > kShortestScaling && length < kLongestScaling;
  if (stored) {
    const double b_s_mm2 = BValueFromGe(*stored);
    claims.AddB(b_s_mm2, "(0043,xx39)", Trust::kPrivate);
    if (scaled) {
      claims.b_values.push_back({b_s_mm2 * length * length, "(0043,xx39), scaled by the squared length of (0019,xxbb)",
                                 Trust::kEffective, b_s_mm2});
    }
    const auto type = Codes(dataset, tag::kImageType);
    if (*stored >= kOffset && !combined && !type.empty() && type.front() == "DERIVED")
      claims.calculated = "(0043,xx39) above 10^9 in a derived image";
  }
  if (combined) claims.trace = true;
  if (direction)
    claims.directions.push_back({*direction, GradientFrame::kFrequency, "(0019,xxbb)", scaled, std::nullopt});
}

double BValueFromGe(double stored) { return std::fmod(stored, kOffset); }

}  // namespace parotis::dicom
