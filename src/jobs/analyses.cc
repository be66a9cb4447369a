#include "jobs/analyses.h"

#include <fmt/format.h>

#include "jobs/claims.h"
#include "jobs/deliveries.h"

namespace parotis::jobs {
namespace {

constexpr const WorkTable* kAllWork[] = {&kAnalyses, &kDeliveries, &kCommitments, &kPulls};

std::vector<std::string> FilesOf(Database& database, const std::string& study) {
  std::vector<std::string> files;
  for (const Row& row :
       database.Run("SELECT file FROM instances WHERE study = $1 AND result = 0 ORDER BY file", {study}))
    files.push_back(row[0]);
  return files;
}

void RecordObjectsOfReview(Database& database, const AnalysisClaim& claim, const AnalysisOutcome& outcome) {
  for (const ResultObject& object : outcome.objects) {
    database.Run(
        "INSERT INTO review_objects (job, sop_instance_uid, sop_class_uid, series_uid, file, bytes) "
        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (job, sop_instance_uid) DO UPDATE SET file = $5, bytes = $6",
        {std::to_string(claim.job), object.sop_instance_uid, object.sop_class_uid, object.series_uid, object.file,
         std::to_string(object.bytes)});
  }
}

void RecordObjects(Database& database, const std::string& study, const AnalysisOutcome& outcome) {
  for (const ResultObject& object : outcome.objects) {
    database.Run(
        "INSERT INTO instances (study, sop_instance_uid, sop_class_uid, series_uid, transfer_syntax_uid, file, bytes, "
        "result) VALUES ($1, $2, $3, $4, $7, $5, $6, 1) ON CONFLICT (study, sop_instance_uid) DO "
        "UPDATE SET file = $5, bytes = $6",
        {study, object.sop_instance_uid, object.sop_class_uid, object.series_uid, object.file,
         std::to_string(object.bytes), kExplicitLittleEndian});
  }
}

int Release(Database& database, const char* state, const std::string& which, const std::vector<std::string>& values,
            bool blame, const RetryRule& rule, const std::string& reason) {
  return Transact(database, [&] {
    int released = 0;
    for (const WorkTable* table : kAllWork) {
      const std::vector<Row> rows = database.Run(
          fmt::format("SELECT {}, claim FROM {} WHERE state = '{}' AND {}", table->key, table->name, state, which),
          values);
      for (const Row& row : rows) {
        ++released;
        if (blame) {
          const std::string next = RetryRow(database, *table, row[0], row[1], reason, rule);
          if (table == &kDeliveries && next == "failed") EndJobOfDelivery(database, row[0]);
          continue;
        }
        database.Run(fmt::format("UPDATE {} SET attempts = attempts - 1 WHERE {} = $1", table->name, table->key),
                     {row[0]});
        EndRow(database, *table, row[0], row[1], table->waiting, reason);
      }
    }
    return released;
  });
}

}  // namespace

std::optional<AnalysisClaim> ClaimAnalysis(Database& database, const std::string& owner,
                                           const std::string& active_model, double lease_s) {
  return Transact(database, [&]() -> std::optional<AnalysisClaim> {
    const std::optional<RowClaim> row = ClaimRow(database, kAnalyses, owner, lease_s);
    if (!row) return std::nullopt;
    const Row job = database
                        .Run(
                            "UPDATE jobs SET started = $2, model = CASE WHEN shadow = '' THEN $3 WHEN shadow LIKE "
                            "'review %' THEN model ELSE shadow END WHERE id = $1 RETURNING study, model, shadow",
                            {row->key, SqlText(database.Now()), active_model})
                        .at(0);
    const Row study = database.Run("SELECT study_uid, folder, sender FROM studies WHERE id = $1", {job[0]}).at(0);
    AnalysisClaim claim;
    claim.job = Integer(row->key), claim.number = Integer(row->number), claim.attempts = row->attempts;
    claim.study_uid = study[0], claim.folder = study[1], claim.sender = study[2];
    claim.model = job[1];
    if (job[2].starts_with(kReviewJob)) {
      claim.review = FindReview(database, Integer(job[2].substr(std::string(kReviewJob).size())));
    } else {
      claim.shadow = !job[2].empty();
    }
    claim.files = FilesOf(database, job[0]);
    return claim;
  });
}

void ExtendLeases(Database& database, const std::string& owner, const std::vector<std::int64_t>& jobs, double lease_s) {
  Transact(database, [&] {
    const std::string until = SqlText(database.Now() + lease_s);
    for (const std::int64_t job : jobs) {
      database.Run("UPDATE jobs SET lease = $3 WHERE id = $2 AND owner = $1 AND state = 'running'",
                   {owner, std::to_string(job), until});
    }
  });
}

bool Finish(Database& database, const AnalysisClaim& claim, const AnalysisOutcome& outcome,
            const std::vector<std::string>& peers) {
  return Transact(database, [&] {
    const bool to_send = !outcome.refused && !claim.shadow && !outcome.objects.empty() && !peers.empty();
    const std::string state = outcome.refused ? "refused" : to_send ? "sending" : "done";
    const std::string key = std::to_string(claim.job);
    if (!EndRow(database, kAnalyses, key, std::to_string(claim.number), state, outcome.reason)) return false;
    const std::string now = SqlText(database.Now());
    const std::string study =
        database
            .Run("UPDATE jobs SET verdict = $2, results = $3, analysed = $4, ended = $5 WHERE id = $1 RETURNING study",
                 {key, outcome.verdict, outcome.results, now, to_send ? "0" : now})
            .at(0)
            .at(0);
    database.Run("INSERT INTO besides (job, bytes) VALUES ($1, $2) ON CONFLICT (job) DO UPDATE SET bytes = $2",
                 {key, std::to_string(outcome.beside_bytes)});
    if (claim.review) {
      RecordObjectsOfReview(database, claim, outcome);
    } else if (!claim.shadow) {
      RecordObjects(database, study, outcome);
    }
    for (const std::string& peer : to_send ? peers : std::vector<std::string>()) {
      database.Run(
          "INSERT INTO deliveries (job, peer) VALUES ($1, $2) ON CONFLICT (job, peer) DO UPDATE SET "
          "state = 'waiting', claim = deliveries.claim + 1, attempts = 0, not_before = 0, reason = ''",
          {key, peer});
    }
    return true;
  });
}

bool FailAttempt(Database& database, const AnalysisClaim& claim, const std::string& reason, const RetryRule& rule) {
  return Transact(database, [&] {
    const std::string key = std::to_string(claim.job);
    const std::string state = RetryRow(database, kAnalyses, key, std::to_string(claim.number), reason, rule);
    if (state == "failed") database.Run("UPDATE jobs SET ended = $2 WHERE id = $1", {key, SqlText(database.Now())});
    return !state.empty();
  });
}

int ReleaseClaims(Database& database, const std::string& owner, bool blame, const RetryRule& rule,
                  const std::string& reason) {
  return Release(database, "running", "owner = $1", {owner}, blame, rule, reason);
}

int ReleaseNode(Database& database, const std::string& node, const std::string& reason) {
  return Release(database, "running", "substr(owner, 1, length($1)) = $1", {node + "/"}, false, {}, reason);
}

int ReleaseExpired(Database& database, const RetryRule& rule) {
  const std::string now = Transact(database, [&] { return SqlText(database.Now()); });
  return Release(database, "running", "lease < $1", {now}, true, rule, "whoever worked on it has not been heard of") +
         Release(database, "awaiting", "lease < $1", {now}, true, rule,
                 "the peer took it and has not reported in time that it answers for it");
}

}  // namespace parotis::jobs
