#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "evaluate/paired_measures.h"
#include "evaluate/summary.h"
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
    if (whole.value("complete", true))
      row->figures.push_back(whole["figures"]);
    else
      ++row->incomplete;
  }
  return rows;
}

// One cross-validation: the figure and its interval. Several: mean and standard deviation over them.
std::string Cell(const std::vector<Json>& figures, const std::string& name, int digits = 2) {
  std::vector<double> values;
  for (const Json& each : figures) {
    if (!each[name].is_null() && !each[name]["value"].is_null()) values.push_back(each[name]["value"].get<double>());
  }
  if (values.empty()) return "–";
  if (figures.size() == 1) {
    const Json& interval = figures[0][name]["interval"];
    if (interval[0].is_null()) return fmt::format("{:.{}f}", values[0], digits);
    return fmt::format("{:.{}f} ({:.{}f} to {:.{}f})", values[0], digits, interval[0].get<double>(), digits,
                       interval[1].get<double>(), digits);
  }
  double mean = 0, square = 0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  for (const double value : values) square += (value - mean) * (value - mean);
  const double deviation = values.size() > 1 ? std::sqrt(square / static_cast<double>(values.size() - 1)) : 0;
  return fmt::format("{:.{}f} ± {:.{}f}", mean, digits, deviation, digits);
}

std::string DiceLine(const std::vector<Json>& figures) {
  std::vector<std::string> parts;
  for (const auto& [name, ignored] : figures[0]["dice"].items()) {
    std::vector<Json> of_label;
    of_label.reserve(figures.size());
    for (const Json& each : figures) of_label.push_back(each["dice"]);
    parts.push_back(name + " " + Cell(of_label, name, 3));
  }
  return fmt::format("{}", fmt::join(parts, "   "));
}

std::string OneVersusRestLine(const std::vector<Json>& figures) {
  std::vector<std::string> parts;
  for (const auto& [name, ignored] : figures[0]["one_vs_rest"].items()) {
    std::vector<Json> of_class;
    of_class.reserve(figures.size());
    for (const Json& each : figures) of_class.push_back(each["one_vs_rest"][name]);
    const auto mean = [&](const char* figure) -> std::string {
      double sum = 0;
      for (const Json& each : of_class) {
        if (each[figure].is_null() || each[figure]["value"].is_null()) return "–";
        sum += each[figure]["value"].get<double>();
      }
      return fmt::format("{:.2f}", sum / static_cast<double>(of_class.size()));
    };
    parts.push_back(fmt::format("{} {}/{}/{}", name, mean("accuracy"), mean("sensitivity"), mean("specificity")));
  }
  return fmt::format("{}", fmt::join(parts, "   "));
}

std::string CountOf(const Row& row) {
  return fmt::format("{}{}", row.figures.size(),
                     row.incomplete > 0 ? fmt::format(", {} unfinished", row.incomplete) : "");
}

std::string TableOfDiagnoses(const std::vector<Row>& rows, const char* counted) {
  std::string text = fmt::format("{:<28} {:<22} {:<22} {:<22} {}\n", "variant, contrast set", "strict accuracy",
                                 "balanced accuracy", "tumour Dice", counted);
  std::string one_vs_rest;
  for (const Row& row : rows) {
    const std::string name = row.variant + ", " + row.set;
    text += fmt::format("{:<28} {:<22} {:<22} {:<22} {}\n", name, Cell(row.figures, "strict_accuracy"),
                        Cell(row.figures, "balanced_accuracy"), Cell(row.figures, "tumour_dice"), CountOf(row));
    if (!row.figures.empty()) one_vs_rest += fmt::format("{:<28} {}\n", name, OneVersusRestLine(row.figures));
  }
  if (one_vs_rest.empty()) return text;
  return text + "\none-vs-rest accuracy/sensitivity/specificity\n" + one_vs_rest;
}

std::string TableOfParts(const std::vector<Row>& rows, const char* counted) {
  std::string text =
      fmt::format("{:<28} {:<18} {}\n", "variant, contrast set", counted, "Dice of each label, mean over patients");
  for (const Row& row : rows) {
    text += fmt::format("{:<28} {:<18} {}\n", row.variant + ", " + row.set, CountOf(row),
                        row.figures.empty() ? "–" : DiceLine(row.figures));
  }
  return text;
}

// Of labels that are parts of the body, and no diagnoses, there is no class to be right about.
std::string TableOf(const std::vector<Row>& rows, const char* counted) {
  const bool are_parts = std::any_of(rows.begin(), rows.end(), [](const Row& row) {
    return !row.figures.empty() && row.figures[0].value("labels_are", "") == evaluate::kParts;
  });
  return are_parts ? TableOfParts(rows, counted) : TableOfDiagnoses(rows, counted);
}

// A table for each further dataset.
std::string TestsOf(const Json& results) {
  std::vector<std::string> names;
  for (const Json& row : results["tests"]) {
    const auto name = row["test"].get<std::string>();
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  std::string text;
  for (const std::string& name : names) {
    Json rows = Json::array();
    for (const Json& row : results["tests"])
      if (row["test"] == name) rows.push_back(row);
    text += fmt::format("\nfinal models on the other patients of {}\n{}", name, TableOf(RowsOf(rows), "final models"));
  }
  return text;
}

std::string Number(const Json& value, const char* format) {
  return value.is_null() ? "–" : fmt::format(fmt::runtime(format), value.get<double>());
}

// "diffusion − structural   +0.12 (+0.03 to +0.20)   0.012   0.084"
std::string DifferenceLine(const Json& comparison, const char* measure) {
  if (!comparison.contains(measure)) return {};
  const Json& m = comparison[measure];
  const std::string pair = comparison["first"].get<std::string>() + " − " + comparison["second"].get<std::string>();
  const std::string difference =
      fmt::format("{} ({} to {})", Number(m["difference"], "{:+.3f}"), Number(m["interval_95"][0], "{:+.3f}"),
                  Number(m["interval_95"][1], "{:+.3f}"));
  return fmt::format("  {:<42} {:<28} {:<9} {}\n", pair, difference, Number(m["p"], "{:.4f}"),
                     Number(m["p_holm"], "{:.4f}"));
}

std::string GroupOf(const Json& group, const std::string& training) {
  const bool of_sets = group.contains("variant");
  const bool has_classes = group["comparisons"][0].contains(evaluate::kStrictAccuracy);
  std::string text =
      fmt::format("\n{} of {}{}: difference in {}, p, p corrected (Holm)\n", group["of"].get<std::string>(),
                  group[of_sets ? "variant" : "contrast_set"].get<std::string>(), training,
                  has_classes ? "strict accuracy" : "Dice of any label");
  for (const Json& comparison : group["comparisons"])
    text += DifferenceLine(comparison, has_classes ? evaluate::kStrictAccuracy : evaluate::kTumourDice);
  return text;
}

// Where there are several trainings their mean speaks; single ones are in the file.
std::string ComparisonsOf(const Json& results) {
  std::string text;
  for (const Json& group : results["over_trainings"]) text += GroupOf(group, ", mean over trainings");
  if (!text.empty()) return text;
  for (const Json& group : results["comparisons"]) text += GroupOf(group, "");
  return text;
}

}  // namespace

std::string TextOf(const Json& results) {
  std::string text =
      TableOf(RowsOf(results["cross_validations"]), "cross-validations") + ComparisonsOf(results) + TestsOf(results);
  for (const Json& failure : results["failed"])
    text += fmt::format("failed: {}: {}\n", failure["folder"].get<std::string>(), failure["reason"].get<std::string>());
  return text;
}

}  // namespace parotis::experiment
