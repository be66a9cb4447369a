// The audit trail of all nodes of a folder, the latest first. Private to this folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace parotis::page {

struct AuditFilter {
  std::vector<std::string> words;      // all of them must occur in an event's line, in lower case
  std::string user;                    // "" for everybody
  std::optional<double> from, before;  // seconds since 1970 (UTC)
  std::size_t limit = 100;
};

// Lines as they are kept, with "at" in seconds since 1970. `folder`: audit/NODE/DATE.jsonl. What cannot be read is
// passed over.
std::vector<base::Json> ReadAuditTrail(const std::filesystem::path& folder, const AuditFilter& filter);

}  // namespace parotis::page
