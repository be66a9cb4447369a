#include "report/plots.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "report/row_plots.h"
#include "tests/support/xml.h"

namespace parotis::report {
namespace {

using testing::HasSubstr;

bool StaysInside(const Drawing& drawing) {
  const auto [left, top, right, bottom] = BoundsOf(drawing);
  return left >= -0.01 && top >= -0.01 && right <= drawing.width_pt + 0.01 && bottom <= drawing.height_pt + 0.01;
}

std::size_t CountOf(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

template <class T>
std::vector<T> MarksOf(const Drawing& drawing) {
  std::vector<T> marks;
  for (const Mark& mark : drawing.marks) {
    if (const T* one = std::get_if<T>(&mark)) marks.push_back(*one);
  }
  return marks;
}

// Two classes, `n` patients each, told apart as well as the seed says.
evaluate::Discrimination SomeDiscrimination() {
  const std::vector<std::string> classes = {"alpha_tumour", "beta"};
  std::vector<evaluate::PatientResult> patients;
  const double scores[] = {0.9, 0.8, 0.35, 0.6, 0.2, 0.4};
  for (int p = 0; p < 6; ++p) {
    evaluate::PatientResult patient;
    patient.patient_id = std::to_string(p);
    patient.truth = classes[p % 2];
    patient.verdict.predicted = scores[p] > 0.5 ? classes[0] : classes[1];
    patient.verdict.class_probabilities = {scores[p], 1 - scores[p]};
    patient.verdict.from_diagnosis = true;
    patients.push_back(patient);
  }
  evaluate::BootstrapOptions few;
  few.draws = 50;
  return evaluate::Discriminate(patients, classes, few);
}

TEST(Plots, RocCurvesShowEveryPointAndTheArea) {
  const evaluate::Discrimination d = SomeDiscrimination();
  const Drawing drawing = RocPlot(d, {{0.25, 0.75}, {0.5, 0.5}});
  EXPECT_TRUE(StaysInside(drawing));
  std::size_t curves = 0;
  for (const PolylineMark& line : MarksOf<PolylineMark>(drawing)) {
    if (line.ink.role == Role::kSeries && line.points.size() == d.classes[0].roc.points.size()) ++curves;
  }
  EXPECT_EQ(curves, 2U);
  EXPECT_EQ(MarksOf<CircleMark>(drawing).size(), 2U);
  EXPECT_THAT(SvgOf(drawing), HasSubstr("alpha tumour: area"));
}

TEST(Plots, EveryChartStaysInItsFrameAndIsWellFormed) {
  evaluate::Calibration calibration;
  calibration.n = 10;
  calibration.bins = {{0.4, 0.5, 4, 0.45, 0.5, 2, {0.15, 0.85}},
                      {0.9, 1.0, 6, 1.0, 1.0, 6, {0.61, 1.0}},
                      {0.5, 0.6, 0, 0, 0, 0, {0, 0}}};
  const evaluate::ConfusionMatrix confusion{
      {"a <name>", "b"}, {"a <name>", "b", "no tumour found", "indeterminate"}, {{3, 1, 0, 2}, {0, 5, 1, 0}}};
  const std::vector<Drawing> all = {
      RocPlot(SomeDiscrimination(), {}),
      PrecisionRecallPlot(SomeDiscrimination(), {160, 160}),
      ReliabilityPlot(calibration),
      ConfusionPlot(confusion),
      ConfusionPlot(confusion, {150, 120}),
      FrocPlot({{"set one", {{0.9, 0.01, 0.2}, {0.5, 0.5, 0.7}, {0.1, 20, 0.9}}}, {"none", {}}}),
      ForestPlot({{"difference", -0.4, 0.4, false, {}, 1},
                  {{"a set with a rather long name, longer than there is room for in this drawing",
                    -0.1,
                    {-0.6, 0.2},
                    "−0.10 (−0.60 to 0.20)",
                    0},
                   {"heading", NAN, {NAN, NAN}, "", 0}},
                  true,
                  "a forest"}),
      DotPlot({{"a<b", {0.5, 0.9, NAN, 0.1}}, {"none", {NAN}}}, "Dice"),
      LinePlot({{"iteration", 0, 12000},
                {"loss", 0.001, 10, true},
                {{"fold 1", {{0, 5}, {6000, 0.1}, {12000, NAN}}}},
                false,
                "x"})};
  for (const Drawing& drawing : all) {
    EXPECT_TRUE(StaysInside(drawing)) << drawing.alternative << ": " << testing::PrintToString(BoundsOf(drawing));
    EXPECT_EQ(test::FaultInMarkup(SvgOf(drawing)), "") << drawing.alternative;
    EXPECT_EQ(CountOf(SvgOf(drawing), "nan"), 0U) << drawing.alternative;
  }
}

TEST(Plots, ConfusionMatricesShowEveryCount) {
  const std::string svg = SvgOf(ConfusionPlot({{"a", "b"}, {"a", "b"}, {{11, 22}, {33, 44}}}));
  for (const char* count : {">11<", ">22<", ">33<", ">44<"}) EXPECT_THAT(svg, HasSubstr(count));
}

TEST(Plots, EveryDefinedValueIsADotAndUndefinedOnesAreNot) {
  const Drawing drawing = DotPlot({{"a", {0.5, 0.9, NAN, 0.1}}, {"none", {NAN}}}, "Dice");
  EXPECT_EQ(MarksOf<CircleMark>(drawing).size(), 3U);
  EXPECT_THAT(SvgOf(drawing), HasSubstr("no case"));
}

// A value twice as far along a linear axis lies twice as far on paper.
RC_GTEST_PROP(PlotFrame, PlacesValuesInProportion, ()) {
  const double high = *rc::gen::inRange(1, 100000), share = *rc::gen::inRange(0, 1000) / 1000.0;
  Drawing drawing;
  const PlotFrame frame(drawing, {}, {"x", 0, high}, {"y", 1, 10000, true});
  const Point at = frame.At(share * high, std::pow(10, 4 * share));
  RC_ASSERT(std::abs(at[0] - (frame.left() + share * (frame.right() - frame.left()))) < 1e-6);
  RC_ASSERT(std::abs(at[1] - (frame.bottom() - share * (frame.bottom() - frame.top()))) < 1e-6);
  RC_ASSERT(StaysInside(drawing));
}

RC_GTEST_PROP(PlotFrame, TicksAreRoundAndWithinTheAxis, ()) {
  const double low = *rc::gen::inRange(-1000, 1000), width = *rc::gen::inRange(1, 100000) / 100.0;
  const std::vector<double> ticks = TicksOf({"", low, low + width});
  RC_ASSERT(ticks.size() >= 2U && ticks.size() <= 12U);
  for (const double tick : ticks) RC_ASSERT(tick >= low - 1e-9 * width && tick <= low + width + 1e-6);
}

}  // namespace
}  // namespace parotis::report
