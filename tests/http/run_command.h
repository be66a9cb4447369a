// What a command of the shell prints.
#pragma once

#include <array>
#include <cstdio>
#include <memory>
#include <string>

namespace parotis::test {

inline std::string RunCommand(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string output;
  std::array<char, 4096> buffer{};
  for (std::size_t count = 0; (count = fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0;)
    output.append(buffer.data(), count);
  return output;
}

}  // namespace parotis::test
