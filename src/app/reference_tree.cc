#include "app/reference_tree.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "app/command.h"
#include "base/text.h"

namespace parotis::app {
namespace {

std::string UpperCase(const std::string& name) {
  std::string text = base::AsciiUpper(name);
  std::replace(text.begin(), text.end(), '-', '_');
  return text;
}

// CLI11 joins the type and what its validators say of themselves: "TEXT:{a,b}", "INT:POSITIVE".
struct TypeName {
  std::string type, rule;
};
TypeName SplitType(const CLI::Option& option) {
  const std::string whole = option.get_type_name();
  const std::size_t colon = whole.find(':');
  return colon == std::string::npos ? TypeName{whole, ""} : TypeName{whole.substr(0, colon), whole.substr(colon + 1)};
}

std::vector<std::string> AllowedValues(const std::string& rule) {
  std::vector<std::string> values;
  if (!rule.starts_with('{') || !rule.ends_with('}')) return values;
  std::string value;
  for (const char c : rule.substr(1)) {
    if (c == ',' || c == '}') {
      values.push_back(std::exchange(value, ""));
    } else {
      value += c;
    }
  }
  return values;
}

std::string LimitOf(const std::string& rule) {
  static const std::map<std::string, std::string> kLimits = {{"POSITIVE", "must be greater than 0"},
                                                             {"NONNEGATIVE", "must not be negative"},
                                                             {"FILE", "must exist"},
                                                             {"DIR", "must exist"}};
  const auto found = kLimits.find(rule);
  return found == kLimits.end() ? "" : found->second;
}

// The default that a description names in words, "(default: 2)" or "…; default: none", moves to its own place.
void TakeDefaultFromMeaning(OptionText& option) {
  const std::string word = "default: ";
  const std::size_t at = option.meaning.find(word);
  if (at == std::string::npos) return;
  const bool in_brackets = at > 0 && option.meaning[at - 1] == '(';
  const std::size_t end = option.meaning.find_first_of(in_brackets ? ")" : ";", at);
  if (option.default_text.empty() || option.default_text == "off") {
    option.default_text =
        option.meaning.substr(at + word.size(), end == std::string::npos ? end : end - at - word.size());
  }
  std::string before = option.meaning.substr(0, in_brackets ? at - 1 : at);
  while (!before.empty() && (before.back() == ' ' || before.back() == ';')) before.pop_back();
  std::string after = end == std::string::npos ? "" : option.meaning.substr(end + 1);
  if (before.empty()) after.erase(0, after.find_first_not_of(' '));
  if (!before.empty() && !in_brackets && !after.empty()) before += ';';
  option.meaning = before + after;
}

std::vector<std::string> NamesOf(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

std::vector<std::string> LongNames(const std::set<CLI::Option*>& options) {
  std::vector<std::string> names(options.size());
  std::transform(options.begin(), options.end(), names.begin(),
                 [](const CLI::Option* option) { return "`" + NamesOf(*option).back() + "`"; });
  std::sort(names.begin(), names.end());
  return names;
}

OptionText Describe(const CLI::Option& option) {
  OptionText text;
  text.names = NamesOf(option);
  if (option.get_positional()) text.place = UpperCase(option.get_name(true, false));
  const TypeName type = SplitType(option);
  const bool flag = option.get_items_expected_max() == 0;
  text.allowed = AllowedValues(type.rule);
  text.limit = LimitOf(type.rule);
  text.required = option.get_required();
  text.repeats = option.get_items_expected_max() > 1;
  if (!flag) {
    const bool number = type.type == "INT" || type.type == "UINT" || type.type == "FLOAT";
    text.value = !text.allowed.empty() && text.allowed.size() < 8 ? fmt::format("{{{}}}", fmt::join(text.allowed, ","))
                 : number                                         ? "N"
                 : option.get_lnames().empty()                    ? text.place
                                                                  : UpperCase(option.get_lnames().front());
  }
  text.default_text = text.required ? "required" : flag ? "off" : option.get_default_str();
  text.meaning = option.get_description();
  TakeDefaultFromMeaning(text);
  text.needs = LongNames(option.get_needs());
  text.excludes = LongNames(option.get_excludes());
  return text;
}

std::string UsageOf(const std::string& name, const std::vector<OptionText>& options) {
  std::string named, placed;
  for (const OptionText& option : options) {
    const std::string dots = option.repeats ? " ..." : "";
    if (!option.place.empty()) {
      placed += option.required ? fmt::format(" {}{}", option.place, dots) : fmt::format(" [{}{}]", option.place, dots);
    } else if (option.required) {
      named += fmt::format(" {} {}{}", option.names.front(), option.value, dots);
    }
  }
  return fmt::format("parotis {}{}{} [OPTION ...]", name, placed, named);
}

// Without --help, which a group of options inherits from its command.
std::vector<const CLI::Option*> OwnOptions(const CLI::App& group) {
  return group.get_options([&](const CLI::Option* option) { return option != group.get_help_ptr(); });
}

// Groups of options are nameless children of their command.
void AddGroups(const CLI::App& app, CommandText& command) {
  for (const CLI::App* group : app.get_subcommands([](const CLI::App* sub) { return sub->get_name().empty(); })) {
    std::vector<std::string> names;
    for (const CLI::Option* option : OwnOptions(*group)) {
      command.options.push_back(Describe(*option));
      names.push_back("`" + command.options.back().names.back() + "`");
    }
    if (group->get_require_option_min() == 1 && group->get_require_option_max() == 1) {
      command.remarks.push_back(fmt::format("Exactly one of {} must be given.", fmt::join(names, ", ")));
    }
  }
}

CommandText Describe(const CLI::App& app) {
  CommandText command;
  command.name = app.get_name();
  command.summary = app.get_description();
  const std::string footer = app.get_footer();
  command.example = footer.substr(footer.find_last_of('\n') + 1);
  command.example.erase(0, command.example.find_first_not_of(' '));
  AddGroups(app, command);
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_group().empty()) command.options.push_back(Describe(*option));
  }
  return command;
}

bool IsTakenByAll(const std::vector<CommandText>& commands, const OptionText& option) {
  return std::all_of(commands.begin(), commands.end(), [&](const CommandText& command) {
    return std::any_of(command.options.begin(), command.options.end(), [&](const OptionText& other) {
      return other.names == option.names && other.meaning == option.meaning;
    });
  });
}

}  // namespace

ProgramText DescribeProgram(const CLI::App& root) {
  ProgramText program;
  program.summary = root.get_description();
  for (const CLI::App* command : root.get_subcommands([](const CLI::App* sub) { return !sub->get_group().empty(); })) {
    program.commands.push_back(Describe(*command));
  }
  for (const OptionText& option : program.commands.front().options) {
    if (IsTakenByAll(program.commands, option)) program.every_command.push_back(option);
  }
  for (CommandText& command : program.commands) {
    std::erase_if(command.options, [&](const OptionText& option) {
      return std::any_of(program.every_command.begin(), program.every_command.end(),
                         [&](const OptionText& common) { return common.names == option.names; });
    });
    command.usage = UsageOf(command.name, command.options);
  }
  return program;
}

std::string Heading(const OptionText& option) {
  std::string heading = fmt::format("{}", fmt::join(option.names, ", "));
  if (heading.empty()) return option.place + (option.repeats ? " ..." : "");
  if (!option.value.empty()) heading += " " + option.value + (option.repeats ? " ..." : "");
  return heading;
}

std::vector<ExitCodeText> ExitCodes() {
  return {{kDone, "done"},
          {kFailed, "failed; one sentence on standard error says why"},
          {kUsage, "the command line is wrong"},
          {kSomeCasesFailed, "some cases failed, or the input was refused"}};
}

}  // namespace parotis::app
