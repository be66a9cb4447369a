#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/reference_pages.h"
#include "base/build_info.h"

namespace parotis::app {
namespace {

// Text that roff shows as it is: hyphens that are typed stay hyphens, no line is taken for a request, and what stands
// between backticks is bold.
std::string Roff(const std::string& text) {
  std::string roff;
  bool bold = false;
  for (const char c : text) {
    const bool starts_line = roff.empty() || roff.back() == '\n';
    if (starts_line && (c == '.' || c == '\'')) roff += "\\&";
    if (c == '\\') {
      roff += "\\e";
    } else if (c == '-') {
      roff += "\\-";
    } else if (c == '`') {
      roff += bold ? "\\fR" : "\\fB";
      bold = !bold;
    } else {
      roff += c;
    }
  }
  return bold ? roff + "\\fR" : roff;
}

std::string Title(const std::string& page) {
  return fmt::format(".TH \"{}\" 1 \"\" \"parotis {}\" \"User Commands\"\n", Roff(page), base::Version());
}

std::string Section(const std::string& name) { return ".SH " + name + "\n"; }

std::string Literal(const std::string& text) { return ".PP\n.nf\n.RS 4\n" + Roff(text) + "\n.RE\n.fi\n"; }

std::string Entry(const OptionText& option) {
  std::string entry = fmt::format(".TP\n\\fB{}\\fR\n{}", Roff(Heading(option)), Roff(option.meaning));
  if (!option.limit.empty()) entry += Roff("; " + option.limit);
  if (option.allowed.size() >= 8) entry += Roff(fmt::format("; allowed: {}", fmt::join(option.allowed, ", ")));
  if (!option.needs.empty()) entry += Roff(fmt::format("; needs {}", fmt::join(option.needs, ", ")));
  if (!option.excludes.empty()) entry += Roff(fmt::format("; not with {}", fmt::join(option.excludes, ", ")));
  if (option.required) return entry + "; required.\n";
  if (option.default_text.empty() || option.default_text == "off") return entry + ".\n";
  return entry + Roff("; default: " + option.default_text) + ".\n";
}

std::string ExitStatus() {
  std::string text = Section("EXIT STATUS");
  for (const ExitCodeText& exit : ExitCodes())
    text += fmt::format(".TP\n\\fB{}\\fR\n{}.\n", exit.code, Roff(exit.meaning));
  return text;
}

std::string Remark() { return Section("NOTES") + Roff(base::kResearchUseOnly) + "\n"; }

std::string CommandPage(const ProgramText& program, const CommandText& command) {
  std::string page = Title("PAROTIS-" + command.name);
  page += Section("NAME") + Roff("parotis-" + command.name) + " \\- " + Roff(command.summary) + "\n";
  page += Section("SYNOPSIS") + Roff(command.usage) + "\n";
  page += Section("OPTIONS");
  for (const OptionText& option : command.options) page += Entry(option);
  for (const std::string& remark : command.remarks) page += ".PP\n" + Roff(remark) + "\n";
  if (!command.options.empty()) page += ".SS Of every command\n";
  for (const OptionText& option : program.every_command) page += Entry(option);
  page += Section("EXAMPLE") + Literal(command.example);
  return page + ExitStatus() + Remark() + Section("SEE ALSO") + "\\fBparotis\\fR(1)\n";
}

std::string ProgramPage(const ProgramText& program) {
  std::string page = Title("PAROTIS");
  page += Section("NAME") + "parotis \\- parotid tumours on multi\\-parametric MRI: from DICOM to a diagnosis\n";
  page += Section("SYNOPSIS") + "parotis COMMAND [OPTION ...]\n";
  page += Section("DESCRIPTION") + Roff(program.summary) + "\n.PP\n" +
          Roff("Results go to standard output, talk to standard error. Each command has a page of its own.") + "\n";
  page += Section("COMMANDS");
  for (const CommandText& command : program.commands) {
    page += fmt::format(".TP\n\\fBparotis\\-{}\\fR(1)\n{}.\n", command.name, Roff(command.summary));
  }
  page += Section("OPTIONS") + ".TP\n\\fB\\-\\-version\\fR\nprint the version and those of the libraries behind it.\n";
  for (const OptionText& option : program.every_command) page += Entry(option);
  return page + ExitStatus() + Remark();
}

}  // namespace

NamedFiles ReferenceMan(const ProgramText& program) {
  NamedFiles files;
  files["parotis.1"] = ProgramPage(program);
  for (const CommandText& command : program.commands) {
    files[fmt::format("parotis-{}.1", command.name)] = CommandPage(program, command);
  }
  return files;
}

}  // namespace parotis::app
