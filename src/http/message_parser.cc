#include "http/message_parser.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <optional>

#include "base/text.h"

namespace parotis::http {
namespace {

namespace beast = boost::beast;
using beast::error_code;

constexpr std::uint32_t kStartLineBytes = 8 * 1024;  // a target has most of it
constexpr std::size_t kChunkLineBytes = 4 * 1024;    // a chunk's size with its extensions; all trailers
// "0", an empty line: what held bytes are the beginning of is never shorter. Beast asserts that it is not given less.
constexpr std::size_t kShortestEnd = 5;
constexpr std::uint64_t kFramingBytes = 64 * 1024;    // of a chunked body, besides
constexpr std::uint64_t kFramingPerContentByte = 16;  // this: chunks of one byte are slow, but allowed

// Collects what Beast's parser finds.
template <bool is_request>
class Collector : public beast::http::basic_parser<is_request> {
 public:
  explicit Collector(Head& head) : head_(head) {}
  const std::function<bool(std::string_view)>* body = nullptr;
  std::uint64_t content_bytes = 0;
  int lengths = 0, codings = 0;
  bool twice = false;  // a field that must not come more than once did

 protected:
  void on_request_impl(beast::http::verb /*verb*/, beast::string_view method, beast::string_view target, int version,
                       error_code& /*error*/) override {
    head_.method = std::string(method);
    head_.target = std::string(target);
    head_.version = version;
  }
  void on_response_impl(int status, beast::string_view /*reason*/, int version, error_code& /*error*/) override {
    head_.status = status;
    head_.version = version;
  }
  void on_field_impl(beast::http::field id, beast::string_view name, beast::string_view value,
                     error_code& /*error*/) override {
    if (head_is_done_) return;  // trailers say nothing to us
    using beast::http::field;
    if (id == field::content_length) ++lengths;
    if (id == field::transfer_encoding) ++codings;
    const auto [entry, is_new] =
        head_.headers.try_emplace(base::AsciiLower(std::string_view(name.data(), name.size())), value);
    if (is_new) return;
    twice |= id == field::host || id == field::content_type || id == field::authorization;
    entry->second += ", " + std::string(value);
  }
  void on_header_impl(error_code& /*error*/) override { head_is_done_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/, error_code& /*error*/) override {}
  std::size_t on_body_impl(beast::string_view bytes, error_code& error) override { return Take(bytes, error); }
  void on_chunk_header_impl(std::uint64_t /*size*/, beast::string_view extensions, error_code& error) override {
    if (extensions.find_first_of("\r\n") != beast::string_view::npos) error = beast::http::error::bad_chunk_extension;
  }
  std::size_t on_chunk_body_impl(std::uint64_t /*remain*/, beast::string_view bytes, error_code& error) override {
    return Take(bytes, error);
  }
  void on_finish_impl(error_code& /*error*/) override {}

 private:
  std::size_t Take(beast::string_view bytes, error_code& error) {
    content_bytes += bytes.size();
    if (!(*body)({bytes.data(), bytes.size()})) error = beast::errc::make_error_code(beast::errc::operation_canceled);
    return bytes.size();
  }

  Head& head_;
  bool head_is_done_ = false;
};

bool IsNumber(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The status that refuses what Beast lets pass; 0 for a head that is fine.
template <bool is_request>
int Objection(const Collector<is_request>& found, const Head& head) {
  if (found.lengths + found.codings > 1 || found.twice) return 400;
  const auto length = head.headers.find("content-length");
  if (length != head.headers.end() && !IsNumber(length->second)) return 400;
  const auto coding = head.headers.find("transfer-encoding");
  if (coding != head.headers.end()) {
    if (head.version < 11) return 400;
    if (base::AsciiLower(coding->second) != "chunked") return is_request ? 501 : 400;
  }
  if (is_request && head.version == 11 && !head.headers.contains("host")) return 400;
  return 0;
}

}  // namespace

class MessageParser::Beast {
 public:
  Beast(Kind kind, Head& head) {
    if (kind == Kind::kRequest) {
      request_.emplace(head);
    } else {
      response_.emplace(head);
    }
  }
  // Calls `use` with the one of the two that is there.
  template <class Use>
  auto With(const Use& use) {
    return request_ ? use(*request_) : use(*response_);
  }

 private:
  std::optional<Collector<true>> request_;
  std::optional<Collector<false>> response_;
};

MessageParser::MessageParser(Kind kind, const ParserLimits& limits)
    : beast_(std::make_unique<Beast>(kind, head_)), limits_(limits), kind_(kind) {
  beast_->With([&](auto& parser) {
    parser.header_limit(limits.head_bytes + 1);
    parser.body_limit(limits.body_bytes);
    parser.skip(kind == Kind::kResponseToHead);
  });
}

MessageParser::~MessageParser() = default;

void MessageParser::Refuse(int status) {
  state_ = State::kRefused;
  status_ = status;
}

std::size_t MessageParser::Put(std::string_view bytes, const std::function<bool(std::string_view)>& body) {
  if (!bytes.empty()) has_begun_ = true;
  if (state_ == State::kHead) return PutHead(bytes);
  if (state_ == State::kBody || state_ == State::kToTheEnd) return PutBody(bytes, body);
  return 0;
}

std::size_t MessageParser::PutHead(std::string_view bytes) {
  const std::uint32_t start_line_bytes = std::min(kStartLineBytes, limits_.head_bytes);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text_ += bytes[i];
    if (line_begin_ == 0 && text_.size() > start_line_bytes) Refuse(kind_ == Kind::kRequest ? 414 : 400);
    if (line_begin_ > 0 && text_.size() > limits_.head_bytes) Refuse(431);
    if (state_ == State::kHead && EndsLine(bytes[i])) FinishHead();
    if (state_ != State::kHead) return i + 1;
  }
  return bytes.size();
}

// Whether this byte, the last one of the text, ends the head; refuses what no line may be.
bool MessageParser::EndsLine(char c) {
  const std::size_t length = text_.size() - line_begin_;
  if (length == 1 && line_begin_ > 0 && (c == ' ' || c == '\t')) Refuse(400);  // a folded line
  if (c != '\n') return false;
  if (length < 2 || text_[text_.size() - 2] != '\r') {
    Refuse(400);
    return false;
  }
  if (length == 2 && line_begin_ > 0) return true;
  if (length > 2) {
    line_begin_ = text_.size();
  } else if (empty_line_) {
    Refuse(400);
  } else {
    empty_line_ = true;  // one before the message is passed over (RFC 9112 2.2)
    text_.clear();
  }
  return false;
}

void MessageParser::FinishHead() {
  beast_->With([&](auto& parser) {
    error_code error;
    const std::size_t used = parser.put(boost::asio::buffer(text_), error);
    if (error == beast::http::error::body_limit) return Refuse(413);
    if (error == beast::http::error::bad_version) return Refuse(505);
    if (error || used != text_.size() || !parser.is_header_done()) return Refuse(400);
    if (const int status = Objection(parser, head_); status != 0) return Refuse(status);
    head_.keep_alive = parser.keep_alive();
    state_ = parser.is_done() ? State::kDone : parser.need_eof() ? State::kToTheEnd : State::kBody;
  });
  text_ = {};
}

std::size_t MessageParser::PutBody(std::string_view bytes, const std::function<bool(std::string_view)>& body) {
  const std::size_t held = pending_.size();
  const std::string joined = held > 0 ? pending_ + std::string(bytes) : std::string();
  const std::string_view all = held > 0 ? std::string_view(joined) : bytes;
  if (held > 0 && all.size() < kShortestEnd) {
    pending_ = joined;
    return bytes.size();
  }
  std::size_t used = 0;
  beast_->With([&](auto& parser) {
    parser.body = &body;
    const std::uint64_t content_before = parser.content_bytes;
    error_code error;
    while (used < all.size() && !parser.is_done() && !error)
      used += parser.put(boost::asio::buffer(all.data() + used, all.size() - used), error);
    framing_bytes_ += used - std::min<std::uint64_t>(used, parser.content_bytes - content_before);
    content_bytes_ = parser.content_bytes;
    if (error == beast::http::error::body_limit) return Refuse(413);
    if (error == beast::errc::operation_canceled) return Refuse(500);
    if (error && error != beast::http::error::need_more) return Refuse(400);
    if (parser.is_done()) state_ = State::kDone;
  });
  if (state_ == State::kDone || state_ == State::kRefused) return used - std::min(used, held);
  pending_ = std::string(all.substr(used));
  const std::uint64_t framing_limit = kFramingBytes + kFramingPerContentByte * content_bytes_;
  if (pending_.size() > kChunkLineBytes || framing_bytes_ > framing_limit) Refuse(400);
  return bytes.size();
}

void MessageParser::PutEnd() {
  if (state_ == State::kDone || state_ == State::kRefused) return;
  if (state_ != State::kToTheEnd) return Refuse(400);
  state_ = State::kDone;
}

}  // namespace parotis::http
