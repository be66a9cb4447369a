// An association that we open with another application, for as long as this lives. Private to this folder.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dimse/link.h"
#include "dimse/peer.h"

namespace parotis::dimse {

// One presentation context.
struct Proposal {
  std::string sop_class;
  std::vector<std::string> transfer_syntaxes;
  bool as_provider = false;  // the class's provider, though we call (PS3.7 D.3.3.4)
};

inline constexpr std::size_t kMostProposals = 128;  // identifiers are odd numbers of one byte (PS3.8 9.3.2.2)

class Call {
 public:
  // Throws kIo naming the peer and what it or the network said; kInput for files of TLS that cannot be used.
  Call(const std::string& calling_ae, const Peer& peer, const std::vector<Proposal>& proposals);
  // Aborts the association unless it was released.
  ~Call();
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  // The context that was agreed on for that class, in that transfer syntax if one is named.
  std::optional<std::uint8_t> Find(std::string_view sop_class, std::string_view transfer_syntax = {}) const;
  // The same; throws kIo when the peer did not agree.
  std::uint8_t Demand(std::string_view sop_class) const;

  // These throw Ended.
  Link& link();
  std::uint16_t NextMessageId() { return ++last_message_; }
  // The response to the command that was sent last, which must be of that kind.
  Command Response(const Command& request);
  // Answers the peer's request and goes on.
  void Answer(const Link::Message& message, std::uint16_t status);
  void Release();
  // Ends an association on which nothing more is waited for, or that the peer ended.
  void Leave(EndOf how);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  std::uint16_t last_message_ = 0;
};

// "the peer NAME (host:port): what it said", as kIo.
[[noreturn]] void ThrowOf(const Peer& peer, const std::string& said);

}  // namespace parotis::dimse
