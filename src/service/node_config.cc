#include "service/node_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/budget.h"
#include "base/error.h"
#include "base/json.h"
#include "base/network_address.h"

namespace parotis::service {
namespace {

namespace fs = std::filesystem;
using base::JsonObject;

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20, kGiB = std::uint64_t{1} << 30;

[[noreturn]] void Refuse(const std::string& path, const std::string& what) {
  base::Throw(base::ErrorKind::kInput, path + " " + what);
}

void ReadPath(JsonObject& object, const std::string& key, const fs::path& folder, fs::path& path) {
  std::string text;
  object.Read(key, text);
  if (!text.empty()) path = folder / text;
}

// A number of `unit` bytes.
template <class Bytes>
void ReadBytes(JsonObject& object, const std::string& key, std::uint64_t unit, Bytes& bytes) {
  double number = -1;
  object.Read(key, number);
  if (!object.Has(key)) return;
  if (!(number > 0) || number > 1e9) Refuse(object.PathOf(key), "must be more than 0 and less than 10^9");
  bytes = static_cast<Bytes>(number * static_cast<double>(unit));
}

template <class Number>
void ReadPositive(JsonObject& object, const std::string& key, Number& number) {
  object.Read(key, number);
  if (!(number > 0)) Refuse(object.PathOf(key), "must be more than 0");
}

std::optional<base::TlsFiles> ReadTls(JsonObject& parent, const fs::path& folder) {
  if (!parent.Has("tls")) return std::nullopt;
  JsonObject object = parent.Object("tls");
  base::TlsFiles tls;
  ReadPath(object, "certificate", folder, tls.certificate);
  ReadPath(object, "key", folder, tls.key);
  ReadPath(object, "authorities", folder, tls.authorities);
  object.Read("ask_for_certificate", tls.ask_for_certificate);
  object.Finish();
  return tls;
}

std::uint16_t ReadPort(JsonObject& object, std::uint16_t fallback) {
  int port = fallback;
  object.Read("port", port);
  if (port < 0 || port > 65535) Refuse(object.PathOf("port"), "must be between 0 and 65535 (0: any free one)");
  return static_cast<std::uint16_t>(port);
}

// PS3.5 6.2: 16 characters, none of them a backslash or a control character.
void ReadAeTitle(JsonObject& object, const std::string& key, std::string& title) {
  object.Read(key, title);
  const bool legal = !title.empty() && title.size() <= 16 && title.find_first_not_of(' ') != std::string::npos &&
                     std::all_of(title.begin(), title.end(), [](char c) { return c >= ' ' && c <= '~' && c != '\\'; });
  if (!legal) Refuse(object.PathOf(key), "must be an AE title: 1 to 16 characters, no backslash");
}

template <class Take>
void ForEach(JsonObject& parent, const std::string& key, const Take& take) {
  if (!parent.Has(key)) return;
  const base::Json& list = parent.Require(key);
  if (!list.is_array()) Refuse(parent.PathOf(key), "must be a list");
  for (std::size_t i = 0; i < list.size(); ++i) {
    JsonObject object(list[i], fmt::format("{}[{}]", parent.PathOf(key), i));
    take(object);
    object.Finish();
  }
}

template <class Entry>
void RefuseTwice(const std::vector<Entry>& entries, const std::string& path) {
  std::set<std::string> names;
  for (const Entry& entry : entries) {
    if (entry.name.empty()) Refuse(path, "has an entry without a name");
    if (!names.insert(entry.name).second) Refuse(path, fmt::format("names \"{}\" twice", entry.name));
  }
}

ModelRole RoleNamed(const std::string& role, const std::string& path) {
  if (role == "active") return ModelRole::kActive;
  if (role == "shadow") return ModelRole::kShadow;
  if (role == "standby") return ModelRole::kStandby;
  Refuse(path, fmt::format("is \"{}\" and must be active, shadow or standby", role));
}

void ReadModels(JsonObject& root, const fs::path& folder, NodeConfig& config) {
  ForEach(root, "models", [&](JsonObject& object) {
    ModelEntry& model = config.models.emplace_back();
    std::string role = "active";
    object.ReadRequired("name", model.name);
    ReadPath(object, "file", folder, model.file);
    object.Read("role", role);
    model.role = RoleNamed(role, object.PathOf("role"));
  });
  if (config.models.empty()) config.models.push_back({"shipped", "", ModelRole::kActive});
  RefuseTwice(config.models, root.PathOf("models"));
  for (const ModelEntry& model : config.models) {
    if (model.name.starts_with("review "))
      Refuse(root.PathOf("models"),
             fmt::format("calls a model \"{}\": names must not begin with \"review \"", model.name));
  }
  const auto active = std::count_if(config.models.begin(), config.models.end(),
                                    [](const ModelEntry& model) { return model.role == ModelRole::kActive; });
  if (active != 1) Refuse(root.PathOf("models"), fmt::format("has {} active models and must have one", active));
}

void ReadDicom(JsonObject& root, const fs::path& folder, DicomListener& dicom) {
  if (!root.Has("dicom")) return;
  JsonObject object = root.Object("dicom");
  ReadAeTitle(object, "ae_title", dicom.ae_title);
  object.Read("address", dicom.address);
  dicom.port = ReadPort(object, dicom.port);
  dicom.tls = ReadTls(object, folder);
  ForEach(object, "allowed", [&](JsonObject& allowed) {
    dimse::AllowedPeer& peer = dicom.allowed.emplace_back();
    ReadAeTitle(allowed, "ae_title", peer.ae_title);
    allowed.Read("addresses", peer.addresses);
  });
  dimse::AssociationLimits& limits = dicom.limits;
  ReadPositive(object, "associations", dicom.associations);
  ReadBytes(object, "memory_mb", kMiB, dicom.memory_bytes);
  ReadBytes(object, "instance_mb", kMiB, limits.instance_bytes);
  ReadBytes(object, "association_mb", kMiB, limits.association_bytes);
  ReadPositive(object, "instances", limits.instances);
  ReadPositive(object, "handshake_s", limits.handshake_s);
  ReadPositive(object, "message_s", limits.message_s);
  ReadPositive(object, "idle_s", limits.idle_s);
  ReadPositive(object, "association_s", limits.association_s);
  object.Finish();
}

void ReadWeb(JsonObject& root, const fs::path& folder, WebListener& web) {
  if (!root.Has("web")) return;
  JsonObject object = root.Object("web");
  object.Read("enabled", web.enabled);
  object.Read("address", web.address);
  web.port = ReadPort(object, web.port);
  web.tls = ReadTls(object, folder);
  object.Read("allowed", web.allowed);
  object.Read("proxies", web.proxies);
  object.Read("archives", web.archives);
  if (object.Has("sessions")) {
    JsonObject sessions = object.Object("sessions");
    ReadPositive(sessions, "idle_s", web.sessions.idle_s);
    ReadPositive(sessions, "longest_s", web.sessions.longest_s);
    sessions.Read("bind_address", web.sessions.bind_address);
    sessions.Finish();
  }
  ReadBytes(object, "upload_mb", kMiB, web.upload_bytes);
  ReadPositive(object, "connections", web.connections);
  object.Finish();
}

void ReadPeers(JsonObject& root, const fs::path& folder, NodeConfig& config) {
  ForEach(root, "peers", [&](JsonObject& object) {
    PeerEntry& peer = config.peers.emplace_back();
    object.ReadRequired("name", peer.name);
    object.Read("url", peer.url);
    object.Read("user", peer.user);
    ReadPath(object, "password_file", folder, peer.password);
    object.Read("send", peer.send);
    object.Read("objects", peer.objects);
    object.Read("commitment", peer.commitment);
    ReadPositive(object, "commitment_wait_s", peer.commitment_wait_s);
    peer.tls = ReadTls(object, folder);
    if (peer.url.empty()) {
      ReadAeTitle(object, "ae_title", peer.dicom.ae_title);
      object.ReadRequired("host", peer.dicom.host);
      peer.dicom.port = ReadPort(object, peer.dicom.port);
      peer.dicom.name = peer.name;
      peer.dicom.tls = peer.tls;
      ReadPositive(object, "timeout_s", peer.dicom.timeout_s);
    }
  });
  RefuseTwice(config.peers, root.PathOf("peers"));
}

void ReadPulls(JsonObject& root, NodeConfig& config) {
  ForEach(root, "pull", [&](JsonObject& object) {
    PullEntry& pull = config.pulls.emplace_back();
    object.ReadRequired("peer", pull.peer);
    ReadPositive(object, "every_s", pull.every_s);
    object.Read("query", pull.query);
    const PeerEntry* peer = config.Peer(pull.peer);
    if (peer == nullptr || peer->url.empty())
      Refuse(object.PathOf("peer"), fmt::format("is \"{}\" and must name one of the peers that has a url", pull.peer));
  });
}

void ReadStudies(JsonObject& root, NodeConfig& config) {
  ForEach(root, "studies", [&](JsonObject& object) {
    StudyRule& rule = config.studies.emplace_back();
    object.ReadRequired("name", rule.name);
    object.Read("description", rule.description);
    object.Read("station", rule.station);
    object.Read("sender", rule.sender);
    object.ReadRequired("take", rule.take);
  });
}

void ReadRules(JsonObject& root, NodeConfig& config) {
  if (root.Has("complete")) {
    JsonObject object = root.Object("complete");
    ReadPositive(object, "quiet_s", config.complete.quiet_s);
    object.Read("on_release", config.complete.on_release);
    object.Finish();
  }
  if (root.Has("alignment")) {
    JsonObject object = root.Object("alignment");
    AlignmentRule& rule = config.alignment;
    object.Read("motion", rule.motion);
    object.Read("distortion", rule.distortion);
    if (rule.motion != "none" && rule.motion != "rigid" && rule.motion != "affine")
      Refuse(object.PathOf("motion"), fmt::format("is \"{}\" and must be none, rigid or affine", rule.motion));
    object.Finish();
  }
  if (root.Has("limits")) {
    JsonObject object = root.Object("limits");
    ReadBytes(object, "memory_mb", kMiB, config.limits.memory_bytes);
    ReadBytes(object, "free_gb", kGiB, config.limits.free_bytes);
    ReadPositive(object, "backlog", config.limits.backlog);
    ReadPositive(object, "analysis_s", config.limits.analysis_s);
    ReadPositive(object, "drain_s", config.limits.drain_s);
    object.Finish();
  }
  if (root.Has("retention")) {
    JsonObject object = root.Object("retention");
    double days = config.retention.keep_s / 86400;
    ReadPositive(object, "days", days);
    config.retention.keep_s = days * 86400;
    ReadBytes(object, "storage_gb", kGiB, config.retention.most_bytes);
    object.Finish();
  }
  if (root.Has("retry")) {
    JsonObject object = root.Object("retry");
    ReadPositive(object, "attempts", config.retry.attempts);
    ReadPositive(object, "first_s", config.retry.first_s);
    ReadPositive(object, "longest_s", config.retry.longest_s);
    object.Finish();
  }
}

bool IsLoopback(const std::string& address) {
  return address.starts_with("127.") || address == "::1" || address == "localhost";
}

void CheckAddresses(const std::string& where, const std::vector<std::string>& entries) {
  for (const std::string& entry : entries) {
    if (!base::ParseNetwork(entry))
      Refuse(where, fmt::format("holds \"{}\", which is no address or network (\"10.1.0.0/16\")", entry));
  }
}

// People log in: what they send must not be readable on its way.
void DemandWebFences(const std::string& where, const WebListener& web) {
  if (IsLoopback(web.address) || web.tls || !web.proxies.empty()) return;
  base::Throw(base::ErrorKind::kUsage,
              fmt::format("{}.address is {}, which other machines can reach: give \"tls\", or \"proxies\" when a "
                          "reverse proxy ends TLS, or use 127.0.0.1",
                          where, web.address));
}

// Others can reach it: then they must prove who they are, and be expected.
void DemandFences(const std::string& where, const std::string& address, const std::optional<base::TlsFiles>& tls,
                  bool has_list) {
  if (IsLoopback(address) || (tls && has_list)) return;
  base::Throw(base::ErrorKind::kUsage,
              fmt::format("{}.address is {}, which other machines can reach: give \"tls\" and \"allowed\" too, or use "
                          "127.0.0.1",
                          where, address));
}

void Check(const NodeConfig& config, const std::string& path) {
  const bool addresses = !config.dicom.allowed.empty() &&
                         std::all_of(config.dicom.allowed.begin(), config.dicom.allowed.end(),
                                     [](const dimse::AllowedPeer& peer) { return !peer.addresses.empty(); });
  DemandFences(path + ": dicom", config.dicom.address, config.dicom.tls, addresses);
  if (config.web.enabled) DemandWebFences(path + ": web", config.web);
  CheckAddresses(path + ": web.allowed", config.web.allowed);
  CheckAddresses(path + ": web.proxies", config.web.proxies);
  CheckAddresses(path + ": web.archives", config.web.archives);
  const auto legal = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  if (config.name.empty() || config.name.size() > 40 || !std::all_of(config.name.begin(), config.name.end(), legal))
    Refuse(path + ": name", "must be 1 to 40 letters, digits, - or _");
  if (config.folder.empty()) Refuse(path + ": folder", "is missing: say where the node may keep what arrives");
}

}  // namespace

const ModelEntry* NodeConfig::Model(const std::string& model_name) const {
  const auto found =
      std::find_if(models.begin(), models.end(), [&](const ModelEntry& model) { return model.name == model_name; });
  return found == models.end() ? nullptr : &*found;
}

const PeerEntry* NodeConfig::Peer(const std::string& peer_name) const {
  const auto found =
      std::find_if(peers.begin(), peers.end(), [&](const PeerEntry& peer) { return peer.name == peer_name; });
  return found == peers.end() ? nullptr : &*found;
}

const PeerEntry* NodeConfig::PeerOfAe(const std::string& ae_title) const {
  const auto found = std::find_if(peers.begin(), peers.end(), [&](const PeerEntry& peer) {
    return peer.url.empty() && peer.dicom.ae_title == ae_title;
  });
  return found == peers.end() ? nullptr : &*found;
}

bool WebListener::IsLoopbackOnly() const { return IsLoopback(address); }

std::string NodeConfig::DatabaseOrDefault() const {
  return database.empty() ? (folder / "jobs.db").string() : database;
}

std::vector<std::string> NodeConfig::Doubts() const {
  std::vector<std::string> doubts;
  if (dicom.allowed.empty()) {
    doubts.emplace_back(
        "dicom.allowed is empty, so every DICOM association is rejected: name those who may call by their AE title");
  }
  for (const PeerEntry& peer : peers) {
    if (!peer.commitment) continue;
    const bool may_call = std::any_of(dicom.allowed.begin(), dicom.allowed.end(), [&](const dimse::AllowedPeer& each) {
      return each.ae_title == peer.dicom.ae_title;
    });
    if (!peer.url.empty()) {
      doubts.push_back(
          fmt::format("peer {}: commitment is asked for by DICOM only, and this peer has a url", peer.name));
    } else if (!may_call) {
      doubts.push_back(
          fmt::format("peer {}: a report of commitment that it sends on an association of its own is "
                      "rejected, because {} is not on the list dicom.allowed",
                      peer.name, peer.dicom.ae_title));
    }
  }
  return doubts;
}

NodeConfig ReadNodeConfig(const fs::path& file) {
  const base::Json json = base::ReadJson(file);
  const fs::path folder = fs::absolute(file).parent_path();
  NodeConfig config;
  config.file = file;
  JsonObject root(json, file.string());
  root.Read("name", config.name);
  ReadPath(root, "folder", folder, config.folder);
  root.Read("database", config.database);
  ReadModels(root, folder, config);
  ReadPath(root, "site_rules", folder, config.site_rules);
  ReadPositive(root, "workers", config.workers);
  root.Read("threads", config.threads);
  ReadDicom(root, folder, config.dicom);
  ReadWeb(root, folder, config.web);
  ReadPeers(root, folder, config);
  ReadPulls(root, config);
  ReadStudies(root, config);
  ReadRules(root, config);
  root.Finish();
  if (config.limits.memory_bytes == 0)
    config.limits.memory_bytes = static_cast<std::uint64_t>(base::PhysicalMemoryBytes()) / 4 * 3;
  Check(config, file.string());
  return config;
}

std::vector<std::string> LimitLines(const NodeConfig& config) {
  const auto mib = [](auto bytes) { return static_cast<std::uint64_t>(bytes) / kMiB; };
  const auto gib = [](auto bytes) { return static_cast<double>(bytes) / static_cast<double>(kGiB); };
  return {
      fmt::format("studies analysed at a time: {}, with at most {} MiB of memory in all and {:.0f} s each",
                  config.workers, mib(config.limits.memory_bytes), config.limits.analysis_s),
      fmt::format("associations at a time: {}, each with at most {} MiB of memory, {} MiB received, {} MiB an instance",
                  config.dicom.associations, mib(config.dicom.memory_bytes), mib(config.dicom.limits.association_bytes),
                  mib(config.dicom.limits.instance_bytes)),
      fmt::format("kept: at most {:.1f} GiB, {:.1f} days; {:.1f} GiB of the disk stay free; {} studies may wait",
                  gib(config.retention.most_bytes), config.retention.keep_s / 86400, gib(config.limits.free_bytes),
                  config.limits.backlog),
      fmt::format("uploads over HTTP: at most {} MiB, {} connections", mib(config.web.upload_bytes),
                  config.web.connections)};
}

}  // namespace parotis::service
