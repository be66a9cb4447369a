#include "service/upkeep.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>
#include <system_error>
#include <thread>

#include "accounts/schema.h"
#include "base/error.h"
#include "base/files.h"
#include "base/resumable.h"
#include "jobs/analyses.h"
#include "jobs/arrivals.h"
#include "jobs/models.h"
#include "jobs/retention.h"
#include "jobs/schema.h"
#include "service/filing.h"
#include "service/node_log.h"
#include "service/room.h"
#include "service/spool.h"

namespace parotis::service {
namespace {

namespace fs = std::filesystem;

constexpr auto kPoll = std::chrono::milliseconds(100);
constexpr auto kAfterError = std::chrono::seconds(2);
constexpr double kBetweenLooks_s = 1, kBetweenClearings_s = 60;
constexpr auto kResultsAreYoung = std::chrono::hours(1);

double Now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

void RemoveAll(const fs::path& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

// Datasets whose record was never written: their senders were not told "stored".
void RemoveUnrecorded(const fs::path& incoming) {
  std::vector<fs::path> left;
  for (const auto& entry : fs::directory_iterator(incoming)) {
    const fs::path& path = entry.path();
    const bool dataset = path.extension() == ".dcm";
    if (dataset ? !HasRecord(path) : !IsRecord(path)) left.push_back(path);
  }
  for (const fs::path& path : left) RemoveAll(path);
}

std::vector<std::string> Shadows(const NodeConfig& config, const std::string& active) {
  std::vector<std::string> names;
  for (const ModelEntry& model : config.models) {
    if (model.role == ModelRole::kShadow && model.name != active) names.push_back(model.name);
  }
  return names;
}

// Results that a process wrote and did not live to record.
void RemoveUnrecordedResults(jobs::Database& database, const fs::path& results) {
  std::vector<std::string> old;
  const auto limit = fs::file_time_type::clock::now() - kResultsAreYoung;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(results, code)) {
    if (entry.last_write_time(code) < limit) old.push_back(entry.path().filename().string());
  }
  if (old.empty()) return;
  for (const std::string& name : jobs::Unreferenced(database, old)) RemoveAll(results / name);
}

// At the first start the configuration's; afterwards what was activated last, which must be configured.
void DecideModel(jobs::Database& database, const NodeConfig& config) {
  const auto configured = std::find_if(config.models.begin(), config.models.end(),
                                       [](const ModelEntry& model) { return model.role == ModelRole::kActive; });
  const std::string active = jobs::ActiveModel(database);
  if (active.empty()) return jobs::Activate(database, configured->name, config.file.string());
  if (active == configured->name) return;
  if (config.Model(active) == nullptr) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{}: the model \"{}\", which was activated last, is not among the models: add it, or make "
                            "another active (parotis queue {} --activate NAME)",
                            config.file.string(), active, config.file.string()));
  }
  LogEvent("warning", "model",
           {{"active", active},
            {"is", fmt::format("answers are those of \"{}\", which was activated last, not of \"{}\", whose role is "
                               "active in {}: a role counts at the first start, then parotis queue {} --activate NAME",
                               active, configured->name, config.file.string(), config.file.string())}});
}

}  // namespace

void Upkeep::Begin() {
  for (const fs::path* folder : {&layout_.incoming, &layout_.studies, &layout_.results, &layout_.work, &layout_.uploads,
                                 &layout_.audit, &layout_.state})
    base::CreateFolder(*folder);
  RemoveUnrecorded(layout_.incoming);
  RemoveAll(layout_.uploads);
  base::CreateFolder(layout_.uploads);
  base::RemoveHalfWritten(layout_.state);
  const auto database = jobs::OpenDatabase(config_.DatabaseOrDefault());
  jobs::MakeTables(*database);
  accounts::MakeTables(*database);
  DecideModel(*database, config_);
  jobs::ReleaseNode(*database, config_.name, "the node was started again");
  DecideRoom(*database, config_, layout_);
}

void Upkeep::Run(const std::atomic<bool>& stop) {
  while (!stop) {
    try {
      const auto database = jobs::OpenDatabase(config_.DatabaseOrDefault());
      while (!stop) Round(*database);
      while (FileArrivals(config_, layout_, *database).records > 0) continue;
    } catch (const std::exception& error) {
      LogEvent("error", "upkeep", {{"reason", ReasonOf(error)}});
      if (!stop) std::this_thread::sleep_for(kAfterError);
    }
  }
}

void Upkeep::Round(jobs::Database& database) {
  const FilingCounts counts = FileArrivals(config_, layout_, database);
  filed_ += static_cast<std::uint64_t>(counts.fresh);
  for (const std::string& uid :
       jobs::MakeReady(database, config_.complete, Shadows(config_, jobs::ActiveModel(database))))
    LogEvent("info", "study_ready", {{"study", jobs::FolderOf(uid)}});
  ReleaseEnded(database);
  if (Now() >= next_look_) {
    next_look_ = Now() + kBetweenLooks_s;
    jobs::ReleaseExpired(database, config_.retry);
    const std::string why = DecideRoom(database, config_, layout_);
    const std::lock_guard lock(mutex_);
    if (why != no_room_) LogEvent(why.empty() ? "info" : "warning", "room", {{"full", why}});
    no_room_ = why;
  }
  if (Now() >= next_clearing_) {
    next_clearing_ = Now() + kBetweenClearings_s;
    KeepWithinLimits(database);
  }
  if (counts.records == 0) std::this_thread::sleep_for(kPoll);
}

void Upkeep::ReleaseEnded(jobs::Database& database) {
  std::vector<std::string> ended;
  {
    const std::lock_guard lock(mutex_);
    ended = ended_;
  }
  for (const std::string& owner : ended) {
    jobs::ReleaseClaims(database, owner, true, config_.retry, "the process that worked on it ended before it was done");
    const std::lock_guard lock(mutex_);
    ended_.erase(std::find(ended_.begin(), ended_.end(), owner));
  }
}

void Upkeep::KeepWithinLimits(jobs::Database& database) {
  const jobs::Removed removed = jobs::ForgetOld(database, config_.retention);
  for (const std::string& folder : removed.results) RemoveAll(layout_.results / folder);
  for (const std::string& folder : removed.studies) {
    Audit(layout_.audit, "study_removed", {{"folder", folder}});
  }
  const auto remove = [&](const std::string& file) {
    std::error_code ignored;
    fs::remove(layout_.studies / file, ignored);
    fs::remove((layout_.studies / file).parent_path(), ignored);  // when it was the last
  };
  constexpr std::size_t kAtATime = 200;
  while (jobs::RemoveLeftovers(database, kAtATime, remove) == kAtATime) continue;
  RemoveUnrecordedResults(database, layout_.results);
}

void Upkeep::ProcessEnded(const std::string& owner) {
  const std::lock_guard lock(mutex_);
  ended_.push_back(owner);
}

std::string Upkeep::no_room() const {
  const std::lock_guard lock(mutex_);
  return no_room_;
}

}  // namespace parotis::service
