// The calling side of DICOM's network protocol: what we ask of another application.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/tls_files.h"
#include "dimse/commitment_answer.h"

namespace parotis::dimse {

struct Peer {
  std::string name;  // of the configuration, for messages
  std::string ae_title, host;
  std::uint16_t port = 104;
  std::optional<base::TlsFiles> tls;  // present: TLS, and the peer must show a certificate of these authorities
  int timeout_s = 30;                 // for the connection and for each answer
};

// Throws kIo naming the peer and what it or the network said: refused, unreachable, rejected with PS3.8's reason.
void Echo(const std::string& calling_ae, const Peer& peer);

struct Sent {
  std::filesystem::path file;
  std::string sop_class_uid, sop_instance_uid;
  bool stored = false;       // status 0000 or a warning (B000, B006, B007)
  std::uint16_t status = 0;  // as the peer answered; FFFF when it was not asked
  std::string reason;        // a sentence when it was not stored
};

// C-STORE of files, in their order, in one association; a presentation context for each of their classes, in the
// transfer syntax of the file, and the two uncompressed ones where the file is uncompressed. One entry per file, also
// after the association broke. Throws as Echo when there is no association at all, kInput when a file cannot be read.
std::vector<Sent> Store(const std::string& calling_ae, const Peer& peer,
                        const std::vector<std::filesystem::path>& files);

// N-EVENT-REPORT of the storage commitment push model, as its provider, on an association of our own with the roles
// negotiated so (PS3.4 J.3.3). Throws as Echo.
void ReportCommitment(const std::string& calling_ae, const Peer& peer, const CommitmentAnswer& answer);

// N-ACTION: asks the peer to answer for these, and waits so long for its report on the same association; reports on
// other requests are answered with a failure, so that they are made again. Nothing when the peer took the request and
// will report later, on an association of its own (dimse/association.h: CommitmentReport). Throws as Echo.
std::optional<CommitmentAnswer> AskForCommitment(const std::string& calling_ae, const Peer& peer,
                                                 const CommitmentAnswer& what, int report_wait_s);

}  // namespace parotis::dimse
