#include "http/network.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

#include "base/error.h"
#include "base/log.h"

namespace parotis::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using SecureStream = asio::ssl::stream<tcp::socket>;

constexpr auto kGoodbye = std::chrono::seconds(2);          // for TLS's, and then for what the peer still sends
constexpr auto kTryAgain = std::chrono::milliseconds(100);  // when the system has no more descriptors

std::string AddressOf(const tcp::socket::lowest_layer_type& socket) {
  error_code error;
  const asio::ip::address address = socket.remote_endpoint(error).address();
  if (error) return {};
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  return address.to_string();
}

void CloseOnExec(int descriptor) { ::fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

void Prepare(tcp::socket::lowest_layer_type& socket) {
  const int yes = 1;  // without it the connection would only be slower
  ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  CloseOnExec(socket.native_handle());
}

// Stream: tcp::socket or SecureStream.
template <class Stream>
class WireOf : public Wire, public std::enable_shared_from_this<WireOf<Stream>> {
 public:
  static constexpr bool kSecure = std::is_same_v<Stream, SecureStream>;

  template <class... Arguments>
  WireOf(TlsContext context, asio::ssl::stream_base::handshake_type role, Arguments&&... arguments)
      : context_(std::move(context)),
        role_(role),
        stream_(std::forward<Arguments>(arguments)...),
        timer_(stream_.get_executor()) {
    address_ = AddressOf(stream_.lowest_layer());
  }

  Stream& stream() { return stream_; }

  void Handshake(Clock::time_point deadline, Then then) override {
    if constexpr (kSecure) {
      Arm(deadline);
      stream_.async_handshake(role_, [self = this->shared_from_this(), then](error_code error) {
        if (error) self->failure_ = CertificateFailure(self->stream_.native_handle());
        const Outcome outcome = self->Disarm(error);
        if (!error) self->client_ = PeerName(self->stream_.native_handle());
        then(outcome, 0);
      });
    } else {
      static_cast<void>(deadline);
      asio::post(stream_.get_executor(),
                 [self = this->shared_from_this(), then = std::move(then)] { then(Outcome::kDone, 0); });
    }
  }

  void Read(std::span<char> into, Clock::time_point deadline, Then then) override {
    Arm(deadline);
    stream_.async_read_some(asio::buffer(into.data(), into.size()),
                            [self = this->shared_from_this(), then = std::move(then)](error_code error, std::size_t n) {
                              const Outcome outcome = self->Disarm(error);
                              then(outcome, n);
                            });
  }

  void Write(std::string_view bytes, Clock::duration stall, Then then) override {
    WriteOn(bytes, stall, std::make_shared<Then>(std::move(then)), 0);
  }

  void Wait(Clock::duration duration, std::function<void()> then) override {
    timer_.expires_after(duration);
    timer_.async_wait([self = this->shared_from_this(), then = std::move(then)](error_code) { then(); });
  }

  void Close(std::function<void()> then) override {
    Arm(Clock::now() + kGoodbye);
    if constexpr (kSecure) {
      stream_.async_shutdown([self = this->shared_from_this(), then = std::move(then)](error_code error) {
        self->Disarm(error);
        self->Linger(then);
      });
    } else {
      Linger(std::move(then));
    }
  }

  void Abort() override {
    error_code ignored;
    timer_.cancel(ignored);
    stream_.lowest_layer().close(ignored);
  }

 private:
  void Arm(Clock::time_point deadline) {
    timed_out_ = false;
    timer_.expires_at(deadline);
    timer_.async_wait([weak = this->weak_from_this(), operation = ++operation_](error_code error) {
      const auto self = weak.lock();
      if (error || !self || self->operation_ != operation) return;
      self->timed_out_ = true;
      error_code ignored;
      self->stream_.lowest_layer().cancel(ignored);
    });
  }

  Outcome Disarm(error_code error) {
    ++operation_;
    error_code ignored;
    timer_.cancel(ignored);
    if (!error) return Outcome::kDone;
    if (timed_out_) return Outcome::kTimedOut;
    if (error == asio::error::eof) return Outcome::kEnd;
    if (failure_.empty()) failure_ = error.message();
    return Outcome::kBroken;
  }

  void WriteOn(std::string_view bytes, Clock::duration stall, const std::shared_ptr<Then>& then, std::size_t written) {
    Arm(Clock::now() + stall);
    stream_.async_write_some(
        asio::buffer(bytes.data(), bytes.size()),
        [self = this->shared_from_this(), bytes, stall, then, written](error_code error, std::size_t n) {
          const Outcome outcome = self->Disarm(error);
          if (outcome == Outcome::kDone && n < bytes.size())
            return self->WriteOn(bytes.substr(n), stall, then, written + n);
          (*then)(outcome, written + n);
        });
  }

  // Our side is closed; what the peer still sends is thrown away until it closes, too, or the time is up.
  void Linger(std::function<void()> then) {
    error_code error;
    stream_.lowest_layer().shutdown(tcp::socket::shutdown_send, error);
    Drain(Clock::now() + kGoodbye, std::move(then), error);
  }

  void Drain(Clock::time_point deadline, std::function<void()> then, error_code error) {
    if (error || Clock::now() > deadline) {
      Abort();
      asio::post(stream_.get_executor(), [self = this->shared_from_this(), then = std::move(then)] { then(); });
      return;
    }
    Arm(deadline);
    Socket().async_read_some(asio::buffer(drained_), [self = this->shared_from_this(), then = std::move(then),
                                                      deadline](error_code read_error, std::size_t) mutable {
      self->Disarm(read_error);
      self->Drain(deadline, std::move(then), read_error);
    });
  }

  tcp::socket& Socket() {
    if constexpr (kSecure)
      return stream_.next_layer();
    else
      return stream_;
  }

  TlsContext context_;
  asio::ssl::stream_base::handshake_type role_;
  Stream stream_;
  asio::steady_timer timer_;
  std::uint64_t operation_ = 0;
  bool timed_out_ = false;
  std::array<char, 4096> drained_{};
};

// Asio's own type around our context, which it would own: it gets a reference of its own.
asio::ssl::context ShareContext(const TlsContext& context) {
  SSL_CTX_up_ref(context.get());
  return asio::ssl::context(context.get());
}

std::shared_ptr<Wire> MakeWire(tcp::socket socket, const TlsContext& tls) {
  if (tls == nullptr)
    return std::make_shared<WireOf<tcp::socket>>(nullptr, asio::ssl::stream_base::server, std::move(socket));
  asio::ssl::context context = ShareContext(tls);
  return std::make_shared<WireOf<SecureStream>>(tls, asio::ssl::stream_base::server, std::move(socket), context);
}

}  // namespace

class Network::Impl {
 public:
  std::uint16_t Listen(const std::string& address, std::uint16_t port) {
    try {
      tcp::resolver resolver(io_);
      const tcp::endpoint endpoint = *resolver.resolve(address, std::to_string(port)).begin();
      acceptor_.open(endpoint.protocol());
      CloseOnExec(acceptor_.native_handle());
      acceptor_.set_option(tcp::acceptor::reuse_address(true));
      if (endpoint.protocol() == tcp::v6()) acceptor_.set_option(boost::asio::ip::v6_only(false));
      acceptor_.bind(endpoint);
      acceptor_.listen();
      return acceptor_.local_endpoint().port();
    } catch (const boost::system::system_error& error) {
      base::Throw(base::ErrorKind::kIo,
                  fmt::format("cannot listen on {} port {}: {}; choose another address or port, or stop what uses it",
                              address, port, error.code().message()));
    }
  }

  void Accept(std::function<bool(const std::string&)> admit, TlsContext tls,
              std::function<void(std::shared_ptr<Wire>)> connected) {
    admit_ = std::move(admit);
    tls_ = std::move(tls);
    connected_ = std::move(connected);
    AcceptNext();
  }

  void AcceptNext() {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
      if (!acceptor_.is_open()) return;
      if (error) {
        pause_.expires_after(kTryAgain);
        pause_.async_wait([this](error_code cancelled) {
          if (!cancelled && acceptor_.is_open()) AcceptNext();
        });
        return;
      }
      AcceptNext();
      if (!admit_(AddressOf(socket))) return;
      Prepare(socket);
      connected_(MakeWire(std::move(socket), tls_));
    });
  }

  void CloseListener() {
    acceptor_.close();
    pause_.cancel();
  }

  // Nothing that a callback throws, if memory is short for instance, ends the thread: what it was doing ends.
  template <class Step>
  void Guarded(const Step& step) {
    try {
      step();
    } catch (const std::exception& error) {
      base::Warn("a connection was given up: {}", error.what());
    }
  }

  void Run() {
    while (!io_.stopped()) Guarded([&] { io_.run(); });
  }

  asio::io_context io_{1};
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work_;
  tcp::acceptor acceptor_{io_};
  tcp::resolver resolver_{io_};
  asio::steady_timer pause_{io_};
  std::function<bool(const std::string&)> admit_;
  TlsContext tls_;
  std::function<void(std::shared_ptr<Wire>)> connected_;
  std::thread thread_;
};

namespace {

// One attempt to connect, alive as long as something of it is pending.
template <class Stream>
struct Attempt : std::enable_shared_from_this<Attempt<Stream>> {
  Attempt(std::shared_ptr<WireOf<Stream>> the_wire, asio::io_context& io, tcp::resolver& the_resolver,
          std::string the_host, Wire::Clock::time_point the_deadline, Network::Connected connected)
      : wire(std::move(the_wire)),
        timer(io),
        resolver(the_resolver),
        host(std::move(the_host)),
        deadline(the_deadline),
        then(std::move(connected)) {}

  std::shared_ptr<WireOf<Stream>> wire;
  asio::steady_timer timer;
  tcp::resolver& resolver;
  std::string host;
  Wire::Clock::time_point deadline;
  Network::Connected then;
  bool timed_out = false;

  void Begin(std::uint16_t port) {
    timer.expires_at(deadline);
    timer.async_wait([self = this->shared_from_this()](error_code error) {
      if (error) return;
      self->timed_out = true;
      self->resolver.cancel();
      self->wire->Abort();
    });
    resolver.async_resolve(host, std::to_string(port),
                           [self = this->shared_from_this()](error_code error, const tcp::resolver::results_type& all) {
                             if (error || self->timed_out) return self->End(error);
                             self->ConnectTo(all);
                           });
  }

  void ConnectTo(const tcp::resolver::results_type& endpoints) {
    auto next = [self = this->shared_from_this()](const error_code&, const tcp::endpoint&) { return !self->timed_out; };
    asio::async_connect(wire->stream().lowest_layer(), endpoints, next,
                        [self = this->shared_from_this()](error_code error, const tcp::endpoint&) {
                          if (error || self->timed_out) return self->End(error);
                          self->Handshake();
                        });
  }

  void Handshake() {
    Prepare(wire->stream().lowest_layer());
    if constexpr (WireOf<Stream>::kSecure) ExpectHost(wire->stream().native_handle(), host);
    wire->Handshake(deadline, [self = this->shared_from_this()](Wire::Outcome outcome, std::size_t) {
      if (outcome == Wire::Outcome::kDone) return self->End({});
      if (outcome == Wire::Outcome::kTimedOut) self->timed_out = true;
      self->Give(nullptr, self->wire->failure().empty() ? "TLS ended" : "TLS: " + self->wire->failure());
    });
  }

  void End(error_code error) { error || timed_out ? Give(nullptr, error.message()) : Give(wire, {}); }

  void Give(const std::shared_ptr<Wire>& connected, const std::string& failure) {
    timer.cancel();
    then(connected, timed_out ? "it did not answer in time" : failure);
  }
};

}  // namespace

Network::Network() : impl_(std::make_unique<Impl>()) {}

Network::~Network() { Finish(); }

std::uint16_t Network::Listen(const std::string& address, std::uint16_t port) { return impl_->Listen(address, port); }

void Network::Accept(std::function<bool(const std::string& address)> admit, TlsContext tls,
                     std::function<void(std::shared_ptr<Wire>)> connected) {
  impl_->Accept(std::move(admit), std::move(tls), std::move(connected));
}

void Network::CloseListener() { impl_->CloseListener(); }

void Network::Connect(const std::string& host, std::uint16_t port, const TlsContext& tls,
                      Wire::Clock::time_point deadline, Connected then) {
  constexpr auto kClient = asio::ssl::stream_base::client;
  const auto attempt = [&](auto wire) {
    using Stream = std::remove_reference_t<decltype(wire->stream())>;
    std::make_shared<Attempt<Stream>>(std::move(wire), impl_->io_, impl_->resolver_, host, deadline, std::move(then))
        ->Begin(port);
  };
  if (tls == nullptr) return attempt(std::make_shared<WireOf<tcp::socket>>(nullptr, kClient, impl_->io_));
  asio::ssl::context context = ShareContext(tls);
  attempt(std::make_shared<WireOf<SecureStream>>(tls, kClient, impl_->io_, context));
}

void Network::Start() {
  impl_->work_.emplace(impl_->io_.get_executor());
  impl_->thread_ = std::thread([this] { impl_->Run(); });
}

void Network::Post(std::function<void()> job) { asio::post(impl_->io_, std::move(job)); }

void Network::Finish() {
  impl_->work_.reset();
  if (impl_->thread_.joinable()) impl_->thread_.join();
}

void Network::RunUntil(const bool& done) {
  impl_->io_.restart();
  while (!done && impl_->io_.run_one() > 0) {
  }
}

}  // namespace parotis::http
