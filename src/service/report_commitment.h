// The answer to a request for storage commitment (PS3.4 annex J).
#pragma once

#include "jobs/deliveries.h"
#include "service/node_config.h"

namespace parotis::service {

// What is kept here is committed to; the rest is named with its reason. Throws when the answer did not arrive.
void ReportCommitment(const NodeConfig& config, jobs::Database& database, const jobs::CommitmentClaim& claim);

}  // namespace parotis::service
