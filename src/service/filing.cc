#include "service/filing.h"

#include <fmt/format.h>

#include <set>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "jobs/arrivals.h"
#include "jobs/deliveries.h"
#include "service/ask_commitment.h"
#include "service/node_log.h"
#include "service/spool.h"

namespace parotis::service {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBatch = 200;

fs::path PlaceOf(const Layout& layout, const Spooled::Record& record) {
  return layout.studies / jobs::FolderOf(record.instance.study_uid) / record.instance.file;
}

// The dataset gets a second name; its first stays until it is recorded. False when it has none: it has been recorded,
// and only the record in the spool outlived that.
bool PutInPlace(const Layout& layout, const Spooled::Record& record) {
  constexpr int kAttempts = 3;  // whoever clears may remove the folder while it is empty
  const fs::path place = PlaceOf(layout, record);
  std::error_code code;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    base::CreateFolder(place.parent_path());
    fs::create_hard_link(record.dataset, place, code);
    if (!code || code == std::errc::file_exists) return true;
    if (code != std::errc::no_such_file_or_directory) break;
    std::error_code unreadable;
    if (!fs::exists(record.dataset, unreadable) && !unreadable) return false;
  }
  base::Throw(base::ErrorKind::kIo,
              fmt::format("cannot put {} in place: {}; check space and permissions", place.string(), code.message()));
}

void FileInstances(jobs::Database& database, const Layout& layout, const Spooled& spooled, FilingCounts& counts) {
  std::vector<jobs::Instance> instances;
  std::vector<const Spooled::Record*> placed;
  std::set<std::string> folders;
  for (const Spooled::Record& record : spooled.instances) {
    if (!PutInPlace(layout, record)) continue;
    placed.push_back(&record);
    instances.push_back(record.instance);
    folders.insert(jobs::FolderOf(record.instance.study_uid));
  }
  for (const std::string& folder : folders) base::SyncFolder(layout.studies / folder);
  base::SyncFolder(layout.studies);
  const jobs::Filed filed = jobs::AddInstances(database, instances);
  counts.fresh += filed.fresh;
  for (const std::string& uid : filed.reopened) {
    LogEvent("info", "study_reopened", {{"study", jobs::FolderOf(uid)}});
    Audit(layout.audit, "study_reopened", {{"study_uid", uid}});
  }
  for (const std::string& old : filed.replaced) Audit(layout.audit, "instance_replaced", {{"file", old}});
  // As long as it was not recorded, a file of that content may have been removed as left over; from here on it is not.
  std::error_code ignored;
  for (const Spooled::Record* record : placed) PutInPlace(layout, *record);
  for (const Spooled::Record* record : placed) fs::remove(record->dataset, ignored);
}

}  // namespace

FilingCounts FileArrivals(const NodeConfig& config, const Layout& layout, jobs::Database& database) {
  FilingCounts counts;
  const Spooled spooled = ReadSpool(layout.incoming, kBatch);
  std::vector<fs::path> dealt_with;
  dealt_with.reserve(spooled.instances.size() + spooled.releases.size() + spooled.commitments.size() +
                     spooled.reports.size());
  if (!spooled.instances.empty()) FileInstances(database, layout, spooled, counts);
  for (const Spooled::Record& record : spooled.instances) dealt_with.push_back(record.file);
  for (const Spooled::Release& release : spooled.releases) {
    jobs::MarkComplete(database, release.study_uids);
    dealt_with.push_back(release.file);
  }
  for (const Spooled::Commitment& commitment : spooled.commitments) {
    jobs::AddCommitment(database, commitment.peer_ae, commitment.transaction_uid, commitment.asked);
    dealt_with.push_back(commitment.file);
  }
  for (const Spooled::Report& report : spooled.reports) {
    TakeReport(config, layout, database, report);
    dealt_with.push_back(report.file);
  }
  std::error_code ignored;  // a record that stays is dealt with again, to no effect
  for (const fs::path& file : dealt_with) fs::remove(file, ignored);
  counts.records = dealt_with.size();
  return counts;
}

}  // namespace parotis::service
