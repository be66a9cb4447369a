// A server for one connection that reads a request's head and answers with the bytes it was given, whatever they are.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>

namespace parotis::test {

class ScriptedServer {
 public:
  // At "(silence)", with which `answer` may end, the connection stays open for two seconds.
  explicit ScriptedServer(std::string answer) : answer_(std::move(answer)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), length) != 0) std::abort();
    ::listen(listener_, 1);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~ScriptedServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::string Url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }
  const std::string& received() const { return received_; }  // once it was answered

 private:
  void Serve() {
    const int connection = ::accept(listener_, nullptr, nullptr);
    if (connection < 0) return;
    std::array<char, 4096> buffer{};
    while (received_.find("\r\n\r\n") == std::string::npos) {
      const ssize_t count = ::recv(connection, buffer.data(), buffer.size(), 0);
      if (count <= 0) break;
      received_.append(buffer.data(), static_cast<std::size_t>(count));
    }
    const std::size_t silence = std::min(answer_.find("(silence)"), answer_.size());
    ::send(connection, answer_.data(), silence, MSG_NOSIGNAL);
    if (silence < answer_.size()) std::this_thread::sleep_for(std::chrono::seconds(2));
    ::close(connection);
  }

  std::string answer_, received_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace parotis::test
