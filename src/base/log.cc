#include "base/log.h"

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "base/status_line.h"

namespace parotis::base {
namespace {

std::atomic<LogLevel> g_level{LogLevel::kInfo};
std::mutex g_mutex;
std::string g_status;

const char* Prefix(LogLevel level) {
  switch (level) {
    case LogLevel::kWarning: return "warning: ";
    case LogLevel::kError: return "error: ";
    case LogLevel::kDebug: return "debug: ";
    default: return "";
  }
}

void WriteToStderr(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

}  // namespace

void SetLogLevel(LogLevel lowest_shown) { g_level = lowest_shown; }
LogLevel GetLogLevel() { return g_level; }

bool StderrIsTerminal() {
  static const bool is_terminal = [] {
    const char* term = std::getenv("TERM");
    return isatty(STDERR_FILENO) == 1 && term != nullptr && std::string_view(term) != "dumb";
  }();
  return is_terminal;
}

void LogLine(LogLevel level, std::string_view line) {
  if (level < g_level) return;
  const std::lock_guard lock(g_mutex);
  const std::string wipe = g_status.empty() ? "" : "\r\033[K";
  WriteToStderr(fmt::format("{}{}{}\n{}", wipe, Prefix(level), line, g_status));
}

void SetStatusLine(const std::string& status) {
  const std::lock_guard lock(g_mutex);
  if (g_level > LogLevel::kInfo) return;
  WriteToStderr("\r\033[K" + status);
  g_status = status;
}

}  // namespace parotis::base
