// DCMTK's network, which holds its settings and the means of transport. Private to this folder.
#pragma once

#include <memory>
#include <string>

class DcmTransportLayer;
struct T_ASC_Network;

namespace parotis::dimse {

class Network {
 public:
  // To call others.
  Network();
  // To serve this connection, which is taken over. One at a time in a process: DCMTK keeps it in a global variable.
  explicit Network(int connection);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  T_ASC_Network* get() const { return network_; }
  void Use(std::shared_ptr<DcmTransportLayer> layer);

 private:
  void Open(bool as_acceptor);

  T_ASC_Network* network_ = nullptr;
  std::shared_ptr<DcmTransportLayer> layer_;
};

// Of the other side of a connection, in digits; IPv4 in its own form also where it came mapped. "unknown" when it has
// none.
std::string AddressOf(int connection);

}  // namespace parotis::dimse
