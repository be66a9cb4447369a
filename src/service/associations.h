// The connections that the supervisor has accepted: each becomes a process, or is turned away.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "service/node_config.h"

namespace parotis::service {

class Associations {
 public:
  Associations(const NodeConfig& config, std::vector<std::string> command)
      : config_(config), command_(std::move(command)) {}

  // Takes the descriptor over.
  void Take(int connection);
  // Forgets those that have ended, and ends those that have lasted longer than an association may.
  void Reap();
  void SignalAll(int signal) const;

  std::size_t open() const { return open_.size(); }
  std::uint64_t accepted() const { return accepted_; }
  std::uint64_t turned_away() const { return turned_away_; }
  std::uint64_t died() const { return died_; }  // by a signal: a fault, or the limit of memory

 private:
  using Clock = std::chrono::steady_clock;
  struct Open {
    pid_t process = -1;
    Clock::time_point since;
  };
  struct TurnedAway {
    int connection = -1;
    Clock::time_point since;
  };
  void TurnAway(int connection);

  const NodeConfig& config_;
  const std::vector<std::string> command_;
  std::vector<Open> open_;
  std::vector<TurnedAway> leaving_;  // told so, and not closed yet: a close at once could overtake the telling
  std::uint64_t accepted_ = 0, turned_away_ = 0, died_ = 0;
};

}  // namespace parotis::service
