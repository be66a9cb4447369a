// The same reference in the forms in which people and shells read it. Each function returns whole files by name; the
// text depends on the program alone, never on the machine or the day.
#pragma once

#include <map>
#include <string>

#include "app/reference_tree.h"

namespace parotis::app {

using NamedFiles = std::map<std::string, std::string>;

// index.md, and COMMAND.md for each.
NamedFiles ReferenceMarkdown(const ProgramText& program);

// parotis.1, and parotis-COMMAND.1 for each, in man(7).
NamedFiles ReferenceMan(const ProgramText& program);

// parotis.bash, _parotis (zsh) and parotis.fish.
NamedFiles ReferenceCompletion(const ProgramText& program);

}  // namespace parotis::app
