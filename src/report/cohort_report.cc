#include "report/cohort_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/build_info.h"
#include "base/error.h"
#include "base/files.h"
#include "evaluate/comparison.h"
#include "evaluate/summary.h"
#include "report/html.h"
#include "report/plots.h"
#include "report/row_plots.h"

namespace parotis::report {
namespace {

using evaluate::CaseResult;
using evaluate::Evaluation;
using evaluate::Interval;
using evaluate::Proportion;
using evaluate::Summary;

constexpr std::size_t kHardest = 15;

std::string IntervalText(const Interval& interval, int digits = 2) {
  return fmt::format("{} to {}", Number(interval.low, digits), Number(interval.high, digits));
}

std::string Cell(const std::string& html, const char* style = "n") {
  return fmt::format(R"(<td class="{}">{}</td>)", style, html);
}

std::string ProportionCell(const Proportion& p) {
  if (p.n == 0) return Cell("n/a");
  return Cell(fmt::format(R"(<b>{}</b> <span class="soft"><span class="nowrap">{}</span> ({}/{})</span>)",
                          Number(p.estimate(), 2), IntervalText(p.interval()), p.count, p.n));
}

// The first `texts` columns are words, the rest numbers.
std::string Header(const std::vector<std::string>& names, std::size_t texts = 1) {
  std::string html = "<tr>";
  for (std::size_t i = 0; i < names.size(); ++i) {
    html += fmt::format("<th{}>{}</th>", i < texts ? "" : R"( class="n")", names[i]);
  }
  return html + "</tr>\n";
}

std::string Table(const std::string& rows) { return R"(<div class="scroll"><table>)" + rows + "</table></div>\n"; }

std::string Row(const std::string& name, const std::string& cells) {
  return fmt::format("<tr><td>{}</td>{}</tr>\n", name, cells);
}

std::string EstimateCell(double estimate, const Interval& interval) {
  return Cell(fmt::format(R"(<b>{}</b> <span class="soft">{}</span>)", Number(estimate, 2), IntervalText(interval)));
}

std::string Headline(const Summary& s, const std::optional<PublishedFigures>& published) {
  const evaluate::Classification& c = s.classification;
  std::string rows = Row("Strict accuracy, patients with a tumour", ProportionCell(c.strict_accuracy));
  if (published && published->strict_accuracy_range) {
    const auto& range = *published->strict_accuracy_range;
    rows += Row(R"(<span class="soft">the same, derived from the published table</span>)",
                Cell(fmt::format(R"(<span class="soft">{} to {}</span>)", Number(range[0], 2), Number(range[1], 2))));
  }
  rows += Row("Balanced accuracy", EstimateCell(c.balanced_accuracy, c.balanced_accuracy_interval));
  rows += Row("Cohen's kappa", EstimateCell(c.kappa, c.kappa_interval));
  rows += Row("Tumour found, patients with a tumour", ProportionCell(c.tumour_found));
  rows += Row("None found, patients without a tumour", ProportionCell(c.tumour_free_correct));
  rows += Row("Tumour Dice, mean over patients with a tumour",
              EstimateCell(s.tumour.dice_when_present.mean, s.tumour_dice_interval));
  rows += Row("Lesions found", ProportionCell(s.lesions.sensitivity));
  rows += Row("Lesions invented, per case", Cell(Number(s.lesions.false_per_case, 2)));
  return Table(rows);
}

std::string OneVersusRest(const Summary& s, const Evaluation& run, const std::optional<PublishedFigures>& published) {
  std::string rows = Header({"Class", "Accuracy", "Sensitivity", "Specificity", "PPV", "NPV"});
  bool any_published = false;
  for (const evaluate::OneVersusRest& table : s.classification.one_vs_rest) {
    rows += Row(Readable(table.class_name), ProportionCell(table.accuracy()) + ProportionCell(table.sensitivity()) +
                                                ProportionCell(table.specificity()) + ProportionCell(table.ppv()) +
                                                ProportionCell(table.npv()));
    if (!published || !published->one_vs_rest.contains(table.class_name)) continue;
    const PublishedClass& other = published->one_vs_rest.at(table.class_name);
    const auto soft = [](double value) { return Cell(Number(value, 2), "n soft"); };
    rows += Row(R"(<span class="soft">published</span>)",
                soft(other.accuracy) + soft(other.sensitivity) + soft(other.specificity) + Cell("") + Cell(""));
    any_published = true;
  }
  std::string html = "<h3>One class against the other tumours</h3>\n" + Table(rows);
  if (any_published) {
    html += fmt::format("<p><b>{}</b></p>\n<p class=\"soft\">Published: {}</p>\n",
                        Escape(ComparabilitySentence(run.origin, published->patients)), Escape(published->citation));
  }
  return html +
         "<p class=\"soft\">Per patient, with 95 % Wilson intervals. No tumour found counts as not this class.</p>\n";
}

std::string Confusion(const evaluate::ConfusionMatrix& matrix) {
  std::vector<std::string> header = {"Truth"};
  for (const std::string& name : matrix.predictions) header.push_back(Readable(name));
  std::string rows = Header(header);
  for (std::size_t t = 0; t < matrix.truths.size(); ++t) {
    std::string cells;
    for (std::size_t p = 0; p < matrix.predictions.size(); ++p) {
      cells += Cell(std::to_string(matrix.counts[t][p]), matrix.truths[t] == matrix.predictions[p] ? "n hit" : "n");
    }
    rows += Row(Readable(matrix.truths[t]), cells);
  }
  return "<h3>Truth and prediction, patients</h3>\n" + Table(rows);
}

std::string Dice(const Summary& s, const Evaluation& run) {
  std::vector<ChartGroup> groups = {{"tumour", {}}};
  for (const std::string& name : run.classes) groups.push_back({name, {}});
  for (const CaseResult& result : run.cases) {
    groups[0].values.push_back(evaluate::DiceOf(result.tumour.overlap));
    for (std::size_t c = 0; c < run.classes.size(); ++c)
      groups[c + 1].values.push_back(evaluate::DiceOf(result.classes[c].overlap));
  }
  std::string rows = Header(
      {"Label", "Dice, mean ± SD", "n", "in neither map", "Dice where present", "n", "NSD", "HD95, mm (median)"});
  const auto row = [](const evaluate::LabelSummary& l) {
    return Row(Readable(l.name), Cell(Number(l.dice.mean, 3) + " ± " + Number(l.dice.sd, 3)) +
                                     Cell(std::to_string(l.dice.n)) + Cell(std::to_string(l.dice.undefined)) +
                                     Cell(Number(l.dice_when_present.mean, 3)) +
                                     Cell(std::to_string(l.dice_when_present.n)) + Cell(Number(l.nsd.mean, 3)) +
                                     Cell(Number(l.hd95_mm.median, 1)));
  };
  rows += row(s.tumour);
  for (const evaluate::LabelSummary& label : s.classes) rows += row(label);
  return "<h3>Dice per case</h3>\n" + SvgOf(DotPlot(groups, "Dice; box: quartiles, line: median")) + Table(rows) +
         fmt::format(
             "<p class=\"soft\">A label in neither map has no Dice and is left out; a label in one map only has Dice "
             "0. NSD: share of both "
             "surfaces within {} mm of each other. Volume error, cases with a tumour: {} ml on average, {} ml without "
             "the sign.</p>\n",
             Number(run.surface_tolerance_mm, 1), Number(s.volume_error_ml.mean, 2),
             Number(s.absolute_volume_error_ml.mean, 2));
}

std::string CalibrationPart(const evaluate::Calibration& calibration) {
  std::string html = "<h3>Calibration</h3>\n";
  if (calibration.n == 0) return html + "<p>No class probabilities were given.</p>\n";
  html += SvgOf(ReliabilityPlot(calibration));
  return html + fmt::format(
                    "<p>Brier score {}, expected calibration error {} over {} patients with a tumour; {} had no "
                    "probabilities.</p>\n"
                    "<p class=\"soft\">A dot on the diagonal says what it means. Larger dots: more patients; "
                    "bars: 95 % intervals.</p>\n",
                    Number(calibration.brier, 3), Number(calibration.ece, 3), calibration.n,
                    calibration.without_probabilities);
}

std::string CaseRow(const CaseResult& result, bool has_diagnoses) {
  const bool is_right = result.verdict.predicted == result.truth ||
                        (result.truth == dataset::kTumourFree && result.verdict.predicted == evaluate::kNoTumourFound);
  const std::string said = Cell(Readable(result.truth), "") +
                           Cell(fmt::format("{}{}", is_right ? "" : "✗ ", Readable(result.verdict.predicted)), "");
  return Row(Escape(result.case_id),
             (has_diagnoses ? said : "") + Cell(Number(evaluate::DiceOf(result.tumour.overlap), 3)) +
                 Cell(Number(result.reference_ml(), 2)) + Cell(Number(result.predicted_ml(), 2)) +
                 Cell(Number(result.tumour.surface.hd95_mm, 1)));
}

// Lowest Dice first; cases without one come last.
std::string Cases(const Evaluation& run, bool has_diagnoses) {
  std::vector<const CaseResult*> order;
  order.reserve(run.cases.size());
  for (const CaseResult& result : run.cases) order.push_back(&result);
  const auto difficulty = [](const CaseResult* result) {
    const double dice = evaluate::DiceOf(result->tumour.overlap);
    return std::isnan(dice) ? 2.0 : dice;
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](const CaseResult* a, const CaseResult* b) { return difficulty(a) < difficulty(b); });
  const std::string dice = has_diagnoses ? "Tumour Dice" : "Dice, all labels together";
  std::vector<std::string> columns = {"Case"};
  if (has_diagnoses) columns.insert(columns.end(), {"Truth", "Predicted"});
  const std::size_t texts = columns.size();
  columns.insert(columns.end(), {dice, "True ml", "Predicted ml", "HD95, mm"});
  const std::string header = Header(columns, texts);
  std::string hardest = header;
  std::string all = header;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::string row = CaseRow(*order[i], has_diagnoses);
    if (i < kHardest) hardest += row;
    all += row;
  }
  std::string html = fmt::format("<h3>Hardest cases</h3>\n<p class=\"soft\">The {} of lowest Dice.</p>\n",
                                 std::min(kHardest, order.size())) +
                     Table(hardest);
  return order.size() <= kHardest
             ? html
             : html + fmt::format("<details><summary>All {} cases</summary>\n{}</details>\n", order.size(), Table(all));
}

std::string LeftOutPart(const Evaluation& run) {
  std::string html;
  if (run.cases_without_prediction > 0) {
    html += fmt::format("<li><b>not evaluated.</b> {} labelled cases of the dataset have no prediction.</li>",
                        run.cases_without_prediction);
  }
  for (const evaluate::LeftOut& item : run.left_out)
    html += fmt::format("<li><b>left out {}.</b> {}</li>", Escape(item.case_id), Escape(item.reason));
  return html.empty() ? html : "<ul class=\"flags\">" + html + "</ul>\n";
}

std::string Diagnoses(const Summary& s, const Evaluation& run, const std::optional<PublishedFigures>& published) {
  return Headline(s, published) + OneVersusRest(s, run, published) + Confusion(s.classification.confusion) +
         Dice(s, run) + CalibrationPart(s.calibration);
}

std::string Parts(const Summary& s, const Evaluation& run) {
  return fmt::format("<p>{}</p>\n", evaluate::kPartsSentence) + Dice(s, run);
}

std::string Section(const Evaluation& run, const Summary& s, const std::optional<PublishedFigures>& published) {
  std::string hashes;
  for (const std::string& hash : run.bundle_hashes) hashes += (hashes.empty() ? "" : ", ") + Escape(hash.substr(0, 16));
  return fmt::format(
             "<h2>{}</h2>\n<dl><dt>Dataset</dt><dd>{}: {}</dd><dt>Patients</dt><dd>{}, in {} cases</dd><dt>Models, "
             "SHA-256</dt><dd>{}</dd></dl>\n",
             Escape(run.name), Escape(run.dataset_name), Escape(run.dataset_description), s.patients, s.cases,
             hashes.empty() ? "not recorded" : hashes) +
         LeftOutPart(run) + (s.labels_are_diagnoses ? Diagnoses(s, run, published) : Parts(s, run)) +
         Cases(run, s.labels_are_diagnoses);
}

// A measure that the runs do not have is n/a.
std::string DifferenceCell(const evaluate::Comparison& comparison, const char* measure) {
  const evaluate::PairedMeasure* one = comparison.Find(measure);
  return one == nullptr ? Cell("n/a") : EstimateCell(one->difference, one->interval);
}

std::string PCell(const evaluate::Comparison& comparison, const char* measure) {
  const evaluate::PairedMeasure* one = comparison.Find(measure);
  return Cell(one == nullptr ? std::string("n/a") : Number(one->p, 3));
}

std::string ComparisonRow(const Evaluation& first, const Evaluation& other) {
  try {
    const evaluate::Comparison c = evaluate::Compare(first, other);
    const std::string cells = DifferenceCell(c, evaluate::kStrictAccuracy) + PCell(c, evaluate::kStrictAccuracy) +
                              DifferenceCell(c, evaluate::kBalancedAccuracy) +
                              DifferenceCell(c, evaluate::kTumourDice) + PCell(c, evaluate::kTumourDice);
    return Row(fmt::format("{} − {}", Escape(first.name), Escape(other.name)), cells);
  } catch (const base::Error& error) {
    return Row(fmt::format("{} − {}", Escape(first.name), Escape(other.name)),
               fmt::format("<td colspan=\"5\">{}</td>", Escape(error.message())));
  }
}

std::string Comparisons(const std::vector<Evaluation>& runs) {
  if (runs.size() < 2) return {};
  std::string rows =
      Header({"Paired difference", "Strict accuracy", "McNemar p", "Balanced accuracy", "Tumour Dice", "Wilcoxon p"});
  for (std::size_t r = 1; r < runs.size(); ++r) rows += ComparisonRow(runs[0], runs[r]);
  return "<h2>The same patients, two runs</h2>\n" + Table(rows);
}

}  // namespace

std::string ComparabilitySentence(evaluate::Origin origin, const std::string& published_patients) {
  if (origin == evaluate::Origin::kSynthetic) {
    return fmt::format(
        "These are synthetic patients, while the published figures were measured on {}: the numbers stand beside each "
        "other for "
        "orientation only and say nothing about which system is better.",
        published_patients);
  }
  return fmt::format(
      "Not comparable: the dataset does not say where its patients come from, and the published figures were measured "
      "on {}.",
      published_patients);
}

std::string CohortReportHtml(const CohortReportInput& input) {
  std::string body = "<h1>Evaluation</h1>\n" + fmt::format("<p class=\"soft\">{} · parotis {}</p>\n",
                                                           Escape(input.date), Escape(base::BuildId()));
  const bool has_synthetic = std::any_of(input.runs.begin(), input.runs.end(), [](const Evaluation& run) {
    return run.origin == evaluate::Origin::kSynthetic;
  });
  if (has_synthetic) {
    body +=
        "<ul class=\"flags\"><li><b>synthetic patients.</b> The figures of the datasets marked so describe a "
        "simulation, not clinical performance.</li></ul>\n";
  }
  body += Comparisons(input.runs);
  for (const Evaluation& run : input.runs) body += Section(run, evaluate::Summarise(run), input.published);
  return Page("parotis: evaluation", body);
}

void WriteCohortReport(const std::filesystem::path& path, const CohortReportInput& input) {
  base::WriteFile(path, CohortReportHtml(input));
}

}  // namespace parotis::report
