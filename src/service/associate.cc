#include "service/associate.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/files.h"
#include "dimse/association.h"
#include "jobs/arrivals.h"
#include "service/layout.h"
#include "service/node_log.h"
#include "service/room.h"
#include "service/spool.h"

namespace parotis::service {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view NameOf(dimse::EndOf how) {
  switch (how) {
    case dimse::EndOf::kReleased: return "released";
    case dimse::EndOf::kAborted: return "aborted";
    case dimse::EndOf::kRejected: return "rejected";
    case dimse::EndOf::kBroken: return "broken";
    case dimse::EndOf::kTimedOut: return "timed_out";
    case dimse::EndOf::kOverLimit: return "over_limit";
  }
  return "";
}

// What one association leaves behind.
class Reception {
 public:
  Reception(const NodeConfig& config, const Layout& layout) : config_(config), layout_(layout) {}

  dimse::AssociationServices Services() {
    return {.folder = layout_.incoming,
            .has_room = [this](std::uint64_t bytes) { return HasRoom(config_, layout_, bytes); },
            .store = [this](const dimse::Arrival& arrival) { return Store(arrival); },
            .commit = [this](const dimse::CommitmentRequest& request) { return Commit(request); },
            .reported = [this](const dimse::CommitmentReport& report) { return TakeReport(report); }};
  }
  const std::set<std::string>& studies() const { return studies_; }

 private:
  dimse::Reception Store(const dimse::Arrival& arrival) {
    // What this program made comes back from archives; it is no image and must not make its study look new.
    if (arrival.own_result) {
      std::error_code ignored;
      fs::remove(arrival.file, ignored);
      return dimse::Reception::kStored;
    }
    try {
      SpoolArrival(layout_.incoming, arrival);
    } catch (const base::Error&) {
      return dimse::Reception::kOutOfResources;
    }
    studies_.insert(arrival.study_uid);
    return dimse::Reception::kStored;
  }

  bool Commit(const dimse::CommitmentRequest& request) {
    // The answer goes to who we know under this title, not to where the request came from.
    if (config_.PeerOfAe(request.calling_ae) == nullptr) return false;
    try {
      SpoolCommitment(layout_.incoming, request);
    } catch (const base::Error&) {
      return false;
    }
    Audit(layout_.audit, "commitment_asked",
          {{"ae_title", request.calling_ae}, {"address", request.address}, {"instances", request.references.size()}});
    return true;
  }

  bool TakeReport(const dimse::CommitmentReport& report) {
    const bool was_asked = std::any_of(config_.peers.begin(), config_.peers.end(), [&](const PeerEntry& peer) {
      return peer.commitment && peer.dicom.ae_title == report.calling_ae;
    });
    if (!was_asked) return false;
    try {
      SpoolReport(layout_.incoming, report);
    } catch (const base::Error&) {
      return false;
    }
    return true;
  }

  const NodeConfig& config_;
  const Layout& layout_;
  std::set<std::string> studies_;
};

}  // namespace

int RunAssociation(const NodeConfig& config, int connection) {
  std::signal(SIGINT, SIG_IGN);  // of a terminal, for all: the supervisor lets associations end
  const Layout layout(config);
  Reception reception(config, layout);
  const dimse::AssociationEnd end =
      dimse::ServeAssociation(connection, {config.dicom.ae_title, config.dicom.allowed, config.dicom.tls},
                              config.dicom.limits, reception.Services());
  const std::vector<std::string> studies(reception.studies().begin(), reception.studies().end());
  if (end.how == dimse::EndOf::kReleased && !studies.empty()) SpoolRelease(layout.incoming, studies);
  const bool well = end.how == dimse::EndOf::kReleased;
  LogEvent(well ? "info" : "warning", "association",
           {{"end", NameOf(end.how)}, {"reason", end.reason}, {"instances", end.instances}, {"bytes", end.bytes}});
  Audit(layout.audit, "association",
        {{"end", NameOf(end.how)},
         {"reason", end.reason},
         {"ae_title", end.calling_ae},
         {"address", end.address},
         {"instances", end.instances},
         {"study_uids", studies}});
  return well ? 0 : 1;
}

}  // namespace parotis::service
