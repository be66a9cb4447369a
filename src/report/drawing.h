// A picture as a list of lines, shapes and words in points (1/72 inch), x to the right and y down from its upper left
// corner. Marks have roles and not colours: one description becomes SVG in the page's light, dark and print colours,
// and vector graphics in a PDF.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "image/png.h"

namespace parotis::report {

enum class Role { kText, kSoft, kAxis, kGrid, kShade, kSeries, kReference, kPrediction, kOnImage, kBlack };

struct Ink {
  Role role = Role::kText;
  int series = 0;      // with kSeries, from 0; colours repeat after kSeriesColours
  double opacity = 1;  // 0…1
};
inline constexpr int kSeriesColours = 8;

using Point = std::array<double, 2>;
enum class Anchor { kStart, kMiddle, kEnd };

struct PolylineMark {
  std::vector<Point> points;
  Ink ink;
  double width_pt = 1;
  bool dashed = false;
};
struct RectangleMark {
  double x = 0, y = 0, width = 0, height = 0;
  Ink ink;
  bool filled = true;  // else its edge, 0.75 pt wide
};
struct CircleMark {
  Point centre = {0, 0};
  double radius = 2;
  Ink ink;
  std::string title = {};  // shown when pointed at, where the medium can
};
struct TextMark {
  Point place = {0, 0};  // of the anchor, on the base line
  std::string text;
  double size_pt = 8;
  Anchor anchor = Anchor::kStart;
  Ink ink;
  bool bold = false;
  bool upward = false;  // written from below to above
};
struct ImageMark {
  double x = 0, y = 0, width = 0, height = 0;
  image::Picture picture;
};
using Mark = std::variant<PolylineMark, RectangleMark, CircleMark, TextMark, ImageMark>;

struct Drawing {
  double width_pt = 0, height_pt = 0;
  std::string alternative = {};  // what it shows, for those who cannot see it
  std::vector<Mark> marks = {};

  void Line(Point from, Point to, Ink ink, double line_width_pt = 0.75, bool dashed = false);
  void Polyline(std::vector<Point> points, Ink ink, double line_width_pt = 1, bool dashed = false);
  void Rectangle(double x, double y, double width, double height, Ink ink, bool filled = true);
  void Circle(Point centre, double radius, Ink ink, std::string title = "");
  void Text(Point place, std::string text, Anchor anchor = Anchor::kStart, Ink ink = {}, double size_pt = 8);
};

// An upper estimate of how wide a sans-serif font sets the text; for layout before the font is known.
double EstimatedWidthPt(std::string_view text, double size_pt);
// As much of the text as fits, with … where something was left out.
std::string Shortened(const std::string& text, double size_pt, double width_pt);

// Smallest box around all marks: left, top, right, bottom.
std::array<double, 4> BoundsOf(const Drawing& drawing);

// Inline SVG for report/html.h's page; `style` is added to its class.
std::string SvgOf(const Drawing& drawing, std::string_view style = "drawing");

// 0…1 each, on white paper.
std::array<double, 3> ColourOnPaper(const Ink& ink);

}  // namespace parotis::report
