// Text as a PDF's fonts take it, and broken into lines.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "report/document.h"

namespace parotis::report {

// For a font with every sign: bytes that are no UTF-8 and control characters become U+FFFD, U+00A0 a space.
std::string ShownText(std::string_view text);
// For the standard fonts, whose encoding is Windows-1252: other signs are spelled out, or become a question mark.
std::string WinAnsiOf(std::string_view text);

// One line of a paragraph: pieces that follow each other without a gap.
using TextLine = std::vector<Span>;
using Measure = std::function<double(const std::string& text, Style style)>;

// Broken at spaces and line ends; a word wider than the line anywhere. At least one line.
std::vector<TextLine> BreakLines(const Text& text, double width_pt, const Measure& measure);
double WidthOf(const TextLine& line, const Measure& measure);
double WidestWord(const Text& text, const Measure& measure);

}  // namespace parotis::report
