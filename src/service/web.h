// The process that answers HTTP: DICOMweb for the studies and results that are kept (QIDO-RS, WADO-RS, STOW-RS;
// PS3.18), health, readiness and metrics.
#pragma once

#include <atomic>

#include "service/node_config.h"

namespace parotis::service {

// Until `stop`. Returns the process's exit code. Throws as http::Server.
int RunWeb(const NodeConfig& config, const std::atomic<bool>& stop);

}  // namespace parotis::service
