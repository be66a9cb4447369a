#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/reference_pages.h"

namespace parotis::app {
namespace {

// `text` with a backslash before each of `special`.
std::string Escaped(const std::string& text, const std::string& special) {
  std::string escaped;
  for (const char c : text) {
    if (special.find(c) != std::string::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// Between single quotes, as bash and zsh read it.
std::string Quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

std::vector<OptionText> AllOptions(const ProgramText& program, const CommandText& command) {
  std::vector<OptionText> options = command.options;
  options.insert(options.end(), program.every_command.begin(), program.every_command.end());
  return options;
}

std::vector<std::string> CommandNames(const ProgramText& program) {
  std::vector<std::string> names(program.commands.size());
  std::transform(program.commands.begin(), program.commands.end(), names.begin(),
                 [](const CommandText& command) { return command.name; });
  return names;
}

std::string Bash(const ProgramText& program) {
  std::string values, options;
  for (const CommandText& command : program.commands) {
    std::vector<std::string> names;
    for (const OptionText& option : AllOptions(program, command)) {
      names.insert(names.end(), option.names.begin(), option.names.end());
      if (option.allowed.empty() || option.names.empty()) continue;
      std::string patterns;
      for (const std::string& name : option.names) {
        patterns += fmt::format("{}{}:{}", patterns.empty() ? "" : "|", command.name, name);
      }
      values +=
          fmt::format("    {}) words={} ;;\n", patterns, Quoted(fmt::format("{}", fmt::join(option.allowed, " "))));
    }
    options += fmt::format("    {}) words={} ;;\n", command.name, Quoted(fmt::format("{}", fmt::join(names, " "))));
  }
  return fmt::format(
      "# bash completion for parotis\n"
      "_parotis() {{\n"
      "  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} command=${{COMP_WORDS[1]}} "
      "words=\n"
      "  COMPREPLY=()\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -W '{} --help --version' -- \"$word\")\n"
      "    return\n"
      "  fi\n"
      "  case $command:$before in\n{}  esac\n"
      "  if [ -z \"$words\" ] && [[ $word == -* ]]; then\n"
      "    case $command in\n{}    esac\n"
      "  fi\n"
      "  # Without words of our own the shell offers files.\n"
      "  [ -z \"$words\" ] || mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
      "}}\n"
      "complete -o default -F _parotis parotis\n",
      fmt::join(CommandNames(program), " "), values, options);
}

std::string ZshAction(const OptionText& option) {
  if (!option.allowed.empty()) return fmt::format("({})", fmt::join(option.allowed, " "));
  return option.value == "N" ? " " : "_files";
}

std::string ZshArgument(const OptionText& option) {
  const std::string meaning = Escaped(option.meaning, "[]:\\");
  if (option.names.empty()) {
    return Quoted(fmt::format("{}{}:_files", option.repeats ? "*:" : ":", Escaped(option.place, ":")));
  }
  const std::string argument = option.value.empty() ? "" : fmt::format(":{}:{}", "value", ZshAction(option));
  const std::string rest = Quoted(fmt::format("[{}]{}", meaning, argument));
  if (option.repeats) {
    std::string each;
    for (const std::string& name : option.names) {
      each += fmt::format("{}'*'{}{}", each.empty() ? "" : " ", name, rest);
    }
    return each;
  }
  if (option.names.size() == 1) return option.names.front() + rest;
  return fmt::format("'({})'{{{}}}{}", fmt::join(option.names, " "), fmt::join(option.names, ","), rest);
}

std::string Zsh(const ProgramText& program) {
  std::string commands, cases;
  for (const CommandText& command : program.commands) {
    commands += fmt::format("    {}\n", Quoted(command.name + ":" + Escaped(command.summary, ":\\")));
    cases += fmt::format("    {})\n      _arguments", command.name);
    for (const OptionText& option : AllOptions(program, command)) cases += " \\\n        " + ZshArgument(option);
    cases += "\n      ;;\n";
  }
  return fmt::format(
      "#compdef parotis\n"
      "# zsh completion for parotis\n"
      "_parotis() {{\n"
      "  local -a commands\n"
      "  commands=(\n{}  )\n"
      "  if (( CURRENT == 2 )); then\n"
      "    _describe -t commands command commands\n"
      "    return\n"
      "  fi\n"
      "  local command=$words[2]\n"
      "  shift words\n"
      "  (( CURRENT-- ))\n"
      "  case $command in\n{}  esac\n"
      "}}\n"
      "# Loaded by its name it completes at once; sourced, it makes itself known.\n"
      "if [[ $funcstack[1] == _parotis ]]; then _parotis \"$@\"; else compdef _parotis parotis; fi\n",
      commands, cases);
}

std::string FishQuoted(const std::string& text) { return "'" + Escaped(text, "'\\") + "'"; }

std::string FishOption(const std::string& command, const OptionText& option) {
  std::string line = fmt::format("complete -c parotis -n '__fish_seen_subcommand_from {}'", command);
  for (const std::string& name : option.names)
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (!option.allowed.empty()) {
    line += fmt::format(" -x -a {}", FishQuoted(fmt::format("{}", fmt::join(option.allowed, " "))));
  } else if (!option.value.empty()) {
    line += option.value == "N" ? " -x" : " -r";
  }
  return line + " -d " + FishQuoted(option.meaning) + "\n";
}

std::string Fish(const ProgramText& program) {
  std::string text = "# fish completion for parotis\n";
  for (const CommandText& command : program.commands) {
    text += fmt::format("complete -c parotis -f -n __fish_use_subcommand -a {} -d {}\n", command.name,
                        FishQuoted(command.summary));
  }
  for (const CommandText& command : program.commands) {
    for (const OptionText& option : AllOptions(program, command)) {
      if (!option.names.empty()) text += FishOption(command.name, option);
    }
  }
  return text;
}

}  // namespace

NamedFiles ReferenceCompletion(const ProgramText& program) {
  return {{"parotis.bash", Bash(program)}, {"_parotis", Zsh(program)}, {"parotis.fish", Fish(program)}};
}

}  // namespace parotis::app
