// What people and programs want to know of the jobs; and what people do about those that failed.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "jobs/database.h"

namespace parotis::jobs {

struct JobRecord {
  std::int64_t id = 0;
  std::string study_uid, folder, sender;
  std::string state, model, verdict, reason, results, owner;
  bool shadow = false;
  std::int64_t review = 0;  // the edit by a reader that it is; 0: none
  int attempts = 0;
  std::int64_t instances = 0;
  double first_arrival = 0, last_arrival = 0, ready = 0, started = 0, analysed = 0, ended = 0, not_before = 0;
};
struct JobFilter {             // NOLINTBEGIN(readability-redundant-string-init): GCC wants them where some are left out
  std::string state = "";      // "" for all
  std::string study_uid = "";  // "" for all
  std::int64_t id = 0;         // 0 for all
  int limit = 100;
};  // NOLINTEND(readability-redundant-string-init)
// The latest first.
std::vector<JobRecord> ListJobs(Database& database, const JobFilter& filter);

// The analysis of every study that is kept, and one of its images; the latest first.
struct WorklistEntry {
  JobRecord job;
  std::string image;  // a file of the study's folder; "" when there is none
};
// Of one study only, with its folder; "" for all.
std::vector<WorklistEntry> Worklist(Database& database, const std::string& folder = "");

struct DeliveryRecord {
  std::string peer, state, reason;
  int attempts = 0;
};
std::vector<DeliveryRecord> DeliveriesOf(Database& database, std::int64_t job);

// Jobs by state, without shadows; every state is there.
std::map<std::string, std::int64_t> CountJobs(Database& database);
std::map<std::string, std::int64_t> CountDeliveries(Database& database);
std::map<std::string, std::int64_t> CountPulls(Database& database);        // studies that are fetched
std::map<std::string, std::int64_t> CountCommitments(Database& database);  // that others asked us for

struct Held {
  std::int64_t studies = 0, instances = 0, bytes = 0;
  double oldest_waiting_s = 0;           // how long the oldest "ready" job has waited
  std::vector<double> last_durations_s;  // from the last arrival to the end, of the last 1000 that are done
};
Held Holdings(Database& database);

struct InstanceRecord {
  std::string study_uid, folder, series_uid, sop_class_uid, sop_instance_uid, transfer_syntax_uid;
  std::string file;     // in the study's folder, or of the results' folder
  std::string results;  // that folder, of a result
  std::uint64_t bytes = 0;
};
struct InstanceFilter {
  // NOLINTNEXTLINE(readability-redundant-string-init): as above
  std::string study_uid = "", series_uid = "", sop_instance_uid = "";  // "" for all
};
// By study, series and UID.
std::vector<InstanceRecord> ListInstances(Database& database, const InstanceFilter& filter);
std::vector<std::string> ListStudies(Database& database, int limit, int offset);  // UIDs, the latest first

// From the beginning: a job that has ended in any way is "ready" again, one whose deliveries failed is sent again.
// Throws kUsage when there is no such job or it has not ended.
void RetryJob(Database& database, std::int64_t id);

}  // namespace parotis::jobs
