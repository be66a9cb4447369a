#include "service/helpers.h"

#include <algorithm>
#include <csignal>

#include "base/child.h"
#include "base/error.h"
#include "service/node_log.h"

namespace parotis::service {
namespace {

constexpr auto kLivedLong = std::chrono::seconds(60);
constexpr int kMostDoublings = 6;

}  // namespace

void Helpers::Add(const std::string& role, std::uint64_t data_bytes) {
  Helper& helper = helpers_.emplace_back();
  helper.role = role, helper.data_bytes = data_bytes;
}

void Helpers::StartMissing() {
  for (Helper& helper : helpers_) {
    if (helper.process > 0 || Clock::now() < helper.not_before) continue;
    std::vector<std::string> command = command_;
    command.insert(command.end(), {"--role", helper.role});
    try {
      helper.process = base::StartChild(command, {.data_bytes = helper.data_bytes});
      helper.started = Clock::now();
      restarts_ += helper.ran ? 1 : 0;
      helper.ran = true;
    } catch (const base::Error& error) {
      LogEvent("error", "process_not_started", {{"role", helper.role}, {"reason", error.message()}});
      helper.not_before = Clock::now() + std::chrono::seconds(5);
    }
  }
}

std::vector<HelperEnd> Helpers::Reap() {
  std::vector<HelperEnd> ends;
  for (Helper& helper : helpers_) {
    if (helper.process <= 0) continue;
    const auto end = base::EndOf(helper.process);
    if (!end) continue;
    ends.push_back({helper.role, helper.process, end->how});
    helper.process = -1;
    helper.quick_ends = Clock::now() - helper.started > kLivedLong ? 0 : helper.quick_ends + 1;
    helper.not_before = Clock::now() + std::chrono::seconds((1 << std::min(helper.quick_ends, kMostDoublings)) - 1);
  }
  return ends;
}

void Helpers::SignalAll(int signal) const {
  for (const Helper& helper : helpers_) {
    if (helper.process > 0) ::kill(helper.process, signal);
  }
}

bool Helpers::AnyRuns() const {
  return std::any_of(helpers_.begin(), helpers_.end(), [](const Helper& helper) { return helper.process > 0; });
}

}  // namespace parotis::service
