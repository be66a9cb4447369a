// One connection of a server: requests are read, handed to the handler on another thread, and answered, one after
// another, until someone has enough. Everything else happens on the network's thread.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "http/body_file.h"
#include "http/message_parser.h"
#include "http/network.h"
#include "http/outgoing_body.h"
#include "http/server.h"
#include "http/wire.h"
#include "http/worker_pool.h"

namespace parotis::http {

// What the sessions of a server share; it outlives them.
struct Service {
  const ServerOptions& options;
  const Handler& handler;
  Network& network;
  WorkerPool& pool;
  bool stopping = false;  // set on the network's thread
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  // `crowded`: there are too many already; says so instead of reading. `ended` is called by the destructor.
  Session(std::shared_ptr<Wire> wire, Service& service, bool crowded, std::function<void()> ended);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void Start();
  void StopSoon();  // at once, or, when a request is being handled, after its answer
  void Abort();

 private:
  void NextRequest(int wait_s);
  void ReadMore();
  void AfterRead(Wire::Outcome outcome, std::size_t bytes);
  void Feed();
  std::optional<Request> RequestOf() const;
  bool IsAdmitted();
  void AfterHead();
  bool TakeBody(std::string_view bytes);
  void Refuse();
  void Handle();
  void Answer(Response response);
  void AnswerError(int status);
  void Send(Response response);
  void SendNext();
  void AfterAnswer();
  void End();

  std::shared_ptr<Wire> wire_;
  Service& service_;
  bool crowded_;
  std::function<void()> ended_;

  std::array<char, 16 * 1024> buffer_{};
  std::string rest_;  // what came and was not taken apart yet
  std::optional<MessageParser> parser_;
  bool head_is_done_ = false, handling_ = false, keep_alive_ = false;
  std::uint64_t most_bytes_ = 0;  // of this body
  bool is_too_large_ = false;
  Wire::Clock::time_point deadline_;
  std::optional<BodyFile> body_;
  int body_failure_ = 0;  // errno

  std::optional<OutgoingBody> outgoing_;
  bool send_body_ = true, chunked_ = false;
  std::string sending_;
};

}  // namespace parotis::http
