// Certificates for a test, made by the openssl command: an authority, a server for localhost and 127.0.0.1, a client, a
// stranger from another authority, a server for another host, and one that has expired.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/tls_files.h"
#include "tests/support/temporary_folder.h"

namespace parotis::test {

class Certificates {
 public:
  Certificates() {
    MakeAuthority("authority");
    MakeAuthority("other-authority");
    Sign("server", "authority", "localhost", "-days 2 -extfile <(echo subjectAltName=DNS:localhost,IP:127.0.0.1)");
    Sign("elsewhere", "authority", "elsewhere", "-days 2 -extfile <(echo subjectAltName=DNS:elsewhere.example)");
    Sign("expired", "authority", "localhost", "-days -1 -extfile <(echo subjectAltName=DNS:localhost,IP:127.0.0.1)");
    Sign("client", "authority", "ward 7", "-days 2");
    Sign("stranger", "other-authority", "ward 7", "-days 2");
  }

  std::filesystem::path File(const std::string& name) const { return folder_.path() / name; }
  base::TlsFiles For(const std::string& who, bool ask_for_certificate = false) const {
    return {File(who + ".pem"), File(who + ".key"), File("authority.pem"), ask_for_certificate};
  }
  const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  void Run(const std::string& command) const {
    const std::string line = "cd '" + folder_.path().string() + "' && bash -c '" + command + "' 2>>log";
    if (std::system(line.c_str()) != 0) std::abort();
  }
  void MakeAuthority(const std::string& name) const {
    Run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=" + name + " -keyout " +
        name + ".key -out " + name + ".pem");
  }
  void Sign(const std::string& name, const std::string& authority, const std::string& common_name,
            const std::string& options) const {
    Run("openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj \"/O=Test/CN=" + common_name +
        "\" -keyout " + name + ".key -out " + name + ".csr");
    Run("openssl x509 -req -in " + name + ".csr -CA " + authority + ".pem -CAkey " + authority +
        ".key -CAcreateserial -out " + name + ".pem " + options);
  }

  TemporaryFolder folder_;
};

inline const Certificates& SharedCertificates() {
  static const Certificates kCertificates;
  return kCertificates;
}

}  // namespace parotis::test
