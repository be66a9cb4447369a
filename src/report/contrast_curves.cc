#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "report/contrast_sections.h"
#include "report/html.h"
#include "report/plots.h"
#include "report/row_plots.h"

namespace parotis::report {
namespace {

constexpr PlotSize kLarge = {330, 290};
constexpr PlotSize kSmall = {235, 225};

// The set shown large first, the others small beside each other.
template <class Make>
void AddOfEachSet(Document& document, const StudyAnalysis& study, const std::string& what, const std::string& note,
                  const Make& make) {
  const auto title = [](const AnalysedRun* one) { return one->at().contrast_set; };
  document.Add(Figure{fmt::format("{}, {}.", what, title(study.best)), {{make(*study.best, kLarge), ""}}, 1, {note}});
  Figure others{what + ", the other contrast sets.", {}, 2, {}};
  for (const AnalysedRun* one : study.sets) {
    if (one != study.best) others.panels.push_back({make(*one, kSmall), title(one)});
  }
  if (!others.panels.empty()) document.Add(std::move(others));
}

Table AreaTable(const StudyAnalysis& study) {
  Table table{"Areas under the curves, and sensitivity where the specificity is at least 0.85.",
              {{"Contrast set", Align::kLeft},
               {"Area under ROC"},
               {"Average precision"},
               {"Sensitivity at 0.85"},
               {"Patients"}},
              {},
              {}};
  for (std::size_t c = 0; c < study.classes.size(); ++c) {
    table.AddGroup(Spaced(study.classes[c]));
    for (const AnalysedRun* one : study.sets) {
      const evaluate::ClassDiscrimination& d = one->summary.discrimination.classes.at(c);
      Text sensitivity = "n/a";
      for (const evaluate::OperatingPoint& at : d.roc.operating_points) {
        if (at.least_specificity == 0.85) sensitivity = ProportionText(at.sensitivity);
      }
      table.Add({one->at().contrast_set, EstimateText(d.roc.auc, d.roc.interval.interval),
                 EstimateText(d.precision_recall.average_precision, d.precision_recall.interval), sensitivity,
                 fmt::format("{} of {}", d.roc.positives, d.roc.positives + d.roc.negatives)});
    }
  }
  table.notes = {
      "A patient in whom no tumour was found has the score 0 for every class. Areas with logit intervals by DeLong's "
      "variance; the average precision by bootstrap over patients, the sensitivity by Wilson with its threshold taken "
      "as given."};
  return table;
}

Table CalibrationTable(const StudyAnalysis& study) {
  Table table{
      "Calibration of the class probabilities.",
      {{"Contrast set", Align::kLeft},
       {"Patients"},
       {"Brier score"},
       {"ECE"},
       {"ECE, equal counts"},
       {"Slope"},
       {"Intercept"}},
      {},
      {"Brier score: 0 to 2, smaller is better. ECE: expected calibration error. A slope below 1 says that confidences "
       "are too extreme; an intercept below 0 that they are too high. Patients without probabilities are left out."}};
  for (const AnalysedRun* one : study.sets) {
    const evaluate::Calibration& c = one->summary.calibration;
    if (c.n == 0) continue;
    table.Add({one->at().contrast_set, std::to_string(c.n), Number(c.brier, 3), Number(c.ece, 3),
               Number(c.adaptive_ece, 3), EstimateText(c.slope, c.slope_interval),
               EstimateText(c.intercept, c.intercept_interval)});
  }
  return table;
}

Table LesionTable(const StudyAnalysis& study) {
  Table table{"Lesions found and invented.",
              {{"Contrast set", Align::kLeft},
               {"Lesions found"},
               {"False lesions per patient"},
               {"Mean sensitivity, 1/8 to 8"}},
              {},
              {"A predicted and a reference lesion are the same from an intersection over union of 0.1 on. The first "
               "two at the decision rule's threshold, intervals by bootstrap over patients. Mean sensitivity: over "
               "1/8, 1/4, 1/2, 1, 2, 4, 8 false lesions per patient."}};
  for (const AnalysedRun* one : study.sets) {
    const evaluate::LesionSummary& l = one->summary.lesions;
    Text found = EstimateText(l.sensitivity.estimate(), l.sensitivity_bootstrap);
    found.Soft(fmt::format(" ({}/{})", l.sensitivity.count, l.sensitivity.n));
    table.Add({one->at().contrast_set, l.sensitivity.n == 0 ? Text("n/a") : found,
               EstimateText(l.false_per_patient, l.false_per_patient_interval),
               EstimateText(l.froc.mean_sensitivity, l.froc.mean_sensitivity_interval)});
  }
  return table;
}

void AddFroc(Document& document, const StudyAnalysis& study) {
  std::vector<FrocCurve> curves;
  for (const AnalysedRun* one : study.sets) {
    if (!one->summary.lesions.froc.points.empty())
      curves.push_back({one->at().contrast_set, one->summary.lesions.froc.points});
  }
  if (curves.empty()) {
    document.Say("The lesions carry no scores, so there is no FROC curve.");
  } else {
    document.Add(
        Figure{"Lesions found against lesions invented (FROC), every contrast set.",
               {{FrocPlot(curves, {360, 260}), ""}},
               1,
               {"The threshold moves on the lesions' peak score, above that of the decision rule alone: a lesion that "
                "the rule dropped cannot come back, so curves end early and are continued level."}});
  }
  document.Add(LesionTable(study));
}

}  // namespace

void AddCurves(Document& document, const StudyAnalysis& study) {
  document.Section(kCurvesSection);
  if (study.best->summary.discrimination.n == 0) {
    document.Say("No class probabilities were given: there are no ROC and calibration curves.");
  } else {
    AddOfEachSet(document, study, "Receiver operating characteristic, each class against the other tumours",
                 "Dot: what was said (the decision rule). Dashed: chance.",
                 [](const AnalysedRun& one, const PlotSize& size) {
                   return RocPlot(one.summary.discrimination, OperatingPointsOf(one.summary.classification), size);
                 });
    AddOfEachSet(document, study, "Precision against recall",
                 "AP: average precision. Dashed: the share of the class among tumours, which chance reaches.",
                 [](const AnalysedRun& one, const PlotSize& size) {
                   return PrecisionRecallPlot(one.summary.discrimination, size);
                 });
    document.Add(AreaTable(study));
  }
  if (study.best->summary.calibration.n > 0) {
    AddOfEachSet(
        document, study, "Reliability of the likeliest class's probability",
        "A dot on the diagonal means what it says. Larger dots: more patients; bars: 95 % Wilson intervals.",
        [](const AnalysedRun& one, const PlotSize& size) { return ReliabilityPlot(one.summary.calibration, size); });
    document.Add(CalibrationTable(study));
  }
  AddOfEachSet(document, study, "Truth (rows) and what was said (columns), patients", "Shade: share of the row.",
               [](const AnalysedRun& one, const PlotSize& size) {
                 return ConfusionPlot(one.summary.classification.confusion, {size.width_pt, size.height_pt * 0.62});
               });
  AddFroc(document, study);
}

void AddSegmentation(Document& document, const StudyAnalysis& study) {
  document.Section(kSegmentationSection);
  std::vector<ChartGroup> groups;
  Table table{"Overlap of the tumour, any class, with the reference, per case.",
              {{"Contrast set", Align::kLeft},
               {"n"},
               {"Dice, mean"},
               {"Median"},
               {"NSD, mean"},
               {"HD95, median, mm"},
               {"Volume error, mean, ml"},
               {"Missed"},
               {"Invented"}},
              {},
              {}};
  for (const AnalysedRun* one : study.sets) {
    const evaluate::Summary& s = one->summary;
    std::vector<double> dice;
    for (const evaluate::CaseResult& result : one->run->evaluation.cases) {
      if (result.tumour.overlap.reference() > 0) dice.push_back(evaluate::DiceOf(result.tumour.overlap));
    }
    groups.push_back({one->at().contrast_set, dice});
    table.Add({one->at().contrast_set, std::to_string(s.tumour.dice_when_present.n),
               EstimateText(s.tumour.dice_when_present.mean, s.tumour_dice_interval),
               Number(s.tumour.dice_when_present.median, 2), EstimateText(s.tumour.nsd.mean, s.tumour_nsd_interval),
               EstimateText(s.tumour.hd95_mm.median, s.tumour_hd95_interval_mm, 1), Number(s.volume_error_ml.mean, 2),
               std::to_string(s.tumour.missed), std::to_string(s.tumour.invented)});
  }
  table.notes = {
      fmt::format("Cases whose reference shows a tumour. A tumour that was missed has Dice 0 and no HD95. NSD: share "
                  "of both surfaces within {} mm of each other. A label in neither map has no Dice and is left out. "
                  "Volume error: predicted minus reference.",
                  Number(study.best->run->evaluation.surface_tolerance_mm, 1))};
  document.Add(Figure{"Dice of the tumour, every case that has one; box: quartiles, line: median.",
                      {{DotPlot(groups, "tumour Dice"), ""}},
                      1,
                      {}});
  document.Add(table);
}

}  // namespace parotis::report
