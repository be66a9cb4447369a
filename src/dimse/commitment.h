// The datasets of the storage commitment push model (PS3.4 J.3, tables J.3-1 and J.3-2). Private to this folder.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "dimse/peer.h"

class DcmDataset;

namespace parotis::dimse {

inline constexpr std::uint16_t kRequestCommitment = 1;  // action type (PS3.4 J.3.2)
inline constexpr std::uint16_t kAllCommitted = 1;       // event types (PS3.4 J.3.3)
inline constexpr std::uint16_t kSomeNotCommitted = 2;
inline constexpr std::size_t kMostCommitmentBytes = std::size_t{16} << 20U;  // about 100 000 references

// Of a request (nothing has failed) or of a report.
std::string EncodeCommitment(const CommitmentAnswer& answer, const std::string& transfer_syntax);

// Absent when it cannot be read, has no transaction UID or refers to nothing, or to what is no UID. A failure without a
// reason is one for no reason given, 0110H.
std::optional<CommitmentAnswer> DecodeCommitment(const std::string& bytes, const std::string& transfer_syntax);

}  // namespace parotis::dimse
