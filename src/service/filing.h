// From the spool into studies: files get their places, the jobs learn of them.
#pragma once

#include <cstddef>

#include "jobs/database.h"
#include "service/layout.h"

namespace parotis::service {

struct FilingCounts {
  std::size_t records = 0;  // of any kind that were dealt with
  int fresh = 0;            // instances that were new
};

// One batch. May be ended at any moment and begun again: nothing is lost or counted twice. Throws kIo.
FilingCounts FileArrivals(const NodeConfig& config, const Layout& layout, jobs::Database& database);

}  // namespace parotis::service
