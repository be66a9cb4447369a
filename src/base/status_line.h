// The line at the bottom of a terminal that progress lives on; the log wipes and redraws it around its own lines.
#pragma once

#include <string>

namespace parotis::base {

// Replaces the bottom line; an empty string removes it.
void SetStatusLine(const std::string& status);

}  // namespace parotis::base
