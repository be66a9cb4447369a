// A Summary as text for a terminal, at most 100 columns wide. Declared in evaluate/summary.h.
#include <fmt/format.h>

#include <algorithm>

#include "evaluate/summary.h"

namespace parotis::evaluate {
namespace {

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
  return fmt::format("  {:<{}}  {:>5} over {} cases ({} in neither map left out); {:>5} over the {} that have it\n",
                     label.name, width, Text(label.dice.mean), label.dice.n, label.dice.undefined,
                     Text(label.dice_when_present.mean), label.dice_when_present.n);
}

// As Text, short enough for three beside a class name in 100 columns.
std::string ShortText(const Proportion& p) {
  if (p.n == 0) return "n/a (0 patients)";
  return fmt::format("{:.2f} [{:.2f}, {:.2f}] {}/{}", p.estimate(), p.interval().low, p.interval().high, p.count, p.n);
}

std::string OneVersusRestTable(const std::vector<OneVersusRest>& tables, std::size_t width) {
  const auto row = [width](const std::string& name, const std::vector<std::string>& cells) {
    return fmt::format("  {:<{}}  {}\n", name, width, fmt::join(cells, "  "));
  };
  const auto cell = [](const std::string& text) { return fmt::format("{:<24}", text); };
  std::string text = row("", {cell("accuracy"), cell("sensitivity"), cell("specificity")});
  for (const OneVersusRest& table : tables) {
    text += row(table.class_name, {cell(ShortText(table.accuracy())), cell(ShortText(table.sensitivity())),
                                   cell(ShortText(table.specificity()))});
  }
  text += row("", {cell("PPV"), cell("NPV")});
  for (const OneVersusRest& table : tables) {
    text += row(table.class_name, {cell(ShortText(table.ppv())), cell(ShortText(table.npv()))});
  }
  return text;
}

std::string Text(const Interval& interval, int digits = 3) {
  return fmt::format("[{}, {}]", Text(interval.low, digits), Text(interval.high, digits));
}

std::string SensitivitiesAtSpecificities(const RocCurve& roc) {
  std::vector<std::string> parts;
  parts.reserve(roc.operating_points.size());
  for (const OperatingPoint& point : roc.operating_points) parts.push_back(Text(point.sensitivity.estimate(), 2));
  return parts.empty() ? std::string("n/a") : fmt::format("{}", fmt::join(parts, " / "));
}

std::string DiscriminationText(const Discrimination& d, std::size_t width) {
  if (d.n == 0) return fmt::format("Class probabilities: none given ({} patients)\n", d.without_probabilities);
  std::string text = fmt::format(
      "Class probabilities, {} patients with a tumour ({} score 0: no tumour found; {} left out: none given)\n", d.n,
      d.scored_zero, d.without_probabilities);
  text += fmt::format("  {:<{}}  {:<18}  {:<30}  sensitivity at specificity\n", "", width, "AUC",
                      "average precision (prevalence)");
  text += fmt::format("  {:<{}}  {:<18}  {:<30}  0.80 / 0.85 / 0.90\n", "", width, "", "");
  for (const ClassDiscrimination& one : d.classes) {
    const PrecisionRecall& pr = one.precision_recall;
    text +=
        fmt::format("  {:<{}}  {:<18}  {:<30}  {}\n", one.class_name, width,
                    Text(one.roc.auc) + " " + Text(one.roc.interval.interval, 2),
                    fmt::format("{} {} ({})", Text(pr.average_precision), Text(pr.interval, 2), Text(pr.prevalence, 2)),
                    SensitivitiesAtSpecificities(one.roc));
  }
  return text + fmt::format("  mean over pairs of classes (Hand and Till) {} {}; over the {} found {}\n",
                            Text(d.mean_auc), Text(d.mean_auc_interval), d.n_found, Text(d.mean_auc_when_found));
}

std::string CalibrationText(const Calibration& c) {
  if (c.n == 0) return {};
  return fmt::format(
      "Calibration, {} patients ({} without probabilities): Brier {}, ECE {}, with equal counts {}\n"
      "  of the likeliest class: slope {} {}, intercept {} {}\n",
      c.n, c.without_probabilities, Text(c.brier), Text(c.ece), Text(c.adaptive_ece), Text(c.slope, 2),
      Text(c.slope_interval, 2), Text(c.intercept, 2), Text(c.intercept_interval, 2));
}

std::string PartLine(const std::string& name, const LabelSummary& label, const Interval& interval, std::size_t width) {
  return fmt::format("  {:<{}}  {} {}  {:>5}  {:>5}  {:>5}  {:>5}\n", name, width, Text(label.dice.mean),
                     Text(interval), Text(label.nsd.mean), Text(label.hd95_mm.median, 1), label.dice.n,
                     label.dice.undefined);
}

std::string TextOfParts(const Summary& summary) {
  std::vector<std::string> names = {"any label"};
  for (const LabelSummary& label : summary.classes) names.push_back(label.name);
  const std::size_t width = WidthOf(names, 6);
  std::string text = fmt::format("{}\n\n", kPartsSentence);
  text += fmt::format("  {:<{}}  {:<20}  {:>5}  {:>5}  {:>5}  {}\n", "", width, "Dice (mean)", "NSD", "HD95", "cases",
                      "in neither map, left out");
  for (const LabelSummary& label : summary.classes) text += PartLine(label.name, label, label.dice_interval, width);
  text += PartLine(names[0], summary.tumour, summary.tumour_dice_interval, width);
  return text + fmt::format("  95 % intervals over patients. NSD: mean. HD95: median, mm.\n");
}

std::string TextOfDiagnoses(const Summary& summary) {
  std::vector<std::string> names = {"tumour"};
  for (const LabelSummary& label : summary.classes) names.push_back(label.name);
  const std::size_t width = WidthOf(names, 6);
  const Classification& c = summary.classification;
  std::string text = "Patients with a tumour, 95 % intervals\n";
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
  text += fmt::format("  tumour, mean over patients with one: Dice interval {}, NSD interval {}\n",
                      Text(summary.tumour_dice_interval), Text(summary.tumour_nsd_interval));
  text += fmt::format("  tumour NSD {} (mean), HD95 {} mm (median, {}), volume error {} ml (mean)\n",
                      Text(summary.tumour.nsd.mean), Text(summary.tumour.hd95_mm.median, 1),
                      Text(summary.tumour_hd95_interval_mm, 1), Text(summary.volume_error_ml.mean, 2));
  text += "\n" + TextOf(summary.lesions);
  return text + "\n" + DiscriminationText(summary.discrimination, width) + CalibrationText(summary.calibration);
}

}  // namespace

std::string TextOf(const Summary& summary) {
  std::vector<std::string> classes;
  classes.reserve(summary.classes.size());
  for (const LabelSummary& label : summary.classes) classes.push_back(label.name);
  return fmt::format("{} patients, {} cases\n\n", summary.patients, summary.cases) +
         (summary.labels_are_diagnoses ? TextOfDiagnoses(summary) : TextOfParts(summary)) +
         TextOf(summary.subgroups, classes);
}

}  // namespace parotis::evaluate
