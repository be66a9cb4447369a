// What a hospital's administrator tells the node: one commented JSON file (configs/node.json is the manual). Read
// strictly; nothing that opens the node to others is a default.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "accounts/sessions.h"
#include "base/tls_files.h"
#include "dimse/association.h"
#include "dimse/peer.h"
#include "jobs/arrivals.h"
#include "jobs/retention.h"
#include "jobs/retry.h"

namespace parotis::service {

enum class ModelRole {
  kActive,   // its answers are sent, until another is activated
  kShadow,   // computed and kept, never sent
  kStandby,  // there to be activated
};
struct ModelEntry {
  std::string name;
  std::filesystem::path file;  // "": the one that comes with the program
  ModelRole role = ModelRole::kActive;
};

struct DicomListener {
  std::string ae_title = "PAROTIS";
  std::string address = "127.0.0.1";
  std::uint16_t port = 11112;
  std::optional<base::TlsFiles> tls;
  std::vector<dimse::AllowedPeer> allowed;
  dimse::AssociationLimits limits;
  int associations = 20;                                // at a time
  std::uint64_t memory_bytes = std::uint64_t{1} << 30;  // of the process of one
};

struct WebListener {
  bool enabled = true;
  std::string address = "127.0.0.1";
  std::uint16_t port = 8104;
  std::optional<base::TlsFiles> tls;
  std::vector<std::string> allowed;  // addresses and networks that may connect; none: all who can reach the address
  // Reverse proxies, which end TLS: whom they speak for (X-Forwarded-For, X-Forwarded-Proto) is believed of them alone.
  std::vector<std::string> proxies;
  // Those who may use DICOMweb without an account or a certificate, by their addresses.
  std::vector<std::string> archives;
  accounts::SessionLimits sessions;
  std::uint64_t upload_bytes = std::uint64_t{2} << 30;
  int connections = 64;

  bool IsLoopbackOnly() const;
};

// Somebody to whom results are sent, or from whom studies are fetched: by DICOM or by DICOMweb.
struct PeerEntry {
  std::string name;
  dimse::Peer dicom;               // where `url` is ""
  std::string url;                 // of a DICOMweb service: "https://pacs/dicom-web"
  std::string user;                // basic authentication
  std::filesystem::path password;  // a file that holds it
  std::optional<base::TlsFiles> tls;
  bool send = true;                  // results go there
  std::vector<std::string> objects;  // which ("segmentation", "report" …); none: all
  bool commitment = false;           // ask it to answer for what it stored (DICOM only)
  double commitment_wait_s = 3600;   // for its report; then the results are sent again
};

struct PullEntry {
  std::string peer;  // one with a url
  double every_s = 60;
  std::map<std::string, std::string> query;  // QIDO-RS parameters: {"ModalitiesInStudy": "MR", "StudyDate": "today"}
};

// Which studies are looked at. The first rule all of whose patterns fit decides; without a rule that fits, the study
// is.
struct StudyRule {
  std::string name;
  std::string description, station, sender;  // patterns as in site.json; "" fits everything
  bool take = true;
};

// How series are brought onto each other, as the flags of `parotis diagnose` say it.
struct AlignmentRule {
  std::string motion = "none";  // "none", "rigid", "affine"
  bool distortion = false;      // of the diffusion images
};

struct NodeLimits {
  std::uint64_t memory_bytes = 0;                     // of the analysing process; 0: three quarters of the machine's
  std::uint64_t free_bytes = std::uint64_t{5} << 30;  // left free on the disk, whatever arrives
  std::int64_t backlog = 500;                         // studies that wait; more are refused for now
  double analysis_s = 900;                            // of one study; then its process is ended
  double drain_s = 60;                                // for what is under way when the node is told to stop
};

struct NodeConfig {
  std::filesystem::path file;
  std::string name = "parotis";  // of this node among those that share a database
  std::filesystem::path folder;  // everything that is kept; several nodes share it with their database
  std::string database;          // "": SQLite in the folder; else "postgresql://…"
  std::vector<ModelEntry> models;
  std::filesystem::path site_rules;  // site.json; "" for none
  std::vector<StudyRule> studies;
  AlignmentRule alignment;
  jobs::CompleteRule complete;
  int workers = 1;  // studies at a time
  int threads = 0;  // of the network; 0: all
  DicomListener dicom;
  WebListener web;
  std::vector<PeerEntry> peers;
  std::vector<PullEntry> pulls;
  NodeLimits limits;
  jobs::RetentionRule retention;
  jobs::RetryRule retry;

  const ModelEntry* Model(const std::string& model_name) const;  // null when there is none
  const PeerEntry* Peer(const std::string& peer_name) const;     // null when there is none
  const PeerEntry* PeerOfAe(const std::string& ae_title) const;  // of the DICOM ones
  std::string DatabaseOrDefault() const;
  // What is allowed but hardly meant, a sentence each: nobody may send, or a peer's reports are not let in.
  std::vector<std::string> Doubts() const;
};

// Relative paths in it are of its folder. Throws kInput or kIo with one sentence that names the file and the key;
// kUsage when it would open the node to other machines without TLS and a list of who may call.
NodeConfig ReadNodeConfig(const std::filesystem::path& file);

// One line for each limit, as announced when the node starts.
std::vector<std::string> LimitLines(const NodeConfig& config);

}  // namespace parotis::service
