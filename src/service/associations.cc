#include "service/associations.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "base/child.h"
#include "base/error.h"
#include "dimse/association.h"
#include "service/node_log.h"

namespace parotis::service {
namespace {

constexpr auto kTimeToLeave = std::chrono::seconds(1);
constexpr std::size_t kMostLeaving = 64;
constexpr auto kBeyondItsOwnLimit = std::chrono::seconds(30);

}  // namespace

void Associations::Take(int connection) {
  if (open_.size() >= static_cast<std::size_t>(config_.dicom.associations)) return TurnAway(connection);
  try {
    open_.push_back({base::StartChild(command_, {.hand_over = connection, .data_bytes = config_.dicom.memory_bytes}),
                     Clock::now()});
    ++accepted_;
  } catch (const base::Error& error) {
    LogEvent("error", "association_not_started", {{"reason", error.message()}});
    ++turned_away_;
  }
  ::close(connection);
}

void Associations::TurnAway(int connection) {
  if (++turned_away_ % 100 == 1) LogEvent("warning", "associations_turned_away", {{"so_far", turned_away_}});
  if (leaving_.size() >= kMostLeaving) {
    ::close(connection);
    return;
  }
  if (!config_.dicom.tls) {
    const std::vector<std::uint8_t> words = dimse::RejectedForNow();
    [[maybe_unused]] const ssize_t sent = ::send(connection, words.data(), words.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  }
  ::shutdown(connection, SHUT_WR);
  leaving_.push_back({connection, Clock::now()});
}

void Associations::Reap() {
  const auto now = Clock::now();
  const auto longest = std::chrono::seconds(config_.dicom.limits.association_s) + kBeyondItsOwnLimit;
  std::erase_if(open_, [&](const Open& association) {
    // Its own clock should have ended it long ago.
    if (now - association.since > longest) ::kill(association.process, SIGKILL);
    const auto end = base::EndOf(association.process);
    if (end && !end->well && end->how.starts_with("killed")) {
      ++died_;
      LogEvent("error", "association_died", {{"how", end->how}});
    }
    return end.has_value();
  });
  std::erase_if(leaving_, [&](const TurnedAway& guest) {
    if (now - guest.since < kTimeToLeave) return false;
    ::close(guest.connection);
    return true;
  });
}

void Associations::SignalAll(int signal) const {
  for (const Open& association : open_) ::kill(association.process, signal);
}

}  // namespace parotis::service
