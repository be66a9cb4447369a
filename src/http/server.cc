#include "http/server.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "base/files.h"
#include "http/allow_list.h"
#include "http/body_file.h"
#include "http/network.h"
#include "http/session.h"
#include "http/tls_context.h"
#include "http/worker_pool.h"

namespace parotis::http {
namespace {

constexpr std::size_t kRefusedAtATime = 16;  // connections beyond the limit that are told so; others are just closed

}  // namespace

class Server::Impl {
 public:
  Impl(const ServerOptions& options, Handler handler)
      : options_(options),
        handler_(std::move(handler)),
        allowed_(options.allowed),
        pool_(std::make_unique<WorkerPool>(options.threads)) {
    const TlsContext tls = options_.tls ? ServerTls(*options_.tls) : nullptr;
    if (!options_.body_folder.empty()) {
      base::CreateFolder(options_.body_folder);
      RemoveStrayBodies(options_.body_folder);
    }
    port_ = network_.Listen(options_.address, options_.port);
    network_.Accept([this](const std::string& address) { return Admits(address); }, tls,
                    [this](std::shared_ptr<Wire> wire) { Begin(std::move(wire)); });
    network_.Start();
  }

  ~Impl() { Stop(); }

  std::uint16_t port() const { return port_; }

  void Stop() {
    const std::scoped_lock once(stop_mutex_);
    if (stopped_) return;
    stopped_ = true;
    network_.Post([this] {
      service_.stopping = true;
      network_.CloseListener();
      ForEach(&Session::StopSoon);
    });
    if (!WaitUntilEmpty(std::chrono::seconds(options_.stall_s))) network_.Post([this] { ForEach(&Session::Abort); });
    pool_.reset();
    network_.Finish();
  }

 private:
  std::size_t Count() {
    const std::scoped_lock lock(mutex_);
    return sessions_.size();
  }

  bool Admits(const std::string& address) {
    return allowed_.Allows(address) && Count() < static_cast<std::size_t>(options_.connections) + kRefusedAtATime;
  }

  void Begin(std::shared_ptr<Wire> wire) {
    const bool crowded = Count() >= static_cast<std::size_t>(options_.connections);
    auto ended = std::make_shared<Session*>(nullptr);
    const auto session =
        std::make_shared<Session>(std::move(wire), service_, crowded, [this, ended] { Ended(*ended); });
    *ended = session.get();
    {
      const std::scoped_lock lock(mutex_);
      sessions_.insert(session.get());
    }
    session->Start();
  }

  void Ended(Session* session) {
    const std::scoped_lock lock(mutex_);
    sessions_.erase(session);
    empty_.notify_all();
  }

  void ForEach(void (Session::*act)()) {
    std::vector<std::shared_ptr<Session>> alive;
    {
      const std::scoped_lock lock(mutex_);
      for (Session* session : sessions_) alive.push_back(session->weak_from_this().lock());
    }
    for (const auto& session : alive) {
      if (session) ((*session).*act)();
    }
  }

  bool WaitUntilEmpty(std::chrono::seconds limit) {
    std::unique_lock lock(mutex_);
    return empty_.wait_for(lock, limit, [&] { return sessions_.empty(); });
  }

  const ServerOptions options_;
  const Handler handler_;
  const AllowList allowed_;
  std::uint16_t port_ = 0;
  std::mutex stop_mutex_;
  bool stopped_ = false;

  std::mutex mutex_;  // of the sessions, who may end on any thread
  std::condition_variable empty_;
  std::set<Session*> sessions_;

  std::unique_ptr<WorkerPool> pool_;
  Network network_;
  Service service_{options_, handler_, network_, *pool_};
};

Server::Server(const ServerOptions& options, Handler handler)
    : impl_(std::make_unique<Impl>(options, std::move(handler))) {}

Server::~Server() = default;

std::uint16_t Server::port() const { return impl_->port(); }

void Server::Stop() { impl_->Stop(); }

}  // namespace parotis::http
