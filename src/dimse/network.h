// DCMTK's network: its settings, and the transport under the one association that is opened through it. Private to this
// folder.
#pragma once

#include <string>

#include "dimse/transport.h"

struct T_ASC_Network;  // NOLINT(readability-identifier-naming): DCMTK's

namespace parotis::dimse {

class Network {
 public:
  // To call another; `transport` outlives it.
  explicit Network(Transport& transport);
  // To serve this connection, which the association takes over. One at a time in a process: DCMTK keeps it in a global
  // variable.
  Network(Transport& transport, int connection);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  T_ASC_Network* get() const { return network_; }

 private:
  void Open(Transport& transport, bool as_acceptor);

  T_ASC_Network* network_ = nullptr;
};

// Of the other side of a connection, in digits; IPv4 in its own form also where it came mapped. "unknown" when it has
// none.
std::string AddressOf(int connection);

}  // namespace parotis::dimse
