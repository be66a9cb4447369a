// The line at the bottom of a terminal that a progress bar lives on. Shared by log and progress only.
#pragma once

#include <string>

namespace parotis::base {

// Replaces the bottom line; an empty string removes it.
void SetStatusLine(const std::string& status);

}  // namespace parotis::base
