#ifdef PAROTIS_HPDF

#include "report/pdf_canvas.h"

#include <fmt/format.h>
#include <hpdf.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

#include "base/build_info.h"
#include "base/error.h"
#include "base/log.h"
#include "report/pdf_text.h"

namespace parotis::report {
namespace {

constexpr double kCurve = 0.5523;  // control points of a quarter circle

struct Failure {
  HPDF_STATUS error = 0, detail = 0;
};

// libharu calls it and goes on; the first failure is kept, and Bytes throws.
void Remember(HPDF_STATUS error, HPDF_STATUS detail, void* data) {
  auto& failure = *static_cast<Failure*>(data);
  if (failure.error == 0) failure = {error, detail};
}

}  // namespace

struct PdfCanvas::State {
  Failure failure;
  HPDF_Doc document = nullptr;
  std::vector<HPDF_Page> pages;
  HPDF_Page page = nullptr;
  bool is_unicode = false;
  HPDF_Font plain = nullptr, bold = nullptr;
  HPDF_Outline section = nullptr;
  std::map<int, HPDF_ExtGState> opacities;  // by percent

  HPDF_Font FontOf(Style style) const { return style == Style::kBold ? bold : plain; }
  std::string Encoded(const std::string& text) const { return is_unicode ? ShownText(text) : WinAnsiOf(text); }
  float Up(double y) const { return static_cast<float>(kPageHeight_pt - y); }

  void LoadFonts();
  void SetOpacity(double opacity);
  void SetInk(const Ink& ink);
  void Path(const std::vector<Point>& points, double x, double y, double scale);
  void Disc(double x, double y, double radius);

  void DrawMark(const PolylineMark& mark, double x, double y, double scale);
  void DrawMark(const RectangleMark& mark, double x, double y, double scale);
  void DrawMark(const CircleMark& mark, double x, double y, double scale);
  void DrawMark(const TextMark& mark, double x, double y, double scale);
  void DrawMark(const ImageMark& mark, double x, double y, double scale);
  void WriteAt(double x, double y, const std::string& encoded, HPDF_Font font, double size_pt, bool upward);
};

void PdfCanvas::State::LoadFonts() {
  const std::filesystem::path regular = PAROTIS_PDF_FONT, strong = PAROTIS_PDF_FONT_BOLD;
  std::error_code error;
  is_unicode = std::filesystem::exists(regular, error) && std::filesystem::exists(strong, error);
  if (!is_unicode) {
    base::Warn("the PDF's font was not found on this machine; Helvetica stands in, and some signs are spelled out");
    plain = HPDF_GetFont(document, "Helvetica", "WinAnsiEncoding");
    bold = HPDF_GetFont(document, "Helvetica-Bold", "WinAnsiEncoding");
    return;
  }
  HPDF_UseUTFEncodings(document);
  HPDF_SetCurrentEncoder(document, "UTF-8");
  plain = HPDF_GetFont(document, HPDF_LoadTTFontFromFile(document, regular.c_str(), HPDF_TRUE), "UTF-8");
  bold = HPDF_GetFont(document, HPDF_LoadTTFontFromFile(document, strong.c_str(), HPDF_TRUE), "UTF-8");
}

void PdfCanvas::State::SetOpacity(double opacity) {
  const int percent = static_cast<int>(std::lround(std::clamp(opacity, 0.0, 1.0) * 100));
  HPDF_ExtGState& state = opacities[percent];
  if (state == nullptr) {
    state = HPDF_CreateExtGState(document);
    HPDF_ExtGState_SetAlphaFill(state, static_cast<float>(percent) / 100.0F);
    HPDF_ExtGState_SetAlphaStroke(state, static_cast<float>(percent) / 100.0F);
  }
  HPDF_Page_SetExtGState(page, state);
}

void PdfCanvas::State::SetInk(const Ink& ink) {
  const auto [red, green, blue] = ColourOnPaper(ink);
  const auto r = static_cast<float>(red), g = static_cast<float>(green), b = static_cast<float>(blue);
  HPDF_Page_SetRGBFill(page, r, g, b);
  HPDF_Page_SetRGBStroke(page, r, g, b);
  SetOpacity(ink.opacity);
}

void PdfCanvas::State::Path(const std::vector<Point>& points, double x, double y, double scale) {
  for (std::size_t p = 0; p < points.size(); ++p) {
    const auto px = static_cast<float>(x + points[p][0] * scale), py = Up(y + points[p][1] * scale);
    p == 0 ? HPDF_Page_MoveTo(page, px, py) : HPDF_Page_LineTo(page, px, py);
  }
}

void PdfCanvas::State::Disc(double x, double y, double radius) {
  const auto f = [](double value) { return static_cast<float>(value); };
  const double k = kCurve * radius, r = radius, v = kPageHeight_pt - y;
  HPDF_Page_MoveTo(page, f(x - r), f(v));
  HPDF_Page_CurveTo(page, f(x - r), f(v + k), f(x - k), f(v + r), f(x), f(v + r));
  HPDF_Page_CurveTo(page, f(x + k), f(v + r), f(x + r), f(v + k), f(x + r), f(v));
  HPDF_Page_CurveTo(page, f(x + r), f(v - k), f(x + k), f(v - r), f(x), f(v - r));
  HPDF_Page_CurveTo(page, f(x - k), f(v - r), f(x - r), f(v - k), f(x - r), f(v));
  HPDF_Page_Fill(page);
}

void PdfCanvas::State::WriteAt(double x, double y, const std::string& encoded, HPDF_Font font, double size_pt,
                               bool upward) {
  HPDF_Page_BeginText(page);
  HPDF_Page_SetFontAndSize(page, font, static_cast<float>(size_pt));
  const auto px = static_cast<float>(x);
  upward ? HPDF_Page_SetTextMatrix(page, 0, 1, -1, 0, px, Up(y)) : HPDF_Page_SetTextMatrix(page, 1, 0, 0, 1, px, Up(y));
  HPDF_Page_ShowText(page, encoded.c_str());
  HPDF_Page_EndText(page);
}

void PdfCanvas::State::DrawMark(const PolylineMark& mark, double x, double y, double scale) {
  if (mark.points.size() < 2) return;
  SetInk(mark.ink);
  HPDF_Page_SetLineWidth(page, static_cast<float>(mark.width_pt * scale));
  constexpr std::array<HPDF_UINT16, 1> kDash = {3};
  if (mark.dashed) HPDF_Page_SetDash(page, kDash.data(), 1, 0);
  Path(mark.points, x, y, scale);
  HPDF_Page_Stroke(page);
  if (mark.dashed) HPDF_Page_SetDash(page, nullptr, 0, 0);
}

void PdfCanvas::State::DrawMark(const RectangleMark& mark, double x, double y, double scale) {
  SetInk(mark.ink);
  HPDF_Page_SetLineWidth(page, static_cast<float>(0.75 * scale));
  HPDF_Page_Rectangle(page, static_cast<float>(x + mark.x * scale), Up(y + (mark.y + mark.height) * scale),
                      static_cast<float>(mark.width * scale), static_cast<float>(mark.height * scale));
  mark.filled ? HPDF_Page_Fill(page) : HPDF_Page_Stroke(page);
}

void PdfCanvas::State::DrawMark(const CircleMark& mark, double x, double y, double scale) {
  SetInk(mark.ink);
  Disc(x + mark.centre[0] * scale, y + mark.centre[1] * scale, mark.radius * scale);
}

void PdfCanvas::State::DrawMark(const TextMark& mark, double x, double y, double scale) {
  HPDF_Font font = FontOf(mark.bold ? Style::kBold : Style::kPlain);
  const std::string encoded = Encoded(mark.text);
  const double size = mark.size_pt * scale;
  const double width = size / 1000 *
                       HPDF_Font_TextWidth(font, reinterpret_cast<const HPDF_BYTE*>(encoded.data()),
                                           static_cast<HPDF_UINT>(encoded.size()))
                           .width;
  const double before = mark.anchor == Anchor::kStart ? 0 : mark.anchor == Anchor::kMiddle ? width / 2 : width;
  const double px = x + mark.place[0] * scale, py = y + mark.place[1] * scale;
  if (mark.ink.role == Role::kOnImage) {  // a dark halo, so that it reads on bright pixels
    HPDF_Page_SetRGBFill(page, 0, 0, 0);
    for (const auto& [dx, dy] : {Point{-0.5, 0}, Point{0.5, 0}, Point{0, -0.5}, Point{0, 0.5}})
      WriteAt(px - before + dx, py + dy, encoded, font, size, false);
  }
  SetInk(mark.ink);
  mark.upward ? WriteAt(px, py + before, encoded, font, size, true)
              : WriteAt(px - before, py, encoded, font, size, false);
}

void PdfCanvas::State::DrawMark(const ImageMark& mark, double x, double y, double scale) {
  SetOpacity(1);
  HPDF_Image image =
      HPDF_LoadRawImageFromMem(document, mark.picture.rgb.data(), static_cast<HPDF_UINT>(mark.picture.width),
                               static_cast<HPDF_UINT>(mark.picture.height), HPDF_CS_DEVICE_RGB, 8);
  HPDF_Page_DrawImage(page, image, static_cast<float>(x + mark.x * scale), Up(y + (mark.y + mark.height) * scale),
                      static_cast<float>(mark.width * scale), static_cast<float>(mark.height * scale));
}

bool PdfIsAvailable() { return true; }

PdfCanvas::PdfCanvas(const std::string& title) : state_(std::make_unique<State>()) {
  state_->document = HPDF_New(Remember, &state_->failure);
  if (state_->document == nullptr) base::Throw(base::ErrorKind::kInternal, "libharu cannot begin a PDF");
  HPDF_SetCompressionMode(state_->document, HPDF_COMP_ALL);
  state_->LoadFonts();
  HPDF_SetInfoAttr(state_->document, HPDF_INFO_TITLE, state_->Encoded(title).c_str());
  HPDF_SetInfoAttr(state_->document, HPDF_INFO_CREATOR, ("parotis " + base::Version()).c_str());
}

PdfCanvas::~PdfCanvas() { HPDF_Free(state_->document); }

void PdfCanvas::NewPage() {
  state_->page = HPDF_AddPage(state_->document);
  HPDF_Page_SetSize(state_->page, HPDF_PAGE_SIZE_A4, HPDF_PAGE_PORTRAIT);
  state_->pages.push_back(state_->page);
}

int PdfCanvas::page_count() const { return static_cast<int>(state_->pages.size()); }

void PdfCanvas::GoToPage(int page) { state_->page = state_->pages.at(static_cast<std::size_t>(page)); }

double PdfCanvas::Width(const std::string& text, Style style, double size_pt) const {
  const std::string encoded = state_->Encoded(text);
  return size_pt / 1000 *
         HPDF_Font_TextWidth(state_->FontOf(style), reinterpret_cast<const HPDF_BYTE*>(encoded.data()),
                             static_cast<HPDF_UINT>(encoded.size()))
             .width;
}

void PdfCanvas::Write(double x, double y, const std::string& text, const Ink& ink, Style style, double size_pt,
                      bool upward) {
  state_->SetInk(ink);
  state_->WriteAt(x, y, state_->Encoded(text), state_->FontOf(style), size_pt, upward);
}

void PdfCanvas::Line(double x0, double y0, double x1, double y1, const Ink& ink, double width_pt) {
  state_->DrawMark(PolylineMark{{{x0, y0}, {x1, y1}}, ink, width_pt, false}, 0, 0, 1);
}

void PdfCanvas::Fill(double x, double y, double width, double height, const Ink& ink) {
  state_->DrawMark(RectangleMark{x, y, width, height, ink, true}, 0, 0, 1);
}

void PdfCanvas::Draw(const Drawing& drawing, double x, double y, double scale) {
  for (const Mark& mark : drawing.marks) std::visit([&](const auto& m) { state_->DrawMark(m, x, y, scale); }, mark);
}

void PdfCanvas::Bookmark(const std::string& text, int level, double y) {
  HPDF_Encoder encoder = state_->is_unicode ? HPDF_GetEncoder(state_->document, "UTF-8") : nullptr;
  HPDF_Outline outline = HPDF_CreateOutline(state_->document, level > 2 ? state_->section : nullptr,
                                            state_->Encoded(text).c_str(), encoder);
  HPDF_Destination place = HPDF_Page_CreateDestination(state_->page);
  HPDF_Destination_SetFitH(place, state_->Up(y));
  HPDF_Outline_SetDestination(outline, place);
  if (level <= 2) state_->section = outline;
  HPDF_Outline_SetOpened(outline, HPDF_FALSE);
}

std::string PdfCanvas::Bytes() {
  HPDF_SaveToStream(state_->document);
  if (state_->failure.error != 0) {
    base::Throw(base::ErrorKind::kInternal, fmt::format("libharu could not make the PDF (its error {:#x}, {})",
                                                        state_->failure.error, state_->failure.detail));
  }
  std::string bytes(HPDF_GetStreamSize(state_->document), '\0');
  auto size = static_cast<HPDF_UINT32>(bytes.size());
  HPDF_ResetStream(state_->document);
  HPDF_ReadFromStream(state_->document, reinterpret_cast<HPDF_BYTE*>(bytes.data()), &size);
  bytes.resize(size);
  return bytes;
}

}  // namespace parotis::report

#endif
