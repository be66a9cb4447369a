// Loops over independent items on threads. The number of threads follows the CPU affinity of the process, so that a
// cluster's or a container's limit is respected.
#pragma once

#include <cstdint>
#include <functional>

namespace parotis::base {

// CPUs this process may run on; at least 1.
int AvailableThreads();

// Calls body(0) … body(count−1), each once, on up to `threads` threads (0: AvailableThreads()). The first exception
// thrown by a body stops the hand-out of further items and is rethrown here.
void ParallelFor(std::int64_t count, int threads, const std::function<void(std::int64_t)>& body);

}  // namespace parotis::base
