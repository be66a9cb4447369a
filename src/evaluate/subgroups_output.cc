// Subgroups as JSON and as text. Declared in evaluate/subgroups.h.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "evaluate/json_values.h"
#include "evaluate/subgroups.h"

namespace parotis::evaluate {
namespace {

using base::Json;

Json ToJson(const Subgroup& group, const std::vector<std::string>& classes) {
  Json sensitivity = Json::object();
  for (std::size_t c = 0; c < classes.size(); ++c) sensitivity[classes[c]] = evaluate::ToJson(group.sensitivity[c]);
  return {{"value", group.value},
          {"patients", group.patients},
          {"strict_accuracy", evaluate::ToJson(group.strict_accuracy)},
          {"sensitivity", sensitivity},
          {"tumour_dice",
           {{"mean", OrNull(group.dice)}, {"interval_95", evaluate::ToJson(group.dice_interval)}, {"n", group.dice_n}}},
          {"tested", group.is_tested}};
}

std::string Text(double value, int digits) {
  return std::isnan(value) ? std::string("n/a") : fmt::format("{:.{}f}", value, digits);
}

std::string Text(const Proportion& p) {
  if (p.n == 0) return "n/a";
  return fmt::format("{:.2f} [{:.2f}, {:.2f}] {}/{}", p.estimate(), p.interval().low, p.interval().high, p.count, p.n);
}

std::string Sensitivities(const Subgroup& group) {
  std::vector<std::string> parts;
  for (const Proportion& p : group.sensitivity) parts.push_back(fmt::format("{}/{}", p.count, p.n));
  return fmt::format("{}", fmt::join(parts, "  "));
}

}  // namespace

Json ToJson(const std::vector<SubgroupTable>& tables, const std::vector<std::string>& classes) {
  Json list = Json::array();
  for (const SubgroupTable& table : tables) {
    Json groups = Json::array();
    for (const Subgroup& group : table.groups) groups.push_back(ToJson(group, classes));
    list.push_back({{"column", table.column},
                    {"edges", table.edges},
                    {"median_split", table.is_median_split},
                    {"groups", groups},
                    {"strict_accuracy_p", OrNull(table.accuracy_p)},
                    {"strict_accuracy_p_holm", OrNull(table.accuracy_p_holm)},
                    {"tumour_dice_p", OrNull(table.dice_p)},
                    {"tumour_dice_p_holm", OrNull(table.dice_p_holm)}});
  }
  return list;
}

std::string TextOf(const std::vector<SubgroupTable>& tables, const std::vector<std::string>& classes) {
  std::string text;
  for (const SubgroupTable& table : tables) {
    std::size_t width = 10;
    for (const Subgroup& group : table.groups) width = std::max(width, group.value.size());
    text += fmt::format("\nBy {}{}\n  {:<{}}  {:<24} {:<24} found of {}\n", table.column,
                        table.is_median_split ? " (split at the median)" : "", "", width, "strict accuracy",
                        "tumour Dice", fmt::join(classes, ", "));
    for (const Subgroup& group : table.groups) {
      text += fmt::format("  {:<{}}  {:<24} {:<24} {}{}\n", group.value, width, Text(group.strict_accuracy),
                          fmt::format("{} [{}, {}] {}", Text(group.dice, 2), Text(group.dice_interval.low, 2),
                                      Text(group.dice_interval.high, 2), group.dice_n),
                          Sensitivities(group), group.is_tested ? "" : "  (not tested)");
    }
    text +=
        fmt::format("  groups differ in accuracy: p {}, Holm {}; in Dice: p {}, Holm {}\n", Text(table.accuracy_p, 4),
                    Text(table.accuracy_p_holm, 4), Text(table.dice_p, 4), Text(table.dice_p_holm, 4));
  }
  return text;
}

}  // namespace parotis::evaluate
