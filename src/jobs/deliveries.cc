#include "jobs/deliveries.h"

#include "jobs/claims.h"

namespace parotis::jobs {
namespace {

bool End(Database& database, const WorkTable& table, const std::string& key, const std::string& number) {
  return Transact(database, [&] {
    const bool held = EndRow(database, table, key, number, "done", "");
    return held;
  });
}

bool Retry(Database& database, const WorkTable& table, const std::string& key, const std::string& number,
           const std::string& reason, const RetryRule& rule) {
  return Transact(database, [&] {
    const std::string state = RetryRow(database, table, key, number, reason, rule);
    return !state.empty();
  });
}

}  // namespace

void EndJobOfDelivery(Database& database, const std::string& delivery) {
  const std::string job = database.Run("SELECT job FROM deliveries WHERE id = $1", {delivery}).at(0).at(0);
  database.Run("DELETE FROM demands WHERE delivery = $1", {delivery});
  // The job's row first, so that of two last deliveries one sees the other's end.
  database.Run("UPDATE jobs SET ended = ended WHERE id = $1", {job});
  const std::vector<Row> rest = database.Run(
      "SELECT peer, reason, state FROM deliveries WHERE job = $1 AND state <> 'done' ORDER BY peer", {job});
  std::string reason;
  for (const Row& row : rest) {
    if (row[2] != "failed") return;
    reason += (reason.empty() ? "" : "; ") + ("not delivered to " + row[0]) + ": " + row[1];
  }
  database.Run(
      "UPDATE jobs SET state = $2, ended = $3, reason = CASE WHEN $4 = '' THEN reason ELSE $4 END "
      "WHERE id = $1 AND state = 'sending'",
      {job, rest.empty() ? "done" : "failed", SqlText(database.Now()), reason});
}

std::optional<DeliveryClaim> ClaimDelivery(Database& database, const std::string& owner, double lease_s) {
  return Transact(database, [&]() -> std::optional<DeliveryClaim> {
    const std::optional<RowClaim> row = ClaimRow(database, kDeliveries, owner, lease_s);
    if (!row) return std::nullopt;
    const Row found = database
                          .Run(
                              "SELECT d.peer, s.study_uid, j.results, s.id, j.shadow, j.id FROM deliveries d JOIN jobs "
                              "j ON j.id = d.job "
                              "JOIN studies s ON s.id = j.study WHERE d.id = $1",
                              {row->key})
                          .at(0);
    DeliveryClaim claim{row->key, row->number, found[0], found[1], found[2], {}, row->attempts};
    const bool of_review = found[4].starts_with(kReviewJob);
    for (const Row& object :
         database.Run(of_review ? "SELECT file FROM review_objects WHERE job = $1 ORDER BY file"
                                : "SELECT file FROM instances WHERE study = $1 AND result = 1 ORDER BY file",
                      {found[of_review ? 5 : 3]}))
      claim.files.push_back(object[0]);
    return claim;
  });
}

bool Delivered(Database& database, const DeliveryClaim& claim) {
  return Transact(database, [&] {
    if (!EndRow(database, kDeliveries, claim.id, claim.number, "done", "")) return false;
    EndJobOfDelivery(database, claim.id);
    return true;
  });
}

bool DeliveryFailed(Database& database, const DeliveryClaim& claim, const std::string& reason, const RetryRule& rule) {
  return Transact(database, [&] {
    const std::string state = RetryRow(database, kDeliveries, claim.id, claim.number, reason, rule);
    if (state == "failed") EndJobOfDelivery(database, claim.id);
    return !state.empty();
  });
}

void AddDemand(Database& database, const DeliveryClaim& claim, const std::string& transaction_uid,
               const std::string& asked) {
  Transact(database, [&] {
    database.Run(
        "INSERT INTO demands (delivery, claim, transaction_uid, asked) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (delivery) DO UPDATE SET claim = $2, transaction_uid = $3, asked = $4",
        {claim.id, claim.number, transaction_uid, asked});
  });
}

bool AwaitReport(Database& database, const DeliveryClaim& claim, double within_s) {
  return Transact(database, [&] {
    return !database
                .Run(
                    "UPDATE deliveries SET state = 'awaiting', owner = '', lease = $3, reason = $4 "
                    "WHERE id = $1 AND claim = $2 AND state = 'running' RETURNING claim",
                    {claim.id, claim.number, SqlText(database.Now() + within_s),
                     "stored; the peer has not yet reported that it answers for it"})
                .empty();
  });
}

std::optional<Demand> FindDemand(Database& database, const std::string& transaction_uid) {
  return Transact(database, [&]() -> std::optional<Demand> {
    const std::vector<Row> rows = database.Run(
        "SELECT d.id, d.claim, d.peer, q.asked FROM demands q JOIN deliveries d ON d.id = q.delivery "
        "AND d.claim = q.claim WHERE q.transaction_uid = $1 AND d.state IN ('running', 'awaiting')",
        {transaction_uid});
    if (rows.empty()) return std::nullopt;
    Demand demand;
    demand.claim.id = rows[0][0], demand.claim.number = rows[0][1], demand.claim.peer = rows[0][2];
    demand.asked = rows[0][3];
    return demand;
  });
}

void AddCommitment(Database& database, const std::string& peer_ae, const std::string& transaction_uid,
                   const std::string& asked) {
  Transact(database, [&] {
    database.Run(
        "INSERT INTO commitments (transaction_uid, peer_ae, asked) VALUES ($1, $2, $3) "
        "ON CONFLICT (transaction_uid) DO NOTHING",
        {transaction_uid, peer_ae, asked});
  });
}

std::optional<CommitmentClaim> ClaimCommitment(Database& database, const std::string& owner, double lease_s) {
  return Transact(database, [&]() -> std::optional<CommitmentClaim> {
    const std::optional<RowClaim> row = ClaimRow(database, kCommitments, owner, lease_s);
    if (!row) return std::nullopt;
    const Row found =
        database.Run("SELECT peer_ae, transaction_uid, asked FROM commitments WHERE id = $1", {row->key}).at(0);
    return CommitmentClaim{row->key, row->number, found[0], found[1], found[2], row->attempts};
  });
}

bool CommitmentAnswered(Database& database, const CommitmentClaim& claim) {
  return End(database, kCommitments, claim.id, claim.number);
}

bool CommitmentFailed(Database& database, const CommitmentClaim& claim, const std::string& reason,
                      const RetryRule& rule) {
  return Retry(database, kCommitments, claim.id, claim.number, reason, rule);
}

bool AddPull(Database& database, const std::string& study_uid, const std::string& source, const std::string& seen) {
  return Transact(database, [&] {
    const bool fresh =
        !database
             .Run(
                 "INSERT INTO pulls (study_uid, source, seen) VALUES ($1, $2, $3) ON CONFLICT (study_uid) DO UPDATE "
                 "SET "
                 "source = $2, seen = $3, state = 'waiting', claim = pulls.claim + 1, attempts = 0, not_before = 0 "
                 "WHERE pulls.seen <> $3 OR pulls.state = 'failed' RETURNING study_uid",
                 {study_uid, source, seen})
             .empty();
    return fresh;
  });
}

std::optional<PullClaim> ClaimPull(Database& database, const std::string& owner, double lease_s) {
  return Transact(database, [&]() -> std::optional<PullClaim> {
    const std::optional<RowClaim> row = ClaimRow(database, kPulls, owner, lease_s);
    if (!row) return std::nullopt;
    const Row found = database.Run("SELECT source FROM pulls WHERE study_uid = $1", {row->key}).at(0);
    return PullClaim{row->key, row->number, found[0], row->attempts};
  });
}

bool Pulled(Database& database, const PullClaim& claim) { return End(database, kPulls, claim.study_uid, claim.number); }

bool PullFailed(Database& database, const PullClaim& claim, const std::string& reason, const RetryRule& rule) {
  return Retry(database, kPulls, claim.study_uid, claim.number, reason, rule);
}

}  // namespace parotis::jobs
