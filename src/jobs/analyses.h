// Analyses: from "ready" to "running" and on. Whoever takes one holds a claim with a number and a lease; its end counts
// only while the number is still the job's, so that nobody's answer is recorded twice, or for a study that has grown
// since.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "jobs/database.h"
#include "jobs/retry.h"
#include "jobs/reviews.h"

namespace parotis::jobs {

struct AnalysisClaim {
  std::int64_t job = 0, number = 0;
  std::string study_uid, folder, sender;
  std::string model;
  bool shadow = false;
  std::optional<ReviewRecord> review;  // the edit whose objects are to be made
  int attempts = 0;                    // with this one
  std::vector<std::string> files;      // of the study as it was claimed
};

// The one that has been ready for longest, edits first; shadows wait until nothing else does. Nothing when there is
// none.
std::optional<AnalysisClaim> ClaimAnalysis(Database& database, const std::string& owner,
                                           const std::string& active_model, double lease_s);

// These jobs stay their owner's for another lease, those that he has lost do not.
void ExtendLeases(Database& database, const std::string& owner, const std::vector<std::int64_t>& jobs, double lease_s);

struct ResultObject {
  std::string file, sop_class_uid, sop_instance_uid, series_uid;
  std::uint64_t bytes = 0;
};
struct AnalysisOutcome {
  bool refused = false;
  std::string reason, verdict;
  std::string results;  // the folder of what was written; "" without
  std::vector<ResultObject> objects;
  std::uint64_t beside_bytes = 0;  // of the folder's other files
};

// "running" → "refused", "sending" (one delivery for each peer) or, with nobody to send to, "done". False when the
// claim has been lost: nothing was recorded.
bool Finish(Database& database, const AnalysisClaim& claim, const AnalysisOutcome& outcome,
            const std::vector<std::string>& peers);

// "running" → "ready" after a while, or "failed" after the last attempt. False as above.
bool FailAttempt(Database& database, const AnalysisClaim& claim, const std::string& reason, const RetryRule& rule);

// Gives back what this owner held, because its process ended. `blame`: it may have been the work that ended it, so the
// attempt counts. Of everything: analyses, deliveries, commitments, pulls. Returns how many.
int ReleaseClaims(Database& database, const std::string& owner, bool blame, const RetryRule& rule,
                  const std::string& reason);
// The same for all owners of this node ("node/…"), without blame.
int ReleaseNode(Database& database, const std::string& node, const std::string& reason);
// The same for everybody whose lease has passed; attempts count.
int ReleaseExpired(Database& database, const RetryRule& rule);

}  // namespace parotis::jobs
