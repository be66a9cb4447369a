// SIGTERM and SIGINT as a flag that loops look at.
#pragma once

#include <atomic>

namespace parotis::service {

// From the first call on, these signals set the flag. Once per process.
const std::atomic<bool>& StopOnSignal();

// Becomes readable when the flag is set, for poll(2).
int StopDescriptor();

}  // namespace parotis::service
