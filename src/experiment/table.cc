#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "experiment/gather.h"

namespace parotis::experiment {
namespace {

using base::Json;

// A contrast set of a variant, over repeats and seeds.
struct Row {
  std::string variant, set;
  std::vector<Json> figures;
  std::size_t incomplete = 0;
};

std::vector<Row> RowsOf(const Json& cross_validations) {
  std::vector<Row> rows;
  for (const Json& whole : cross_validations) {
    const auto variant = whole["variant"].get<std::string>(), set = whole["contrast_set"].get<std::string>();
    auto row =
        std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.variant == variant && r.set == set; });
    if (row == rows.end()) row = rows.insert(rows.end(), Row{variant, set, {}, 0});
    if (whole["complete"].get<bool>())
      row->figures.push_back(whole["figures"]);
    else
      ++row->incomplete;
  }
  return rows;
}

// One cross-validation: the figure and its interval. Several: mean and standard deviation over them.
std::string Cell(const std::vector<Json>& figures, const std::string& name) {
  std::vector<double> values;
  for (const Json& each : figures) {
    if (!each[name].is_null() && !each[name]["value"].is_null()) values.push_back(each[name]["value"].get<double>());
  }
  if (values.empty()) return "–";
  if (figures.size() == 1) {
    const Json& interval = figures[0][name]["interval"];
    if (interval[0].is_null()) return fmt::format("{:.2f}", values[0]);
    return fmt::format("{:.2f} ({:.2f} to {:.2f})", values[0], interval[0].get<double>(), interval[1].get<double>());
  }
  double mean = 0, square = 0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  for (const double value : values) square += (value - mean) * (value - mean);
  const double deviation = values.size() > 1 ? std::sqrt(square / static_cast<double>(values.size() - 1)) : 0;
  return fmt::format("{:.2f} ± {:.2f}", mean, deviation);
}

std::string OneVersusRestLine(const std::vector<Json>& figures) {
  std::vector<std::string> parts;
  for (const auto& [name, ignored] : figures[0]["one_vs_rest"].items()) {
    std::vector<Json> of_class;
    for (const Json& each : figures) of_class.push_back(each["one_vs_rest"][name]);
    const auto mean = [&](const char* figure) {
      double sum = 0;
      for (const Json& each : of_class) sum += each[figure].is_null() ? NAN : each[figure]["value"].get<double>();
      return sum / static_cast<double>(of_class.size());
    };
    parts.push_back(
        fmt::format("{} {:.2f}/{:.2f}/{:.2f}", name, mean("accuracy"), mean("sensitivity"), mean("specificity")));
  }
  return fmt::format("{}", fmt::join(parts, "   "));
}

std::string TableOf(const std::vector<Row>& rows) {
  std::string text = fmt::format("{:<28} {:<22} {:<22} {:<22} {}\n", "variant, contrast set", "strict accuracy",
                                 "balanced accuracy", "tumour Dice", "cross-validations");
  std::string one_vs_rest = "\none-vs-rest accuracy/sensitivity/specificity\n";
  for (const Row& row : rows) {
    const std::string name = row.variant + ", " + row.set;
    const std::string unfinished = row.incomplete > 0 ? fmt::format(", {} unfinished", row.incomplete) : "";
    text += fmt::format("{:<28} {:<22} {:<22} {:<22} {}{}\n", name, Cell(row.figures, "strict_accuracy"),
                        Cell(row.figures, "balanced_accuracy"), Cell(row.figures, "tumour_dice"), row.figures.size(),
                        unfinished);
    if (!row.figures.empty()) one_vs_rest += fmt::format("{:<28} {}\n", name, OneVersusRestLine(row.figures));
  }
  return text + one_vs_rest;
}

}  // namespace

std::string TextOf(const Json& results) {
  std::string text = TableOf(RowsOf(results["cross_validations"]));
  for (const Json& failure : results["failed"])
    text += fmt::format("failed: {}: {}\n", failure["folder"].get<std::string>(), failure["reason"].get<std::string>());
  return text;
}

}  // namespace parotis::experiment
