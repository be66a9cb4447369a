#include "report/plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/html.h"

namespace parotis::report {
namespace {

const Axis kShare = {"", 0, 1, false, {0, 0.2, 0.4, 0.6, 0.8, 1}, 1};

Axis Share(std::string title) {
  Axis axis = kShare;
  axis.title = std::move(title);
  return axis;
}

void DrawCurve(Drawing& drawing, const PlotFrame& frame, const Curve& curve) {
  const Ink ink{Role::kSeries, curve.series, curve.opacity};
  std::vector<Point> points;
  for (const Point& p : curve.points) {
    if (std::isfinite(p[0]) && std::isfinite(p[1])) points.push_back(frame.At(p[0], p[1]));
  }
  if (points.size() > 1) drawing.Polyline(std::move(points), ink, curve.width_pt, curve.dashed);
  for (const Point& p : curve.dots) {
    if (std::isfinite(p[0]) && std::isfinite(p[1])) drawing.Circle(frame.At(p[0], p[1]), 3, ink, curve.name);
  }
}

}  // namespace

Drawing LinePlot(const LinePlotInput& input, const PlotSize& size) {
  Drawing drawing;
  drawing.alternative = input.alternative;
  const auto named =
      std::count_if(input.curves.begin(), input.curves.end(), [](const Curve& c) { return !c.name.empty(); });
  PlotFrame frame(drawing, size, input.horizontal, input.vertical, static_cast<int>(named));
  if (input.diagonal)
    drawing.Line({frame.left(), frame.bottom()}, {frame.right(), frame.top()}, {Role::kAxis}, 0.75, true);
  int row = 0;
  for (const Curve& curve : input.curves) {
    DrawCurve(drawing, frame, curve);
    if (!curve.name.empty()) frame.Legend(row++, curve.name, {Role::kSeries, curve.series}, curve.dashed);
  }
  return drawing;
}

std::vector<Point> OperatingPointsOf(const evaluate::Classification& classification) {
  std::vector<Point> points;
  for (const evaluate::OneVersusRest& one : classification.one_vs_rest)
    points.push_back({1 - one.specificity().estimate(), one.sensitivity().estimate()});
  return points;
}

Drawing RocPlot(const evaluate::Discrimination& discrimination, const std::vector<Point>& operating,
                const PlotSize& size) {
  LinePlotInput input{Share("1 − specificity"), Share("sensitivity"), {}, true, "Receiver operating characteristic"};
  for (std::size_t c = 0; c < discrimination.classes.size(); ++c) {
    const evaluate::ClassDiscrimination& one = discrimination.classes[c];
    Curve curve;
    curve.name = fmt::format("{}: area {} ({} to {})", Spaced(one.class_name), Number(one.roc.auc, 2),
                             Number(one.roc.interval.interval.low, 2), Number(one.roc.interval.interval.high, 2));
    curve.series = static_cast<int>(c);
    for (const evaluate::RocPoint& p : one.roc.points) curve.points.push_back({p.false_positive_rate, p.sensitivity});
    if (c < operating.size()) curve.dots = {operating[c]};
    input.curves.push_back(std::move(curve));
  }
  return LinePlot(input, size);
}

Drawing PrecisionRecallPlot(const evaluate::Discrimination& discrimination, const PlotSize& size) {
  LinePlotInput input{Share("sensitivity (recall)"),
                      Share("positive predictive value (precision)"),
                      {},
                      false,
                      "Precision against recall"};
  for (std::size_t c = 0; c < discrimination.classes.size(); ++c) {
    const evaluate::PrecisionRecall& one = discrimination.classes[c].precision_recall;
    Curve curve;
    const char* what = size.width_pt < 300 ? "AP" : "average precision";
    curve.name =
        fmt::format("{}: {} {} ({} to {})", Spaced(discrimination.classes[c].class_name), what,
                    Number(one.average_precision, 2), Number(one.interval.low, 2), Number(one.interval.high, 2));
    curve.series = static_cast<int>(c);
    for (const evaluate::PrecisionRecallPoint& p : one.points) curve.points.push_back({p.recall, p.precision});
    input.curves.push_back(curve);
    if (!std::isfinite(one.prevalence)) continue;
    Curve chance;
    chance.points = {{0, one.prevalence}, {1, one.prevalence}};
    chance.series = curve.series;
    chance.width_pt = 0.75;
    chance.dashed = true;
    input.curves.push_back(std::move(chance));
  }
  return LinePlot(input, size);
}

Drawing ReliabilityPlot(const evaluate::Calibration& calibration, const PlotSize& size) {
  Drawing drawing;
  drawing.alternative = "Reliability of the stated class probabilities";
  const PlotFrame frame(drawing, size, Share("stated probability of the likeliest class"),
                        Share("share that was right"));
  drawing.Line({frame.left(), frame.bottom()}, {frame.right(), frame.top()}, {Role::kAxis}, 0.75, true);
  const Ink ink{Role::kSeries, 0};
  for (const evaluate::ReliabilityBin& bin : calibration.bins) {
    if (bin.n == 0) continue;
    drawing.Line(frame.At(bin.mean_confidence, bin.interval.low), frame.At(bin.mean_confidence, bin.interval.high), ink,
                 1);
    const double radius = 2 + 5 * std::sqrt(static_cast<double>(bin.n) / static_cast<double>(calibration.n));
    drawing.Circle(frame.At(bin.mean_confidence, bin.accuracy), radius, ink, fmt::format("{} patients", bin.n));
  }
  return drawing;
}

Drawing ConfusionPlot(const evaluate::ConfusionMatrix& confusion, const PlotSize& size) {
  Drawing drawing;
  drawing.width_pt = size.width_pt;
  drawing.height_pt = size.height_pt;
  drawing.alternative = "Truth and prediction, patients";
  const double text = size.width_pt < 200 ? 6 : 7.5, left = size.width_pt * 0.27, top = 28;
  const double width = (size.width_pt - left - 1) / static_cast<double>(confusion.predictions.size());
  const double height = (size.height_pt - top - 1) / static_cast<double>(confusion.truths.size());
  if (size.width_pt >= 200) drawing.Text({1, 8}, "truth ↓  said →", Anchor::kStart, {Role::kSoft}, text);
  for (std::size_t p = 0; p < confusion.predictions.size(); ++p) {
    const double x = left + (static_cast<double>(p) + 0.5) * width;
    // A long name over the last column ends where the drawing ends.
    const std::string name = Spaced(confusion.predictions[p]);
    const bool is_centred = EstimatedWidthPt(name, text) <= 2 * (size.width_pt - x) - 1;
    drawing.Text({is_centred ? x : size.width_pt - 1, p % 2 == 0 ? top - 5 : top - 15},
                 Shortened(name, text, 1.9 * width), is_centred ? Anchor::kMiddle : Anchor::kEnd, {}, text);
  }
  for (std::size_t t = 0; t < confusion.truths.size(); ++t) {
    const double y = top + static_cast<double>(t) * height;
    std::int64_t all = 0;
    for (const std::int64_t count : confusion.counts[t]) all += count;
    drawing.Text({left - 5, y + height / 2 + 3}, Shortened(Spaced(confusion.truths[t]), text, left - 7), Anchor::kEnd,
                 {}, text);
    for (std::size_t p = 0; p < confusion.predictions.size(); ++p) {
      const double x = left + static_cast<double>(p) * width;
      const double share = all == 0 ? 0 : static_cast<double>(confusion.counts[t][p]) / static_cast<double>(all);
      drawing.Rectangle(x, y, width, height, {Role::kShade, 0, 0.05 + 0.45 * share});
      drawing.Rectangle(x, y, width, height, {Role::kAxis}, false);
      TextMark number{{x + width / 2, y + height / 2 + 4},
                      std::to_string(confusion.counts[t][p]),
                      text + 3,
                      Anchor::kMiddle,
                      {},
                      confusion.truths[t] == confusion.predictions[p]};
      drawing.marks.emplace_back(std::move(number));
    }
  }
  return drawing;
}

Drawing FrocPlot(const std::vector<FrocCurve>& curves, const PlotSize& size) {
  LinePlotInput input{{"false lesions per patient", 0.125, 8, true, {0.125, 0.25, 0.5, 1, 2, 4, 8}},
                      Share("share of lesions found"),
                      {},
                      false,
                      "Free-response receiver operating characteristic"};
  for (std::size_t c = 0; c < curves.size(); ++c) {
    Curve curve;
    curve.name = Spaced(curves[c].name);
    curve.series = static_cast<int>(c);
    for (const evaluate::FrocPoint& p : curves[c].points) {
      // A step: what a stricter threshold finds is found until more false lesions are let in.
      if (!curve.points.empty()) curve.points.push_back({p.false_per_patient, curve.points.back()[1]});
      curve.points.push_back({p.false_per_patient, p.sensitivity});
    }
    if (!curve.points.empty() && curve.points.back()[0] < 8) curve.points.push_back({8, curve.points.back()[1]});
    input.curves.push_back(std::move(curve));
  }
  return LinePlot(input, size);
}

}  // namespace parotis::report
