// One HTTP request to another server, with bounds.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/tls_files.h"
#include "http/message.h"

namespace parotis::http {

struct ClientOptions {
  std::optional<base::TlsFiles> tls;  // authorities for https; certificate and key when the server asks for one
  std::string user, password;         // basic authentication (RFC 7617); none when user is ""
  std::uint64_t answer_bytes = std::uint64_t{4} << 30;
  int timeout_s = 30;  // for the connection and between two bytes
};

struct Call {
  std::string method = "GET";
  std::string url;  // "https://pacs.example:8443/dicom-web/studies?limit=10"
  Headers headers;
  std::vector<Piece> body;
};

struct Answer {
  int status = 0;
  Headers headers;
  std::uint64_t bytes = 0;
};

// The answer's body is written to `body` (whatever the status; redirections are not followed). Throws kIo naming the
// host and what went wrong (unreachable, certificate not trusted, too slow, too long), kUsage for a url that is none.
Answer Exchange(const Call& call, const std::filesystem::path& body, const ClientOptions& options);

// The same, for short answers.
struct ShortAnswer {
  int status = 0;
  Headers headers;
  std::string body;
};
ShortAnswer ExchangeShort(const Call& call, const ClientOptions& options, std::uint64_t limit_bytes = 16 << 20);

}  // namespace parotis::http
