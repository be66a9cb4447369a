#include "dimse/transport.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/dcmlayer.h>
#include <dcmtk/dcmnet/dcmtrans.h>
#include <dcmtk/dcmtls/tlslayer.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <utility>

#include "base/error.h"
#include "dicom/text.h"

namespace parotis::dimse {
namespace {

// Another connection, and a note when there is nothing more to read.
class NotedConnection final : public DcmTransportConnection {
 public:
  NotedConnection(DcmNativeSocketType socket, std::unique_ptr<DcmTransportConnection> inner, std::atomic<bool>& closed)
      : DcmTransportConnection(socket), inner_(std::move(inner)), closed_(closed) {}

  OFCondition serverSideHandshake() override { return inner_->serverSideHandshake(); }
  OFCondition clientSideHandshake() override { return inner_->clientSideHandshake(); }
  OFCondition renegotiate(const char* suite) override { return inner_->renegotiate(suite); }
  ssize_t read(void* buffer, std::size_t bytes) override {
    const ssize_t count = inner_->read(buffer, bytes);
    // Senders that join small pieces (Nagle; DCMTK's tools and what is built on them) wait for our acknowledgement of a
    // PDU's head before they send its body: without this it comes 40 ms late, for every instance. It holds for a while.
    const int at_once = 1;
    setsockopt(getSocket(), IPPROTO_TCP, TCP_QUICKACK, &at_once, sizeof(at_once));
    if (count <= 0) closed_ = true;
    return count;
  }
  ssize_t write(void* buffer, std::size_t bytes) override { return inner_->write(buffer, bytes); }
  void close() override { inner_->close(); }
  void closeTransportConnection() override { inner_->closeTransportConnection(); }
  unsigned long getPeerCertificateLength() override { return inner_->getPeerCertificateLength(); }
  unsigned long getPeerCertificate(void* buffer, unsigned long bytes) override {
    return inner_->getPeerCertificate(buffer, bytes);
  }
  OFBool networkDataAvailable(int timeout_s) override { return inner_->networkDataAvailable(timeout_s); }
  OFBool isTransparentConnection() override { return inner_->isTransparentConnection(); }
  OFString& dumpConnectionParameters(OFString& text) override { return inner_->dumpConnectionParameters(text); }

 private:
  std::unique_ptr<DcmTransportConnection> inner_;
  std::atomic<bool>& closed_;
};

template <class Layer>
class WatchedLayer final : public Layer {
 public:
  template <class... Arguments>
  WatchedLayer(Watchdog& watchdog, std::atomic<bool>& closed, Arguments&&... arguments)
      : Layer(std::forward<Arguments>(arguments)...), watchdog_(watchdog), closed_(closed) {}

  DcmTransportConnection* createConnection(DcmNativeSocketType socket, OFBool secure) override {
    watchdog_.Watch(socket);
    const int at_once = 1;  // a message and its answer are small: neither waits to be joined with more
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof(at_once));
    std::unique_ptr<DcmTransportConnection> inner(Layer::createConnection(socket, secure));
    if (!inner) return nullptr;
    return new NotedConnection(socket, std::move(inner), closed_);
  }

 private:
  Watchdog& watchdog_;
  std::atomic<bool>& closed_;
};

void Demand(const OFCondition& condition, const std::filesystem::path& file, const char* what) {
  if (condition.good()) return;
  base::Throw(base::ErrorKind::kInput,
              fmt::format("{} cannot be used as {}: {}", file.string(), what, dicom::CleanText(condition.text())));
}

void DemandInternal(const OFCondition& condition) {
  if (condition.bad())
    base::Throw(base::ErrorKind::kInternal,
                fmt::format("TLS cannot be set up: {}", dicom::CleanText(condition.text())));
}

void UseOwnCertificate(DcmTLSTransportLayer& layer, const base::TlsFiles& files) {
  layer.setPrivateKeyPasswd("");  // a key with a pass phrase is refused, instead of asked for
  Demand(layer.setPrivateKeyFile(files.key.c_str(), DCF_Filetype_PEM), files.key, "a private key (PEM)");
  Demand(layer.setCertificateFile(files.certificate.c_str(), DCF_Filetype_PEM), files.certificate,
         "a certificate (PEM)");
  if (!layer.checkPrivateKeyMatchesCertificate())
    base::Throw(base::ErrorKind::kInput, fmt::format("{} is not the private key of the certificate {}",
                                                     files.key.string(), files.certificate.string()));
}

void SetUpTls(DcmTLSTransportLayer& layer, const base::TlsFiles& files, Side side) {
  const bool is_server = side == Side::kServer;
  const bool verifies = !is_server || files.ask_for_certificate;
  DemandInternal(layer.setTLSProfile(TSP_Profile_BCP195_ND));
  DemandInternal(layer.activateCipherSuites());
  if (is_server || !files.certificate.empty()) UseOwnCertificate(layer, files);
  if (verifies)
    Demand(layer.addTrustedCertificateFile(files.authorities.c_str(), DCF_Filetype_PEM), files.authorities,
           "certificates of authorities (PEM)");
  layer.setCertificateVerification(verifies ? DCV_requireCertificate : DCV_ignoreCertificate);
}

}  // namespace

Transport::Transport(const std::optional<base::TlsFiles>& tls, Side side) : is_secure_(tls.has_value()) {
  if (!tls) {
    layer_ = std::make_unique<WatchedLayer<DcmTransportLayer>>(watchdog_, closed_);
    return;
  }
  const T_ASC_NetworkRole role = side == Side::kServer ? NET_ACCEPTOR : NET_REQUESTOR;
  auto layer = std::make_unique<WatchedLayer<DcmTLSTransportLayer>>(watchdog_, closed_, role,
                                                                    static_cast<const char*>(nullptr), OFTrue);
  SetUpTls(*layer, *tls, side);
  layer_ = std::move(layer);
}

Transport::~Transport() = default;

}  // namespace parotis::dimse
