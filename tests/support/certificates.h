// Certificates for tests, made by the openssl program: authorities, and keys that they vouch for, in one folder.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/tls_files.h"

namespace parotis::test {

struct Subject {
  std::string common_name = {};  // "" for the name it is issued under
  std::string alternative_names = "IP:127.0.0.1,DNS:localhost";
  bool is_authority = false;
  int days = 2;  // below 0: it has expired
};

class CertificateFolder {
 public:
  // `key`: "rsa:2048", which DCMTK's TLS 1.2 profiles take, or "ec -pkeyopt ec_paramgen_curve:P-256".
  explicit CertificateFolder(std::filesystem::path folder, std::string key = "rsa:2048")
      : folder_(std::move(folder)), key_(std::move(key)) {
    base::CreateFolder(folder_);
  }

  std::filesystem::path Pem(const std::string& name) const { return folder_ / (name + ".pem"); }
  std::filesystem::path Key(const std::string& name) const { return folder_ / (name + ".key"); }
  base::TlsFiles Of(const std::string& name, const std::string& authority, bool ask_for_certificate = true) const {
    return {Pem(name), Key(name), Pem(authority), ask_for_certificate};
  }
  const std::filesystem::path& folder() const { return folder_; }

  void MakeAuthority(const std::string& name) const {
    Run("req -x509 -newkey " + key_ + " -nodes -days 2 -subj '/CN=" + name + "' -keyout '" + Key(name).string() +
        "' -out '" + Pem(name).string() + "'");
  }
  base::TlsFiles Issue(const std::string& name, const std::string& authority, const Subject& subject = {}) const {
    const std::string request = (folder_ / (name + ".csr")).string();
    const std::filesystem::path extensions = folder_ / (name + ".extensions");
    base::WriteFile(extensions, std::string("basicConstraints=CA:") + (subject.is_authority ? "TRUE" : "FALSE") +
                                    "\nsubjectAltName=" + subject.alternative_names + "\n");
    Run("req -newkey " + key_ +
        " -nodes -subj '/O=Test/CN=" + (subject.common_name.empty() ? name : subject.common_name) + "' -keyout '" +
        Key(name).string() + "' -out '" + request + "'");
    Run("x509 -req -days " + std::to_string(subject.days) + " -in '" + request + "' -CA '" + Pem(authority).string() +
        "' -CAkey '" + Key(authority).string() + "' -CAcreateserial -extfile '" + extensions.string() + "' -out '" +
        Pem(name).string() + "'");
    return Of(name, authority);
  }

 private:
  void Run(const std::string& arguments) const {
    const std::string command = "openssl " + arguments + " 2>>'" + (folder_ / "log").string() + "'";
    if (std::system(command.c_str()) == 0) return;
    base::Throw(base::ErrorKind::kInternal, command + " failed: " + base::ReadFile(folder_ / "log"));
  }

  std::filesystem::path folder_;
  std::string key_;
};

inline base::Json ToJson(const base::TlsFiles& tls) {
  return {
      {"certificate", tls.certificate.string()}, {"key", tls.key.string()}, {"authorities", tls.authorities.string()}};
}

}  // namespace parotis::test
