#include "service/deliver.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "base/error.h"
#include "dimse/peer.h"
#include "http/client.h"
#include "http/multipart.h"
#include "service/ask_commitment.h"
#include "service/web_peer.h"

namespace parotis::service {
namespace {

namespace fs = std::filesystem;

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

DeliveryEnd Deliver(const NodeConfig& config, const Layout& layout, jobs::Database& database,
                    const jobs::DeliveryClaim& claim) {
  const PeerEntry* peer = config.Peer(claim.peer);
  if (peer == nullptr)
    base::Throw(base::ErrorKind::kIo, fmt::format("the peer {} is no longer configured", claim.peer));
  const std::vector<fs::path> files = WantedFiles(*peer, layout.results / claim.results, claim);
  if (files.empty()) return DeliveryEnd::kDone;
  if (!peer->url.empty()) {
    StoreByWeb(*peer, files);
    return DeliveryEnd::kDone;
  }
  const std::vector<dimse::Sent> sent = dimse::Store(config.dicom.ae_title, peer->dicom, files);
  DemandStored(peer->name, sent);
  const bool is_done = !peer->commitment || AskForCommitment(config, database, claim, sent);
  return is_done ? DeliveryEnd::kDone : DeliveryEnd::kAwaitsReport;
}

}  // namespace parotis::service
