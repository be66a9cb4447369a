#ifdef PAROTIS_CAIRO

#include "report/drawing_picture.h"

#include <cairo-ft.h>
#include <cairo.h>
#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <numbers>
#include <string>

#include "base/error.h"

namespace parotis::report {
namespace {

constexpr double kEdge_pt = 0.75;
constexpr double kDash_pt = 3;
constexpr double kHalo_pt = 1;  // around letters on images

// The font that PDFs embed, as Cairo wants it; null where none was found when this was built. Cairo keeps what it made
// of a face for as long as the program runs, and so the face is kept, too.
cairo_font_face_t* FontFrom(const char* path) {
  FT_Library library = nullptr;
  FT_Face face = nullptr;
  if (path[0] == '\0' || FT_Init_FreeType(&library) != 0 || FT_New_Face(library, path, 0, &face) != 0) return nullptr;
  return cairo_ft_font_face_create_for_ft_face(face, FT_LOAD_NO_HINTING);
}

void SelectFont(cairo_t* context, bool bold) {
  static cairo_font_face_t* const kPlainFont = FontFrom(PAROTIS_PDF_FONT);
  static cairo_font_face_t* const kBoldFont = FontFrom(PAROTIS_PDF_FONT_BOLD);
  if (kPlainFont != nullptr && kBoldFont != nullptr) {
    cairo_set_font_face(context, bold ? kBoldFont : kPlainFont);
  } else {
    cairo_select_font_face(context, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                           bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  }
}

struct FreeSurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct FreeContext {
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};
using Surface = std::unique_ptr<cairo_surface_t, FreeSurface>;
using Context = std::unique_ptr<cairo_t, FreeContext>;

class Painter {
 public:
  Painter(int width, int height, double scale)
      : surface_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height)),
        context_(cairo_create(surface_.get())) {
    if (cairo_status(context_.get()) != CAIRO_STATUS_SUCCESS)
      base::Throw(base::ErrorKind::kInternal, fmt::format("no picture of {} × {} pixels can be made", width, height));
    cairo_scale(context_.get(), scale, scale);
    cairo_set_line_cap(context_.get(), CAIRO_LINE_CAP_SQUARE);
  }

  void Fill(std::array<std::uint8_t, 3> colour) {
    cairo_set_source_rgb(context_.get(), colour[0] / 255.0, colour[1] / 255.0, colour[2] / 255.0);
    cairo_paint(context_.get());
  }

  void Paint(const PolylineMark& mark) {
    if (mark.points.size() < 2) return;
    SetInk(mark.ink);
    cairo_set_line_width(context_.get(), mark.width_pt);
    cairo_set_dash(context_.get(), &kDash_pt, mark.dashed ? 1 : 0, 0);
    for (const Point& point : mark.points) cairo_line_to(context_.get(), point[0], point[1]);
    cairo_stroke(context_.get());
  }

  void Paint(const RectangleMark& mark) {
    SetInk(mark.ink);
    cairo_rectangle(context_.get(), mark.x, mark.y, mark.width, mark.height);
    cairo_set_dash(context_.get(), nullptr, 0, 0);
    cairo_set_line_width(context_.get(), kEdge_pt);
    mark.filled ? cairo_fill(context_.get()) : cairo_stroke(context_.get());
  }

  void Paint(const CircleMark& mark) {
    SetInk(mark.ink);
    cairo_arc(context_.get(), mark.centre[0], mark.centre[1], mark.radius, 0, 2 * std::numbers::pi);
    cairo_fill(context_.get());
  }

  void Paint(const TextMark& mark) {
    SelectFont(context_.get(), mark.bold);
    cairo_set_font_size(context_.get(), mark.size_pt);
    cairo_text_extents_t extents;
    cairo_text_extents(context_.get(), mark.text.c_str(), &extents);
    const double before = mark.anchor == Anchor::kStart    ? 0
                          : mark.anchor == Anchor::kMiddle ? extents.x_advance / 2
                                                           : extents.x_advance;
    cairo_save(context_.get());
    cairo_translate(context_.get(), mark.place[0], mark.place[1]);
    if (mark.upward) cairo_rotate(context_.get(), -std::numbers::pi / 2);
    cairo_move_to(context_.get(), -before, 0);
    cairo_text_path(context_.get(), mark.text.c_str());
    if (mark.ink.role == Role::kOnImage) {
      cairo_set_source_rgb(context_.get(), 0, 0, 0);
      cairo_set_dash(context_.get(), nullptr, 0, 0);
      cairo_set_line_width(context_.get(), kHalo_pt);
      cairo_stroke_preserve(context_.get());
    }
    SetInk(mark.ink);
    cairo_fill(context_.get());
    cairo_restore(context_.get());
  }

  void Paint(const ImageMark& mark) {
    const Surface pixels(cairo_image_surface_create(CAIRO_FORMAT_RGB24, mark.picture.width, mark.picture.height));
    const int stride = cairo_image_surface_get_stride(pixels.get());
    unsigned char* bytes = cairo_image_surface_get_data(pixels.get());
    for (int y = 0; y < mark.picture.height; ++y) {
      for (int x = 0; x < mark.picture.width; ++x) {
        const auto at = 3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(mark.picture.width) +
                             static_cast<std::size_t>(x));
        // Native-endian 0x00RRGGBB.
        const std::uint32_t value = std::uint32_t{mark.picture.rgb[at]} << 16U |
                                    std::uint32_t{mark.picture.rgb[at + 1]} << 8U | mark.picture.rgb[at + 2];
        *reinterpret_cast<std::uint32_t*>(bytes + static_cast<std::ptrdiff_t>(y) * stride + 4 * x) = value;
      }
    }
    cairo_surface_mark_dirty(pixels.get());
    cairo_save(context_.get());
    cairo_translate(context_.get(), mark.x, mark.y);
    cairo_scale(context_.get(), mark.width / mark.picture.width, mark.height / mark.picture.height);
    cairo_set_source_surface(context_.get(), pixels.get(), 0, 0);
    cairo_pattern_set_filter(cairo_get_source(context_.get()), CAIRO_FILTER_BILINEAR);
    cairo_pattern_set_extend(cairo_get_source(context_.get()), CAIRO_EXTEND_PAD);
    cairo_rectangle(context_.get(), 0, 0, mark.picture.width, mark.picture.height);
    cairo_fill(context_.get());
    cairo_restore(context_.get());
  }

  image::Picture Result() const {
    cairo_surface_flush(surface_.get());
    const int width = cairo_image_surface_get_width(surface_.get());
    image::Picture picture(width, cairo_image_surface_get_height(surface_.get()));
    const unsigned char* bytes = cairo_image_surface_get_data(surface_.get());
    const int stride = cairo_image_surface_get_stride(surface_.get());
    for (int y = 0; y < picture.height; ++y) {
      for (int x = 0; x < width; ++x) {
        const std::uint32_t value =
            *reinterpret_cast<const std::uint32_t*>(bytes + static_cast<std::ptrdiff_t>(y) * stride + 4 * x);
        picture.Set(x, y,
                    {static_cast<std::uint8_t>(value >> 16U), static_cast<std::uint8_t>(value >> 8U),
                     static_cast<std::uint8_t>(value)});
      }
    }
    return picture;
  }

 private:
  void SetInk(const Ink& ink) {
    const auto [red, green, blue] = ColourOnPaper(ink);
    cairo_set_source_rgba(context_.get(), red, green, blue, ink.opacity);
  }

  Surface surface_;
  Context context_;
};

}  // namespace

bool PictureIsAvailable() { return true; }

image::Picture PictureOf(const Drawing& drawing, double pixels_per_pt, std::array<std::uint8_t, 3> background) {
  Painter painter(static_cast<int>(std::ceil(drawing.width_pt * pixels_per_pt)),
                  static_cast<int>(std::ceil(drawing.height_pt * pixels_per_pt)), pixels_per_pt);
  painter.Fill(background);
  for (const Mark& mark : drawing.marks) std::visit([&](const auto& m) { painter.Paint(m); }, mark);
  return painter.Result();
}

}  // namespace parotis::report

#endif
