#include "http/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <utility>

#include "base/base64.h"
#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "http/message_parser.h"
#include "http/network.h"
#include "http/outgoing_body.h"
#include "http/response_head.h"
#include "http/tls_context.h"
#include "http/url.h"

namespace parotis::http {
namespace {

using Sink = std::function<void(std::string_view)>;
using Outcome = Wire::Outcome;

constexpr std::uint32_t kHeadBytes = 64 * 1024;
constexpr int kInterimAnswers = 10;  // of status 1xx
constexpr auto kPipePause = std::chrono::milliseconds(20);

// One connection for one request, driven from the caller's thread.
class Conversation {
 public:
  Conversation(const Url& url, const ClientOptions& options) : url_(url), options_(options) {}
  ~Conversation() {
    if (wire_) wire_->Abort();
  }

  void Connect() {
    const TlsContext tls = url_.secure ? ClientTls(options_.tls.value_or(base::TlsFiles{})) : nullptr;
    std::string failure;
    bool done = false;
    network_.Connect(url_.host, url_.port, tls, Deadline(), [&](std::shared_ptr<Wire> wire, const std::string& why) {
      wire_ = std::move(wire);
      failure = why;
      done = true;
    });
    network_.RunUntil(done);
    if (!wire_) Fail(failure);
  }

  // False when the server takes no more of it: it may have answered already.
  bool Send(std::string_view bytes) {
    return Run([&](Wire::Then then) { wire_->Write(bytes, Stall(), std::move(then)); }).first == Outcome::kDone;
  }

  bool SendBody(OutgoingBody& body) {
    std::string buffer;
    while (true) {
      switch (body.Next(buffer)) {
        case OutgoingBody::State::kEnd: return body.bytes() || Send("0\r\n\r\n");
        case OutgoingBody::State::kBroken: Fail("a file of the request cannot be read to its end");
        case OutgoingBody::State::kWait: Pause(); continue;
        case OutgoingBody::State::kMore: break;
      }
      if (!body.bytes()) buffer = fmt::format("{:x}\r\n{}\r\n", buffer.size(), buffer);
      if (!Send(buffer)) return false;
    }
  }

  Head Receive(MessageParser::Kind kind, std::uint64_t limit, const Sink& sink) {
    const auto take = [&](std::string_view bytes) { return sink(bytes), true; };
    for (int i = 0; i <= kInterimAnswers; ++i) {
      MessageParser parser(kind, {kHeadBytes, limit});
      ReceiveInto(parser, take);
      if (parser.head().status >= 200) return parser.head();
    }
    Fail("it only says that it will answer");
  }

 private:
  void ReceiveInto(MessageParser& parser, const std::function<bool(std::string_view)>& take) {
    while (true) {
      const std::size_t used = parser.Put(rest_, take);
      rest_.erase(0, used);
      if (parser.state() == MessageParser::State::kDone) return;
      if (parser.state() == MessageParser::State::kRefused) FailOn(parser);
      if (used > 0 && !rest_.empty()) continue;
      const auto [outcome, bytes] = Run([&](Wire::Then then) { wire_->Read(buffer_, Deadline(), std::move(then)); });
      if (outcome == Outcome::kTimedOut) Fail("it did not answer in time");
      if (outcome == Outcome::kBroken) Fail(wire_->failure());
      if (outcome == Outcome::kEnd) {
        parser.PutEnd();
        if (parser.state() != MessageParser::State::kDone) Fail("it ended before its answer did");
        return;
      }
      rest_.append(buffer_.data(), bytes);
    }
  }

  [[noreturn]] void FailOn(const MessageParser& parser) const {
    if (parser.status() == 413) Fail("its answer is longer than is allowed here");
    Fail("its answer is not HTTP/1.1 as it should be");
  }

  [[noreturn]] void Fail(const std::string& why) const {
    base::Throw(base::ErrorKind::kIo, fmt::format("{}://{}: {}; check the address and that the server runs",
                                                  url_.secure ? "https" : "http", url_.Authority(), why));
  }

  std::pair<Outcome, std::size_t> Run(const std::function<void(Wire::Then)>& begin) {
    std::pair<Outcome, std::size_t> result;
    bool done = false;
    begin([&](Outcome outcome, std::size_t bytes) {
      result = {outcome, bytes};
      done = true;
    });
    network_.RunUntil(done);
    return result;
  }

  void Pause() {
    bool done = false;
    wire_->Wait(kPipePause, [&] { done = true; });
    network_.RunUntil(done);
  }

  Wire::Clock::duration Stall() const { return std::chrono::seconds(options_.timeout_s); }
  Wire::Clock::time_point Deadline() const { return Wire::Clock::now() + Stall(); }

  const Url& url_;
  const ClientOptions& options_;
  Network network_;
  std::shared_ptr<Wire> wire_;
  std::array<char, 16 * 1024> buffer_{};
  std::string rest_;
};

std::string RequestHead(const Call& call, const Url& url, const ClientOptions& options, const OutgoingBody& body) {
  if (!IsField(call.method, ""))
    base::Throw(base::ErrorKind::kUsage, fmt::format("\"{}\" is no HTTP method; use GET or POST", call.method));
  std::string head =
      fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", call.method, url.target, url.Authority());
  for (const auto& [name, value] : call.headers) {
    if (!IsField(name, value))
      base::Throw(base::ErrorKind::kUsage, fmt::format("the header {} cannot be sent; it has a line break", name));
    head += fmt::format("{}: {}\r\n", Capitalised(name), value);
  }
  if (!options.user.empty())
    head += fmt::format("Authorization: Basic {}\r\n", base::Base64(options.user + ":" + options.password));
  if (!body.bytes()) {
    head += "Transfer-Encoding: chunked\r\n";
  } else if (*body.bytes() > 0 || (call.method != "GET" && call.method != "HEAD" && call.method != "DELETE")) {
    head += fmt::format("Content-Length: {}\r\n", *body.bytes());
  }
  return head + "\r\n";
}

Answer ExchangeInto(const Call& call, const ClientOptions& options, std::uint64_t limit_bytes, const Sink& sink) {
  const Url url = ParseUrl(call.url);
  OutgoingBody body(call.body);
  const std::string head = RequestHead(call, url, options, body);
  Conversation conversation(url, options);
  conversation.Connect();
  // A server that has enough may answer before the body's end: its answer is what counts then.
  if (conversation.Send(head)) conversation.SendBody(body);
  Answer answer;
  const auto kind = call.method == "HEAD" ? MessageParser::Kind::kResponseToHead : MessageParser::Kind::kResponse;
  const Head received = conversation.Receive(kind, limit_bytes, [&](std::string_view bytes) {
    answer.bytes += bytes.size();
    sink(bytes);
  });
  answer.status = received.status;
  answer.headers = received.headers;
  return answer;
}

}  // namespace

Answer Exchange(const Call& call, const std::filesystem::path& body, const ClientOptions& options) {
  base::AtomicFile file(body);
  const Answer answer = ExchangeInto(call, options, options.answer_bytes, [&](std::string_view b) { file.Write(b); });
  file.Commit();
  return answer;
}

ShortAnswer ExchangeShort(const Call& call, const ClientOptions& options, std::uint64_t limit_bytes) {
  std::string body;
  const Answer answer = ExchangeInto(call, options, limit_bytes, [&](std::string_view bytes) { body += bytes; });
  return {answer.status, answer.headers, std::move(body)};
}

}  // namespace parotis::http
