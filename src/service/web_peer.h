// How a peer with a url is spoken to.
#pragma once

#include <string>

#include "base/files.h"
#include "base/text.h"
#include "http/client.h"
#include "service/node_config.h"

namespace parotis::service {

// Throws kIo when the file with the password cannot be read.
inline http::ClientOptions ClientOptionsOf(const PeerEntry& peer) {
  http::ClientOptions options;
  options.tls = peer.tls;
  options.user = peer.user;
  if (!peer.password.empty()) options.password = std::string(base::Trimmed(base::ReadFile(peer.password, 4096)));
  return options;
}

}  // namespace parotis::service
