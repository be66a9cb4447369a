// Pictures for reports and pages.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace parotis::image {

struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;  // height · width · 3, rows from the top

  Picture() = default;
  Picture(int w, int h, std::array<std::uint8_t, 3> colour = {0, 0, 0});
  void Set(int x, int y, std::array<std::uint8_t, 3> colour);  // ignored outside the picture
};

std::string EncodePng(const Picture& picture);

}  // namespace parotis::image
