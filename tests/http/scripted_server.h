// A server for one connection that reads a request's head and answers with the bytes it was given, whatever they are.
#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

#include "tests/support/loopback.h"

namespace parotis::test {

class ScriptedServer {
 public:
  // At "(silence)", with which `answer` may end, the connection stays open for two seconds.
  explicit ScriptedServer(std::string answer) : answer_(std::move(answer)) {
    thread_ = std::thread([this] { Serve(); });
  }
  ~ScriptedServer() {
    ::shutdown(listener_.descriptor, SHUT_RDWR);
    thread_.join();
    ::close(listener_.descriptor);
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const { return listener_.port; }
  std::string Url() const { return "http://127.0.0.1:" + std::to_string(port()) + "/"; }
  const std::string& received() const { return received_; }  // once it was answered

 private:
  void Serve() {
    const int connection = ::accept(listener_.descriptor, nullptr, nullptr);
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
  Listener listener_ = ListenOnLoopback();
  std::thread thread_;
};

}  // namespace parotis::test
