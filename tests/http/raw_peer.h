// A peer that sends whatever bytes it likes, over a plain socket.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <string_view>

namespace parotis::test {

class RawPeer {
 public:
  // `receive_bytes`: the size of its receive buffer; 0: the system's.
  explicit RawPeer(std::uint16_t port, int receive_bytes = 0, const char* from = nullptr)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_bytes > 0) setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    if (from != nullptr) {
      inet_pton(AF_INET, from, &address.sin_addr);
      if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
    }
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    address.sin_port = htons(port);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawPeer() { ::close(socket_); }
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  bool connected() const { return connected_; }
  // Whether the connection ended in a way that may take an answer away that was not read yet.
  bool was_reset() const { return was_reset_; }

  // False once the server does not take it.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void FinishSending() { ::shutdown(socket_, SHUT_WR); }

  // Until the text holds `mark`, the server closes, or a time has passed. Keeps what came before and is not yet given
  // out.
  std::string ReadUntil(std::string_view mark, int seconds = 10) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    while (received_.find(mark) == std::string::npos && ReadSome(deadline)) {
    }
    const std::size_t found = received_.find(mark);
    const std::size_t end = found == std::string::npos ? received_.size() : found + mark.size();
    std::string text = received_.substr(0, end);
    received_.erase(0, end);
    return text;
  }

  // All until the server closes; "(still open)" at the end when it does not in time.
  std::string ReadAll(int seconds = 10) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    while (ReadSome(deadline)) {
    }
    return std::move(received_) + (closed_ ? "" : "(still open)");
  }

 private:
  bool ReadSome(std::chrono::steady_clock::time_point deadline) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd wait{socket_, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&wait, 1, static_cast<int>(left.count())) != 1) return false;
    std::array<char, 65536> buffer{};
    const ssize_t count = ::recv(socket_, buffer.data(), buffer.size(), 0);
    closed_ |= count <= 0;
    was_reset_ |= count < 0;
    if (count > 0) received_.append(buffer.data(), static_cast<std::size_t>(count));
    return count > 0;
  }

  int socket_;
  bool connected_ = false, closed_ = false, was_reset_ = false;
  std::string received_;
};

}  // namespace parotis::test
