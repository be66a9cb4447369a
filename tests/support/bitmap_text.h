// Draws text into pictures as consoles and workstations do: a bitmap font of 5 × 7 cells, blown up to any height.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "image/volume.h"

namespace parotis::test {

// Rows from the top, the leftmost cell in the highest of five bits. Our own drawing.
inline const std::map<char, std::array<std::uint8_t, 7>>& BitmapFont() {
  static const std::map<char, std::array<std::uint8_t, 7>> font = {
      {'A', {14, 17, 17, 31, 17, 17, 17}}, {'B', {30, 17, 17, 30, 17, 17, 30}}, {'C', {14, 17, 16, 16, 16, 17, 14}},
      {'D', {30, 17, 17, 17, 17, 17, 30}}, {'E', {31, 16, 16, 30, 16, 16, 31}}, {'F', {31, 16, 16, 30, 16, 16, 16}},
      {'G', {14, 17, 16, 23, 17, 17, 15}}, {'H', {17, 17, 17, 31, 17, 17, 17}}, {'I', {14, 4, 4, 4, 4, 4, 14}},
      {'J', {7, 2, 2, 2, 2, 18, 12}},      {'K', {17, 18, 20, 24, 20, 18, 17}}, {'L', {16, 16, 16, 16, 16, 16, 31}},
      {'M', {17, 27, 21, 21, 17, 17, 17}}, {'N', {17, 25, 21, 19, 17, 17, 17}}, {'O', {14, 17, 17, 17, 17, 17, 14}},
      {'P', {30, 17, 17, 30, 16, 16, 16}}, {'R', {30, 17, 17, 30, 20, 18, 17}}, {'S', {15, 16, 16, 14, 1, 1, 30}},
      {'T', {31, 4, 4, 4, 4, 4, 4}},       {'U', {17, 17, 17, 17, 17, 17, 14}}, {'V', {17, 17, 17, 17, 17, 10, 4}},
      {'W', {17, 17, 17, 21, 21, 21, 10}}, {'X', {17, 17, 10, 4, 10, 17, 17}},  {'Y', {17, 17, 10, 4, 4, 4, 4}},
      {'Z', {31, 1, 2, 4, 8, 16, 31}},     {'0', {14, 17, 19, 21, 25, 17, 14}}, {'1', {4, 12, 4, 4, 4, 4, 14}},
      {'2', {14, 17, 1, 2, 4, 8, 31}},     {'3', {31, 2, 4, 2, 1, 17, 14}},     {'4', {2, 6, 10, 18, 31, 2, 2}},
      {'5', {31, 16, 30, 1, 1, 17, 14}},   {'6', {6, 8, 16, 30, 17, 17, 14}},   {'7', {31, 1, 2, 4, 8, 8, 8}},
      {'8', {14, 17, 17, 14, 17, 17, 14}}, {'9', {14, 17, 17, 15, 1, 2, 12}},   {'.', {0, 0, 0, 0, 0, 12, 12}},
      {'-', {0, 0, 0, 31, 0, 0, 0}},       {' ', {0, 0, 0, 0, 0, 0, 0}},
  };
  return font;
}

struct DrawnText {
  std::string text = "MUSTER 12.03.1957";
  int height = 10;  // of a letter, pixels
  int column = 4, row = 4;
  float ink = 0;
  bool outlined = false;
  float outline = 0;

  // Cells are at least one pixel wide.
  int scale() const { return std::max(height, 7); }
  int width() const { return static_cast<int>(text.size()) * 6 * scale() / 7; }
};

// Into slice `k`. What lies outside the picture is not drawn.
inline void Draw(image::Volume& picture, std::int64_t k, const DrawnText& drawn) {
  const auto& size = picture.geometry.size;
  const auto inked = [&](int c, int r) {
    const int cell_row = r * 7 / drawn.height, cell_column = c * 7 / drawn.scale();
    if (c < 0 || r < 0 || r >= drawn.height) return false;
    const auto letter = static_cast<std::size_t>(cell_column / 6);
    if (letter >= drawn.text.size() || cell_column % 6 == 5) return false;
    return (BitmapFont().at(drawn.text[letter])[static_cast<std::size_t>(cell_row)] >> (4 - cell_column % 6) & 1) != 0;
  };
  for (int r = -1; r <= drawn.height; ++r) {
    for (int c = -1; c <= drawn.width(); ++c) {
      const std::int64_t i = drawn.column + c, j = drawn.row + r;
      if (i < 0 || j < 0 || i >= size[0] || j >= size[1]) continue;
      bool beside = false;
      for (int dr = -1; dr <= 1; ++dr) {
        for (int dc = -1; dc <= 1; ++dc) beside = beside || inked(c + dc, r + dr);
      }
      if (inked(c, r)) {
        picture.At(i, j, k) = drawn.ink;
      } else if (drawn.outlined && beside) {
        picture.At(i, j, k) = drawn.outline;
      }
    }
  }
}

}  // namespace parotis::test
