// What is to go out: results to peers, answers to requests for storage commitment, and studies to be fetched. Claims as
// in jobs/analyses.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "jobs/database.h"
#include "jobs/retry.h"

namespace parotis::jobs {

struct DeliveryClaim {
  std::string id, number;
  std::string peer, study_uid, results;
  std::vector<std::string> files;  // of the results' folder
  int attempts = 0;
};
std::optional<DeliveryClaim> ClaimDelivery(Database& database, const std::string& owner, double lease_s);
// The job is "done" with its last delivery. False when the claim was lost.
bool Delivered(Database& database, const DeliveryClaim& claim);
// Tried again later; after the last attempt the delivery has failed, and with the last of its deliveries the job.
bool DeliveryFailed(Database& database, const DeliveryClaim& claim, const std::string& reason, const RetryRule& rule);

// What a peer is asked to answer for, written down before it is asked: it may report before we have heard that it will.
void AddDemand(Database& database, const DeliveryClaim& claim, const std::string& transaction_uid,
               const std::string& asked);
// The peer took the request and will report. Until it does, or the time is over and the delivery is tried again, it is
// "awaiting": nobody works on it, and it outlives the process that made it. False when the report has come already or
// the claim was lost.
bool AwaitReport(Database& database, const DeliveryClaim& claim, double within_s);
struct Demand {
  DeliveryClaim claim;  // as far as Delivered and DeliveryFailed need it: id, number, peer
  std::string asked;    // as it was written by AddDemand
};
// The demand that a report answers; nothing when it was answered, given up or never made.
std::optional<Demand> FindDemand(Database& database, const std::string& transaction_uid);

// Within a transaction, when a delivery got its last state.
void EndJobOfDelivery(Database& database, const std::string& delivery);

struct CommitmentClaim {
  std::string id, number;
  std::string peer_ae, transaction_uid;
  std::string asked;  // as it was written by AddCommitment
  int attempts = 0;
};
// A request is known by its transaction UID: asked twice it is answered once.
void AddCommitment(Database& database, const std::string& peer_ae, const std::string& transaction_uid,
                   const std::string& asked);
std::optional<CommitmentClaim> ClaimCommitment(Database& database, const std::string& owner, double lease_s);
bool CommitmentAnswered(Database& database, const CommitmentClaim& claim);
bool CommitmentFailed(Database& database, const CommitmentClaim& claim, const std::string& reason,
                      const RetryRule& rule);

struct PullClaim {
  std::string study_uid, number, source;
  int attempts = 0;
};
// `seen`: what the source said about the study (how many instances); only when that changes, or when all attempts
// failed, it is fetched again.
// True when there is something to fetch.
bool AddPull(Database& database, const std::string& study_uid, const std::string& source, const std::string& seen);
std::optional<PullClaim> ClaimPull(Database& database, const std::string& owner, double lease_s);
bool Pulled(Database& database, const PullClaim& claim);
bool PullFailed(Database& database, const PullClaim& claim, const std::string& reason, const RetryRule& rule);

}  // namespace parotis::jobs
