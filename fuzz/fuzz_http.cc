// http::MessageParser and ParseTarget: any bytes are requests and answers or are refused, and it does not matter in
// which pieces they arrive.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "http/media_type.h"
#include "http/message_parser.h"
#include "http/target.h"

namespace {

using parotis::http::MessageParser;

struct Seen {
  MessageParser::State state{};
  int status = 0;
  std::string head, body;
  std::size_t used = 0;
  bool operator==(const Seen&) const = default;
};

// One message, taken as a connection takes it, in pieces of these lengths, over and over.
Seen Take(MessageParser::Kind kind, std::string_view bytes, const std::vector<std::size_t>& lengths) {
  constexpr std::uint32_t kHeadBytes = 2000;
  constexpr std::uint64_t kBodyBytes = 3000;
  MessageParser parser(kind, {kHeadBytes, kBodyBytes});
  Seen seen;
  const auto more = [&](std::string_view body) { return seen.body.append(body), true; };
  for (std::size_t piece = 0; seen.used < bytes.size(); ++piece) {
    std::string_view next = bytes.substr(seen.used, lengths[piece % lengths.size()]);
    while (!next.empty()) {
      const std::size_t used = parser.Put(next, more);
      if (used > next.size()) std::abort();
      next.remove_prefix(used);
      seen.used += used;
      if (parser.state() == MessageParser::State::kDone || parser.state() == MessageParser::State::kRefused) break;
    }
    if (!next.empty()) break;
  }
  if (parser.state() != MessageParser::State::kDone && parser.state() != MessageParser::State::kRefused)
    parser.PutEnd();
  if (seen.body.size() > kBodyBytes) std::abort();
  seen.state = parser.state();
  seen.status = parser.status();
  const auto& head = parser.head();
  seen.head = head.method + " " + head.target + " " + std::to_string(head.status) + (head.keep_alive ? " keep" : "");
  for (const auto& [name, value] : head.headers) seen.head += "\n" + name + ":" + value;
  return seen;
}

// How a refusal came about may differ; whether it is one may not, nor what a message is that is none.
void TakeBothWays(MessageParser::Kind kind, std::string_view bytes) {
  const Seen whole = Take(kind, bytes, {bytes.size() + 1});
  const Seen pieces = Take(kind, bytes, {1, 3, 2, 7});
  if (whole.state != pieces.state) std::abort();
  if (whole.state == MessageParser::State::kDone && whole != pieces) std::abort();
}

void TakeTarget(std::string_view text) {
  const auto target = parotis::http::ParseTarget(text);
  if (!target) return;
  for (const std::string& segment : target->path) {
    if (segment.empty() || segment == "." || segment == ".." || segment.find('\0') != std::string::npos) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  TakeBothWays(MessageParser::Kind::kRequest, bytes);
  TakeBothWays(MessageParser::Kind::kResponse, bytes);
  TakeBothWays(MessageParser::Kind::kResponseToHead, bytes);
  TakeTarget(bytes);
  TakeTarget(bytes.substr(0, std::min(bytes.find(' '), bytes.size())));
  parotis::http::ParseMediaType(bytes);
  return 0;
}
