// SIGTERM, SIGINT and SIGHUP as a flag that loops look at.
#pragma once

#include <atomic>

namespace parotis::service {

// From the first call on, these signals set the flag; SIGHUP only where it is not ignored (nohup). A second SIGINT ends
// the process at once. Once per process.
const std::atomic<bool>& StopOnSignal();

// Becomes readable when the flag is set, for poll(2).
int StopDescriptor();

}  // namespace parotis::service
