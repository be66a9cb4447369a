// Asking a peer to answer for the results that it stored (PS3.4 annex J), and its report, which may come on the same
// association or, later, on one of its own.
#pragma once

#include <vector>

#include "dimse/peer.h"
#include "jobs/deliveries.h"
#include "service/layout.h"
#include "service/spool.h"

namespace parotis::service {

// True when the peer answers for all of them; false when it will report later: what it was asked is on record then.
// Throws kIo with the peer's words when it refuses, or does not answer for one.
bool AskForCommitment(const NodeConfig& config, jobs::Database& database, const jobs::DeliveryClaim& claim,
                      const std::vector<dimse::Sent>& sent);

// A report that came later ends the delivery that waits for it, well or to be tried again; one that no delivery waits
// for, or that somebody else than the delivery's peer sent, changes nothing. Both are said in the log.
void TakeReport(const NodeConfig& config, const Layout& layout, jobs::Database& database,
                const Spooled::Report& report);

}  // namespace parotis::service
