// Whether the node works, for programs that watch it.
#pragma once

#include "http/message.h"
#include "jobs/database.h"
#include "service/layout.h"

namespace parotis::service {

// 200 when the node's supervisor runs, the database answers and there is room; else 503 with one sentence.
http::Response Readiness(jobs::Database& database, const Layout& layout);

// In Prometheus' text format (version 0.0.4).
http::Response Metrics(jobs::Database& database, const NodeConfig& config, const Layout& layout);

}  // namespace parotis::service
