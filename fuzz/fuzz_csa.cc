// Whatever stands in the private attributes that speak of diffusion and mosaics: any bytes are a CSA header, a
// protocol, a list of positions, a remark, a sequence name, or none; and any claims are judged to a sound answer.
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>

#include "dicom/csa.h"
#include "dicom/diffusion.h"
#include "dicom/diffusion_readers.h"
#include "dicom/siemens_protocol.h"
#include "dicom/uih_grid.h"

namespace {

using namespace parotis::dicom;

// The bytes as finite numbers, which is what the attributes' readers hand on: b-values, then directions.
DiffusionClaims ClaimsFrom(std::span<const std::uint8_t> bytes) {
  DiffusionClaims claims;
  std::array<double, 4> numbers{};
  for (; bytes.size() >= 33 && claims.b_values.size() < 16; bytes = bytes.subspan(33)) {
    std::memcpy(numbers.data(), bytes.data() + 1, 32);
    for (double& number : numbers) number = std::isfinite(number) ? number : 0;
    const int kind = bytes.front();
    claims.b_values.push_back({numbers[0], "input", static_cast<Trust>(kind % 5), std::nullopt});
    claims.directions.push_back({{numbers[1], numbers[2], numbers[3]},
                                 static_cast<GradientFrame>(kind / 5 % 4),
                                 "input",
                                 kind > 200,
                                 std::nullopt});
    claims.directional = kind % 2 == 0;
  }
  return claims;
}

void CheckJudgement(const Diffusion& diffusion) {
  if (diffusion.b_value_s_mm2 && !(*diffusion.b_value_s_mm2 >= 0)) std::abort();
  if (!diffusion.gradient_world) return;
  if (!(std::abs(parotis::image::Norm(*diffusion.gradient_world) - 1) < 1e-6)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto header = ParseCsa(bytes)) {
    for (const auto& [name, items] : *header) CsaNumbers(*header, name);
  }
  ProtocolSliceCentres(ParseSiemensProtocol(text));
  ParseUihSlicePositions(bytes);
  ParseCanonRemark(text);
  BValueFromSequenceName(text);
  ImageAxes axes{std::array<double, 6>{1, 0, 0, 0, 1, 0}, size % 2 == 0 ? "COL" : "ROW"};
  CheckJudgement(JudgeDiffusion(ClaimsFrom({data, size}), axes));
  return 0;
}
