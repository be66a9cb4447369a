// Whether anything more can be taken. The node decides for itself from what it keeps (the file "no-room"); whoever
// receives looks at that and at the disk.
#pragma once

#include <cstdint>
#include <string>

#include "jobs/database.h"
#include "service/layout.h"

namespace parotis::service {

bool HasRoom(const NodeConfig& config, const Layout& layout, std::uint64_t bytes);

// Why nothing more is taken; "" when there is room. Also written to the file, or the file removed.
std::string DecideRoom(jobs::Database& database, const NodeConfig& config, const Layout& layout);

}  // namespace parotis::service
