#include "http/multipart_reader.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "http/response_head.h"

namespace parotis::http {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;
constexpr std::size_t kHeaderBytes = 16 * 1024;
constexpr std::size_t kPaddingBytes = 256;  // blanks behind a delimiter
constexpr std::string_view kBlankLine = "\r\n\r\n";

}  // namespace

MultipartReader::MultipartReader(const std::filesystem::path& body, const std::string& boundary)
    : body_(body), delimiter_("\r\n--" + boundary), descriptor_(::open(body.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (descriptor_ < 0)
    base::Throw(base::ErrorKind::kIo, fmt::format("cannot open {}; check the path and its permissions", body.string()));
}

MultipartReader::~MultipartReader() { ::close(descriptor_); }

void MultipartReader::Fail(std::string_view why) const {
  base::Throw(base::ErrorKind::kInput,
              fmt::format("the multipart body is not well formed: {}; send it as RFC 2046 says", why));
}

std::string_view MultipartReader::Ahead() const { return std::string_view(window_).substr(begin_); }

// What was dropped is forgotten only here, so that dropping costs nothing.
bool MultipartReader::Fill() {
  window_.erase(0, begin_);
  begin_ = 0;
  const std::size_t before = window_.size();
  window_.resize(before + kReadBytes);
  ssize_t count = 0;
  do count = ::read(descriptor_, window_.data() + before, kReadBytes);
  while (count < 0 && errno == EINTR);
  const int failure = errno;
  window_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  if (count < 0)
    base::Throw(base::ErrorKind::kIo, fmt::format("cannot read {}: {}; check the disk", body_.string(),
                                                  std::generic_category().message(failure)));
  return count > 0;
}

void MultipartReader::NeedBytes(std::size_t count) {
  while (Ahead().size() < count && Fill()) {
  }
}

bool MultipartReader::Next(Headers& headers) {
  if (!content_is_taken_) Content([](std::string_view) {});
  if (is_last_) return false;
  content_is_taken_ = false;
  TakeHeader(headers);
  return true;
}

void MultipartReader::Content(const Sink& take) {
  content_is_taken_ = true;
  TakeToDelimiter(take);
}

void MultipartReader::TakeToDelimiter(const Sink& take) {
  while (true) {
    const std::size_t found = Ahead().find(delimiter_);
    const std::size_t held = std::min(Ahead().size(), delimiter_.size() - 1);
    const std::size_t before = found == std::string::npos ? Ahead().size() - held : found;
    if (before > 0) take(Ahead().substr(0, before));
    begin_ += before;
    if (found == std::string::npos) {
      if (!Fill()) Fail("it ends without its last delimiter");
    } else if (TakeDelimiter()) {
      return;
    } else {
      take(Ahead().substr(0, 2));  // a line that only begins like the delimiter
      begin_ += 2;
    }
  }
}

// The delimiter's line, but not its line break, which may be the next delimiter's, too. False when it is none.
bool MultipartReader::TakeDelimiter() {
  NeedBytes(delimiter_.size() + kPaddingBytes + 2);
  const std::string_view rest = Ahead().substr(delimiter_.size());
  is_last_ = rest.starts_with("--");
  const std::size_t end = is_last_ ? 2 : std::min(rest.find_first_not_of(" \t"), rest.size());
  if (!is_last_ && !rest.substr(end).starts_with("\r\n")) return false;
  begin_ += delimiter_.size() + end;
  return true;
}

// What is ahead begins with the line break before the header.
void MultipartReader::TakeHeader(Headers& headers) {
  NeedBytes(kHeaderBytes + delimiter_.size());
  const std::string_view ahead = Ahead();
  const std::size_t blank = std::min(ahead.find(kBlankLine), ahead.size());
  const std::size_t delimiter = std::min(ahead.find(delimiter_), ahead.size());
  if (std::min(blank, delimiter) > kHeaderBytes) Fail("the header of a part is too long");
  if (std::min(blank, delimiter) == ahead.size()) Fail("it ends within the header of a part");
  const bool has_content = delimiter > blank + 2;
  headers.clear();
  TakeLines(ahead.substr(0, has_content ? blank : delimiter), headers);
  begin_ += has_content ? blank + kBlankLine.size() : delimiter;
}

// `lines`: each with the line break before it.
void MultipartReader::TakeLines(std::string_view lines, Headers& headers) const {
  const auto is_folded = [&](std::size_t end) {
    return end + 2 < lines.size() && (lines[end + 2] == ' ' || lines[end + 2] == '\t');
  };
  while (lines.size() > 2) {
    lines.remove_prefix(2);
    std::size_t end = lines.find("\r\n");
    while (end != std::string_view::npos && is_folded(end)) end = lines.find("\r\n", end + 2);
    std::string line(lines.substr(0, end));
    lines.remove_prefix(std::min(end, lines.size()));
    for (std::size_t fold = 0; (fold = line.find("\r\n", fold)) != std::string::npos;) line.erase(fold, 2);
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) Fail("a line in the header of a part is none");
    const std::string name = base::AsciiLower(line.substr(0, colon));
    const std::string value(base::Trimmed(std::string_view(line).substr(colon + 1), " \t"));
    if (!IsField(name, value)) Fail("a line in the header of a part is none");
    if (!headers.emplace(name, value).second) Fail("the header of a part says something twice");
  }
}

}  // namespace parotis::http
