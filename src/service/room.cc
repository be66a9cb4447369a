#include "service/room.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "base/files.h"
#include "jobs/catalogue.h"

namespace parotis::service {
namespace {

namespace fs = std::filesystem;

std::uint64_t FreeBytes(const fs::path& folder) {
  std::error_code code;
  const fs::space_info space = fs::space(folder, code);
  return code ? 0 : space.available;
}

std::string WhyNoRoom(jobs::Database& database, const NodeConfig& config, const Layout& layout) {
  if (FreeBytes(layout.state) < config.limits.free_bytes) return "the disk is full up to what is to stay free";
  const jobs::Held held = jobs::Holdings(database);
  if (held.bytes > config.retention.most_bytes)
    return fmt::format("{} bytes are kept and {} may be", held.bytes, config.retention.most_bytes);
  auto counts = jobs::CountJobs(database);
  const std::int64_t waiting = counts["received"] + counts["ready"] + counts["running"];
  if (waiting > config.limits.backlog) return fmt::format("{} studies wait and {} may", waiting, config.limits.backlog);
  return "";
}

}  // namespace

bool HasRoom(const NodeConfig& config, const Layout& layout, std::uint64_t bytes) {
  std::error_code ignored;
  return !fs::exists(layout.no_room(), ignored) && FreeBytes(layout.state) >= config.limits.free_bytes + bytes;
}

std::string DecideRoom(jobs::Database& database, const NodeConfig& config, const Layout& layout) {
  const std::string why = WhyNoRoom(database, config, layout);
  std::error_code ignored;
  if (why.empty()) {
    fs::remove(layout.no_room(), ignored);
  } else if (!fs::exists(layout.no_room(), ignored)) {
    base::WriteFile(layout.no_room(), why + "\n");
  }
  return why;
}

}  // namespace parotis::service
