// What this binary was built from, written beside every result.
#pragma once

#include <string>

namespace parotis::base {

std::string Version();  // "0.1.0"
std::string BuildId();  // "0.1.0+g1a2b3c4d5e" with the commit, "-dirty" when the tree differed; stable within one build

// One sentence that every output carries.
inline constexpr const char* kResearchUseOnly =
    "Research use only: not a medical device, not for diagnosis or treatment.";

}  // namespace parotis::base
