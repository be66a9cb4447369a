// What the program says about its commands, read from the tree of CLI11 as plain data: the one source of the reference
// pages, the manual pages and the shells' completions.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace parotis::app {

struct OptionText {
  std::vector<std::string> names;  // "-o", "--output"; empty for what is only given by its place
  std::string place;               // "OUTPUT" when it may be given by its place; empty otherwise
  std::string value;               // "OUTPUT", "N" for numbers, "{yes,no}"; empty for a flag
  std::vector<std::string> allowed;
  std::string limit;         // "must not be negative", "must exist"; empty for none
  std::string default_text;  // "1", "all", "required", "off"; empty where there is none
  std::string meaning;
  std::vector<std::string> needs, excludes;
  bool required = false;
  bool repeats = false;  // takes several values
};

struct CommandText {
  std::string name, summary, usage, example;
  std::vector<OptionText> options;   // of this command alone
  std::vector<std::string> remarks;  // "exactly one of `--input`, `--study`"
};

struct ProgramText {
  std::string summary;
  std::vector<CommandText> commands;      // the visible ones, in the table's order
  std::vector<OptionText> every_command;  // what each command takes: --help, --json, …
};

// `root` is the whole program.
ProgramText DescribeProgram(const CLI::App& root);

// "-o, --output OUTPUT"; without names that of its place.
std::string Heading(const OptionText& option);

struct ExitCodeText {
  int code;
  const char* meaning;
};
std::vector<ExitCodeText> ExitCodes();

}  // namespace parotis::app
