// One connection as the sessions see it, plain or TLS: one operation at a time, each with a deadline. All calls are
// made, and all callbacks run, on the thread of its Network; a callback never runs within the call that it was given
// to.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace parotis::http {

class Wire {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Outcome { kDone, kEnd, kTimedOut, kBroken };  // kEnd: the peer has nothing more to say
  using Then = std::function<void(Outcome, std::size_t bytes)>;

  virtual ~Wire() = default;
  // TLS; nothing to do for a plain connection.
  virtual void Handshake(Clock::time_point deadline, Then then) = 0;
  // Some bytes, at least one. `into` must live until `then` runs.
  virtual void Read(std::span<char> into, Clock::time_point deadline, Then then) = 0;
  // All of `bytes`, which must live until `then` runs; given up when the peer takes none for `stall`.
  virtual void Write(std::string_view bytes, Clock::duration stall, Then then) = 0;
  virtual void Wait(Clock::duration duration, std::function<void()> then) = 0;
  // Says goodbye and lets the peer read what it was sent: its unread bytes are taken for a few seconds first, since
  // closing on them would throw away our answer on its way.
  virtual void Close(std::function<void()> then) = 0;
  virtual void Abort() = 0;  // what is pending ends with kBroken

  const std::string& address() const { return address_; }  // of the peer
  const std::string& client() const { return client_; }    // common name of its verified certificate; "" without
  const std::string& failure() const { return failure_; }  // what the system or TLS said when something was kBroken

 protected:
  std::string address_, client_, failure_;
};

}  // namespace parotis::http
