// A Summary as JSON and as text for a terminal. Declared in evaluate/summary.h.
#include <fmt/format.h>

#include <algorithm>

#include "evaluate/json_values.h"
#include "evaluate/summary.h"

namespace parotis::evaluate {
namespace {

using base::Json;

Json ToJson(const Distribution& d) {
  return {{"mean", OrNull(d.mean)},     {"sd", OrNull(d.sd)},         {"n", d.n},
          {"undefined", d.undefined},   {"min", OrNull(d.minimum)},   {"q1", OrNull(d.quartile_1)},
          {"median", OrNull(d.median)}, {"q3", OrNull(d.quartile_3)}, {"max", OrNull(d.maximum)}};
}

Json ToJson(const LabelSummary& label) {
  return {{"dice", ToJson(label.dice)},
          {"dice_when_present", ToJson(label.dice_when_present)},
          {"nsd", ToJson(label.nsd)},
          {"hd95_mm", ToJson(label.hd95_mm)}};
}

Json ToJson(const OneVersusRest& table) {
  return {{"TP", table.true_positive},
          {"FP", table.false_positive},
          {"FN", table.false_negative},
          {"TN", table.true_negative},
          {"accuracy", evaluate::ToJson(table.accuracy())},
          {"sensitivity", evaluate::ToJson(table.sensitivity())},
          {"specificity", evaluate::ToJson(table.specificity())},
          {"ppv", evaluate::ToJson(table.ppv())},
          {"npv", evaluate::ToJson(table.npv())}};
}

Json ToJson(const Classification& c) {
  Json one_vs_rest = Json::object();
  for (const OneVersusRest& table : c.one_vs_rest) one_vs_rest[table.class_name] = ToJson(table);
  return {{"strict_accuracy", evaluate::ToJson(c.strict_accuracy)},
          {"balanced_accuracy",
           {{"estimate", OrNull(c.balanced_accuracy)},
            {"interval_95", evaluate::ToJson(c.balanced_accuracy_interval)},
            {"n", c.strict_accuracy.n}}},
          {"kappa",
           {{"estimate", OrNull(c.kappa)},
            {"interval_95", evaluate::ToJson(c.kappa_interval)},
            {"n", c.strict_accuracy.n}}},
          {"tumour_found", evaluate::ToJson(c.tumour_found)},
          {"tumour_free_specificity", evaluate::ToJson(c.tumour_free_correct)},
          {"one_vs_rest", one_vs_rest},
          {"confusion",
           {{"truths", c.confusion.truths}, {"predictions", c.confusion.predictions}, {"counts", c.confusion.counts}}}};
}

Json ToJson(const Calibration& c) {
  Json bins = Json::array();
  for (const ReliabilityBin& bin : c.bins) {
    bins.push_back({{"low", bin.low},
                    {"high", bin.high},
                    {"n", bin.n},
                    {"mean_confidence", OrNull(bin.mean_confidence)},
                    {"accuracy", OrNull(bin.accuracy)}});
  }
  return {{"n", c.n},
          {"without_probabilities", c.without_probabilities},
          {"brier", OrNull(c.brier)},
          {"ece", OrNull(c.ece)},
          {"bins", bins}};
}

std::string Text(double value, int digits = 3) {
  return std::isnan(value) ? std::string("n/a") : fmt::format("{:.{}f}", value, digits);
}

std::string Text(const Proportion& p) {
  if (p.n == 0) return "n/a (0 patients)";
  return fmt::format("{:.3f} [{:.3f}, {:.3f}] ({}/{})", p.estimate(), p.interval().low, p.interval().high, p.count,
                     p.n);
}

std::size_t WidthOf(const std::vector<std::string>& names, std::size_t least) {
  for (const std::string& name : names) least = std::max(least, name.size());
  return least;
}

std::string TextOf(const ConfusionMatrix& matrix) {
  const std::size_t first = WidthOf(matrix.truths, 5);
  std::string text = fmt::format("  {:<{}}", "truth", first);
  for (const std::string& name : matrix.predictions)
    text += fmt::format("  {:>{}}", name, std::max<std::size_t>(name.size(), 5));
  for (std::size_t t = 0; t < matrix.truths.size(); ++t) {
    text += fmt::format("\n  {:<{}}", matrix.truths[t], first);
    for (std::size_t p = 0; p < matrix.predictions.size(); ++p) {
      text += fmt::format("  {:>{}}", matrix.counts[t][p], std::max<std::size_t>(matrix.predictions[p].size(), 5));
    }
  }
  return text + "\n";
}

std::string DiceLine(const LabelSummary& label, std::size_t width) {
  return fmt::format(
      "  {:<{}}  {:>6} over {} cases ({} without the label in either map); {:>6} over the {} that have it\n",
      label.name, width, Text(label.dice.mean), label.dice.n, label.dice.undefined, Text(label.dice_when_present.mean),
      label.dice_when_present.n);
}

std::string OneVersusRestTable(const std::vector<OneVersusRest>& tables, std::size_t width) {
  std::string text =
      fmt::format("  {:<{}}  {:<29} {:<29} {:<29}\n", "", width, "accuracy", "sensitivity", "specificity");
  for (const OneVersusRest& table : tables) {
    text += fmt::format("  {:<{}}  {:<29} {:<29} {:<29}\n", table.class_name, width, Text(table.accuracy()),
                        Text(table.sensitivity()), Text(table.specificity()));
  }
  return text;
}

}  // namespace

Json ToJson(const Summary& summary) {
  Json labels = Json::object();
  for (const LabelSummary& label : summary.classes) labels[label.name] = ToJson(label);
  Json tumour = ToJson(summary.tumour);
  tumour["mean_dice_interval_95"] = ToJson(summary.tumour_dice_interval);
  tumour["volume_error_ml"] = ToJson(summary.volume_error_ml);
  tumour["absolute_volume_error_ml"] = ToJson(summary.absolute_volume_error_ml);
  return {{"cases", summary.cases},
          {"patients", summary.patients},
          {"classification", ToJson(summary.classification)},
          {"tumour", tumour},
          {"classes", labels},
          {"lesions",
           {{"TP", summary.lesions.true_positive},
            {"FP", summary.lesions.false_positive},
            {"FN", summary.lesions.false_negative},
            {"sensitivity", ToJson(summary.lesion_sensitivity)},
            {"false_per_case", OrNull(summary.false_lesions_per_case)}}},
          {"calibration", ToJson(summary.calibration)}};
}

std::string TextOf(const Summary& summary) {
  std::vector<std::string> names = {"tumour"};
  for (const LabelSummary& label : summary.classes) names.push_back(label.name);
  const std::size_t width = WidthOf(names, 6);
  const Classification& c = summary.classification;
  std::string text =
      fmt::format("{} patients, {} cases\n\nPatients with a tumour, 95 % intervals\n", summary.patients, summary.cases);
  text += fmt::format("  strict accuracy    {}\n", Text(c.strict_accuracy));
  text += fmt::format("  balanced accuracy  {} [{}, {}]\n", Text(c.balanced_accuracy),
                      Text(c.balanced_accuracy_interval.low), Text(c.balanced_accuracy_interval.high));
  text += fmt::format("  Cohen's kappa      {} [{}, {}]\n", Text(c.kappa), Text(c.kappa_interval.low),
                      Text(c.kappa_interval.high));
  text += fmt::format("  tumour found       {}\n", Text(c.tumour_found));
  text += fmt::format("Patients without a tumour\n  none found         {}\n\n", Text(c.tumour_free_correct));
  text += "One class against the other tumours\n" + OneVersusRestTable(c.one_vs_rest, width);
  text += "\nTruth in rows, prediction in columns\n" + TextOf(c.confusion);
  text += "\nDice\n" + DiceLine(summary.tumour, width);
  for (const LabelSummary& label : summary.classes) text += DiceLine(label, width);
  text +=
      fmt::format("  tumour NSD {}, HD95 {} mm (median), volume error {} ml (mean)\n", Text(summary.tumour.nsd.mean),
                  Text(summary.tumour.hd95_mm.median, 1), Text(summary.volume_error_ml.mean, 2));
  text += fmt::format("\nLesions: {} found, {} missed, {} invented\n", summary.lesions.true_positive,
                      summary.lesions.false_negative, summary.lesions.false_positive);
  if (summary.calibration.n > 0) {
    text += fmt::format("Calibration: Brier {}, ECE {} over {} patients ({} without probabilities)\n",
                        Text(summary.calibration.brier), Text(summary.calibration.ece), summary.calibration.n,
                        summary.calibration.without_probabilities);
  }
  return text;
}

}  // namespace parotis::evaluate
