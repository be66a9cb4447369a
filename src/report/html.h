// The frame of every page we write, and the one way in which text gets into it. Pages are self-contained: no request
// leaves them, nothing in them can execute, they read in light and dark and on paper.
#pragma once

#include <string>
#include <string_view>

namespace parotis::report {

// Text as HTML: the five special characters as entities; the rest as CleanUtf8. All
// text from outside (series descriptions, class names, file names) goes through here.
std::string Escape(std::string_view text);

// Control characters (but tabs and line ends) and bytes that are not UTF-8 (RFC 3629) as U+FFFD.
std::string CleanUtf8(std::string_view text);

// "not_found" → "not found": names from files, for people. Not escaped.
std::string Spaced(std::string_view name);
// The same, escaped.
std::string Readable(std::string_view name);

// A number with `digits` decimals, "n/a" for NaN; the minus sign is U+2212.
std::string Number(double value, int digits);

// A whole page with the research-use-only notice above and below. `title` is text, `body` is HTML.
std::string Page(std::string_view title, std::string_view body);

}  // namespace parotis::report
