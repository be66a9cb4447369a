// A document on A4 paper: running title, notice and page numbers on every page, tables that break over pages with their
// head repeated, figures kept together with what is said beneath them, an outline of sections for the reader.
#pragma once

#include <string>

#include "report/document.h"
#include "report/pdf_canvas.h"

namespace parotis::report {

// The bytes of the file; the same document gives the same bytes. Throws kUsage in a build without libharu.
std::string PdfOf(const Document& document);

// On how many pages it lies. Throws kUsage in a build without libharu.
int PageCountOf(const Document& document);

}  // namespace parotis::report
