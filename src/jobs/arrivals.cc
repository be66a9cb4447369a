#include "jobs/arrivals.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/hash.h"
#include "jobs/claims.h"

namespace parotis::jobs {
namespace {

std::int64_t StudyOf(Database& database, const Instance& instance, const std::string& now) {
  return Integer(database
                     .Run("INSERT INTO studies (study_uid, folder, sender, first_arrival, last_arrival) "
                          "VALUES ($1, $2, $3, $4, $4) "
                          "ON CONFLICT (study_uid) DO UPDATE SET sender = excluded.sender RETURNING id",
                          {instance.study_uid, FolderOf(instance.study_uid), instance.sender, now})
                     .at(0)
                     .at(0));
}

// Whether it, or this content of it, is new. What it replaces goes to `replaced`.
bool AddInstance(Database& database, std::int64_t study, const Instance& instance, std::vector<std::string>& replaced) {
  const std::string key = std::to_string(study);
  const std::string folder = FolderOf(instance.study_uid) + "/";
  database.Run("DELETE FROM leftovers WHERE file = $1", {folder + instance.file});
  const std::vector<Row> known = database.Run("SELECT file FROM instances WHERE study = $1 AND sop_instance_uid = $2",
                                              {key, instance.sop_instance_uid});
  if (!known.empty() && known[0][0] == instance.file) return false;
  if (!known.empty()) {
    replaced.push_back(folder + known[0][0]);
    database.Run("INSERT INTO leftovers (file) VALUES ($1) ON CONFLICT (file) DO NOTHING", {replaced.back()});
  }
  database.Run(
      "INSERT INTO instances (study, sop_instance_uid, sop_class_uid, series_uid, transfer_syntax_uid, file, bytes) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (study, sop_instance_uid) DO UPDATE SET sop_class_uid = $3, "
      "series_uid = $4, transfer_syntax_uid = $5, file = $6, bytes = $7, result = 0",
      {key, instance.sop_instance_uid, instance.sop_class_uid, instance.series_uid, instance.transfer_syntax_uid,
       instance.file, std::to_string(instance.bytes)});
  return true;
}

// Back to "received", from wherever it was. True when it had got beyond.
bool Reopen(Database& database, std::int64_t study, const std::string& now) {
  const std::string key = std::to_string(study);
  database.Run("UPDATE studies SET last_arrival = $2, complete = 0, removed = 0 WHERE id = $1", {key, now});
  const std::vector<Row> before = database.Run("SELECT state FROM jobs WHERE study = $1 AND shadow = ''", {key});
  if (before.empty()) {
    database.Run("INSERT INTO jobs (study, state) VALUES ($1, 'received') ON CONFLICT (study, shadow) DO NOTHING",
                 {key});
    return false;
  }
  if (before[0][0] == "received") return false;
  database.Run(
      "DELETE FROM demands WHERE delivery IN (SELECT d.id FROM deliveries d JOIN jobs j ON j.id = d.job "
      "WHERE j.study = $1 AND j.shadow NOT LIKE 'review %')",
      {key});
  database.Run(
      "DELETE FROM deliveries WHERE job IN (SELECT id FROM jobs WHERE study = $1 AND shadow NOT LIKE 'review %')",
      {key});
  database.Run("DELETE FROM instances WHERE study = $1 AND result = 1", {key});
  // What readers made of it stays theirs.
  database.Run("DELETE FROM jobs WHERE study = $1 AND shadow <> '' AND shadow NOT LIKE 'review %'", {key});
  database.Run(
      "UPDATE jobs SET state = 'received', claim = claim + 1, owner = '', lease = 0, attempts = 0, not_before = 0, "
      "reason = '', verdict = '', results = '', ready = 0, started = 0, analysed = 0, ended = 0 WHERE study = $1 AND "
      "shadow = ''",
      {key});
  return true;
}

}  // namespace

std::string FolderOf(const std::string& study_uid) { return base::HashOf(study_uid).substr(0, 32); }

Filed AddInstances(Database& database, std::vector<Instance> instances) {
  // In one order everywhere, so that two nodes never wait for each other.
  std::stable_sort(instances.begin(), instances.end(), [](const Instance& a, const Instance& b) {
    return std::tie(a.study_uid, a.sop_instance_uid) < std::tie(b.study_uid, b.sop_instance_uid);
  });
  return Transact(database, [&] {
    Filed filed;
    const std::string now = SqlText(database.Now());
    for (std::size_t i = 0; i < instances.size();) {
      const std::string& uid = instances[i].study_uid;
      const std::int64_t study = StudyOf(database, instances[i], now);
      int fresh = 0;
      for (; i < instances.size() && instances[i].study_uid == uid; ++i)
        fresh += AddInstance(database, study, instances[i], filed.replaced) ? 1 : 0;
      filed.fresh += fresh;
      if (fresh > 0 && Reopen(database, study, now)) filed.reopened.push_back(uid);
    }
    return filed;
  });
}

void MarkComplete(Database& database, const std::vector<std::string>& study_uids) {
  Transact(database, [&] {
    for (const std::string& uid : study_uids)
      database.Run("UPDATE studies SET complete = 1 WHERE study_uid = $1", {uid});
  });
}

std::vector<std::string> MakeReady(Database& database, const CompleteRule& rule,
                                   const std::vector<std::string>& shadows) {
  return Transact(database, [&] {
    std::vector<std::string> ready;
    const double now = database.Now();
    const std::vector<Row> jobs = database.Run(
        "UPDATE jobs SET state = 'ready', ready = $1 WHERE state = 'received' AND study IN "
        "(SELECT id FROM studies WHERE last_arrival <= $2 OR (complete = 1 AND $3 = 'yes')) RETURNING study",
        {SqlText(now), SqlText(now - rule.quiet_s), rule.on_release ? "yes" : "no"});
    for (const Row& job : jobs) {
      for (const std::string& shadow : shadows) {
        database.Run(
            "INSERT INTO jobs (study, shadow, state, ready) VALUES ($1, $2, 'ready', $3) ON CONFLICT (study, shadow) "
            "DO "
            "NOTHING",
            {job[0], shadow, SqlText(now)});
      }
      ready.push_back(database.Run("SELECT study_uid FROM studies WHERE id = $1", {job[0]}).at(0).at(0));
    }
    return ready;
  });
}

std::vector<std::string> Kept(Database& database, const std::vector<std::string>& sop_instance_uids) {
  return Transact(database, [&] {
    std::vector<std::string> kept;
    for (const std::string& uid : sop_instance_uids) {
      for (const Row& row : database.Run("SELECT sop_class_uid FROM instances WHERE sop_instance_uid = $1", {uid}))
        kept.push_back(row[0] + "\n" + uid);
    }
    return kept;
  });
}

}  // namespace parotis::jobs
