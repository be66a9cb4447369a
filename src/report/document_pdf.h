// A document on A4 paper: running title, notice and page numbers on every page, tables that break over pages with their
// head repeated, figures kept together with what is said beneath them, an outline of sections for the reader.
#pragma once

#include <string>

#include "report/document.h"
#include "report/pdf_canvas.h"

namespace parotis::report {

struct PdfFile {
  std::string bytes;
  int pages = 0;
};
// The same document gives the same bytes. Throws kUsage in a build without libharu.
PdfFile PdfFileOf(const Document& document);
std::string PdfOf(const Document& document);  // the bytes alone

}  // namespace parotis::report
