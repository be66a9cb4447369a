// What the commands about a node share.
#pragma once

#include <string>

namespace parotis::app {

// Who is at the keyboard, for history and audit trail: "meyer", "parotis (sudo of meyer)".
std::string Who();

// "2026-03-12 08:15:00" (UTC) of seconds since 1970; "" for 0.
std::string UtcText(double seconds);

}  // namespace parotis::app
