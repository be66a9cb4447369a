#include "service/courier.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "jobs/arrivals.h"
#include "jobs/deliveries.h"
#include "service/deliver.h"
#include "service/insist.h"
#include "service/layout.h"
#include "service/node_log.h"
#include "service/owners.h"
#include "service/pull.h"
#include "service/report_commitment.h"

namespace parotis::service {
namespace {

constexpr auto kPoll = std::chrono::milliseconds(200);
constexpr auto kAfterError = std::chrono::seconds(2);
constexpr int kSenders = 2;
// Leases that nobody extends: longer than the peer's timeouts let any of these take.
constexpr double kDeliveryLease_s = 1800, kPullLease_s = 4 * 3600;

// One kind of work: claims and does one piece; false when there is none.
using Round = std::function<bool(jobs::Database&)>;

void Repeat(const NodeConfig& config, const std::atomic<bool>& stop, const Round& round) {
  while (!stop) {
    try {
      const auto database = jobs::OpenDatabase(config.DatabaseOrDefault());
      while (!stop) {
        if (!round(*database)) std::this_thread::sleep_for(kPoll);
      }
    } catch (const std::exception& error) {
      LogEvent("error", "database", {{"reason", ReasonOf(error)}});
      std::this_thread::sleep_for(kAfterError);
    }
  }
}

// What a piece of work failed with; "" for well done.
std::string FailureOf(const std::function<void()>& work) {
  try {
    work();
    return "";
  } catch (const std::exception& error) {
    return error.what();
  }
}

void Say(const Layout& layout, const std::string& what, const std::string& peer, const std::string& study_uid,
         int attempt, const std::string& failure) {
  LogEvent(failure.empty() ? "info" : "warning", what,
           {{"peer", peer}, {"study", jobs::FolderOf(study_uid)}, {"attempt", attempt}, {"well", failure.empty()}});
  Audit(layout.audit, what, {{"peer", peer}, {"study_uid", study_uid}, {"well", failure.empty()}});
}

bool DeliverOne(const NodeConfig& config, const Layout& layout, const std::atomic<bool>& stop,
                jobs::Database& database) {
  const auto claim = jobs::ClaimDelivery(database, OwnerOf(config, "courier", ::getpid()), kDeliveryLease_s);
  if (!claim) return false;
  DeliveryEnd end = DeliveryEnd::kDone;
  const std::string failure = FailureOf([&] { end = Deliver(config, layout, database, *claim); });
  const bool recorded = Insist(stop, [&] {
    if (!failure.empty()) return jobs::DeliveryFailed(database, *claim, failure, config.retry);
    if (end == DeliveryEnd::kDone) return jobs::Delivered(database, *claim);
    return jobs::AwaitReport(database, *claim, config.Peer(claim->peer)->commitment_wait_s);
  });
  if (recorded && end == DeliveryEnd::kAwaitsReport) LogEvent("info", "report_awaited", {{"peer", claim->peer}});
  Say(layout, "delivery", claim->peer, claim->study_uid, claim->attempts, failure);
  return true;
}

bool AnswerOne(const NodeConfig& config, const Layout& layout, const std::atomic<bool>& stop,
               jobs::Database& database) {
  const auto claim = jobs::ClaimCommitment(database, OwnerOf(config, "courier", ::getpid()), kDeliveryLease_s);
  if (!claim) return false;
  const std::string failure = FailureOf([&] { ReportCommitment(config, database, *claim); });
  Insist(stop, [&] {
    return failure.empty() ? jobs::CommitmentAnswered(database, *claim)
                           : jobs::CommitmentFailed(database, *claim, failure, config.retry);
  });
  LogEvent(failure.empty() ? "info" : "warning", "commitment", {{"well", failure.empty()}});
  Audit(layout.audit, "commitment", {{"ae_title", claim->peer_ae}, {"well", failure.empty()}});
  return true;
}

bool FetchOne(const NodeConfig& config, const Layout& layout, const std::atomic<bool>& stop, jobs::Database& database) {
  const auto claim = jobs::ClaimPull(database, OwnerOf(config, "courier", ::getpid()), kPullLease_s);
  if (!claim) return false;
  const std::string failure = FailureOf([&] { FetchStudy(config, layout, claim->source, claim->study_uid); });
  Insist(stop, [&] {
    return failure.empty() ? jobs::Pulled(database, *claim) : jobs::PullFailed(database, *claim, failure, config.retry);
  });
  Say(layout, "fetch", claim->source, claim->study_uid, claim->attempts, failure);
  return true;
}

// Asks every source when its time has come.
class Sources {
 public:
  explicit Sources(const NodeConfig& config) : config_(config), asked_(config.pulls.size()) {}

  bool AskOne(jobs::Database& database) {
    for (std::size_t i = 0; i < config_.pulls.size(); ++i) {
      const auto now = std::chrono::steady_clock::now();
      const PullEntry& pull = config_.pulls[i];
      if (asked_[i] && std::chrono::duration<double>(now - *asked_[i]).count() < pull.every_s) continue;
      asked_[i] = now;
      const std::string failure = FailureOf([&] {
        for (const FoundStudy& study : FindStudies(config_, pull))
          jobs::AddPull(database, study.study_uid, pull.peer, study.seen);
      });
      if (!failure.empty()) LogEvent("warning", "query", {{"peer", pull.peer}, {"reason", failure}});
    }
    return false;
  }

 private:
  const NodeConfig& config_;
  std::vector<std::optional<std::chrono::steady_clock::time_point>> asked_;
};

}  // namespace

int RunCourier(const NodeConfig& config, const std::atomic<bool>& stop) {
  const Layout layout(config);
  Sources sources(config);
  std::vector<Round> rounds(kSenders,
                            [&](jobs::Database& database) { return DeliverOne(config, layout, stop, database); });
  rounds.emplace_back([&](jobs::Database& database) { return AnswerOne(config, layout, stop, database); });
  rounds.emplace_back([&](jobs::Database& database) { return FetchOne(config, layout, stop, database); });
  if (!config.pulls.empty()) rounds.emplace_back([&](jobs::Database& database) { return sources.AskOne(database); });
  std::vector<std::thread> threads;
  threads.reserve(rounds.size());
  for (const Round& round : rounds) threads.emplace_back([&] { Repeat(config, stop, round); });
  for (std::thread& thread : threads) thread.join();
  return 0;
}

}  // namespace parotis::service
