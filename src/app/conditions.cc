// `parotis conditions`: everything that can be wrong or doubtful about the input, by name, with what is done about it.
#include "base/conditions.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "app/command.h"
#include "app/commands.h"
#include "base/json.h"

namespace parotis::app {
namespace {

int PrintConditions(bool markdown) {
  if (common().json) {
    base::Json list = base::Json::array();
    for (const base::Condition& each : base::Conditions()) {
      list.push_back({{"code", each.code},
                      {"policy", base::NameOf(each.policy)},
                      {"about", each.about},
                      {"meaning", each.meaning},
                      {"remedy", each.remedy}});
    }
    fmt::print("{}", base::DumpJson(list));
  } else if (markdown) {
    fmt::print("{}", base::ConditionsAsMarkdown());
  } else {
    for (const base::Condition& each : base::Conditions()) {
      fmt::print("{:<28} {:<7} {:<8} {}; {}\n", each.code, base::NameOf(each.policy), each.about, each.meaning,
                 each.remedy);
    }
  }
  return kDone;
}

}  // namespace

std::function<int()> DefineConditions(CLI::App& app) {
  const auto markdown = std::make_shared<bool>(false);
  app.add_flag("--markdown", *markdown, "as the table of docs/conditions.md");
  return [markdown] { return PrintConditions(*markdown); };
}

}  // namespace parotis::app
