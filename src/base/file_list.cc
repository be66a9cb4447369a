#include "base/file_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "base/error.h"

namespace parotis::base {

namespace fs = std::filesystem;

std::vector<fs::path> FilesBelow(const fs::path& folder, fs::directory_options options) {
  std::error_code code;
  std::vector<fs::path> files;
  fs::recursive_directory_iterator each(folder, options, code);
  for (; !code && each != fs::recursive_directory_iterator(); each.increment(code)) {
    std::error_code ignored;
    if (each->is_regular_file(ignored)) files.push_back(each->path());
  }
  if (code) {
    Throw(ErrorKind::kIo, fmt::format("cannot list {}: {}; check the path", folder.string(), code.message()));
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace parotis::base
