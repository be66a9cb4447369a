// Comparisons as text for a terminal, at most 100 columns wide. Declared in evaluate/comparison.h.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "evaluate/comparison.h"

namespace parotis::evaluate {
namespace {

std::string Text(double value, int digits = 3) {
  return std::isnan(value) ? std::string("n/a") : fmt::format("{:.{}f}", value, digits);
}

std::string Signed(double value, int digits = 3) {
  return std::isnan(value) ? std::string("n/a") : fmt::format("{:+.{}f}", value, digits);
}

std::string PText(double p) {
  if (std::isnan(p)) return "n/a";
  return p < 0.0001 ? std::string("<0.0001") : fmt::format("{:.4f}", p);
}

std::string CountText(double count) {
  if (std::isnan(count)) return "n/a";
  return count >= 1e6 ? std::string("> 1e6") : fmt::format("{:.0f}", count);
}

std::string Row(const PairedMeasure& m, std::size_t width) {
  return fmt::format("  {:<{}} {:>6} {:>6} {:>7} {:<18} {:>7} {:>7} {:>6} {:>6}\n", m.name, width, Text(m.first),
                     Text(m.second), Signed(m.difference),
                     fmt::format("[{}, {}]", Signed(m.interval.low, 2), Signed(m.interval.high, 2)), PText(m.p),
                     PText(m.p_holm), Text(m.detectable.difference, 2), CountText(m.detectable.patients_needed));
}

std::string LeftOutLines(const Comparison& c) {
  std::set<std::string> lines;
  for (const PairedMeasure& m : c.measures) {
    if (m.left_out > 0)
      lines.insert(fmt::format("  {} of {} left out: {}\n", m.left_out, m.n + m.left_out, m.left_out_reason));
  }
  return fmt::format("{}", fmt::join(lines, ""));
}

std::string FoldLines(const Comparison& c) {
  std::string text;
  for (const PairedMeasure& m : c.measures) {
    if (!m.over_folds) continue;
    const CorrectedResampled& t = *m.over_folds;
    text += fmt::format("    {} {} [{}, {}] p {}\n", m.name, Signed(t.mean), Signed(t.interval.low, 2),
                        Signed(t.interval.high, 2), PText(t.p));
  }
  return text.empty() ? text
                      : "  means over folds, corrected for shared training patients (Nadeau and Bengio)\n" + text;
}

}  // namespace

std::string TextOf(const Comparison& c) {
  std::size_t width = 7;
  for (const PairedMeasure& m : c.measures) width = std::max(width, m.name.size());
  std::string text = fmt::format("{} minus {}, {} patients, {} with a tumour\n", c.first_name, c.second_name,
                                 c.patients, c.strict.n());
  text += fmt::format("  {:<{}} {:>6} {:>6} {:>7} {:<18} {:>7} {:>7} {:>6} {:>6}\n", "measure", width, "first",
                      "second", "diff.", "95 % interval", "p", "Holm", "least", "needed");
  for (const PairedMeasure& m : c.measures) text += Row(m, width);
  if (c.Find(kStrictAccuracy) != nullptr)
    text += fmt::format("  class right in both {}, only the first {}, only the second {}, neither {}\n", c.strict.both,
                        c.strict.only_first, c.strict.only_second, c.strict.neither);
  return text + LeftOutLines(c) + FoldLines(c);
}

std::string TextOf(const ComparisonSet& set) {
  std::string text;
  for (const Comparison& comparison : set.pairs) text += TextOf(comparison) + "\n";
  std::set<std::string> measures;
  for (const Hypothesis& hypothesis : set.family) measures.insert(hypothesis.measure);
  text += fmt::format("Holm: over {} tests ({} pairs of runs; {})\n", set.family.size(), set.pairs.size(),
                      fmt::join(measures, ", "));
  text += fmt::format(
      "least: the smallest true difference that {:.0f} % of studies of this size would find; a smaller one is\n"
      "neither shown nor excluded. needed: patients to find the observed difference.\n",
      100 * kPower);
  if (set.folds == 0) text += fmt::format("No means over folds: {}\n", set.why_no_folds);
  return text;
}

}  // namespace parotis::evaluate
