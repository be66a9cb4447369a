// The canvas of a build without libharu.
#ifndef PAROTIS_HPDF

#include "base/error.h"
#include "report/pdf_canvas.h"

namespace parotis::report {

struct PdfCanvas::State {};

bool PdfIsAvailable() { return false; }

PdfCanvas::PdfCanvas(const std::string&) {
  base::Throw(
      base::ErrorKind::kUsage,
      "this build writes no PDF: libharu (Debian: libhpdf-dev) was not found when it was built; write the HTML page");
}
PdfCanvas::~PdfCanvas() = default;
void PdfCanvas::NewPage() {}
int PdfCanvas::page_count() const { return 0; }
void PdfCanvas::GoToPage(int) {}
double PdfCanvas::Width(const std::string&, Style, double) const { return 0; }
void PdfCanvas::Write(double, double, const std::string&, const Ink&, Style, double, bool) {}
void PdfCanvas::Line(double, double, double, double, const Ink&, double) {}
void PdfCanvas::Fill(double, double, double, double, const Ink&) {}
void PdfCanvas::Draw(const Drawing&, double, double, double) {}
void PdfCanvas::Bookmark(const std::string&, int, double) {}
std::string PdfCanvas::Bytes() { return {}; }

}  // namespace parotis::report

#endif
