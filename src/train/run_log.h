// log.jsonl: one JSON object a line, in order of iteration; whoever watches a training reads it while it grows.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/json.h"

namespace parotis::train {

class RunLog {
 public:
  // Goes on after the first `bytes` bytes of the file; what follows them was written by an interrupted run and is cut
  // off.
  RunLog(std::filesystem::path path, std::uint64_t bytes);
  // The line is with the operating system when the call returns: a killed process loses none.
  void Append(const base::Json& line);
  std::uint64_t bytes() const { return bytes_; }

 private:
  std::filesystem::path path_;
  std::uint64_t bytes_;
};

}  // namespace parotis::train
