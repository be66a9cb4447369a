#include "http/tls_context.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>

#include "base/error.h"

namespace parotis::http {
namespace {

std::string LastReason() {
  const unsigned long code = ERR_get_error();
  const char* reason = ERR_reason_error_string(code);
  ERR_clear_error();
  return reason == nullptr ? "it is not in PEM format" : reason;
}

[[noreturn]] void ThrowFile(const std::filesystem::path& file, std::string_view what) {
  base::Throw(base::ErrorKind::kInput,
              fmt::format("{} is no {} that TLS can use: {}; check the file", file.string(), what, LastReason()));
}

// Where OpenSSL would ask on the terminal.
int NoPassPhrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) { return 0; }

TlsContext Settings(const SSL_METHOD* method) {
  ERR_clear_error();
  TlsContext context(SSL_CTX_new(method), SSL_CTX_free);
  if (context == nullptr)
    base::Throw(base::ErrorKind::kInternal, fmt::format("OpenSSL does not start: {}", LastReason()));
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                         SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_default_passwd_cb(context.get(), NoPassPhrase);
  return context;
}

void UseCertificate(SSL_CTX* context, const base::TlsFiles& files) {
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
    ThrowFile(files.certificate, "certificate");
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1)
    ThrowFile(files.key, "key without pass phrase");
  if (SSL_CTX_check_private_key(context) != 1) ThrowFile(files.key, "key of the certificate");
}

void UseAuthorities(SSL_CTX* context, const base::TlsFiles& files) {
  if (SSL_CTX_load_verify_locations(context, files.authorities.c_str(), nullptr) != 1)
    ThrowFile(files.authorities, "list of authorities");
}

}  // namespace

TlsContext ServerTls(const base::TlsFiles& files) {
  TlsContext context = Settings(TLS_server_method());
  SSL_CTX_set_cipher_list(context.get(), "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM");
  UseCertificate(context.get(), files);
  if (files.ask_for_certificate) {
    UseAuthorities(context.get(), files);
    SSL_CTX_set_client_CA_list(context.get(), SSL_load_client_CA_file(files.authorities.c_str()));
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  return context;
}

TlsContext ClientTls(const base::TlsFiles& files) {
  TlsContext context = Settings(TLS_client_method());
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (files.authorities.empty()) {
    SSL_CTX_set_default_verify_paths(context.get());
  } else {
    UseAuthorities(context.get(), files);
  }
  if (!files.certificate.empty()) UseCertificate(context.get(), files);
  return context;
}

void ExpectHost(ssl_st* tls, const std::string& host) {
  std::array<unsigned char, 16> address{};
  const bool is_address =
      inet_pton(AF_INET, host.c_str(), address.data()) == 1 || inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
  if (is_address) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host.c_str());
  } else {
    SSL_set_hostflags(tls, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(tls, host.c_str());
    SSL_set_tlsext_host_name(tls, host.c_str());
  }
}

std::string PeerName(ssl_st* tls) {
  const std::unique_ptr<X509, void (*)(X509*)> certificate(SSL_get1_peer_certificate(tls), X509_free);
  if (certificate == nullptr || SSL_get_verify_result(tls) != X509_V_OK) return {};
  const X509_NAME* subject = X509_get_subject_name(certificate.get());
  const int first = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (first < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, first) >= 0) return {};
  unsigned char* text = nullptr;
  const int length = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, first)));
  if (length < 0) return {};
  std::string name(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
  OPENSSL_free(text);
  return name.find('\0') == std::string::npos ? name : std::string();
}

std::string CertificateFailure(ssl_st* tls) {
  const long result = SSL_get_verify_result(tls);
  return result == X509_V_OK ? std::string() : X509_verify_cert_error_string(result);
}

}  // namespace parotis::http
