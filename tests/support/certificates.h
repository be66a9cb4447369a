// Certificates for tests, made by the openssl tool: an authority, and keys that it vouches for.
#pragma once

#include <filesystem>
#include <string>

#include "base/files.h"
#include "base/json.h"
#include "base/tls_files.h"
#include "tests/support/dciodvfy.h"

namespace parotis::test {

class Authority {
 public:
  explicit Authority(const std::filesystem::path& folder) : folder_(folder) {
    std::filesystem::create_directories(folder);
    OutputOf("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=test authority' -keyout " + Path("ca.key") +
             " -out " + Path("ca.crt"));
  }

  base::TlsFiles Issue(const std::string& name) const {
    base::WriteFile(folder_ / (name + ".ext"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
    OutputOf("openssl req -newkey rsa:2048 -nodes -subj '/CN=" + name + "' -keyout " + Path(name + ".key") + " -out " +
             Path(name + ".csr"));
    OutputOf("openssl x509 -req -days 2 -in " + Path(name + ".csr") + " -CA " + Path("ca.crt") + " -CAkey " +
             Path("ca.key") + " -CAcreateserial -extfile " + Path(name + ".ext") + " -out " + Path(name + ".crt"));
    return {Path(name + ".crt"), Path(name + ".key"), Path("ca.crt"), true};
  }

 private:
  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  std::filesystem::path folder_;
};

inline base::Json ToJson(const base::TlsFiles& tls) {
  return {
      {"certificate", tls.certificate.string()}, {"key", tls.key.string()}, {"authorities", tls.authorities.string()}};
}

}  // namespace parotis::test
