// Results to one peer.
#pragma once

#include "jobs/deliveries.h"
#include "service/layout.h"

namespace parotis::service {

// All objects that the peer wants, by C-STORE or STOW-RS (PS3.18 10.5); may be repeated, the objects are the same.
// Throws with the peer's own words unless every one was stored and, where that is asked for, committed to.
void Deliver(const NodeConfig& config, const Layout& layout, const jobs::DeliveryClaim& claim);

}  // namespace parotis::service
