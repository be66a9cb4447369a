// Pictures with text in them, as it is burned in: white, black, with or without an outline, 6 to 24 pixels high, in all
// slices or in one, in a corner or anywhere.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/random.h"
#include "tests/support/bitmap_text.h"

namespace parotis::test {

struct Planting {
  bool drawn = false;  // the picture is large enough for it
  std::string kind;
  int height = 0, column = 0, row = 0;
};

// Whether the text stands out: black letters without an outline on black air are no text.
inline bool StandsOut(const image::Volume& volume, std::int64_t k, const DrawnText& text) {
  std::vector<float> below;
  for (int r = 0; r < text.height; ++r) {
    for (int c = 0; c < text.width(); ++c) below.push_back(volume.At(text.column + c, text.row + r, k));
  }
  std::nth_element(below.begin(), below.begin() + static_cast<std::ptrdiff_t>(below.size() / 4), below.end());
  const auto plane = static_cast<std::ptrdiff_t>(volume.geometry.size[0] * volume.geometry.size[1]);
  const float* slice = &volume.At(0, 0, k);
  const auto [low, high] = std::minmax_element(slice, slice + plane);
  return std::abs(below[below.size() / 4] - text.ink) > 0.12F * (*high - *low);
}

inline Planting PlantText(image::Volume& volume, base::Random& random) {
  static const std::vector<std::string> texts = {"MUSTER 12.03.1957", "HANS MEIER", "ID 4711-08",     "DOE JOHN",
                                                 "1957-03-12",        "MRN 00815",  "KLINIK X RAUM 3"};
  Planting planting;
  const auto& size = volume.geometry.size;
  DrawnText text;
  text.text = texts[static_cast<std::size_t>(random.Integer(static_cast<std::int64_t>(texts.size())))];
  text.height = planting.height = 6 + static_cast<int>(random.Integer(19));
  const bool white = random.Chance(0.5);
  text.outlined = random.Chance(0.5);
  const bool everywhere = random.Chance(0.7), corner = random.Chance(0.6);
  if (text.width() + 6 > size[0] || text.height + 6 > size[1]) return planting;
  const std::int64_t most_left = size[0] - text.width() - 3, lowest = size[1] - text.height - 3;
  const bool right = random.Chance(0.5), bottom = random.Chance(0.5);
  text.column = static_cast<int>(corner ? (right ? most_left : 3) : random.Integer(most_left));
  text.row = static_cast<int>(corner ? (bottom ? lowest : 3) : random.Integer(lowest));
  const auto [low, high] = std::minmax_element(volume.voxels.begin(), volume.voxels.end());
  text.ink = white ? *high : *low;
  text.outline = white ? *low : *high;
  planting.kind = std::string(white ? "white" : "black") + (text.outlined ? ", outlined" : ", plain") +
                  (everywhere ? ", all slices" : ", one slice");
  planting.column = text.column, planting.row = text.row;
  const std::int64_t only = random.Integer(size[2]);
  int readable = 0;
  for (std::int64_t k = 0; k < size[2]; ++k) {
    if (!everywhere && k != only) continue;
    readable += text.outlined || StandsOut(volume, k, text) ? 1 : 0;
    Draw(volume, k, text);
  }
  planting.drawn = 2 * readable > (everywhere ? size[2] : 1);
  return planting;
}

}  // namespace parotis::test
