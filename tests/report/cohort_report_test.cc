#include "report/cohort_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "report/row_plots.h"
#include "tests/support/temporary_folder.h"

namespace parotis::report {
namespace {

using evaluate::Evaluation;
using evaluate::Origin;
using testing::HasSubstr;
using testing::Not;

// One patient per entry: the label drawn in truth and in the prediction.
Evaluation RunOf(const std::vector<std::array<std::uint8_t, 2>>& labels) {
  Evaluation run;
  run.name = "run <one>";
  run.dataset_name = "cohort";
  run.dataset_description = "A description & more";
  run.classes = {"alpha", "beta"};
  image::Geometry grid;
  grid.size = {6, 6, 3};
  for (std::size_t p = 0; p < labels.size(); ++p) {
    image::LabelVolume truth(grid);
    image::LabelVolume guess(grid);
    truth.At(2, 2, 1) = labels[p][0];
    guess.At(2, 2, 1) = labels[p][1];
    evaluate::CaseResult result = evaluate::EvaluateCase(truth, guess, run.classes, "");
    result.case_id = result.patient_id = "p" + std::to_string(p + 1);
    run.cases.push_back(result);
  }
  return run;
}

PublishedFigures Published() {
  return {"Somebody. A paper. 2021.", "85 real patients", {{"alpha", {0.81, 0.83, 0.80}}}, std::array{0.59, 0.62}};
}

TEST(CohortReport, PutsPublishedFiguresBesideOursWithTheSentenceOnComparability) {
  const std::string html = CohortReportHtml({{RunOf({{1, 1}, {2, 1}, {2, 2}})}, Published(), "today"});
  for (const char* part : {"0.83", "Somebody. A paper. 2021.", "Not comparable", "0.59 to 0.62"})
    EXPECT_THAT(html, HasSubstr(part));
}

TEST(CohortReport, SyntheticPatientsAreCalledSoInTheSameSentenceAsTheRealOnes) {
  Evaluation run = RunOf({{1, 1}, {2, 1}});
  run.origin = Origin::kSynthetic;
  const std::string html = CohortReportHtml({{run}, Published(), "today"});
  EXPECT_THAT(html,
              HasSubstr("These are synthetic patients, while the published figures were measured on 85 real patients"));
  EXPECT_THAT(html, Not(HasSubstr("Not comparable")));
}

TEST(CohortReport, OfPartsOfTheBodyNothingIsSaidOfClasses) {
  Evaluation run = RunOf({{1, 1}, {1, 1}});
  image::LabelVolume both(image::Geometry{.size = {6, 6, 3}});
  both.At(2, 2, 1) = 1;
  both.At(3, 2, 1) = 2;
  for (evaluate::CaseResult& result : run.cases) {
    const std::string id = result.case_id;
    result = evaluate::EvaluateCase(both, both, run.classes, "");
    result.case_id = result.patient_id = id;
  }
  const std::string html = CohortReportHtml({{run, run}, std::nullopt, "today"});
  EXPECT_THAT(html, HasSubstr("parts of the body, not diagnoses"));
  EXPECT_THAT(html, HasSubstr("Dice, all labels together"));
  for (const char* part : {"One class against", "Calibration", "Predicted</th>"})
    EXPECT_THAT(html, Not(HasSubstr(part)));
}

TEST(CohortReport, WithoutPublishedFiguresNothingIsClaimedAboutThem) {
  const std::string html = CohortReportHtml({{RunOf({{1, 1}})}, std::nullopt, "today"});
  EXPECT_THAT(html, Not(HasSubstr("ublished")));
}

TEST(CohortReport, HasAColumnForNoTumourFoundAndMarksWrongClasses) {
  const std::string html = CohortReportHtml({{RunOf({{1, 0}, {2, 2}, {1, 2}})}, std::nullopt, "today"});
  EXPECT_THAT(html, HasSubstr("<th class=\"n\">no tumour found</th>"));
  EXPECT_THAT(html, HasSubstr("✗ no tumour found"));
  EXPECT_THAT(html, HasSubstr("✗ beta"));
}

TEST(CohortReport, NamesOfRunsAndReasonsAreEscaped) {
  Evaluation run = RunOf({{1, 1}});
  run.left_out = {{"c9", "<i>broken</i>"}};
  const std::string html = CohortReportHtml({{run}, std::nullopt, "today"});
  EXPECT_THAT(html, HasSubstr("run &lt;one&gt;"));
  EXPECT_THAT(html, HasSubstr("A description &amp; more"));
  EXPECT_THAT(html, HasSubstr("&lt;i&gt;broken&lt;/i&gt;"));
}

TEST(CohortReport, TwoRunsAreComparedAndOtherPatientsAreSaidToBeOther) {
  const std::string same =
      CohortReportHtml({{RunOf({{1, 1}, {2, 2}}), RunOf({{1, 2}, {2, 2}})}, std::nullopt, "today"});
  EXPECT_THAT(same, HasSubstr("McNemar"));
  const std::string other = CohortReportHtml({{RunOf({{1, 1}, {2, 2}}), RunOf({{1, 2}})}, std::nullopt, "today"});
  EXPECT_THAT(other, HasSubstr("not evaluated on the same patients"));
}

TEST(CohortReport, TheHardestCasesComeFirst) {
  const std::string html = CohortReportHtml({{RunOf({{1, 1}, {2, 0}})}, std::nullopt, "today"});
  const std::size_t list = html.find("Hardest cases");
  EXPECT_LT(html.find("<td>p2</td>", list), html.find("<td>p1</td>", list));
}

TEST(PublishedFigures, TheShippedFileIsValidAndAWrongShareIsRefused) {
  const PublishedFigures shipped =
      ReadPublishedFigures(std::filesystem::path(PAROTIS_SOURCE_DIR) / "configs" / "published-figures.json");
  EXPECT_EQ(shipped.one_vs_rest.size(), 3U);
  EXPECT_EQ(shipped.one_vs_rest.at("malignant").sensitivity, 0.33);
  const test::TemporaryFolder folder;
  base::WriteFile(
      folder.path() / "p.json",
      R"({"citation": "x", "patients": "y", "one_vs_rest": {"a": {"accuracy": 81, "sensitivity": 0.5, "specificity": 0.5}}})");
  EXPECT_THROW(ReadPublishedFigures(folder.path() / "p.json"), base::Error);
}

TEST(Charts, EveryDefinedValueIsADotAndUndefinedOnesAreNot) {
  const std::string svg = SvgOf(DotPlot({{"a<b", {0.5, 0.9, NAN, 0.1}}, {"none", {NAN}}}, "Dice"));
  std::size_t dots = 0;
  for (std::size_t at = svg.find("<circle"); at != std::string::npos; at = svg.find("<circle", at + 1)) ++dots;
  EXPECT_EQ(dots, 3U);
  EXPECT_THAT(svg, HasSubstr("a&lt;b"));
  EXPECT_THAT(svg, HasSubstr("no case"));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace parotis::report
