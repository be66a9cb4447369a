// What a node does for itself while others work: files arrivals, calls studies ready, gives up on lost claims, keeps
// the disk within its limits.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include "service/layout.h"

namespace parotis::service {

class Upkeep {
 public:
  Upkeep(const NodeConfig& config, const Layout& layout) : config_(config), layout_(layout) {}

  // Before anything else runs: makes folders and tables, removes what a killed run left half-done, gives back what its
  // processes held. Throws kIo.
  void Begin();
  // Until `stop`, and then until everything that has arrived is filed. Errors of the database or the disk are said, and
  // tried again.
  void Run(const std::atomic<bool>& stop);
  // A process of this node has ended: what its owner (service/owners.h) held is free again, and the attempt counts.
  // Done by Run, as soon as the database can be had.
  void ProcessEnded(const std::string& owner);

  std::uint64_t filed() const { return filed_; }  // instances that were new, since the start
  std::string no_room() const;                    // why nothing more is taken; "" when there is room

 private:
  void Round(jobs::Database& database);
  void ReleaseEnded(jobs::Database& database);
  void KeepWithinLimits(jobs::Database& database);

  const NodeConfig& config_;
  const Layout& layout_;
  std::atomic<std::uint64_t> filed_ = 0;
  mutable std::mutex mutex_;
  std::string no_room_;
  std::vector<std::string> ended_;
  double next_look_ = 0, next_clearing_ = 0;
};

}  // namespace parotis::service
