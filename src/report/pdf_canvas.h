// Pages of paper to draw on, in points from the upper left corner; a thin layer over libharu, which only this pair of
// files knows. The fonts are embedded as far as they are used; where none was found when this was built, the PDF's own
// Helvetica stands in, and what it cannot show is spelled out (≥ as >=).
#pragma once

#include <memory>
#include <string>

#include "report/document.h"

namespace parotis::report {

inline constexpr double kPageWidth_pt = 595.28;  // A4
inline constexpr double kPageHeight_pt = 841.89;

bool PdfIsAvailable();  // false in a build without libharu

class PdfCanvas {
 public:
  // Throws kUsage in a build without libharu.
  explicit PdfCanvas(const std::string& title);
  ~PdfCanvas();
  PdfCanvas(const PdfCanvas&) = delete;
  PdfCanvas& operator=(const PdfCanvas&) = delete;

  void NewPage();
  int page_count() const;
  void GoToPage(int page);  // from 0; what follows is drawn there

  double Width(const std::string& text, Style style, double size_pt) const;
  void Write(double x, double y, const std::string& text, const Ink& ink, Style style, double size_pt,
             bool upward = false);
  void Line(double x0, double y0, double x1, double y1, const Ink& ink, double width_pt);
  void Fill(double x, double y, double width, double height, const Ink& ink);
  // At (x, y), all sizes times `scale`.
  void Draw(const Drawing& drawing, double x, double y, double scale);
  // An entry of the reader's outline that leads to this place; sections hold their subsections.
  void Bookmark(const std::string& text, int level, double y);

  std::string Bytes();  // the file; throws kInternal with libharu's number when something went wrong

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace parotis::report
