// A password from whoever sits at the terminal.
#pragma once

#include <string>

namespace parotis::app {

// One line, typed without echo on the terminal, whatever standard input and output are. Throws kUsage without a
// terminal and when Ctrl+C or Ctrl+D ended it; the terminal is left as it was.
std::string AskPassword(const std::string& prompt);

}  // namespace parotis::app
