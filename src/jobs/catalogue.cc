#include "jobs/catalogue.h"

#include <fmt/format.h>

#include "base/error.h"
#include "jobs/claims.h"
#include "jobs/retention.h"

namespace parotis::jobs {
namespace {

constexpr const char* kJobColumns =
    "j.id, s.study_uid, s.folder, s.sender, j.state, j.model, j.verdict, j.reason, j.results, j.owner, j.shadow, "
    "j.attempts, (SELECT COUNT(*) FROM instances i WHERE i.study = s.id AND i.result = 0), s.first_arrival, "
    "s.last_arrival, j.ready, j.started, j.analysed, j.ended, j.not_before";

JobRecord JobOf(const Row& row) {
  JobRecord job;
  job.id = Integer(row[0]);
  job.study_uid = row[1], job.folder = row[2], job.sender = row[3], job.state = row[4], job.model = row[5];
  job.verdict = row[6], job.reason = row[7], job.results = row[8], job.owner = row[9];
  if (row[10].starts_with(kReviewJob)) {
    job.review = Integer(row[10].substr(std::string(kReviewJob).size()));
  } else {
    job.shadow = !row[10].empty();
  }
  job.attempts = static_cast<int>(Integer(row[11]));
  job.instances = Integer(row[12]);
  job.first_arrival = Real(row[13]), job.last_arrival = Real(row[14]), job.ready = Real(row[15]);
  job.started = Real(row[16]), job.analysed = Real(row[17]), job.ended = Real(row[18]), job.not_before = Real(row[19]);
  return job;
}

// " WHERE a = $1 AND …" of those that are given.
std::string Where(const std::vector<std::pair<const char*, std::string>>& wanted, std::vector<std::string>& values) {
  std::string where;
  for (const auto& [column, value] : wanted) {
    if (value.empty()) continue;
    values.push_back(value);
    where += fmt::format("{}{} = ${}", where.empty() ? " WHERE " : " AND ", column, values.size());
  }
  return where;
}

std::map<std::string, std::int64_t> Count(Database& database, const std::string& statement,
                                          std::initializer_list<const char*> states) {
  return Transact(database, [&] {
    std::map<std::string, std::int64_t> counts;
    for (const char* state : states) counts[state] = 0;
    for (const Row& row : database.Run(statement, {})) counts[row[0]] = Integer(row[1]);
    return counts;
  });
}

}  // namespace

std::vector<JobRecord> ListJobs(Database& database, const JobFilter& filter) {
  std::vector<std::string> values;
  const std::string where = Where({{"j.state", filter.state},
                                   {"s.study_uid", filter.study_uid},
                                   {"j.id", filter.id == 0 ? "" : std::to_string(filter.id)}},
                                  values);
  return Transact(database, [&] {
    std::vector<JobRecord> jobs;
    for (const Row& row : database.Run(
             fmt::format("SELECT {} FROM jobs j JOIN studies s ON s.id = j.study{} ORDER BY s.last_arrival DESC, "
                         "j.id DESC LIMIT {}",
                         kJobColumns, where, filter.limit),
             values))
      jobs.push_back(JobOf(row));
    return jobs;
  });
}

std::vector<WorklistEntry> Worklist(Database& database, const std::string& folder) {
  return Transact(database, [&] {
    std::vector<WorklistEntry> entries;
    for (const Row& row : database.Run(
             fmt::format("SELECT {}, (SELECT MIN(file) FROM instances i WHERE i.study = s.id AND i.result = 0) "
                         "FROM jobs j JOIN studies s ON s.id = j.study WHERE j.shadow = '' AND s.removed = 0{} "
                         "ORDER BY s.last_arrival DESC, j.id DESC",
                         kJobColumns, folder.empty() ? "" : " AND s.folder = $1"),
             folder.empty() ? std::vector<std::string>() : std::vector{folder}))
      entries.push_back({JobOf(row), row.back()});
    return entries;
  });
}

std::vector<DeliveryRecord> DeliveriesOf(Database& database, std::int64_t job) {
  return Transact(database, [&] {
    std::vector<DeliveryRecord> deliveries;
    for (const Row& row :
         database.Run("SELECT peer, state, reason, attempts FROM deliveries WHERE job = $1 ORDER BY peer",
                      {std::to_string(job)}))
      deliveries.push_back({row[0], row[1], row[2], static_cast<int>(Integer(row[3]))});
    return deliveries;
  });
}

std::map<std::string, std::int64_t> CountJobs(Database& database) {
  return Count(database, "SELECT state, COUNT(*) FROM jobs WHERE shadow = '' GROUP BY state",
               {"received", "ready", "running", "sending", "done", "refused", "failed"});
}

std::map<std::string, std::int64_t> CountDeliveries(Database& database) {
  return Count(database, "SELECT state, COUNT(*) FROM deliveries GROUP BY state",
               {"waiting", "running", "awaiting", "done", "failed"});
}

std::map<std::string, std::int64_t> CountPulls(Database& database) {
  return Count(database, "SELECT state, COUNT(*) FROM pulls GROUP BY state", {"waiting", "running", "done", "failed"});
}

std::map<std::string, std::int64_t> CountCommitments(Database& database) {
  return Count(database, "SELECT state, COUNT(*) FROM commitments GROUP BY state",
               {"waiting", "running", "done", "failed"});
}

Held Holdings(Database& database) {
  return Transact(database, [&] {
    Held held;
    const Row counts = database.Run("SELECT COUNT(DISTINCT study), COUNT(*) FROM instances", {}).at(0);
    held.studies = Integer(counts[0]), held.instances = Integer(counts[1]), held.bytes = KeptBytes(database);
    const std::string oldest = database.Run("SELECT MIN(ready) FROM jobs WHERE state = 'ready'", {}).at(0).at(0);
    if (!oldest.empty()) held.oldest_waiting_s = database.Now() - Real(oldest);
    for (const Row& row : database.Run(
             "SELECT j.ended - s.last_arrival FROM jobs j JOIN studies s ON s.id = j.study WHERE j.state = 'done' "
             "AND j.shadow = '' ORDER BY j.ended DESC LIMIT 1000",
             {}))
      held.last_durations_s.push_back(Real(row[0]));
    return held;
  });
}

std::vector<InstanceRecord> ListInstances(Database& database, const InstanceFilter& filter) {
  std::vector<std::string> values;
  const std::string where = Where({{"s.study_uid", filter.study_uid},
                                   {"i.series_uid", filter.series_uid},
                                   {"i.sop_instance_uid", filter.sop_instance_uid}},
                                  values);
  return Transact(database, [&] {
    std::vector<InstanceRecord> instances;
    for (const Row& row : database.Run(
             fmt::format("SELECT s.study_uid, s.folder, i.series_uid, i.sop_class_uid, i.sop_instance_uid, "
                         "i.transfer_syntax_uid, i.file, CASE WHEN i.result = 1 THEN j.results ELSE '' END, i.bytes "
                         "FROM (SELECT study, series_uid, sop_class_uid, sop_instance_uid, transfer_syntax_uid, file, "
                         "bytes, result, 0 AS job FROM instances UNION ALL SELECT e.study, o.series_uid, "
                         "o.sop_class_uid, o.sop_instance_uid, '{}', o.file, o.bytes, 1, o.job FROM review_objects o "
                         "JOIN jobs e ON e.id = o.job) i JOIN studies s ON s.id = i.study LEFT JOIN jobs j ON "
                         "j.study = s.id AND (CASE WHEN i.job = 0 THEN j.shadow = '' ELSE j.id = i.job END){} "
                         "ORDER BY s.study_uid, i.series_uid, i.sop_instance_uid",
                         kExplicitLittleEndian, where),
             values)) {
      instances.push_back({row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7],
                           static_cast<std::uint64_t>(Integer(row[8]))});
    }
    return instances;
  });
}

std::vector<std::string> ListStudies(Database& database, int limit, int offset) {
  return Transact(database, [&] {
    std::vector<std::string> uids;
    for (const Row& row :
         database.Run(fmt::format("SELECT study_uid FROM studies WHERE removed = 0 ORDER BY last_arrival "
                                  "DESC, id DESC LIMIT {} OFFSET {}",
                                  limit, offset),
                      {}))
      uids.push_back(row[0]);
    return uids;
  });
}

void RetryJob(Database& database, std::int64_t id) {
  Transact(database, [&] {
    const std::string key = std::to_string(id);
    const std::vector<Row> rows = database.Run(
        "SELECT j.state, (SELECT COUNT(*) FROM deliveries d WHERE d.job = j.id AND d.state = 'failed'), s.removed "
        "FROM jobs j JOIN studies s ON s.id = j.study WHERE j.id = $1",
        {key});
    if (rows.empty()) base::Throw(base::ErrorKind::kUsage, fmt::format("there is no job {}", id));
    const std::string& state = rows[0][0];
    if (state != "done" && state != "refused" && state != "failed") {
      base::Throw(base::ErrorKind::kUsage,
                  fmt::format("job {} is {}: only a job that has ended can be tried again", id, state));
    }
    if (rows[0][2] == "1") {
      base::Throw(base::ErrorKind::kUsage,
                  fmt::format("the images of job {} are no longer kept: send the study again", id));
    }
    if (Integer(rows[0][1]) > 0) {
      database.Run(
          "UPDATE deliveries SET state = 'waiting', attempts = 0, not_before = 0, claim = claim + 1 "
          "WHERE job = $1 AND state = 'failed'",
          {key});
      database.Run("UPDATE jobs SET state = 'sending', ended = 0, reason = '' WHERE id = $1", {key});
    } else {
      database.Run("DELETE FROM demands WHERE delivery IN (SELECT id FROM deliveries WHERE job = $1)", {key});
      database.Run("DELETE FROM deliveries WHERE job = $1", {key});
      database.Run(
          "DELETE FROM instances WHERE result = 1 AND study = (SELECT study FROM jobs WHERE id = $1 AND "
          "shadow = '')",
          {key});
      database.Run(
          "UPDATE jobs SET state = 'ready', claim = claim + 1, attempts = 0, not_before = 0, reason = '', "
          "verdict = '', results = '', ready = $2, started = 0, analysed = 0, ended = 0 WHERE id = $1",
          {key, SqlText(database.Now())});
    }
  });
}

}  // namespace parotis::jobs
