// The charts of a study's report, as drawings.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "evaluate/calibration.h"
#include "evaluate/classification.h"
#include "evaluate/discrimination.h"
#include "evaluate/froc.h"
#include "report/plot_frame.h"

namespace parotis::report {

// One line of a line plot.
struct Curve {
  std::string name;  // "": not in the legend
  std::vector<Point> points;
  int series = 0;
  double width_pt = 1.4;
  double opacity = 1;
  bool dashed = false;
  std::vector<Point> dots = {};  // marked on it
};

struct LinePlotInput {
  Axis horizontal, vertical;
  std::vector<Curve> curves;
  bool diagonal = false;  // from corner to corner: chance, or perfect agreement
  std::string alternative;
};
Drawing LinePlot(const LinePlotInput& input, const PlotSize& size = {});

// One curve for each class against the other tumours, its area in the legend, a dot where the largest probability
// decides (`operating`: false positive rate and sensitivity of each class; empty: no dots).
Drawing RocPlot(const evaluate::Discrimination& discrimination, const std::vector<Point>& operating,
                const PlotSize& size = {});
// The false positive rate and the sensitivity of what was said.
std::vector<Point> OperatingPointsOf(const evaluate::Classification& classification);

// Dashed lines: the share of the class, which a score without information reaches.
Drawing PrecisionRecallPlot(const evaluate::Discrimination& discrimination, const PlotSize& size = {});

// Accuracy against stated confidence per bin; larger dots stand for more patients, bars are Wilson intervals.
Drawing ReliabilityPlot(const evaluate::Calibration& calibration, const PlotSize& size = {});

// Counts, shaded by the share of the truth's row.
Drawing ConfusionPlot(const evaluate::ConfusionMatrix& confusion, const PlotSize& size = {});

// Lesion sensitivity against false lesions per patient, logarithmic from 1/8 to 8.
struct FrocCurve {
  std::string name;
  std::vector<evaluate::FrocPoint> points;
};
Drawing FrocPlot(const std::vector<FrocCurve>& curves, const PlotSize& size = {});

}  // namespace parotis::report
