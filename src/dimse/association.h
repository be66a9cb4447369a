// The receiving side of DICOM's network protocol (PS3.7, PS3.8): one accepted connection, served from the request for
// an association to its end. Meant for a process of its own, which ends with the association: whatever a peer's bytes
// do to it, nothing else is harmed.
//
// Services: verification (C-ECHO), storage of MR images (C-STORE of the classes in StoredClasses), storage commitment
// as provider (N-ACTION; the answer goes out later, on an association of ours: dimse/peer.h) and as user of a provider
// that reports later (N-EVENT-REPORT).
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

// Who may call: the calling AE title, from one of these addresses ("10.1.2.3", "10.1.0.0/16", "fd00::/8"; none: any).
struct AllowedPeer {
  std::string ae_title;
  std::vector<std::string> addresses;
};

struct AcceptRules {
  std::string ae_title;  // ours: the called AE title must be this
  std::vector<AllowedPeer> allowed;
  std::optional<base::TlsFiles> tls;
};

// Each is announced when the node starts, and what goes beyond it is refused by the protocol's own means.
struct AssociationLimits {
  std::uint32_t pdu_bytes = 128 * 1024;  // the longest PDU with data that is taken, from 4096 to 131072
  std::uint64_t instance_bytes = std::uint64_t{512} << 20;  // of one dataset
  std::uint64_t association_bytes = std::uint64_t{8} << 30;
  std::uint64_t instances = 100'000;
  int handshake_s = 10;      // from the connection to the association's acceptance
  int message_s = 30;        // between two pieces of one message
  int idle_s = 60;           // between two messages
  int association_s = 3600;  // in all
};

// One dataset that arrived whole and lies, with its file meta information, in a file of a name of ours.
struct Arrival {
  std::filesystem::path file;
  std::string study_uid, series_uid, sop_class_uid, sop_instance_uid, transfer_syntax_uid;
  std::string calling_ae, address;
  bool own_result = false;  // an object that this program made (dicom::IsOwn)
};

// What is said to the peer: the status of a C-STORE (PS3.4 table B.2-1, PS3.7 annex C).
enum class Reception : std::uint16_t {
  kStored = 0x0000,  // ours to answer for from now on
  kClassNotSupported = 0x0122,
  kOutOfResources = 0xA700,
  kDoesNotMatch = 0xA900,  // dataset and command contradict each other
  kCannotRead = 0xC000,
};

struct CommitmentRequest {
  std::string calling_ae, address, transaction_uid;
  struct Reference {
    std::string sop_class_uid, sop_instance_uid;
  };
  std::vector<Reference> references;
};

// What a peer says of objects that it was asked to answer for.
struct CommitmentReport {
  std::string calling_ae, address;
  CommitmentAnswer answer;
};

struct AssociationServices {
  std::filesystem::path folder;  // datasets are written here under names of ours, synced before `store` is called
  std::function<bool(std::uint64_t bytes)> has_room;  // asked before a dataset is taken
  // Takes over the file (moves or removes it) when it answers kStored; otherwise the file is removed.
  std::function<Reception(const Arrival&)> store;
  std::function<bool(const CommitmentRequest&)> commit;   // true: it will be answered
  std::function<bool(const CommitmentReport&)> reported;  // true: it has been taken note of
};

enum class EndOf { kReleased, kAborted, kRejected, kBroken, kTimedOut, kOverLimit };
struct AssociationEnd {
  EndOf how = EndOf::kBroken;
  std::string reason;  // a sentence without patient data: "the calling AE title EVIL is not on the list"
  std::string calling_ae, address;
  std::uint64_t instances = 0, bytes = 0;
};

// The SOP class UIDs that are stored: MR Image, Enhanced MR Image, Enhanced MR Color Image, Legacy Converted Enhanced
// MR.
std::vector<std::string> StoredClasses();

// Before anything is served: throws kUsage for an address that is none, kInput naming a file of TLS that cannot be
// used.
void CheckRules(const AcceptRules& rules);

// `connection` is an accepted TCP socket, which is closed in the end. Never throws for what the peer does. The process
// ignores SIGPIPE and SIGXFSZ from then on.
AssociationEnd ServeAssociation(int connection, const AcceptRules& rules, const AssociationLimits& limits,
                                const AssociationServices& services);

// The first bytes that a peer gets when no association can be served now (A-ASSOCIATE-RJ, transient, local limit
// exceeded; PS3.8 9.3.4), to be written on a connection without TLS before it is closed.
std::vector<std::uint8_t> RejectedForNow();

}  // namespace parotis::dimse
