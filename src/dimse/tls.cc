#include "dimse/tls.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/dcmlayer.h>
#include <dcmtk/dcmtls/tlslayer.h>
#include <fmt/format.h>

#include <utility>

#include "base/error.h"
#include "dicom/text.h"

namespace parotis::dimse {
namespace {

template <class Layer>
class Watched : public Layer {
 public:
  template <class... Arguments>
  explicit Watched(Watchdog& watchdog, Arguments&&... arguments)
      : Layer(std::forward<Arguments>(arguments)...), watchdog_(watchdog) {}

  DcmTransportConnection* createConnection(DcmNativeSocketType connection, OFBool secure) override {
    watchdog_.Watch(connection);
    return Layer::createConnection(connection, secure);
  }

 private:
  Watchdog& watchdog_;
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

}  // namespace

std::shared_ptr<DcmTransportLayer> TlsLayer(const base::TlsFiles& files, Side side, Watchdog& watchdog) {
  const bool is_server = side == Side::kServer;
  const bool verifies = !is_server || files.ask_for_certificate;
  auto layer = std::make_shared<Watched<DcmTLSTransportLayer>>(watchdog, is_server ? NET_ACCEPTOR : NET_REQUESTOR,
                                                               static_cast<const char*>(nullptr), OFTrue);
  DemandInternal(layer->setTLSProfile(TSP_Profile_BCP195_ND));
  DemandInternal(layer->activateCipherSuites());
  if (is_server || !files.certificate.empty()) UseOwnCertificate(*layer, files);
  if (verifies)
    Demand(layer->addTrustedCertificateFile(files.authorities.c_str(), DCF_Filetype_PEM), files.authorities,
           "certificates of authorities (PEM)");
  layer->setCertificateVerification(verifies ? DCV_requireCertificate : DCV_ignoreCertificate);
  return layer;
}

std::shared_ptr<DcmTransportLayer> PlainLayer(Watchdog& watchdog) {
  return std::make_shared<Watched<DcmTransportLayer>>(watchdog);
}

}  // namespace parotis::dimse
