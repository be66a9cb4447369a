// OpenSSL's settings, made from PEM files: TLS 1.2 or later (BCP 195), no renegotiation, no resumption.
#pragma once

#include <memory>
#include <string>

#include "base/tls_files.h"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX
struct ssl_st;      // OpenSSL's SSL

namespace parotis::http {

using TlsContext = std::shared_ptr<ssl_ctx_st>;  // null: no TLS

// Both throw kInput naming the file that is wrong.
TlsContext ServerTls(const base::TlsFiles& files);
// Authorities: those of the files, else the system's.
TlsContext ClientTls(const base::TlsFiles& files);

// Demands that the peer's certificate is one of this host (a name or an address), and tells the peer the name.
void ExpectHost(ssl_st* tls, const std::string& host);
// The one common name of the peer's certificate; "" when it showed none, or not exactly one name.
std::string PeerName(ssl_st* tls);
// Why the peer's certificate was not believed; "" when that was not it.
std::string CertificateFailure(ssl_st* tls);

}  // namespace parotis::http
