// An HTTP/1.1 server with bounds on everything that a peer may send or hold, and TLS. Wrong, slow or oversized requests
// get the status that fits (400, 408, 413, 414, 417, 431, 501, 503, 505; 507 on a full disk) and the connection ends;
// nothing of a peer's ever throws. HTTP/1.1 as in RFC 9110 and RFC 9112: connections stay, requests may be pipelined.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/tls_files.h"
#include "http/message.h"

namespace parotis::http {

// Whether a body that is still to come is wanted, and how much of it.
struct Admission {
  std::uint64_t body_bytes = 0;                   // more is answered 413
  std::optional<Response> answer = std::nullopt;  // instead: nothing is read, and the connection ends with this
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one
  std::optional<base::TlsFiles> tls;
  std::vector<std::string> allowed;   // addresses and networks ("10.1.0.0/16"); none: everybody
  std::filesystem::path body_folder;  // where bodies are kept while they are handled; what a killed server left goes
  std::uint32_t header_bytes = 16 * 1024;
  std::uint64_t body_bytes = std::uint64_t{2} << 30;  // the most that `admit` can admit
  // Asked when a head has come and its body has not, on the thread that serves everybody: it must decide at once. The
  // request has no body yet. Without it every body is wanted.
  std::function<Admission(const Request&)> admit;
  int connections = 64;  // at a time; more are answered 503
  int threads = 4;       // for handlers
  int header_s = 10;     // for a whole header, and for a TLS handshake
  int stall_s = 30;      // without a byte of a body, or without one that the peer takes
  int idle_s = 60;       // between two requests of a connection
};

using Handler = std::function<Response(const Request&)>;

class Server {
 public:
  // Listens at once. `handler` is called from several threads, for HEAD as for GET (the body is left out then); what it
  // throws becomes 400 (base::Error of kind kInput or kUsage, with its message), else 500 without a message. Throws kIo
  // when the address cannot be had, kInput naming the file of TLS that is wrong.
  Server(const ServerOptions& options, Handler handler);
  ~Server();  // as Stop
  std::uint16_t port() const;
  // No new requests; those being handled are answered, at most for stall_s. Waits for handlers that have begun, however
  // long they take: what they use may go afterwards. Not to be called from one.
  void Stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace parotis::http
