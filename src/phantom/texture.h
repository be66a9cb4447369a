// Smooth variation within a tissue: standard normal values kept in eight bits, cut at ±3.2.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace parotis::phantom {

inline constexpr double kTextureStep = 0.025;

inline double TextureOf(std::uint8_t code) { return (static_cast<double>(code) - 128) * kTextureStep; }
inline std::uint8_t CodeOfTexture(double texture) {
  return static_cast<std::uint8_t>(std::clamp(std::lround(texture / kTextureStep) + 128L, 0L, 255L));
}

}  // namespace parotis::phantom
