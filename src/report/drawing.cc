#include "report/drawing.h"

#include <algorithm>
#include <utility>

namespace parotis::report {
namespace {

constexpr double kMeanGlyph = 0.56;  // width of a glyph by the font's size: above the mean of common sans-serif fonts

bool StartsGlyph(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

struct Box {
  double left = 0, top = 0, right = 0, bottom = 0;
};

Box BoxOf(const PolylineMark& mark) {
  Box box{mark.points.at(0)[0], mark.points[0][1], mark.points[0][0], mark.points[0][1]};
  for (const Point& p : mark.points) {
    box = {std::min(box.left, p[0]), std::min(box.top, p[1]), std::max(box.right, p[0]), std::max(box.bottom, p[1])};
  }
  return box;
}
Box BoxOf(const RectangleMark& mark) { return {mark.x, mark.y, mark.x + mark.width, mark.y + mark.height}; }
Box BoxOf(const ImageMark& mark) { return {mark.x, mark.y, mark.x + mark.width, mark.y + mark.height}; }
Box BoxOf(const CircleMark& mark) {
  return {mark.centre[0] - mark.radius, mark.centre[1] - mark.radius, mark.centre[0] + mark.radius,
          mark.centre[1] + mark.radius};
}
Box BoxOf(const TextMark& mark) {
  const double length = EstimatedWidthPt(mark.text, mark.size_pt);
  const double before = mark.anchor == Anchor::kStart ? 0 : mark.anchor == Anchor::kMiddle ? length / 2 : length;
  const double rise = 0.8 * mark.size_pt, fall = 0.2 * mark.size_pt;
  const auto [x, y] = mark.place;
  if (mark.upward) return {x - rise, y - (length - before), x + fall, y + before};
  return {x - before, y - rise, x + length - before, y + fall};
}

}  // namespace

void Drawing::Line(Point from, Point to, Ink ink, double line_width_pt, bool dashed) {
  Polyline({from, to}, ink, line_width_pt, dashed);
}

void Drawing::Polyline(std::vector<Point> points, Ink ink, double line_width_pt, bool dashed) {
  marks.emplace_back(PolylineMark{std::move(points), ink, line_width_pt, dashed});
}

void Drawing::Rectangle(double x, double y, double width, double height, Ink ink, bool filled) {
  marks.emplace_back(RectangleMark{x, y, width, height, ink, filled});
}

void Drawing::Circle(Point centre, double radius, Ink ink, std::string title) {
  marks.emplace_back(CircleMark{centre, radius, ink, std::move(title)});
}

void Drawing::Text(Point place, std::string text, Anchor anchor, Ink ink, double size_pt) {
  marks.emplace_back(TextMark{place, std::move(text), size_pt, anchor, ink});
}

double EstimatedWidthPt(std::string_view text, double size_pt) {
  return kMeanGlyph * size_pt * static_cast<double>(std::count_if(text.begin(), text.end(), StartsGlyph));
}

std::string Shortened(const std::string& text, double size_pt, double width_pt) {
  if (EstimatedWidthPt(text, size_pt) <= width_pt) return text;
  std::string shorter = text;
  while (!shorter.empty() && EstimatedWidthPt(shorter, size_pt) + kMeanGlyph * size_pt > width_pt) {
    while (!StartsGlyph(shorter.back())) shorter.pop_back();
    shorter.pop_back();
  }
  return shorter + "…";
}

std::array<double, 4> BoundsOf(const Drawing& drawing) {
  std::array<double, 4> all = {1e30, 1e30, -1e30, -1e30};
  for (const Mark& mark : drawing.marks) {
    const Box box = std::visit([](const auto& m) { return BoxOf(m); }, mark);
    all = {std::min(all[0], box.left), std::min(all[1], box.top), std::max(all[2], box.right),
           std::max(all[3], box.bottom)};
  }
  return all;
}

std::array<double, 3> ColourOnPaper(const Ink& ink) {
  constexpr std::array<std::array<double, 3>, kSeriesColours> kSeries = {{{0.04, 0.42, 0.65},
                                                                          {0.76, 0.25, 0.05},
                                                                          {0.08, 0.50, 0.24},
                                                                          {0.49, 0.13, 0.81},
                                                                          {0.63, 0.38, 0.03},
                                                                          {0.75, 0.09, 0.36},
                                                                          {0.06, 0.46, 0.43},
                                                                          {0.32, 0.32, 0.32}}};
  switch (ink.role) {
    case Role::kSoft: return {0.34, 0.38, 0.42};
    case Role::kAxis: return {0.45, 0.49, 0.53};
    case Role::kGrid: return {0.85, 0.87, 0.89};
    case Role::kShade: return kSeries[0];
    case Role::kSeries: return kSeries[static_cast<std::size_t>(ink.series % kSeriesColours)];
    case Role::kReference: return {0.25, 0.84, 1.0};
    case Role::kPrediction: return {1.0, 0.82, 0.25};
    case Role::kOnImage: return {1, 1, 1};
    case Role::kBlack: return {0, 0, 0};
    default: return {0.10, 0.12, 0.14};
  }
}

}  // namespace parotis::report
