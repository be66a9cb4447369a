// Results to one peer.
#pragma once

#include "jobs/deliveries.h"
#include "service/layout.h"

namespace parotis::service {

// All objects that the peer wants, by C-STORE or STOW-RS (PS3.18 10.5); may be repeated, the objects are the same.
// Throws with the peer's own words unless every one was stored, and where the peer was asked to answer for them and
// reported that it does not.
enum class DeliveryEnd { kDone, kAwaitsReport };  // the latter: service/ask_commitment.h
DeliveryEnd Deliver(const NodeConfig& config, const Layout& layout, jobs::Database& database,
                    const jobs::DeliveryClaim& claim);

}  // namespace parotis::service
