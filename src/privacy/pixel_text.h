// Text drawn into pictures (names, dates, numbers), found by how it is drawn, not by what it says: small pieces of one
// value, brighter or darker than what lies around, as high as each other, of one stroke width, side by side on a line,
// and in the same place in the pictures of a series. It is not read.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "image/volume.h"

namespace parotis::privacy {

struct TextLine {
  int column = 0, row = 0, width = 0, height = 0;  // the box around it, in pixels from the picture's first
  std::int64_t slice = -1;                         // in which it was found; −1: in the same place in most of them
  int characters = 0;                              // pieces; letters that touch count as one
};

// `pictures`: each slice (k) is a picture as it is stored, not resampled. Lines of at least kFewestCharacters pieces, 5
// to 48 pixels high. What is written in the brightness of its surroundings, or across structures of its own
// brightness, is not seen.
inline constexpr int kFewestCharacters = 4;
std::vector<TextLine> FindText(const image::Volume& pictures);

// "6 characters at column 12, row 430, 61 × 9 pixels": without a full stop.
std::string Describe(const TextLine& line);

}  // namespace parotis::privacy
