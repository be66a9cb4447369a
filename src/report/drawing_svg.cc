#include <fmt/format.h>

#include "base/base64.h"
#include "report/drawing.h"
#include "report/html.h"

namespace parotis::report {
namespace {

// A colour of the page's style; what lies on an image has the same colour in light and dark.
std::string ColourOf(const Ink& ink) {
  switch (ink.role) {
    case Role::kSoft:
    case Role::kAxis: return "var(--soft)";
    case Role::kGrid: return "var(--line)";
    case Role::kShade: return "var(--accent)";
    case Role::kSeries: return fmt::format("var(--s{})", ink.series % kSeriesColours);
    case Role::kReference: return "#3fd6ff";
    case Role::kPrediction: return "#ffd23f";
    case Role::kOnImage: return "#fff";
    case Role::kBlack: return "#000";
    default: return "var(--ink)";
  }
}

std::string Opacity(const Ink& ink) { return ink.opacity < 1 ? fmt::format(R"( opacity="{:.2f}")", ink.opacity) : ""; }

std::string SvgOfMark(const PolylineMark& mark) {
  std::string points;
  for (const Point& p : mark.points) points += fmt::format("{}{:.2f},{:.2f}", points.empty() ? "" : " ", p[0], p[1]);
  return fmt::format(R"(<polyline points="{}" style="fill:none;stroke:{};stroke-width:{:g}{}"{}/>)", points,
                     ColourOf(mark.ink), mark.width_pt, mark.dashed ? ";stroke-dasharray:3 2.5" : "",
                     Opacity(mark.ink));
}

std::string SvgOfMark(const RectangleMark& mark) {
  const std::string paint = mark.filled ? fmt::format("fill:{}", ColourOf(mark.ink))
                                        : fmt::format("fill:none;stroke:{};stroke-width:0.75", ColourOf(mark.ink));
  return fmt::format(R"(<rect x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}" style="{}"{}/>)", mark.x, mark.y,
                     mark.width, mark.height, paint, Opacity(mark.ink));
}

std::string SvgOfMark(const CircleMark& mark) {
  const std::string title = mark.title.empty() ? "" : fmt::format("<title>{}</title>", Escape(mark.title));
  return fmt::format(R"(<circle cx="{:.2f}" cy="{:.2f}" r="{:.2f}" style="fill:{}"{}>{}</circle>)", mark.centre[0],
                     mark.centre[1], mark.radius, ColourOf(mark.ink), Opacity(mark.ink), title);
}

std::string SvgOfMark(const TextMark& mark) {
  const char* anchor = mark.anchor == Anchor::kStart ? "start" : mark.anchor == Anchor::kMiddle ? "middle" : "end";
  const std::string place = mark.upward ? fmt::format(R"svg(transform="translate({:.2f} {:.2f}) rotate(-90)")svg",
                                                      mark.place[0], mark.place[1])
                                        : fmt::format(R"(x="{:.2f}" y="{:.2f}")", mark.place[0], mark.place[1]);
  const std::string halo =
      mark.ink.role == Role::kOnImage ? ";stroke:#000;stroke-width:1.2;paint-order:stroke;stroke-linejoin:round" : "";
  return fmt::format(R"(<text {} text-anchor="{}" style="fill:{};font-size:{:g}px{}{}"{}>{}</text>)", place, anchor,
                     ColourOf(mark.ink), mark.size_pt, mark.bold ? ";font-weight:600" : "", halo, Opacity(mark.ink),
                     Escape(mark.text));
}

std::string SvgOfMark(const ImageMark& mark) {
  return fmt::format(
      R"(<image x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}" preserveAspectRatio="none" href="data:image/png;base64,{}"/>)",
      mark.x, mark.y, mark.width, mark.height, base::Base64(image::EncodePng(mark.picture)));
}

}  // namespace

std::string SvgOf(const Drawing& drawing, std::string_view style) {
  // A point of the drawing is a point on the screen.
  std::string svg =
      fmt::format(R"(<svg class="{}" width="{:.0f}" viewBox="0 0 {:.2f} {:.2f}" role="img" aria-label="{}">)", style,
                  drawing.width_pt * 4 / 3, drawing.width_pt, drawing.height_pt, Escape(drawing.alternative));
  for (const Mark& mark : drawing.marks) svg += std::visit([](const auto& m) { return SvgOfMark(m); }, mark);
  return svg + "</svg>\n";
}

}  // namespace parotis::report
