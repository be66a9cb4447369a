// An attribute as DCMTK's dcmdump reads it, for tests that hold attributes against another program's reading.
#pragma once

#include <filesystem>
#include <string>

#include "tests/support/dciodvfy.h"

namespace parotis::test {

inline bool HasDcmtkTools() {
  return std::system("command -v dcmdump >/dev/null && command -v dcmcjpeg >/dev/null") == 0;
}

// The value at the top of the dataset, "\" between values; "" when it is absent or empty. `tag`: "0028,2110".
inline std::string ValueOf(const std::filesystem::path& path, const std::string& tag) {
  const std::string said = OutputOf("dcmdump -Un +L +p +P " + tag + " '" + path.string() + "'");
  const std::string start = "(" + tag + ")";
  // Paths of elements in sequences begin with the sequence's tag.
  std::size_t line = said.rfind(start, 0) == 0 ? 0 : said.find("\n" + start);
  if (line == std::string::npos) return "";
  const std::size_t end = said.find('\n', line + 1), first = said.find('[', line), last = said.rfind(']', end);
  return first < end && last < end && first < last ? said.substr(first + 1, last - first - 1) : "";
}

}  // namespace parotis::test
