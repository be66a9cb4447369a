#include "audit/audit_page.h"

#include <fmt/format.h>

#include <cmath>

#include "audit/density_chart.h"
#include "evaluate/statistics.h"
#include "physics/contact_sheet.h"
#include "report/html.h"
#include "report/slice_picture.h"

namespace parotis::audit {
namespace {

using report::Escape;
using report::Number;
using report::Readable;

std::string PlusMinus(const MeanSd& moments, int digits) {
  return Number(moments.mean, digits) + " ± " + Number(moments.sd, digits);
}

std::string AucSentence(const QuantityAudit& quantity) {
  std::string text;
  for (const phantom::PairAuc& pair : quantity.auc) {
    text += fmt::format("{}{} above {} {}", text.empty() ? "AUC: " : ", ", Readable(pair.higher), Readable(pair.lower),
                        Number(pair.auc, 2));
  }
  return text;
}

std::string QuantitySection(const QuantityAudit& quantity) {
  const std::string unit = quantity.unit.empty() ? "" : ", " + Escape(quantity.unit);
  std::string html = fmt::format(
      "<h3>{}{}</h3>\n<div class=\"scroll\"><table><tr><th>class</th><th class=\"n\">prior</th>"
      "<th class=\"n\">drawn</th><th class=\"n\">measured</th><th class=\"n\">n</th>"
      "<th class=\"n\">too small</th></tr>\n",
      Escape(quantity.name), unit);
  for (const Realised& realised : quantity.classes) {
    html += fmt::format(
        "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>"
        "<td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
        Readable(realised.tumour), PlusMinus(realised.target, quantity.digits),
        PlusMinus(realised.drawn, quantity.digits), PlusMinus(realised.measured, quantity.digits),
        realised.values.size(), realised.not_measured);
  }
  html += "</table></div>\n" + DensityChart(quantity);
  return html + "<p class=\"soft\">" + AucSentence(quantity) + "</p>\n";
}

std::string SharesSection(const CohortAudit& audit) {
  std::string html =
      "<h2>Who, where and what it looks like</h2>\n<div class=\"scroll\"><table><tr><th></th><th>class</th>"
      "<th class=\"n\">prior</th><th class=\"n\">realised</th><th>95 % interval</th></tr>\n";
  for (const ShareAudit& share : audit.shares) {
    const evaluate::Proportion proportion = {share.count, share.n};
    const evaluate::Interval interval = proportion.interval();
    html += fmt::format(
        "<tr><td>{}</td><td>{}</td><td class=\"n\">{} %</td><td class=\"n\">{} %</td><td>{}–{} %</td></tr>\n",
        Escape(share.name), Readable(share.tumour), Number(100 * share.prior, 1),
        Number(100 * proportion.estimate(), 1), Number(100 * interval.low, 1), Number(100 * interval.high, 1));
  }
  return html + "</table></div>\n";
}

std::string OracleSection(const phantom::Oracle& oracle) {
  std::string html = fmt::format(
      "<h2>Oracle</h2>\n<p>Strict accuracy of a reader who is told the tumours' true drawn values ({} draws, no "
      "images), and recall of every class. No model can be better than this on this cohort, but by leakage.</p>\n"
      "<div class=\"scroll\"><table><tr><th>told</th><th class=\"n\">accuracy</th><th>95 % interval</th>",
      oracle.draws);
  for (const std::string& name : oracle.classes) html += "<th class=\"n\">" + Readable(name) + "</th>";
  html += "</tr>\n";
  for (const phantom::OracleRow& row : oracle.rows) {
    html += fmt::format("<tr><td>{}</td><td class=\"n\">{}</td><td>{}–{}</td>", Escape(row.name),
                        Number(row.strict_accuracy, 3), Number(row.interval_95[0], 3), Number(row.interval_95[1], 3));
    for (const double recall : row.recall) html += "<td class=\"n\">" + Number(recall, 2) + "</td>";
    html += "</tr>\n";
  }
  return html + "</table></div>\n";
}

std::string AcquisitionSection(const CohortAudit& audit, const IntensityReading& reading) {
  const auto n = static_cast<double>(audit.patients);
  std::string html = "<h2>Images</h2>\n<dl>";
  const auto entry = [&](const std::string& name, const std::string& value) {
    html += "<dt>" + name + "</dt><dd>" + value + "</dd>";
  };
  entry("at 3 T", fmt::format("{} of {}", audit.at_3t, audit.patients));
  entry("diffusion unusable", fmt::format("{} of {} ({} %)", audit.unusable, audit.patients,
                                          Number(100 * static_cast<double>(audit.unusable) / n, 1)));
  entry("signal to noise of an average tumour",
        fmt::format("b 0: {}, b 1000: {} (means)", Number(evaluate::MeanOf(audit.snr_b0), 1),
                    Number(evaluate::MeanOf(audit.snr_b1000), 1)));
  entry("echo-planar shift at the lesion", fmt::format("median {} mm, 90th percentile {} mm, largest {} mm",
                                                       Number(evaluate::PercentileOf(audit.shift_mm, 0.5), 1),
                                                       Number(evaluate::PercentileOf(audit.shift_mm, 0.9), 1),
                                                       Number(evaluate::PercentileOf(audit.shift_mm, 1), 1)));
  if (reading.tested_on > 0) {
    entry("tumour found by grey values alone",
          fmt::format("Dice {} on {} patients (logistic regression on single voxels, trained on {} others: {})",
                      Number(reading.test_dice, 2), reading.tested_on, reading.trained_on,
                      Number(reading.train_dice, 2)));
  }
  return html + "</dl>\n";
}

std::string PicturesSection(const std::vector<ShownCase>& shown) {
  std::string html =
      "<h2>Pictures</h2>\n<p>Noisy images as the network gets them, at the slice with most tumour, on "
      "T2's grid; the true outline in the first. Diffusion images are not corrected: what lies elsewhere "
      "than in T2 is distortion and motion.</p>\n";
  for (const ShownCase& one : shown) {
    const image::LabelVolume& truth = *one.examination.truth;
    const std::int64_t slice = physics::TellingSlice(one.examination);
    const image::LabelVolume no_outline(truth.geometry);
    html += "<h3>" + Escape(one.heading) + (one.unusable_diffusion ? ", diffusion unusable" : "") +
            "</h3>\n<div class=\"strip\">\n";
    for (std::size_t c = 0; c < one.examination.channels.size(); ++c) {
      const std::string& name = one.examination.channel_names[c];
      html += "<figure>" +
              report::SliceSvg(one.examination.channels[c], slice, c == 0 ? truth : no_outline, {},
                               one.heading + ", " + name) +
              "<figcaption>" + Escape(name) + "</figcaption></figure>\n";
    }
    html += "</div>\n";
  }
  return html;
}

constexpr const char* kStyle =
    "<style>.strip{display:grid;grid-template-columns:repeat(5,minmax(0,1fr));gap:.3rem;background:#000;padding:.3rem}"
    ".strip figure{margin:0}.strip figcaption{color:#ccc}.strip svg{width:100%;height:auto}</style>\n";

}  // namespace

std::string AuditPage(const CohortAudit& audit, const IntensityReading& reading, const std::vector<ShownCase>& shown,
                      const std::string& command) {
  std::string body = kStyle;
  body += fmt::format(
      "<h1>What the synthetic cohort is</h1>\n<p><b>Synthetic.</b> {} patients were drawn with seed {}; nobody was "
      "scanned. The page says what was realised beside what was asked for, so that one can judge what results on this "
      "cohort are worth. They are worth nothing about patients.</p>\n<p class=\"soft\"><code>{}</code></p>\n",
      audit.patients, audit.seed, Escape(command));
  body += PicturesSection(shown);
  body +=
      "<h2>Tissue</h2>\n<p>Prior: mean ± standard deviation between patients of the class. Drawn: of the lesions' own "
      "numbers. Measured: in images without noise, distortion and motion, mean over the voxels of the largest "
      "lesion that are wholly solid tumour; lesions without such a voxel are too small. Bars: measured; curves: a "
      "log-normal variable with the prior's moments.</p>\n";
  for (const QuantityAudit& quantity : audit.quantities) body += QuantitySection(quantity);
  body += SharesSection(audit);
  body += AcquisitionSection(audit, reading);
  body += OracleSection(audit.oracle);
  return report::Page("What the synthetic cohort is", body);
}

}  // namespace parotis::audit
