// Text as DICOM stores it, made safe to print, log and write as JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parotis::dicom {

// Valid UTF-8 without control characters, whatever came in: bad bytes become '?', leading and trailing spaces go.
std::string CleanText(std::string_view text);

// `text` in the character set named by (0008,0005), as clean UTF-8. Latin-1 and UTF-8 are converted here, others by
// DCMTK's tables; what cannot be converted keeps its ASCII part.
std::string Utf8FromDicom(std::string_view text, const std::string& character_set);

// The same for text of several lines (LT, ST, UT), which keeps its line breaks, tabs and leading blanks.
std::string Utf8LinesFromDicom(std::string_view text, const std::string& character_set);

// The values of a multi-valued attribute (separator '\'), trimmed of spaces and NULs.
std::vector<std::string> SplitValues(std::string_view text);

// A DS, IS or similar number; absent when it is not one, or not finite.
std::optional<double> ParseNumber(std::string_view text);

}  // namespace parotis::dicom
