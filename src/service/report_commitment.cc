#include "service/report_commitment.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "dimse/peer.h"
#include "jobs/arrivals.h"

namespace parotis::service {
namespace {

constexpr std::uint16_t kNoSuchInstance = 0x0112, kClassConflict = 0x0119;  // PS3.3 C.14.1.1

}  // namespace

void ReportCommitment(const NodeConfig& config, jobs::Database& database, const jobs::CommitmentClaim& claim) {
  const PeerEntry* peer = config.PeerOfAe(claim.peer_ae);
  if (peer == nullptr)
    base::Throw(base::ErrorKind::kIo, fmt::format("no peer has the AE title {} any more", claim.peer_ae));
  dimse::CommitmentAnswer answer{.transaction_uid = claim.transaction_uid, .references = {}};
  std::vector<std::string> instances;
  for (const base::Json& reference : base::ParseJson(claim.asked, "the request")) {
    answer.references.push_back(
        {reference.at("class").get<std::string>(), reference.at("instance").get<std::string>(), 0});
    instances.push_back(answer.references.back().sop_instance_uid);
  }
  const std::vector<std::string> list = jobs::Kept(database, instances);
  const std::set<std::string> kept(list.begin(), list.end());
  for (auto& reference : answer.references) {
    if (kept.contains(reference.sop_class_uid + "\n" + reference.sop_instance_uid)) continue;
    const bool other_class = std::any_of(kept.begin(), kept.end(), [&](const std::string& known) {
      return known.ends_with("\n" + reference.sop_instance_uid);
    });
    reference.failure = other_class ? kClassConflict : kNoSuchInstance;
  }
  dimse::ReportCommitment(config.dicom.ae_title, peer->dicom, answer);
}

}  // namespace parotis::service
