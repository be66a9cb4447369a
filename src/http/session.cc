#include "http/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "base/number.h"
#include "base/text.h"
#include "http/response_head.h"
#include "http/target.h"

namespace parotis::http {
namespace {

constexpr auto kPipePause = std::chrono::milliseconds(20);

Wire::Clock::time_point In(int seconds) { return Wire::Clock::now() + std::chrono::seconds(seconds); }

Response ErrorResponse(int status) { return Text(status, fmt::format("{} {}\n", status, ReasonOf(status))); }

Response Handled(const Handler& handler, const Request& request) {
  try {
    return handler(request);
  } catch (const base::Error& error) {
    if (error.kind() == base::ErrorKind::kInput || error.kind() == base::ErrorKind::kUsage)
      return Text(400, error.message() + "\n");
    base::Warn("{} failed: {}", request.method, error.what());
  } catch (const std::exception& error) {
    base::Warn("{} failed: {}", request.method, error.what());
  } catch (...) {
    base::Warn("{} failed", request.method);
  }
  return ErrorResponse(500);
}

bool HasNoBody(int status) { return status == 204 || status == 304; }

}  // namespace

Session::Session(std::shared_ptr<Wire> wire, Service& service, bool crowded, std::function<void()> ended)
    : wire_(std::move(wire)), service_(service), crowded_(crowded), ended_(std::move(ended)) {}

Session::~Session() { ended_(); }

void Session::Start() {
  wire_->Handshake(In(service_.options.header_s), [self = shared_from_this()](Wire::Outcome outcome, std::size_t) {
    if (outcome != Wire::Outcome::kDone) return self->Abort();
    if (self->crowded_) return self->AnswerError(503);
    self->NextRequest(self->service_.options.header_s);
  });
}

void Session::NextRequest(int wait_s) {
  const ServerOptions& options = service_.options;
  parser_.emplace(MessageParser::Kind::kRequest, ParserLimits{options.header_bytes, options.body_bytes});
  body_.emplace(options.body_folder);
  head_is_done_ = is_too_large_ = false;
  most_bytes_ = options.body_bytes;
  deadline_ = In(wait_s);
  Feed();
}

void Session::ReadMore() {
  if (service_.stopping) return Abort();
  wire_->Read(buffer_, deadline_, [self = shared_from_this()](Wire::Outcome outcome, std::size_t bytes) {
    self->AfterRead(outcome, bytes);
  });
}

void Session::AfterRead(Wire::Outcome outcome, std::size_t bytes) {
  if (outcome == Wire::Outcome::kTimedOut && parser_->has_begun()) return AnswerError(408);
  if (outcome == Wire::Outcome::kEnd || outcome == Wire::Outcome::kTimedOut) return End();
  if (outcome == Wire::Outcome::kBroken) return Abort();
  rest_.append(buffer_.data(), bytes);
  Feed();
}

void Session::Feed() {
  const bool had_begun = parser_->has_begun();
  const std::size_t used = parser_->Put(rest_, [this](std::string_view bytes) { return TakeBody(bytes); });
  rest_.erase(0, used);
  if (parser_->has_begun() && !had_begun) deadline_ = In(service_.options.header_s);
  const MessageParser::State state = parser_->state();
  if (state == MessageParser::State::kRefused) return Refuse();
  if (head_is_done_) deadline_ = In(service_.options.stall_s);
  if (state == MessageParser::State::kDone) return Handle();
  if (state == MessageParser::State::kBody && !head_is_done_) return AfterHead();
  ReadMore();
}

// The body comes next: the peer may be waiting to be asked for it (RFC 9110 10.1.1).
void Session::AfterHead() {
  head_is_done_ = true;
  deadline_ = In(service_.options.stall_s);
  if (!IsAdmitted()) return;
  if (!rest_.empty()) return Feed();
  const auto expectation = parser_->head().headers.find("expect");
  if (expectation == parser_->head().headers.end() || parser_->head().version < 11) return ReadMore();
  if (base::AsciiLower(expectation->second) != "100-continue") return AnswerError(417);
  sending_ = "HTTP/1.1 100 Continue\r\n\r\n";
  wire_->Write(sending_, std::chrono::seconds(service_.options.stall_s),
               [self = shared_from_this()](Wire::Outcome outcome, std::size_t) {
                 if (outcome != Wire::Outcome::kDone) return self->Abort();
                 self->ReadMore();
               });
}

std::optional<Request> Session::RequestOf() const {
  const Head& head = parser_->head();
  auto target = ParseTarget(head.target);
  if (!target) return std::nullopt;
  return Request{.method = head.method == "HEAD" ? "GET" : head.method,
                 .path = std::move(target->path),
                 .query = std::move(target->query),
                 .headers = head.headers,
                 .address = wire_->address(),
                 .client = wire_->client(),
                 .body = {}};
}

// Else an answer is under way.
bool Session::IsAdmitted() {
  if (!service_.options.admit) return true;
  const std::optional<Request> request = RequestOf();
  if (!request) return AnswerError(400), false;
  Admission admission = service_.options.admit(*request);
  if (admission.answer) {
    keep_alive_ = false;
    handling_ = true;
    body_.reset();
    return Send(std::move(*admission.answer)), false;
  }
  most_bytes_ = std::min(most_bytes_, admission.body_bytes);
  const std::string length = request->Header("content-length");
  const auto announced = base::NumberFrom<std::uint64_t>(length);
  if (announced && *announced > most_bytes_) return AnswerError(413), false;
  return true;
}

bool Session::TakeBody(std::string_view bytes) {
  is_too_large_ = bytes.size() > most_bytes_ - std::min(most_bytes_, body_->bytes());
  if (is_too_large_) return false;
  body_failure_ = body_->Write(bytes);
  return body_failure_ == 0;
}

void Session::Refuse() {
  if (is_too_large_) return AnswerError(413);
  const bool is_full = body_failure_ == ENOSPC || body_failure_ == EDQUOT || body_failure_ == EFBIG;
  if (body_failure_ != 0)
    base::Warn("the body of a request cannot be kept: {}", std::system_category().message(body_failure_));
  AnswerError(is_full ? 507 : parser_->status());
}

void Session::Handle() {
  if (service_.stopping) return Abort();
  keep_alive_ = parser_->head().keep_alive;
  send_body_ = parser_->head().method != "HEAD";
  std::optional<Request> request = RequestOf();
  if (!request) return AnswerError(400);
  request->body = body_->path();
  request->body_bytes = body_->bytes();
  handling_ = true;
  service_.pool.Submit([self = shared_from_this(), request = std::move(*request)]() mutable {
    auto response = std::make_shared<Response>(Handled(self->service_.handler, request));
    Network& network = self->service_.network;
    network.Post([self = std::move(self), response] { self->Answer(std::move(*response)); });
  });
}

void Session::Answer(Response response) {
  body_.reset();
  Send(std::move(response));
}

// An answer of the server itself, after which nothing can be expected of the peer.
void Session::AnswerError(int status) {
  keep_alive_ = false;
  handling_ = true;
  body_.reset();
  Send(ErrorResponse(status));
}

void Session::Send(Response response) {
  try {
    outgoing_.emplace(std::move(response.body));
  } catch (const base::Error& error) {
    base::Warn("{}", error.what());
    response = ErrorResponse(500);
    outgoing_.emplace(std::move(response.body));
  }
  const bool modern = !parser_ || parser_->head().version >= 11;
  if (service_.stopping || (!outgoing_->bytes() && !modern)) keep_alive_ = false;
  const Framing framing = HasNoBody(response.status) ? Framing::kNone
                          : outgoing_->bytes()       ? Framing::kLength
                          : modern                   ? Framing::kChunked
                                                     : Framing::kUntilEnd;
  auto head = ResponseHead(response, framing, outgoing_->bytes().value_or(0), keep_alive_);
  if (!head) {
    base::Warn("an answer of status {} has a header that cannot be sent", response.status);
    return Send(ErrorResponse(500));
  }
  send_body_ &= framing != Framing::kNone;
  chunked_ = framing == Framing::kChunked;
  sending_ = std::move(*head);
  wire_->Write(sending_, std::chrono::seconds(service_.options.stall_s),
               [self = shared_from_this()](Wire::Outcome outcome, std::size_t) {
                 if (outcome != Wire::Outcome::kDone) return self->Abort();
                 self->SendNext();
               });
}

void Session::SendNext() {
  if (!send_body_) return AfterAnswer();
  const OutgoingBody::State state = outgoing_->Next(sending_);
  if (state == OutgoingBody::State::kBroken) return Abort();
  if (state == OutgoingBody::State::kWait)
    return wire_->Wait(kPipePause, [self = shared_from_this()] { self->SendNext(); });
  const bool is_end = state == OutgoingBody::State::kEnd;
  if (is_end && !chunked_) return AfterAnswer();
  if (chunked_) sending_ = is_end ? "0\r\n\r\n" : fmt::format("{:x}\r\n{}\r\n", sending_.size(), sending_);
  wire_->Write(sending_, std::chrono::seconds(service_.options.stall_s),
               [self = shared_from_this(), is_end](Wire::Outcome outcome, std::size_t) {
                 if (outcome != Wire::Outcome::kDone) return self->Abort();
                 is_end ? self->AfterAnswer() : self->SendNext();
               });
}

void Session::AfterAnswer() {
  outgoing_.reset();
  handling_ = false;
  if (!keep_alive_ || service_.stopping) return End();
  NextRequest(service_.options.idle_s);
}

void Session::End() {
  body_.reset();
  wire_->Close([self = shared_from_this()] {});
}

void Session::StopSoon() {
  if (!handling_) Abort();
}

void Session::Abort() { wire_->Abort(); }

}  // namespace parotis::http
