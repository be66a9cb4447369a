// The Python environment with PyTorch that scripts/setup.sh makes, for tests that hold our readers against PyTorch's
// writers. Where LibTorch comes from the distribution there is none, and such tests are skipped.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace parotis::test {

inline std::filesystem::path Python() {
  const auto python = std::filesystem::path(PAROTIS_SOURCE_DIR) / ".venv" / "bin" / "python";
  return std::filesystem::exists(python) ? python : std::filesystem::path();
}

// Runs a script below tests/ with one argument; true when it ended well.
inline bool RunPython(const std::string& script, const std::filesystem::path& argument) {
  const std::string command = "'" + Python().string() + "' -W ignore '" + PAROTIS_SOURCE_DIR + "/tests/" + script +
                              "' '" + argument.string() + "' 2>'" + (argument / "python.log").string() + "'";
  return std::system(command.c_str()) == 0;
}

}  // namespace parotis::test
