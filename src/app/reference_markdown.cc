#include <fmt/format.h>
#include <fmt/ranges.h>

#include <regex>

#include "app/reference_pages.h"
#include "base/text.h"

namespace parotis::app {
namespace {

constexpr const char* kGenerated =
    "<!-- Written by `parotis reference --markdown docs/reference` (make reference); change the program, not this "
    "page. "
    "-->\n";

std::string Capitalised(std::string text) {
  if (!text.empty()) text[0] = base::AsciiUpper(text[0]);
  return text;
}

// Within a table, and with links to the pages and names of the files that a text mentions.
std::string Cell(const std::string& text) {
  static const std::regex kBar(R"(\|)"), kPage(R"(`?\bdocs/([a-z-]+)\.md`?)"), kFile(R"(\b(configs/[a-z-]+\.json))");
  static const std::regex kAngle("<");
  std::string cell = std::regex_replace(text, kBar, "\\|");
  cell = std::regex_replace(cell, kAngle, "&lt;");
  cell = std::regex_replace(cell, kPage, "[docs/$1.md](../$1.md)");
  return std::regex_replace(cell, kFile, "`$1`");
}

std::string MeaningOf(const OptionText& option) {
  std::string text = Cell(option.meaning);
  if (!option.allowed.empty()) text += fmt::format(". Allowed: `{}`", fmt::join(option.allowed, "`, `"));
  if (!option.limit.empty()) text += ". " + Capitalised(option.limit);
  if (option.repeats) text += ". Takes several";
  if (!option.needs.empty()) text += fmt::format(". Needs {}", fmt::join(option.needs, ", "));
  if (!option.excludes.empty()) text += fmt::format(". Not with {}", fmt::join(option.excludes, ", "));
  if (!option.place.empty() && !option.names.empty())
    text += fmt::format(". May also be given by its place, as `{}`", option.place);
  return text;
}

std::string Table(const std::vector<OptionText>& options) {
  std::string table = "| Option | Default | Meaning |\n|---|---|---|\n";
  for (const OptionText& option : options) {
    table += fmt::format("| `{}` | {} | {} |\n", Heading(option),
                         option.default_text.empty() ? "none" : Cell(option.default_text), MeaningOf(option));
  }
  return table;
}

std::string ExitCodeTable() {
  std::string table = "| Code | Meaning |\n|---|---|\n";
  for (const ExitCodeText& exit : ExitCodes()) table += fmt::format("| {} | {} |\n", exit.code, exit.meaning);
  return table;
}

std::string Page(const ProgramText& program, const CommandText& command) {
  std::string page = fmt::format("{}# parotis {}\n\n{}.\n\n    {}\n", kGenerated, command.name,
                                 Capitalised(Cell(command.summary)), command.usage);
  if (!command.options.empty()) page += "\n## Options\n\n" + Table(command.options);
  for (const std::string& remark : command.remarks) page += "\n" + remark + "\n";
  page += fmt::format("\n## Example\n\n    {}\n", command.example);
  page += "\n## Options of every command\n\n" + Table(program.every_command);
  page += "\n## Exit codes\n\n" + ExitCodeTable();
  return page;
}

}  // namespace

NamedFiles ReferenceMarkdown(const ProgramText& program) {
  NamedFiles files;
  std::string index = fmt::format(
      "{}# Commands\n\n{}\n\n    parotis COMMAND [OPTION ...]\n\nResults go to standard output, talk to standard "
      "error.\n\n"
      "| Command | What it does |\n|---|---|\n",
      kGenerated, program.summary);
  for (const CommandText& command : program.commands) {
    index += fmt::format("| [{0}]({0}.md) | {1} |\n", command.name, Cell(command.summary));
    files[command.name + ".md"] = Page(program, command);
  }
  index += "\n## Exit codes\n\n" + ExitCodeTable();
  files["index.md"] = index;
  return files;
}

}  // namespace parotis::app
