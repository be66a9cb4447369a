// Talk for people, on standard error; results go to standard output and never through here.
// Safe to call from any thread. A progress bar that is on the screen is wiped and redrawn around a line.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace parotis::base {

enum class LogLevel { kDebug, kInfo, kWarning, kError, kSilent };

void SetLogLevel(LogLevel lowest_shown);
LogLevel GetLogLevel();
void LogLine(LogLevel level, std::string_view line);

template <class... Args>
void Debug(fmt::format_string<Args...> format, Args&&... args) {
  if (GetLogLevel() <= LogLevel::kDebug) LogLine(LogLevel::kDebug, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void Info(fmt::format_string<Args...> format, Args&&... args) {
  LogLine(LogLevel::kInfo, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void Warn(fmt::format_string<Args...> format, Args&&... args) {
  LogLine(LogLevel::kWarning, fmt::format(format, std::forward<Args>(args)...));
}

// True when standard error is a terminal that understands carriage returns.
bool StderrIsTerminal();

}  // namespace parotis::base
