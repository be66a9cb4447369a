// A peer that says whatever bytes it is told to (PS3.8 9.3), for tests of how our side takes them.
#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dimse/command.h"
#include "tests/support/loopback.h"

namespace parotis::test {

inline std::string BigEndian(std::uint32_t value, int bytes) {
  std::string out;
  for (int i = bytes; i-- > 0;) out += static_cast<char>(value >> (8 * i) & 0xFFU);
  return out;
}

inline std::string Pdu(int type, const std::string& body) {
  return BigEndian(static_cast<std::uint32_t>(type), 1) + std::string(1, '\0') +
         BigEndian(static_cast<std::uint32_t>(body.size()), 4) + body;
}

// Presentation contexts 1, 3, 5 … of a class with its transfer syntaxes each.
using RawContexts = std::vector<std::pair<std::string, std::vector<std::string>>>;
inline const RawContexts kMrContexts = {{"1.2.840.10008.1.1", {"1.2.840.10008.1.2"}},
                                        {"1.2.840.10008.5.1.4.1.1.4", {"1.2.840.10008.1.2.1"}},
                                        {"1.2.840.10008.1.20.1", {"1.2.840.10008.1.2"}}};
inline constexpr int kEchoContext = 1, kMrContext = 3, kCommitmentContext = 5;

inline std::string AssociateRequest(const RawContexts& contexts = kMrContexts, std::string calling = "MODALITY",
                                    std::string called = "PAROTIS") {
  const auto item = [](int type, const std::string& body) {
    return BigEndian(static_cast<std::uint32_t>(type), 1) + std::string(1, '\0') +
           BigEndian(static_cast<std::uint32_t>(body.size()), 2) + body;
  };
  calling.resize(16, ' ');
  called.resize(16, ' ');
  std::string body = BigEndian(1, 2) + BigEndian(0, 2) + called + calling + std::string(32, '\0');
  body += item(0x10, "1.2.840.10008.3.1.1.1");
  std::uint32_t identifier = 1;
  for (const auto& [sop_class, syntaxes] : contexts) {
    std::string context = BigEndian(identifier, 1) + std::string(3, '\0') + item(0x30, sop_class);
    for (const std::string& syntax : syntaxes) context += item(0x40, syntax);
    body += item(0x20, context);
    identifier += 2;
  }
  return Pdu(1, body + item(0x50, item(0x51, BigEndian(16384, 4)) + item(0x52, "1.2.3.4")));
}

// One fragment of a command or of a dataset in a PDU of its own.
inline std::string DataPdu(int context, bool of_command, bool last, const std::string& bytes) {
  const int flags = (of_command ? 1 : 0) + (last ? 2 : 0);
  return Pdu(4, BigEndian(static_cast<std::uint32_t>(bytes.size() + 2), 4) +
                    BigEndian(static_cast<std::uint32_t>(context), 1) +
                    BigEndian(static_cast<std::uint32_t>(flags), 1) + bytes);
}
inline std::string CommandPdu(int context, const dimse::Command& command) {
  return DataPdu(context, true, true, command.Bytes());
}
inline std::string ReleaseRequest() { return Pdu(5, std::string(4, '\0')); }

inline dimse::Command StoreCommand(const std::string& instance,
                                   const std::string& sop_class = "1.2.840.10008.5.1.4.1.1.4") {
  dimse::Command command(dimse::field::kStore, 7, true);
  command.SetText(dimse::element::kAffectedClass, sop_class);
  command.SetText(dimse::element::kAffectedInstance, instance);
  return command.Set(dimse::element::kPriority, 0);
}

class RawPeer {
 public:
  static constexpr int kClosed = -1;
  struct Received {
    int type = kClosed;
    std::string body;
  };

  explicit RawPeer(std::uint16_t port) : connection_(ConnectToLoopback(port).value()) {
    const timeval patience{20, 0};
    setsockopt(connection_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  }
  ~RawPeer() { Close(); }
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  void Close() {
    if (connection_ >= 0) close(connection_);
    connection_ = -1;
  }
  // False when the other side has gone.
  bool Send(const std::string& bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
      const ssize_t sent = send(connection_, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
      if (sent <= 0) return false;
      at += static_cast<std::size_t>(sent);
    }
    return true;
  }
  Received Receive() {
    std::string head = Read(6);
    if (head.size() < 6) return {};
    std::uint32_t length = 0;
    for (std::size_t i = 2; i < 6; ++i) length = length << 8U | static_cast<unsigned char>(head[i]);
    return {static_cast<unsigned char>(head[0]), Read(length)};
  }
  // The status of the response that comes next; FFFF when none does.
  int Status() {
    const Received received = Receive();
    if (received.type != 4 || received.body.size() < 6) return 0xFFFF;
    const auto command = dimse::Command::Parse(std::string_view(received.body).substr(6));
    return command ? command->Number(dimse::element::kStatus).value_or(0xFFFF) : 0xFFFF;
  }
  // Asks for an association; whether it was accepted.
  bool Associate(const RawContexts& contexts = kMrContexts) {
    Send(AssociateRequest(contexts));
    return Receive().type == 2;
  }
  int Store(const std::string& instance, const std::string& dataset) {
    Send(CommandPdu(kMrContext, StoreCommand(instance)) + DataPdu(kMrContext, false, true, dataset));
    return Status();
  }
  int Echo() {
    dimse::Command command(dimse::field::kEcho, 9, false);
    Send(CommandPdu(kEchoContext, command.SetText(dimse::element::kAffectedClass, "1.2.840.10008.1.1")));
    return Status();
  }

 private:
  std::string Read(std::size_t bytes) {
    std::string out(bytes, '\0');
    std::size_t at = 0;
    while (at < bytes) {
      const ssize_t count = recv(connection_, out.data() + at, bytes - at, 0);
      if (count <= 0) break;
      at += static_cast<std::size_t>(count);
    }
    out.resize(at);
    return out;
  }

  int connection_;
};

}  // namespace parotis::test
