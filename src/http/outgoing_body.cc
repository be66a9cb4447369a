#include "http/outgoing_body.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/error.h"

namespace parotis::http {
namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;

std::optional<std::uint64_t> SizeOf(const Piece& piece) {
  if (const auto* text = std::get_if<std::string>(&piece)) return text->size();
  const auto& file = std::get<std::filesystem::path>(piece);
  struct stat info{};
  if (::stat(file.c_str(), &info) != 0 || S_ISDIR(info.st_mode))
    base::Throw(base::ErrorKind::kIo, fmt::format("cannot send {}: it is no file; check the path", file.string()));
  if (!S_ISREG(info.st_mode)) return std::nullopt;
  return static_cast<std::uint64_t>(info.st_size);
}

}  // namespace

OutgoingBody::OutgoingBody(std::vector<Piece> pieces) : pieces_(std::move(pieces)) {
  for (const Piece& piece : pieces_) {
    sizes_.push_back(SizeOf(piece));
    bytes_ = bytes_ && sizes_.back() ? std::optional(*bytes_ + *sizes_.back()) : std::nullopt;
  }
}

OutgoingBody::~OutgoingBody() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

OutgoingBody::State OutgoingBody::Next(std::string& buffer) {
  buffer.clear();
  while (piece_ < pieces_.size()) {
    const auto* text = std::get_if<std::string>(&pieces_[piece_]);
    const State state = text != nullptr ? NextOfText(buffer, *text)
                                        : NextOfFile(buffer, std::get<std::filesystem::path>(pieces_[piece_]));
    if (state != State::kEnd) return state;
    NextPiece();
  }
  return State::kEnd;
}

OutgoingBody::State OutgoingBody::NextOfText(std::string& buffer, const std::string& text) {
  buffer = text.substr(done_, kBufferBytes);
  done_ += buffer.size();
  return buffer.empty() ? State::kEnd : State::kMore;
}

OutgoingBody::State OutgoingBody::NextOfFile(std::string& buffer, const std::filesystem::path& file) {
  const auto size = sizes_[piece_];
  if (size && done_ == *size) return State::kEnd;
  if (descriptor_ < 0) descriptor_ = ::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor_ < 0) return State::kBroken;
  buffer.resize(size ? std::min<std::uint64_t>(kBufferBytes, *size - done_) : kBufferBytes);
  ssize_t count = 0;
  do count = ::read(descriptor_, buffer.data(), buffer.size());
  while (count < 0 && errno == EINTR);
  if (count < 0) return !size && errno == EAGAIN ? State::kWait : State::kBroken;
  buffer.resize(static_cast<std::size_t>(count));
  done_ += buffer.size();
  if (count == 0) return size ? State::kBroken : State::kEnd;
  return State::kMore;
}

void OutgoingBody::NextPiece() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
  done_ = 0;
  ++piece_;
}

}  // namespace parotis::http
