#include "service/deliver.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "dicom/mr_writer.h"
#include "dimse/peer.h"
#include "http/client.h"
#include "http/multipart.h"
#include "service/node_log.h"
#include "service/web_peer.h"

namespace parotis::service {
namespace {

namespace fs = std::filesystem;

// Most archives report on an association of their own, later: the results of the next study must not wait for that.
constexpr int kWaitForReport_s = 5;

std::vector<fs::path> WantedFiles(const PeerEntry& peer, const fs::path& folder, const jobs::DeliveryClaim& claim) {
  std::vector<fs::path> files;
  for (const std::string& file : claim.files) {
    const std::string object = fs::path(file).stem().string();
    const bool wanted =
        peer.objects.empty() || std::find(peer.objects.begin(), peer.objects.end(), object) != peer.objects.end();
    if (wanted) files.push_back(folder / file);
  }
  return files;
}

void DemandStored(const std::string& peer, const std::vector<dimse::Sent>& sent) {
  for (const dimse::Sent& object : sent) {
    if (object.stored) continue;
    base::Throw(base::ErrorKind::kIo,
                fmt::format("{} did not store {}: {}", peer, object.file.filename().string(), object.reason));
  }
}

void DemandCommitted(const NodeConfig& config, const PeerEntry& peer, const std::vector<dimse::Sent>& sent,
                     const std::string& transaction) {
  dimse::CommitmentAnswer asked{.transaction_uid = dicom::UidFromName(transaction), .references = {}};
  for (const dimse::Sent& object : sent) asked.references.push_back({object.sop_class_uid, object.sop_instance_uid, 0});
  dimse::Peer asked_peer = peer.dicom;
  asked_peer.timeout_s = std::min(asked_peer.timeout_s, kWaitForReport_s);
  const auto answer = dimse::AskForCommitment(config.dicom.ae_title, asked_peer, asked);
  if (!answer) {
    LogEvent("info", "commitment_pending", {{"peer", peer.name}});
    return;
  }
  for (const auto& reference : answer->references) {
    if (reference.failure == 0) continue;
    base::Throw(base::ErrorKind::kIo, fmt::format("{} does not answer for a stored object: failure reason {:04X}H",
                                                  peer.name, reference.failure));
  }
}

void StoreByWeb(const PeerEntry& peer, const std::vector<fs::path>& files) {
  std::vector<http::OutgoingPart> parts;
  parts.reserve(files.size());
  for (const fs::path& file : files) parts.push_back({"application/dicom", file});
  http::Call call{.method = "POST", .url = peer.url + "/studies", .headers = {}, .body = {}};
  std::string type;
  call.body = http::WriteMultipart(parts, "application/dicom", type);
  call.headers = {{"content-type", type}, {"accept", "application/dicom+json"}};
  const http::ShortAnswer answer = http::ExchangeShort(call, ClientOptionsOf(peer));
  // 202: some were not stored (PS3.18 table 10.5.3-1).
  if (answer.status != 200)
    base::Throw(base::ErrorKind::kIo, fmt::format("{} answered {} to the results", peer.name, answer.status));
}

}  // namespace

void Deliver(const NodeConfig& config, const Layout& layout, const jobs::DeliveryClaim& claim) {
  const PeerEntry* peer = config.Peer(claim.peer);
  if (peer == nullptr)
    base::Throw(base::ErrorKind::kIo, fmt::format("the peer {} is no longer configured", claim.peer));
  const std::vector<fs::path> files = WantedFiles(*peer, layout.results / claim.results, claim);
  if (files.empty()) return;
  if (!peer->url.empty()) return StoreByWeb(*peer, files);
  const std::vector<dimse::Sent> sent = dimse::Store(config.dicom.ae_title, peer->dicom, files);
  DemandStored(peer->name, sent);
  if (peer->commitment)
    DemandCommitted(config, *peer, sent, fmt::format("commitment {} {} {}", claim.results, claim.id, claim.attempts));
}

}  // namespace parotis::service
