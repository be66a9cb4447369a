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

// Messages quote names and values from files: controls among them (C0, DEL, and C1 as UTF-8) would steer a terminal.
std::string Shown(std::string_view line) {
  std::string shown;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const auto byte = static_cast<unsigned char>(line[at]);
    const bool c1 = byte == 0xC2 && at + 1 < line.size() && static_cast<unsigned char>(line[at + 1]) < 0xA0;
    const bool control = (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F;
    if (c1) ++at;
    shown += c1 || control ? '?' : static_cast<char>(byte);
  }
  return shown;
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
  WriteToStderr(fmt::format("{}{}{}\n{}", wipe, Prefix(level), Shown(line), g_status));
}

void SetStatusLine(const std::string& status) {
  const std::lock_guard lock(g_mutex);
  if (g_level > LogLevel::kInfo) return;
  WriteToStderr("\r\033[K" + status);
  g_status = status;
}

}  // namespace parotis::base
