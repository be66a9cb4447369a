// The process through which everything goes out that this node asks of others: results to peers (C-STORE, STOW-RS),
// answers to requests for storage commitment, studies that are fetched (QIDO-RS, WADO-RS).
#pragma once

#include <atomic>

#include "service/node_config.h"

namespace parotis::service {

// Until `stop`; what is under way then is ended. Returns the process's exit code.
int RunCourier(const NodeConfig& config, const std::atomic<bool>& stop);

}  // namespace parotis::service
