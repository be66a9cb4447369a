// Sockets: the one thread that waits for all of them, for servers, and connections to others, for clients.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "http/tls_context.h"
#include "http/wire.h"

namespace parotis::http {

class Network {
 public:
  Network();
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  // Binds and listens; what Accept says comes once Start was called. Returns the port. Throws kIo.
  std::uint16_t Listen(const std::string& address, std::uint16_t port);
  // `admit` is asked before anything else is done with a connection; what it does not admit is closed.
  void Accept(std::function<bool(const std::string& address)> admit, TlsContext tls,
              std::function<void(std::shared_ptr<Wire>)> connected);
  void CloseListener();  // on the thread

  // The name is resolved and its addresses are tried one after another; then TLS, for which the certificate must be
  // this host's. `then` gets no wire and a sentence when that fails.
  using Connected = std::function<void(std::shared_ptr<Wire>, const std::string& failure)>;
  void Connect(const std::string& host, std::uint16_t port, const TlsContext& tls, Wire::Clock::time_point deadline,
               Connected then);

  void Start();                          // a thread that runs until Finish
  void Post(std::function<void()> job);  // from any thread: runs on the thread
  void Finish();                         // the thread ends when nothing is pending any more; waits for it
  void RunUntil(const bool& done);       // instead of Start: the caller's thread

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace parotis::http
