#include "dimse/network.h"

#include <arpa/inet.h>
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>
#include <dcmtk/dcmnet/dcmlayer.h>
#include <dcmtk/dcmnet/dcmtrans.h>
#include <dcmtk/dcmnet/dul.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <csignal>
#include <cstring>

#include "base/error.h"
#include "dicom/dcmtk_setup.h"
#include "dicom/text.h"

namespace parotis::dimse {
namespace {

constexpr int kNoConnection = -1;

}  // namespace

Network::Network(Transport& transport) { Open(transport, false); }

Network::Network(Transport& transport, int connection) {
  dcmExternalSocketHandle.set(connection);
  Open(transport, true);
}

Network::~Network() {
  ASC_dropNetwork(&network_);
  dcmExternalSocketHandle.set(kNoConnection);
}

void Network::Open(Transport& transport, bool as_acceptor) {
  dicom::SetUpDcmtk();
  std::signal(SIGPIPE, SIG_IGN);               // a connection that broke is an error of the call that wrote
  dcmDisableGethostbyaddr.set(OFTrue);         // names of callers are not looked up: that could take minutes
  dcmSocketSendTimeout.set(kNoConnection);     // -1: as the system does; deadlines are the watchdog's
  dcmSocketReceiveTimeout.set(kNoConnection);  // -1
  constexpr int kNoPort = 0, kNoTimeout = 0;
  const OFCondition opened =
      ASC_initializeNetwork(as_acceptor ? NET_ACCEPTOR : NET_REQUESTOR, kNoPort, kNoTimeout, &network_);
  if (opened.bad())
    base::Throw(base::ErrorKind::kInternal, fmt::format("DCMTK's network: {}", dicom::CleanText(opened.text())));
  constexpr int kStaysOurs = 0;
  if (ASC_setTransportLayer(network_, transport.layer(), kStaysOurs).bad())
    base::Throw(base::ErrorKind::kInternal, "DCMTK takes no transport layer");
}

std::string AddressOf(int connection) {
  sockaddr_storage peer{};
  socklen_t size = sizeof(peer);
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (getpeername(connection, reinterpret_cast<sockaddr*>(&peer), &size) != 0) return "unknown";
  const void* address = nullptr;
  int family = peer.ss_family;
  if (family == AF_INET) {
    address = &reinterpret_cast<const sockaddr_in&>(peer).sin_addr;
  } else if (family == AF_INET6) {
    const in6_addr& six = reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr;
    constexpr std::size_t kBytesBeforeIpv4 = 12;
    const bool mapped = IN6_IS_ADDR_V4MAPPED(&six) != 0;
    address = six.s6_addr + (mapped ? kBytesBeforeIpv4 : 0);
    family = mapped ? AF_INET : AF_INET6;
  }
  if (address == nullptr || inet_ntop(family, address, text.data(), text.size()) == nullptr) return "unknown";
  return text.data();
}

}  // namespace parotis::dimse
