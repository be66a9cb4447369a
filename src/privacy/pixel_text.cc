#include "privacy/pixel_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include "image/components.h"

namespace parotis::privacy {
namespace {

using image::LabelVolume;
using image::Volume;

// Ink: within this share of the picture's range from the value it is drawn in.
constexpr float kInkBand = 0.02F;
// A value that so many pixels have, so many times more than the values about as bright: something was drawn in it.
constexpr int kLeastDrawn = 40;
constexpr double kDrawnOverNeighbours = 8;
constexpr int kNeighbourValues = 8;
constexpr std::size_t kMostDrawnValues = 4;

// Pieces.
constexpr int kLowest = 5, kHighest = 48;  // pixels
constexpr int kWidest = 6;                 // times the height: letters that touch
constexpr double kThickest = 0.42;         // stroke over height: discs and blobs are thicker
// Lines: heights of small and capital letters, ends of g and p, gaps of words.
constexpr double kHeights = 1.5;
constexpr double kAlignment = 0.2;  // of the height
constexpr double kGap = 1.5;        // of the height; the gap of a word is 1.2 to 1.5 times it in fonts of one width
constexpr double kStrokes = 2;
constexpr double kLetterGap = 0.6;     // of the height; most gaps are those between letters
constexpr double kSameHeight = 0.15;   // of the median's; capitals and digits are as high as each other
constexpr double kOfSameHeight = 0.6;  // of the pieces
constexpr double kLineHeight = 1.5;    // of the tallest piece
// In a single picture a line has to be longer than where several pictures agree.
constexpr int kFewestInOne = 6;
constexpr std::size_t kFewestPieces = 3;
constexpr double kAgreeing = 0.7;  // of the pictures
constexpr std::int64_t kFewestPictures = 3;
// Between ink and the pixels beside it, of the picture's range: what is drawn has sharp borders, and what is drawn in
// exactly one value may differ less.
constexpr double kContrast = 0.2;
constexpr double kContrastOfConstant = 0.07;
constexpr float kConstant = 1e-4F;

struct Picture {
  int columns = 0, rows = 0;
  const float* values = nullptr;
  float low = 0, high = 0;

  float At(int c, int r) const { return values[static_cast<std::ptrdiff_t>(r) * columns + c]; }
  float range() const { return high - low; }
};

struct Piece {
  int id = 0;
  int left = 0, right = 0, top = 0, bottom = 0;  // inclusive
  double stroke = 0;
  int line = 0;

  int height() const { return bottom - top + 1; }
  int width() const { return right - left + 1; }
  // A letter is about as wide as high, or narrower.
  int characters() const { return std::max(1, width() / height()); }
};

// One-slice mask of what is drawn in `ink`.
LabelVolume InkMask(const Picture& picture, float ink) {
  image::Geometry grid;
  grid.size = {picture.columns, picture.rows, 1};
  LabelVolume mask(grid);
  const float band = kInkBand * picture.range();
  for (std::size_t v = 0; v < mask.voxels.size(); ++v) mask.voxels[v] = std::abs(picture.values[v] - ink) <= band;
  return mask;
}

// Length of the run of ink through every pixel, along rows (step 1) or columns.
std::vector<int> Runs(const LabelVolume& mask, bool along_rows) {
  const auto columns = mask.geometry.size[0], rows = mask.geometry.size[1];
  std::vector<int> runs(mask.voxels.size(), 0);
  const std::int64_t lines = along_rows ? rows : columns, length = along_rows ? columns : rows;
  const auto at = [&](std::int64_t line, std::int64_t n) {
    return static_cast<std::size_t>(along_rows ? line * columns + n : n * columns + line);
  };
  for (std::int64_t line = 0; line < lines; ++line) {
    for (std::int64_t n = 0; n < length;) {
      std::int64_t end = n;
      while (end < length && mask.voxels[at(line, end)] != 0) ++end;
      for (std::int64_t m = n; m < end; ++m) runs[at(line, m)] = static_cast<int>(end - n);
      n = std::max(end, n + 1);
    }
  }
  return runs;
}

// Connected pieces that are as large, as thin and as narrow as letters.
std::vector<Piece> PiecesOf(const LabelVolume& mask, const image::Components& components) {
  const int columns = static_cast<int>(mask.geometry.size[0]);
  std::vector<Piece> pieces(static_cast<std::size_t>(components.count()));
  for (std::size_t p = 0; p < pieces.size(); ++p)
    pieces[p] = {static_cast<int>(p) + 1, columns, -1, static_cast<int>(mask.geometry.size[1]), -1, 0, 0};
  for (std::size_t v = 0; v < mask.voxels.size(); ++v) {
    if (components.ids.voxels[v] == 0) continue;
    Piece& piece = pieces[static_cast<std::size_t>(components.ids.voxels[v] - 1)];
    const int c = static_cast<int>(v) % columns, r = static_cast<int>(v) / columns;
    piece.left = std::min(piece.left, c), piece.right = std::max(piece.right, c);
    piece.top = std::min(piece.top, r), piece.bottom = std::max(piece.bottom, r);
  }
  std::erase_if(pieces, [](const Piece& p) {
    return p.height() < kLowest || p.height() > kHighest || p.width() > kWidest * p.height();
  });
  const std::vector<int> across = Runs(mask, true), down = Runs(mask, false);
  for (Piece& piece : pieces) {
    std::vector<int> thickness;
    for (int r = piece.top; r <= piece.bottom; ++r) {
      for (int c = piece.left; c <= piece.right; ++c) {
        const auto v = static_cast<std::size_t>(r) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(c);
        if (components.ids.voxels[v] == piece.id) thickness.push_back(std::min(across[v], down[v]));
      }
    }
    const auto middle = thickness.begin() + static_cast<std::ptrdiff_t>(thickness.size() / 2);
    std::nth_element(thickness.begin(), middle, thickness.end());
    piece.stroke = *middle;
  }
  std::erase_if(pieces, [](const Piece& p) { return p.stroke > kThickest * p.height(); });
  return pieces;
}

bool Follows(const Piece& a, const Piece& b) {
  const double height = std::max(a.height(), b.height());
  const double lower = std::min(a.height(), b.height());
  if (height > kHeights * lower) return false;
  const double off = std::max(1.0, kAlignment * height);
  if (std::abs(a.bottom - b.bottom) > off && std::abs(a.top - b.top) > off) return false;
  const int gap = b.left - a.right;
  if (gap < 0 || gap > std::max(2.0, kGap * height)) return false;
  const double thin = std::min(a.stroke, b.stroke), thick = std::max(a.stroke, b.stroke);
  return thick <= kStrokes * thin || thick - thin <= 1;
}

// Lines of pieces that follow each other from left to right.
std::vector<std::vector<Piece>> LinesOf(std::vector<Piece> pieces) {
  std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.left < b.left; });
  std::vector<std::size_t> leader(pieces.size());
  std::iota(leader.begin(), leader.end(), 0);
  const auto find = [&](std::size_t p) {
    while (leader[p] != p) p = leader[p] = leader[leader[p]];
    return p;
  };
  for (std::size_t b = 0; b < pieces.size(); ++b) {
    for (std::size_t a = b; a-- > 0;) {
      if (pieces[a].left < pieces[b].left - (kWidest + 2) * kHighest) break;
      if (Follows(pieces[a], pieces[b])) leader[find(b)] = find(a);
    }
  }
  std::map<std::size_t, std::vector<Piece>> lines;
  for (std::size_t p = 0; p < pieces.size(); ++p) lines[find(p)].push_back(pieces[p]);
  std::vector<std::vector<Piece>> found;
  for (auto& [first, line] : lines) found.push_back(std::move(line));
  return found;
}

// Most pieces are as high as the others and as near to the next as letters of a word, and the line does not climb.
bool IsStraightAndClose(std::vector<Piece> line) {
  std::sort(line.begin(), line.end(), [](const Piece& a, const Piece& b) { return a.left < b.left; });
  int top = line[0].top, bottom = line[0].bottom, tallest = 0;
  std::vector<double> gaps;
  std::vector<int> heights;
  for (std::size_t n = 0; n < line.size(); ++n) {
    heights.push_back(line[n].height());
    top = std::min(top, line[n].top), bottom = std::max(bottom, line[n].bottom);
    tallest = std::max(tallest, line[n].height());
    if (n > 0) gaps.push_back(line[n].left - line[n - 1].right);
  }
  if (bottom - top + 1 > kLineHeight * tallest) return false;
  const auto median = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2);
  std::nth_element(heights.begin(), median, heights.end());
  const double usual = *median;
  const auto same = std::count_if(heights.begin(), heights.end(),
                                  [&](int h) { return std::abs(h - usual) <= std::max(1.0, kSameHeight * usual); });
  if (static_cast<double>(same) < kOfSameHeight * static_cast<double>(heights.size())) return false;
  const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
  std::nth_element(gaps.begin(), middle, gaps.end());
  return *middle <= std::max(2.0, kLetterGap * tallest);
}

struct Sharpness {
  double contrast = 0;  // median over the border, of the picture's range
  bool constant = true;
};

Sharpness SharpnessOf(const std::vector<Piece>& line, const image::Components& components, const Picture& picture,
                      float ink) {
  std::vector<float> steps;
  Sharpness sharpness;
  const auto id = [&](int c, int r) { return components.ids.At(c, r, 0); };
  for (const Piece& piece : line) {
    for (int r = piece.top; r <= piece.bottom; ++r) {
      for (int c = piece.left; c <= piece.right; ++c) {
        if (id(c, r) != piece.id) continue;
        sharpness.constant = sharpness.constant && std::abs(picture.At(c, r) - ink) <= kConstant * picture.range();
        for (const auto& [dc, dr] : {std::pair{-1, 0}, {1, 0}, {0, -1}, {0, 1}}) {
          const int nc = c + dc, nr = r + dr;
          if (nc < 0 || nr < 0 || nc >= picture.columns || nr >= picture.rows || id(nc, nr) != 0) continue;
          steps.push_back(std::abs(picture.At(nc, nr) - picture.At(c, r)) / picture.range());
        }
      }
    }
  }
  if (steps.empty()) return sharpness;
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  sharpness.contrast = *middle;
  return sharpness;
}

int CharactersIn(const std::vector<Piece>& line) {
  return std::accumulate(line.begin(), line.end(), 0,
                         [](int sum, const Piece& piece) { return sum + piece.characters(); });
}

TextLine BoxOf(const std::vector<Piece>& line, std::int64_t slice) {
  TextLine box{line[0].left, line[0].top, 0, 0, slice, CharactersIn(line)};
  int right = 0, bottom = 0;
  for (const Piece& piece : line) {
    box.column = std::min(box.column, piece.left), box.row = std::min(box.row, piece.top);
    right = std::max(right, piece.right), bottom = std::max(bottom, piece.bottom);
  }
  box.width = right - box.column + 1;
  box.height = bottom - box.row + 1;
  return box;
}

// `picture`: whose borders count; `ink` in it.
void AddLines(const LabelVolume& mask, const Picture& picture, float ink, std::int64_t slice,
              std::vector<TextLine>& found) {
  const auto inked = std::count(mask.voxels.begin(), mask.voxels.end(), 1);
  if (inked < kFewestCharacters * kLowest) return;
  const image::Components components = image::FindComponents(mask);
  const int fewest = slice < 0 ? kFewestCharacters : kFewestInOne;
  for (const std::vector<Piece>& line : LinesOf(PiecesOf(mask, components))) {
    if (line.size() < kFewestPieces || CharactersIn(line) < fewest || !IsStraightAndClose(line)) continue;
    const Sharpness sharpness = SharpnessOf(line, components, picture, ink);
    if (sharpness.contrast >= (sharpness.constant ? kContrastOfConstant : kContrast))
      found.push_back(BoxOf(line, slice));
  }
}

Picture SliceOf(const Volume& pictures, std::int64_t k) {
  Picture picture{static_cast<int>(pictures.geometry.size[0]), static_cast<int>(pictures.geometry.size[1]),
                  &pictures.At(0, 0, k), 0, 0};
  const auto [low, high] =
      std::minmax_element(picture.values, picture.values + static_cast<std::ptrdiff_t>(picture.columns) * picture.rows);
  picture.low = *low, picture.high = *high;
  return picture;
}

// The darkest, the brightest, and values in which something was drawn between them.
std::vector<float> InksOf(const Picture& picture) {
  std::map<float, int> counts;
  for (std::ptrdiff_t v = 0; v < static_cast<std::ptrdiff_t>(picture.columns) * picture.rows; ++v)
    ++counts[picture.values[v]];
  std::vector<std::pair<float, int>> values(counts.begin(), counts.end());
  std::vector<std::pair<int, float>> drawn;
  for (std::size_t n = 1; n + 1 < values.size(); ++n) {
    if (values[n].second < kLeastDrawn) continue;
    double sum = 0, count = 0;
    for (std::size_t m = n > kNeighbourValues ? n - kNeighbourValues : 0;
         m <= n + kNeighbourValues && m < values.size(); ++m) {
      if (m != n) sum += values[m].second, count += 1;
    }
    if (values[n].second > kDrawnOverNeighbours * sum / count) drawn.emplace_back(values[n].second, values[n].first);
  }
  std::sort(drawn.rbegin(), drawn.rend());
  std::vector<float> inks = {picture.low, picture.high};
  for (std::size_t n = 0; n < std::min(drawn.size(), kMostDrawnValues); ++n) inks.push_back(drawn[n].second);
  return inks;
}

// What is darkest, or brightest, in most pictures at the same place.
void AddAgreeing(const Volume& pictures, bool bright, std::vector<TextLine>& found) {
  const auto& size = pictures.geometry.size;
  image::Geometry grid;
  grid.size = {size[0], size[1], 1};
  Volume mean(grid);
  std::vector<std::int64_t> votes(mean.voxels.size(), 0);
  for (std::int64_t k = 0; k < size[2]; ++k) {
    const Picture picture = SliceOf(pictures, k);
    if (!(picture.range() > 0)) continue;
    const LabelVolume mask = InkMask(picture, bright ? picture.high : picture.low);
    for (std::size_t v = 0; v < votes.size(); ++v) {
      votes[v] += mask.voxels[v];
      mean.voxels[v] += (picture.values[v] - picture.low) / (picture.range() * static_cast<float>(size[2]));
    }
  }
  LabelVolume agreed(grid);
  for (std::size_t v = 0; v < votes.size(); ++v)
    agreed.voxels[v] = static_cast<double>(votes[v]) >= kAgreeing * static_cast<double>(size[2]);
  const Picture picture{static_cast<int>(size[0]), static_cast<int>(size[1]), mean.voxels.data(), 0, 1};
  AddLines(agreed, picture, bright ? 1 : 0, -1, found);
}

}  // namespace

std::vector<TextLine> FindText(const Volume& pictures) {
  std::vector<TextLine> found;
  if (pictures.geometry.size[2] >= kFewestPictures) {
    AddAgreeing(pictures, true, found);
    AddAgreeing(pictures, false, found);
  }
  if (!found.empty()) return found;
  for (std::int64_t k = 0; k < pictures.geometry.size[2]; ++k) {
    const Picture picture = SliceOf(pictures, k);
    if (!(picture.range() > 0)) continue;
    for (const float ink : InksOf(picture)) AddLines(InkMask(picture, ink), picture, ink, k, found);
  }
  return found;
}

std::string Describe(const TextLine& line) {
  return fmt::format("{} characters at column {}, row {}, {} × {} pixels", line.characters, line.column + 1,
                     line.row + 1, line.width, line.height);
}

}  // namespace parotis::privacy
