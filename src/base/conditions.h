// Everything that can be wrong or doubtful about what comes in, by name: one table, from which the manual's table is
// made (docs/conditions.md; a test compares them). Whoever notices something says it with Found; nobody makes up a
// code of his own.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace parotis::base {

enum class Policy {
  kRefuse,  // what it is about is not used; the message says what to do
  kFlag,    // it is used, and every output says so
};

std::string_view NameOf(Policy policy);  // "refuse", "flag"

struct Condition {
  std::string_view code;
  Policy policy;
  std::string_view about;    // what is refused or flagged: "file", "series", "study", "channel", "case"
  std::string_view meaning;  // what was noticed, in general
  std::string_view remedy;   // what a person can do about it
};

// In the order of the manual: files, series, studies, channels, cases.
std::span<const Condition> Conditions();
// Throws kInternal for a code that is not in the table.
const Condition& ConditionNamed(std::string_view code);

// The table of docs/conditions.md.
std::string ConditionsAsMarkdown();

// One condition met in one place.
struct Finding {
  std::string code;     // of a Condition; "" for none
  std::string message;  // a sentence without full stop that says where, with numbers

  bool empty() const { return code.empty(); }
  bool refuses() const { return !empty() && ConditionNamed(code).policy == Policy::kRefuse; }
  friend bool operator==(const Finding&, const Finding&) = default;
};

// Throws kRefused for the thing that is refused: "message; remedy", with the condition's code.
[[noreturn]] void Refuse(const Finding& finding);

// Throws kInternal for a code that is not in the table.
Finding Found(std::string_view code, std::string message);

}  // namespace parotis::base
