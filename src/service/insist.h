// Work that is done must be recorded as done: otherwise it would be done again.
#pragma once

#include <atomic>
#include <chrono>
#include <thread>

#include "base/error.h"
#include "service/node_log.h"

namespace parotis::service {

// Calls `record` until the database takes it. Gives up, with the database's error, only when the process is to stop:
// the claim is then given back when the node starts again.
template <class Record>
auto Insist(const std::atomic<bool>& stop, const Record& record) -> decltype(record()) {
  while (true) {
    try {
      return record();
    } catch (const base::Error& error) {
      if (stop || error.kind() != base::ErrorKind::kIo) throw;
      LogEvent("error", "not_recorded_yet", {{"reason", error.message()}});
      std::this_thread::sleep_for(std::chrono::seconds(1));
    }
  }
}

}  // namespace parotis::service
