// The bytes of a body, piece after piece, in buffers of bounded size.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "http/message.h"

namespace parotis::http {

class OutgoingBody {
 public:
  // Throws kIo when a file is not there.
  explicit OutgoingBody(std::vector<Piece> pieces);
  ~OutgoingBody();
  OutgoingBody(const OutgoingBody&) = delete;
  OutgoingBody& operator=(const OutgoingBody&) = delete;

  // Nothing when one of the files is none whose size can be known beforehand, a pipe for instance.
  std::optional<std::uint64_t> bytes() const { return bytes_; }

  enum class State {
    kMore,   // there are bytes in the buffer
    kWait,   // a pipe has nothing yet
    kEnd,    // all were handed out
    kBroken  // a file cannot be read, or has become shorter
  };
  State Next(std::string& buffer);

 private:
  State NextOfText(std::string& buffer, const std::string& text);
  State NextOfFile(std::string& buffer, const std::filesystem::path& file);
  void NextPiece();

  std::vector<Piece> pieces_;
  std::vector<std::optional<std::uint64_t>> sizes_;
  std::optional<std::uint64_t> bytes_ = 0;
  std::size_t piece_ = 0;
  std::uint64_t done_ = 0;  // of this piece
  int descriptor_ = -1;
};

}  // namespace parotis::http
