#include "train/run_log.h"

#include <fmt/format.h>

#include <fstream>

#include "base/error.h"
#include "base/files.h"

namespace parotis::train {

RunLog::RunLog(std::filesystem::path path, std::uint64_t bytes) : path_(std::move(path)), bytes_(bytes) {
  std::error_code error;
  if (bytes == 0) {
    base::WriteFile(path_, std::string_view());
  } else if (std::filesystem::file_size(path_, error) < bytes || error) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{} is shorter than the checkpoint beside it says; remove the run folder and start again",
                            path_.string()));
  } else {
    std::filesystem::resize_file(path_, bytes);
  }
}

void RunLog::Append(const base::Json& line) {
  const std::string text = line.dump() + "\n";
  std::ofstream file(path_, std::ios::app | std::ios::binary);
  file << text << std::flush;
  if (!file) base::Throw(base::ErrorKind::kIo, fmt::format("cannot write {}: is the disk full?", path_.string()));
  bytes_ += text.size();
}

}  // namespace parotis::train
