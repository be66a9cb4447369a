// What a secured connection needs, for DICOM and HTTP alike: PEM files.
#pragma once

#include <filesystem>

namespace parotis::base {

struct TlsFiles {
  std::filesystem::path certificate;  // our own, with its chain
  std::filesystem::path key;          // of it, without pass phrase
  std::filesystem::path authorities;  // who may vouch for the other side
  bool ask_for_certificate = true;    // as a server: only clients that show a certificate of these authorities
};

}  // namespace parotis::base
