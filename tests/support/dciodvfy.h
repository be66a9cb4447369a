// The independent judge of DICOM objects, of Debian's dicom3tools.
#pragma once

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>

namespace parotis::test {

inline bool HasDciodvfy() { return std::system("command -v dciodvfy >/dev/null 2>&1") == 0; }

// What a command says, on either stream.
inline std::string OutputOf(const std::string& command) {
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return "cannot run " + command;
  std::string output;
  std::array<char, 4096> part{};
  while (std::fgets(part.data(), part.size(), pipe) != nullptr) output += part.data();
  pclose(pipe);
  return output;
}

// Its errors about that file, one a line; "" for a valid object.
inline std::string ErrorsOfDciodvfy(const std::filesystem::path& path) {
  std::istringstream said(OutputOf("dciodvfy '" + path.string() + "'"));
  std::string errors;
  for (std::string line; std::getline(said, line);) {
    if (line.rfind("Error", 0) == 0) errors += line + "\n";
  }
  return errors;
}

}  // namespace parotis::test
