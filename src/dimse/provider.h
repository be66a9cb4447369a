// What is done for a peer on an association: verification (PS3.4 A), storage (PS3.4 B), storage commitment (PS3.4 J).
// Private to this folder.
#pragma once

#include "dimse/association.h"
#include "dimse/link.h"

namespace parotis::dimse {

// Until the association is over, for whatever reason: ends with Ended. Counts in `end` what was stored.
[[noreturn]] void Provide(Link& link, const AssociationLimits& limits, const AssociationServices& services,
                          AssociationEnd& end);

}  // namespace parotis::dimse
