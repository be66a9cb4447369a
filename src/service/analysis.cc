#include "service/analysis.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "base/error.h"
#include "base/files.h"
#include "jobs/models.h"
#include "service/insist.h"
#include "service/layout.h"
#include "service/node_log.h"
#include "service/owners.h"

namespace parotis::service {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr auto kPoll = std::chrono::milliseconds(200);
constexpr auto kAfterError = std::chrono::seconds(2);

double SecondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Of the folder's files that are none of the objects.
std::uint64_t BesideBytes(const fs::path& folder, const std::vector<jobs::ResultObject>& objects) {
  std::uint64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string file = fs::relative(entry.path(), folder).string();
    const bool is_object = std::any_of(objects.begin(), objects.end(),
                                       [&](const jobs::ResultObject& object) { return object.file == file; });
    if (entry.is_regular_file() && !is_object) bytes += entry.file_size();
  }
  return bytes;
}

class Analyst {
 public:
  Analyst(const NodeConfig& config, const Analyse& analyse, const std::atomic<bool>& stop)
      : config_(config),
        layout_(config),
        analyse_(analyse),
        stop_(stop),
        owner_(OwnerOf(config, "analysis", ::getpid())) {
    std::error_code ignored;
    fs::remove_all(layout_.work, ignored);  // what an earlier process left
    base::CreateFolder(layout_.work);
    base::CreateFolder(layout_.results);
  }

  void Work() {
    while (!stop_) {
      try {
        const auto database = jobs::OpenDatabase(config_.DatabaseOrDefault());
        while (!stop_) {
          const auto claim = jobs::ClaimAnalysis(*database, owner_, ActiveNow(*database), kLease_s);
          if (claim) {
            Take(*database, *claim);
          } else {
            std::this_thread::sleep_for(kPoll);
          }
        }
      } catch (const std::exception& error) {
        LogEvent("error", "database", {{"reason", ReasonOf(error)}});
        std::this_thread::sleep_for(kAfterError);
      }
    }
  }

  // Leases are kept, and what takes too long ends the process: nothing else ends it for certain.
  void Watch(const std::atomic<bool>& ended) {
    std::unique_ptr<jobs::Database> database;
    Clock::time_point extended = Clock::now();
    while (!ended) {
      std::this_thread::sleep_for(kPoll);
      EndWhatTakesTooLong();
      if (SecondsSince(extended) < kLease_s / 4) continue;
      extended = Clock::now();
      try {
        if (!database) database = jobs::OpenDatabase(config_.DatabaseOrDefault());
        jobs::ExtendLeases(*database, owner_, UnderWay(), kLease_s);
      } catch (const std::exception& error) {
        LogEvent("error", "database", {{"reason", ReasonOf(error)}});
        database.reset();
      }
    }
  }

 private:
  std::vector<std::int64_t> UnderWay() {
    const std::lock_guard lock(mutex_);
    std::vector<std::int64_t> jobs;
    jobs.reserve(since_.size());
    for (const auto& [job, start] : since_) jobs.push_back(job);
    return jobs;
  }

  std::string ActiveNow(jobs::Database& database) {
    const std::string active = jobs::ActiveModel(database);
    if (config_.Model(active) != nullptr) return active;
    base::Throw(base::ErrorKind::kInput,
                fmt::format("the active model \"{}\" is not among the models of {}: add it there or activate another",
                            active, config_.file.string()));
  }

  const ModelEntry& ModelNamed(const std::string& name) const {
    if (const ModelEntry* model = config_.Model(name)) return *model;
    base::Throw(base::ErrorKind::kInput, fmt::format("the model \"{}\" is no longer configured", name));
  }

  void Take(jobs::Database& database, const jobs::AnalysisClaim& claim) {
    const Clock::time_point start = Clock::now();
    {
      const std::lock_guard lock(mutex_);
      since_[claim.job] = start;
    }
    const std::string name = fmt::format("{}-{}-{}", claim.folder, claim.job, claim.number);
    const std::string end = Ended(database, claim, name);
    std::error_code ignored;
    fs::remove_all(layout_.work / name, ignored);
    {
      const std::lock_guard lock(mutex_);
      since_.erase(claim.job);
    }
    LogEvent(end == "failed" ? "warning" : "info", "analysis",
             {{"study", claim.folder},
              {"job", claim.job},
              {"model", claim.model},
              {"attempt", claim.attempts},
              {"end", end},
              {"seconds", SecondsSince(start)}});
    Audit(layout_.audit, "analysis",
          {{"study_uid", claim.study_uid}, {"job", claim.job}, {"model", claim.model}, {"end", end}});
  }

  // One word for the log.
  std::string Ended(jobs::Database& database, const jobs::AnalysisClaim& claim, const std::string& name) {
    jobs::AnalysisOutcome outcome;
    std::string failure;
    try {
      outcome = Answer(claim, name);
    } catch (const base::Error& error) {
      const bool of_the_study = error.kind() == base::ErrorKind::kInput || error.kind() == base::ErrorKind::kRefused;
      if (of_the_study) outcome = {true, error.what(), "refused", "", {}, 0};
      if (!of_the_study) failure = error.what();
    } catch (const std::bad_alloc&) {
      failure = "there was not enough memory; raise limits.memory_mb or lower the number of workers";
    } catch (const std::exception& error) {
      failure = error.what();
    }
    const bool recorded = Insist(stop_, [&] {
      return failure.empty() ? jobs::Finish(database, claim, outcome, Receivers())
                             : jobs::FailAttempt(database, claim, failure, config_.retry);
    });
    // What was written and not recorded stays for the upkeep, which asks whether it is: the answer may have been
    // recorded though the database's connection broke before it said so.
    if (recorded && outcome.results.empty()) {
      std::error_code ignored;
      fs::remove_all(layout_.results / name, ignored);
    }
    if (!recorded) return "superseded";
    return !failure.empty() ? "failed" : outcome.refused ? "refused" : "answered";
  }

  jobs::AnalysisOutcome Answer(const jobs::AnalysisClaim& claim, const std::string& name) {
    const fs::path study = layout_.work / name;
    Snapshot(claim, study);
    AnalysisRequest request{.study = study,
                            .results = layout_.results / name,
                            .study_uid = claim.study_uid,
                            .sender = claim.sender,
                            .model = ModelNamed(claim.model),
                            .is_shown = !claim.shadow,
                            .edit = std::nullopt};
    if (claim.review) request.edit = EditOf(*claim.review);
    const AnalysisAnswer answer = analyse_(request);
    const bool written = fs::exists(layout_.results / name);
    return {answer.refused,      answer.reason,  answer.verdict,
            written ? name : "", answer.objects, written ? BesideBytes(layout_.results / name, answer.objects) : 0};
  }

  RequestedEdit EditOf(const jobs::ReviewRecord& review) const {
    const fs::path based_on = layout_.results / review.analysis;
    if (!fs::exists(based_on)) {
      base::Throw(base::ErrorKind::kInput,
                  "the study was analysed anew while this edit waited: look at the new answer and edit that");
    }
    return {review, based_on};
  }

  // Links, not copies: what arrives or is removed meanwhile changes nothing here.
  void Snapshot(const jobs::AnalysisClaim& claim, const fs::path& study) const {
    base::CreateFolder(study);
    for (const std::string& file : claim.files) {
      std::error_code code;
      fs::create_hard_link(layout_.studies / claim.folder / file, study / file, code);
      if (!code) continue;
      base::Throw(base::ErrorKind::kIo,
                  fmt::format("cannot link {} to {}: {}; both must be on one file system",
                              (layout_.studies / claim.folder / file).string(), study.string(), code.message()));
    }
  }

  std::vector<std::string> Receivers() const {
    std::vector<std::string> names;
    for (const PeerEntry& peer : config_.peers) {
      if (peer.send) names.push_back(peer.name);
    }
    return names;
  }

  void EndWhatTakesTooLong() {
    const std::lock_guard lock(mutex_);
    for (const auto& [job, start] : since_) {
      if (SecondsSince(start) < config_.limits.analysis_s) continue;
      LogEvent("error", "analysis_takes_too_long", {{"job", job}, {"seconds", SecondsSince(start)}});
      std::_Exit(1);
    }
  }

  const NodeConfig& config_;
  const Layout layout_;
  const Analyse& analyse_;
  const std::atomic<bool>& stop_;
  const std::string owner_;
  std::mutex mutex_;
  std::map<std::int64_t, Clock::time_point> since_;  // when each job under way was begun
};

}  // namespace

int RunAnalysis(const NodeConfig& config, const Analyse& analyse, const std::atomic<bool>& stop) {
  Analyst analyst(config, analyse, stop);
  std::atomic<bool> ended = false;
  std::thread watch([&] { analyst.Watch(ended); });
  std::vector<std::thread> workers;
  workers.reserve(static_cast<std::size_t>(config.workers));
  for (int i = 0; i < config.workers; ++i) workers.emplace_back([&] { analyst.Work(); });
  for (std::thread& worker : workers) worker.join();
  ended = true;
  watch.join();
  return 0;
}

}  // namespace parotis::service
