#include "service/ask_commitment.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/error.h"
#include "base/json.h"
#include "dicom/mr_writer.h"
#include "service/node_log.h"

namespace parotis::service {
namespace {

// Most archives report on an association of their own, later: the results of the next study must not wait for that.
constexpr int kWaitForReport_s = 2;

// "" when the answer has all of these instances without a failure; else what is wrong.
std::string ProblemOf(const PeerEntry& peer, const std::vector<std::string>& asked,
                      const dimse::CommitmentAnswer& answer) {
  for (const std::string& instance : asked) {
    const auto found = std::find_if(answer.references.begin(), answer.references.end(),
                                    [&](const auto& each) { return each.sop_instance_uid == instance; });
    if (found == answer.references.end())
      return fmt::format("{} reports on its storage commitment without naming every object", peer.name);
    if (found->failure != 0) {
      return fmt::format("{} does not answer for a stored object: failure reason {:04X}H (PS3.3 C.14.1.1)", peer.name,
                         found->failure);
    }
  }
  return "";
}

}  // namespace

bool AskForCommitment(const NodeConfig& config, jobs::Database& database, const jobs::DeliveryClaim& claim,
                      const std::vector<dimse::Sent>& sent) {
  const PeerEntry& peer = *config.Peer(claim.peer);
  dimse::CommitmentAnswer request{
      .transaction_uid = dicom::UidFromName(fmt::format("commitment {} {} {}", claim.results, claim.id, claim.number)),
      .references = {}};
  std::vector<std::string> asked;
  for (const dimse::Sent& object : sent) {
    request.references.push_back({object.sop_class_uid, object.sop_instance_uid, 0});
    asked.push_back(object.sop_instance_uid);
  }
  jobs::AddDemand(database, claim, request.transaction_uid, base::Json(asked).dump());
  const auto answer = dimse::AskForCommitment(config.dicom.ae_title, peer.dicom, request, kWaitForReport_s);
  if (!answer) return false;
  if (const std::string problem = ProblemOf(peer, asked, *answer); !problem.empty())
    base::Throw(base::ErrorKind::kIo, problem);
  return true;
}

void TakeReport(const NodeConfig& config, const Layout& layout, jobs::Database& database,
                const Spooled::Report& report) {
  const auto demand = jobs::FindDemand(database, report.answer.transaction_uid);
  const PeerEntry* peer = demand ? config.Peer(demand->claim.peer) : nullptr;
  if (peer == nullptr || peer->dicom.ae_title != report.peer_ae) {
    LogEvent("warning", "report_ignored",
             {{"why", demand ? "not of the delivery's peer" : "no delivery waits for it"}});
    return;
  }
  const auto asked = base::ParseJson(demand->asked, "what was asked").get<std::vector<std::string>>();
  const std::string problem = ProblemOf(*peer, asked, report.answer);
  if (problem.empty()) {
    jobs::Delivered(database, demand->claim);
  } else {
    jobs::DeliveryFailed(database, demand->claim, problem, config.retry);
  }
  LogEvent(problem.empty() ? "info" : "warning", "report", {{"peer", peer->name}, {"well", problem.empty()}});
  Audit(layout.audit, "commitment_reported",
        {{"peer", peer->name}, {"instances", asked.size()}, {"well", problem.empty()}});
}

}  // namespace parotis::service
