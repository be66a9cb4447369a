// What all tables of work have in common: columns state, claim, owner, lease, attempts, not_before, reason. A row that
// somebody works on is "running"; one that nobody works on because somebody else is to report is "awaiting". Private to
// this folder.
#pragma once

#include <optional>
#include <string>

#include "jobs/database.h"
#include "jobs/retry.h"

namespace parotis::jobs {

struct WorkTable {
  const char* name;
  const char* key;      // column that names a row
  const char* waiting;  // state of a row that may be claimed
  const char* order;    // of two that wait, which is first
};
// jobs.shadow is "" for the analysis of a study, a model's name for a shadow of it, and for an edit by a reader this
// and the review's number.
inline constexpr const char* kReviewJob = "review ";
// A reader waits for his edit, nobody for a shadow.
inline constexpr WorkTable kAnalyses = {
    "jobs", "id", "ready", "CASE WHEN shadow LIKE 'review %' THEN 0 WHEN shadow = '' THEN 1 ELSE 2 END, ready, id"};
inline constexpr WorkTable kDeliveries = {"deliveries", "id", "waiting", "not_before, id"};
inline constexpr WorkTable kCommitments = {"commitments", "id", "waiting", "not_before, id"};
inline constexpr WorkTable kPulls = {"pulls", "study_uid", "waiting", "not_before, study_uid"};

// In which our own objects are written.
inline constexpr const char* kExplicitLittleEndian = "1.2.840.10008.1.2.1";

struct RowClaim {
  std::string key;
  std::string number;  // the claim's
  int attempts = 0;
};
// Within a transaction.
std::optional<RowClaim> ClaimRow(Database& database, const WorkTable& table, const std::string& owner, double lease_s);

// Within a transaction: gives a row that is running, or whose report is awaited, another state if the claim still
// holds.
bool EndRow(Database& database, const WorkTable& table, const std::string& key, const std::string& number,
            const std::string& state, const std::string& reason);

// Within a transaction: back to waiting, later, or "failed" when there have been enough attempts. The state it got; ""
// when the claim was lost.
std::string RetryRow(Database& database, const WorkTable& table, const std::string& key, const std::string& number,
                     const std::string& reason, const RetryRule& rule);

}  // namespace parotis::jobs
