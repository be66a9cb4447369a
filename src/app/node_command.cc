#include "app/node_command.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

namespace parotis::app {

std::string Who() {
  const passwd* user = ::getpwuid(::getuid());
  const std::string name = user != nullptr ? user->pw_name : fmt::format("user {}", ::getuid());
  const char* behind = std::getenv("SUDO_USER");
  return behind != nullptr && name != behind ? fmt::format("{} (sudo of {})", name, behind) : name;
}

std::string UtcText(double seconds) {
  return seconds <= 0 ? "" : fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

}  // namespace parotis::app
