#include "dimse/dataset_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace parotis::dimse {

DatasetFile::DatasetFile(const std::filesystem::path& folder, std::string_view head) {
  constexpr int kSuffixCharacters = 4;
  std::string name = (folder / "arrival-XXXXXX.dcm").string();
  descriptor_ = mkostemps(name.data(), kSuffixCharacters, O_CLOEXEC);
  if (descriptor_ < 0) {
    Note("made");
    return;
  }
  path_ = name;
  Append(std::as_bytes(std::span(head)));
}

DatasetFile::~DatasetFile() {
  if (descriptor_ >= 0) close(descriptor_);
  if (!path_.empty()) unlink(path_.c_str());
}

void DatasetFile::Append(std::span<const std::byte> bytes) {
  while (!bytes.empty() && problem_.empty()) {
    const ssize_t written = write(descriptor_, bytes.data(), bytes.size());
    if (written > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    } else if (written == 0 || errno != EINTR) {
      Note("written");
    }
  }
}

void DatasetFile::Finish() {
  if (descriptor_ < 0) return;
  if (problem_.empty() && fsync(descriptor_) != 0) Note("synced");
  if (close(descriptor_) != 0) Note("closed");
  descriptor_ = -1;
}

void DatasetFile::Note(const char* attempt) {
  if (problem_.empty())
    problem_ = fmt::format("the file cannot be {}: {}", attempt, std::generic_category().message(errno));
}

}  // namespace parotis::dimse
