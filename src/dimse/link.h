// An established association, as messages that go in and out (PS3.7 9, 10; fragments: PS3.8 annex E). Everything that
// the other side can make longer than it should be has a bound here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "dimse/association.h"
#include "dimse/command.h"
#include "dimse/transport.h"

struct T_ASC_Association;  // NOLINT(readability-identifier-naming): DCMTK's
class OFCondition;

namespace parotis::dimse {

// The association is over, or has to be ended.
struct Ended : std::exception {
  Ended(EndOf how_it_ended, std::string why) : how(how_it_ended), reason(std::move(why)) {}
  const char* what() const noexcept override { return reason.c_str(); }

  EndOf how;
  std::string reason;
};

// A presentation context that both sides agreed on.
struct Context {
  std::string sop_class, transfer_syntax;
};

class Link {
 public:
  using Bytes = std::span<const std::byte>;
  struct Message {
    std::uint8_t context = 0;
    Command command;
  };

  // Both outlive it. `message_s`: how long one piece of a message may take.
  Link(T_ASC_Association& association, Transport& transport, int message_s);

  const std::map<std::uint8_t, Context>& contexts() const { return contexts_; }

  // All throw Ended.
  Message ReadCommand(int idle_s);
  // The dataset that follows the command, piece by piece.
  void ReadDataset(std::uint8_t context, const std::function<void(Bytes)>& take);
  // The same as a whole; throws Ended when it is longer.
  std::string ReadDataset(std::uint8_t context, std::size_t most_bytes);
  void Send(std::uint8_t context, const Command& command);
  void SendDataset(std::uint8_t context, Bytes piece, bool last);

  // Why a call of DCMTK failed, or the deadline that made it fail.
  [[noreturn]] void Fail(const OFCondition& condition, bool release_is_fine) const;

 private:
  struct Piece {
    std::uint8_t context = 0;
    bool of_command = false, last = false;
    Bytes bytes;  // until the next one is read
  };

  void AwaitMessage(int idle_s);
  // `idle_s`: if it is the first of a message.
  Piece NextPiece(std::optional<int> idle_s = std::nullopt);
  void Write(std::uint8_t context, Bytes bytes, bool of_command, bool last);

  T_ASC_Association& association_;
  Transport& transport_;
  Watchdog& watchdog_;
  int message_s_;
  std::map<std::uint8_t, Context> contexts_;
};

}  // namespace parotis::dimse
