// The parts of a multipart body (RFC 2046 5.1), read once from its beginning to its end with little memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace parotis::http {

class MultipartReader {
 public:
  // Throws kIo when the file cannot be read.
  MultipartReader(const std::filesystem::path& body, const std::string& boundary);
  ~MultipartReader();
  MultipartReader(const MultipartReader&) = delete;
  MultipartReader& operator=(const MultipartReader&) = delete;

  // Goes to the next part and reads its header; false after the last one. Throws kInput when the body is not well
  // formed.
  bool Next(Headers& headers);
  // The content of the part, once, in pieces.
  void Content(const std::function<void(std::string_view)>& take);

 private:
  using Sink = std::function<void(std::string_view)>;
  std::string_view Ahead() const;
  bool Fill();
  void NeedBytes(std::size_t count);
  void TakeToDelimiter(const Sink& take);
  bool TakeDelimiter();
  void TakeHeader(Headers& headers);
  void TakeLines(std::string_view lines, Headers& headers) const;
  [[noreturn]] void Fail(std::string_view why) const;

  std::filesystem::path body_;
  std::string delimiter_;  // with the line break before it
  std::string window_ = "\r\n";
  std::size_t begin_ = 0;  // of what is ahead, in the window
  int descriptor_ = -1;
  bool content_is_taken_ = false, is_last_ = false;  // what comes before the first part is nobody's content
};

}  // namespace parotis::http
