// What a command of the program is. Each command lives in a file of its own; main.cc lists them all.
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

namespace parotis::app {

// Exit codes, the same for every command.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;
inline constexpr int kSomeCasesFailed = 3;  // or were refused

struct Command {
  const char* name;
  const char* summary;  // one line, shown in the table
  const char* example;  // shown by --help
  // Adds the options to `app` and returns what runs after parsing; it returns an exit code. Errors are thrown.
  std::function<int()> (*define)(CLI::App& app);
  bool hidden = false;  // not in the table that --help shows
};

// Flags every command has. Results go to standard output, as JSON with --json.
struct CommonFlags {
  bool json = false;
  bool quiet = false;
  bool verbose = false;
};
const CommonFlags& common();

}  // namespace parotis::app
