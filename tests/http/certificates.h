// Who meets whom over HTTPS in tests: a server for localhost and 127.0.0.1, a client, a stranger from another
// authority, a server for another host, and one that has expired.
#pragma once

#include "tests/support/certificates.h"
#include "tests/support/temporary_folder.h"

namespace parotis::test {

class Certificates {
 public:
  Certificates() {
    folder_.MakeAuthority("authority");
    folder_.MakeAuthority("other-authority");
    folder_.Issue("server", "authority");
    folder_.Issue("elsewhere", "authority", {.alternative_names = "DNS:elsewhere.example"});
    folder_.Issue("expired", "authority", {.days = -1});
    folder_.Issue("client", "authority", {.common_name = "ward 7"});
    folder_.Issue("stranger", "other-authority", {.common_name = "ward 7"});
  }

  std::filesystem::path Pem(const std::string& name) const { return folder_.Pem(name); }
  std::filesystem::path Key(const std::string& name) const { return folder_.Key(name); }
  base::TlsFiles For(const std::string& who, bool ask_for_certificate = false) const {
    return folder_.Of(who, "authority", ask_for_certificate);
  }
  const std::filesystem::path& folder() const { return folder_.folder(); }

 private:
  TemporaryFolder home_;
  CertificateFolder folder_{home_.path(), "ec -pkeyopt ec_paramgen_curve:P-256"};
};

inline const Certificates& SharedCertificates() {
  static const Certificates kCertificates;
  return kCertificates;
}

}  // namespace parotis::test
