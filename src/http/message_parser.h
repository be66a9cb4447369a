// Takes an HTTP/1.1 message apart while its bytes arrive, from whoever sends them: bounded memory whatever comes, and
// one reading only (RFC 9112): what another program could understand otherwise (request smuggling) is refused, folded
// lines, bare line feeds, a body with two lengths or with an unknown coding among it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace parotis::http {

struct Head {
  std::string method, target;  // of a request
  int status = 0;              // of a response
  int version = 11;            // 10 or 11: HTTP/1.0 or 1.1
  Headers headers;             // several of one name are joined by ", "
  bool keep_alive = false;
};

struct ParserLimits {
  std::uint32_t head_bytes = 16 * 1024;
  std::uint64_t body_bytes = 0;  // of the content, chunked or not
};

class MessageParser {
 public:
  enum class Kind { kRequest, kResponse, kResponseToHead };
  enum class State {
    kHead,      // wants more of the head
    kBody,      // the head is there; wants more of the body
    kToTheEnd,  // the same; the body goes on until the connection ends
    kDone,
    kRefused,  // final: see status()
  };

  MessageParser(Kind kind, const ParserLimits& limits);
  ~MessageParser();
  MessageParser(const MessageParser&) = delete;
  MessageParser& operator=(const MessageParser&) = delete;

  // Takes the next bytes and returns how many of them it used: all, but for what comes after the message, and but for
  // the body when the head has just ended, so that the caller can look at it first. Content goes to `body`, which
  // returns false when it wants no more (the state is kRefused then, with status 500).
  std::size_t Put(std::string_view bytes, const std::function<bool(std::string_view)>& body);
  void PutEnd();  // the connection has ended

  State state() const { return state_; }
  bool has_begun() const { return has_begun_; }  // whether any byte of it has come
  int status() const { return status_; }         // of a refusal: 400, 413, 414, 431, 501, 505
  const Head& head() const { return head_; }

 private:
  std::size_t PutHead(std::string_view bytes);
  bool EndsLine(char c);
  void FinishHead();
  std::size_t PutBody(std::string_view bytes, const std::function<bool(std::string_view)>& body);
  void Refuse(int status);

  class Beast;
  std::unique_ptr<Beast> beast_;
  ParserLimits limits_;
  Kind kind_;
  State state_ = State::kHead;
  bool has_begun_ = false, empty_line_ = false;
  int status_ = 0;
  Head head_;
  std::string text_;            // of the head
  std::size_t line_begin_ = 0;  // in text_
  std::string pending_;         // the beginning of a line among the chunks
  std::uint64_t framing_bytes_ = 0, content_bytes_ = 0;
};

}  // namespace parotis::http
