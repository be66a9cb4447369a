#include "report/contrast_study.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "report/case_pictures.h"
#include "report/document_html.h"
#include "report/document_pdf.h"
#include "tests/support/pdf_text_of.h"
#include "tests/support/xml.h"

namespace parotis::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kHostile = "</td><script>alert('1')</script>\" onload=\"x & y";

// Twelve patients of two classes in three folds; `wrong`: how many of them get the other class.
evaluate::Evaluation RunOf(int wrong) {
  evaluate::Evaluation run;
  run.dataset_name = "cohort";
  run.classes = {"alpha", "beta"};
  image::Geometry grid;
  grid.size = {6, 6, 3};
  for (int p = 0; p < 12; ++p) {
    image::LabelVolume truth(grid), guess(grid);
    const int label = 1 + p % 2, said = p < wrong ? 3 - label : label;
    truth.At(2, 2, 1) = static_cast<std::uint8_t>(label);
    guess.At(2, 2, 1) = static_cast<std::uint8_t>(said);
    evaluate::CaseResult result = evaluate::EvaluateCase(truth, guess, run.classes, "");
    result.case_id = result.patient_id = fmt::format("p{:02}", p);
    result.verdict.class_probabilities = {said == 1 ? 0.8 : 0.2, said == 1 ? 0.2 : 0.8};
    result.fold = p / 4;
    run.cases.push_back(std::move(result));
  }
  return run;
}

ContrastStudyInput InputOf(const std::vector<std::pair<StudyPlace, int>>& wrong) {
  ContrastStudyInput input;
  input.name = "a study";
  input.date = "today";
  input.seeds = {1};
  input.folds = 3;
  input.bootstrap.draws = 100;
  for (const auto& [at, count] : wrong) {
    input.cross_validations.push_back({at, RunOf(count)});
    if (std::none_of(input.contrast_sets.begin(), input.contrast_sets.end(),
                     [&, set = at.contrast_set](const auto& one) { return one.first == set; }))
      input.contrast_sets.emplace_back(at.contrast_set, std::vector<std::string>{"T2"});
  }
  return input;
}

std::string PageOf(const ContrastStudyInput& input) { return HtmlOf(StudyDocument(input)); }

TEST(ContrastStudy, ShowsStrictAccuracyWithItsCountsAndNamesTheBestSet) {
  const std::string page = PageOf(InputOf({{{"plan", "one"}, 3}, {{"plan", "two"}, 1}}));
  EXPECT_EQ(test::FaultInMarkup(page), "");
  for (const char* part : {"(9/12)", "(11/12)", "Highest strict accuracy: <b>two</b>", "0.92", "0.75"})
    EXPECT_THAT(page, HasSubstr(part));
}

// Both labels in every case; of the second `lost` voxels.
evaluate::Evaluation PartsOf(int lost) {
  evaluate::Evaluation run;
  run.dataset_name = "organs";
  run.classes = {"head", "tail"};
  image::Geometry grid;
  grid.size = {6, 6, 3};
  for (int p = 0; p < 12; ++p) {
    image::LabelVolume truth(grid);
    for (std::int64_t i = 0; i < 6; ++i) truth.At(i, 2, 1) = i < 3 ? 1 : 2;
    image::LabelVolume guess = truth;
    for (int i = 0; i < lost; ++i) guess.At(5 - i, 2, 1) = 0;
    evaluate::CaseResult result = evaluate::EvaluateCase(truth, guess, run.classes, "");
    result.case_id = result.patient_id = fmt::format("p{:02}", p);
    result.fold = p / 4;
    run.cases.push_back(std::move(result));
  }
  return run;
}

TEST(ContrastStudy, OfPartsOfTheBodyThePageShowsDiceOfEachLabelAndSaysNothingOfClasses) {
  ContrastStudyInput input = InputOf({{{"plan", "one"}, 0}, {{"plan", "two"}, 0}});
  for (int set = 0; set < 2; ++set)
    input.cross_validations[static_cast<std::size_t>(set)].evaluation = PartsOf(2 - set);
  const std::string page = PageOf(input);
  EXPECT_EQ(test::FaultInMarkup(page), "");
  for (const char* part : {"outlining head and tail", "parts of the body, not diagnoses", "<b>0.500</b>",
                           "<b>0.800</b>", "two: Dice of each label", "difference of Dice", "lowest Dice, two"})
    EXPECT_THAT(page, HasSubstr(part));
  for (const char* part : {"Highest strict accuracy", "One class against", "receiver"})
    EXPECT_THAT(page, Not(HasSubstr(part)));
}

TEST(ContrastStudy, OfPartsOfTheBodyThePageComparesVariantsSeedsAndFurtherTestsByDice) {
  ContrastStudyInput input = InputOf({{{"plan", "one", 0, 1}, 0},
                                      {{"plan", "one", 0, 2}, 0},
                                      {{"longer", "one", 0, 1}, 0},
                                      {{"longer", "one", 0, 2}, 0}});
  input.seeds = {1, 2};
  input.variants = {{"plan", {}, ""}, {"longer", {{"optimiser", {{"iterations", 9}}}}, ""}};
  for (std::size_t run = 0; run < 4; ++run) input.cross_validations[run].evaluation = PartsOf(run < 2 ? 2 : 1);
  input.further_tests = {{{"plan", "one", 0, 1}, "elsewhere", PartsOf(2)}};
  const std::string page = PageOf(input);
  EXPECT_EQ(test::FaultInMarkup(page), "");
  for (const char* part :
       {"Ways of training compared", "one: longer", "Dice of all labels together in single folds", "Dice, tail",
        "means over several trainings", "Other patients", "<td>plan, one, seed 1</td>"})
    EXPECT_THAT(page, HasSubstr(part));
  const std::string spread = page.substr(page.find("Whole cross-validations with other seeds"));
  for (const char* method : {"<td>plan, one</td>", "<td>longer, one</td>"}) EXPECT_THAT(spread, HasSubstr(method));
  EXPECT_THAT(page, Not(HasSubstr("trict accuracy")));
}

TEST(ContrastStudy, SeveralSeedsAreComparedByTheMeanOverThem) {
  ContrastStudyInput input = InputOf({{{"plan", "one", 0, 1}, 0}, {{"plan", "two", 0, 1}, 6}});
  EXPECT_THAT(PageOf(input), Not(HasSubstr("means over several trainings")));
  input = InputOf(
      {{{"plan", "one", 0, 1}, 0}, {{"plan", "two", 0, 1}, 6}, {{"plan", "one", 0, 2}, 3}, {{"plan", "two", 0, 2}, 3}});
  input.seeds = {1, 2};
  const std::string page = PageOf(input);
  EXPECT_THAT(page, HasSubstr("Differences as means over several trainings"));
  EXPECT_THAT(page, HasSubstr("<b>0.250</b>"));  // 0.5 with one seed, 0 with the other
  EXPECT_EQ(test::FaultInMarkup(page), "");
}

TEST(ContrastStudy, SyntheticPatientsAreCalledSoAtTheTopAndBesideThePublishedFigures) {
  ContrastStudyInput input = InputOf({{{"plan", "one"}, 3}});
  input.published = {"Somebody 2021.", "85 real patients", {{"alpha", {0.81, 0.83, 0.8}}}, std::array{0.59, 0.62}};
  EXPECT_THAT(PageOf(input), AllOf(HasSubstr("Not comparable"), Not(HasSubstr("SYNTHETIC"))));
  input.origin = evaluate::Origin::kSynthetic;
  EXPECT_THAT(PageOf(input), AllOf(HasSubstr("<b>SYNTHETIC patients</b>"), HasSubstr("Somebody 2021."),
                                   HasSubstr("These are synthetic patients, while the published")));
}

TEST(ContrastStudy, TheCohortHasEveryColumnOfNumbersOrFewWords) {
  ContrastStudyInput input = InputOf({{{"plan", "one"}, 3}});
  for (int p = 0; p < 12; ++p) {
    dataset::Participant one;
    one.case_id = one.patient_id = fmt::format("p{:02}", p);
    one.diagnosis = p % 2 == 0 ? "alpha" : "beta";
    one.columns = {{"sex", p < 4 ? "F" : "M"},
                   {"marker_ml", fmt::format("{}", 0.1 * p)},
                   {"ward", p < 6 ? "north" : ""},
                   {kHostile, p < 6 ? kHostile : "b"},
                   {"remark", fmt::format("seen on day {}", p)}};
    input.participants.push_back(std::move(one));
  }
  const std::string page = PageOf(input);
  EXPECT_EQ(test::FaultInMarkup(page), "");
  EXPECT_THAT(
      page, AllOf(HasSubstr("F:\u00A04, M:\u00A08"), HasSubstr("marker_ml"), HasSubstr("0.55 (0.00\u00A0to\u00A01.10)"),
                  HasSubstr("north:\u00A06, not recorded:\u00A06")));
  EXPECT_THAT(page, AllOf(Not(HasSubstr("remark")), Not(HasSubstr("<script"))));
}

TEST(ContrastStudy, NamesFromOutsideStayTextAndNothingIsAskedOfAnybody) {
  ContrastStudyInput input = InputOf({{{"plan", kHostile}, 2}, {{"plan", "b"}, 3}, {{"other", "b"}, 1}});
  input.name = input.dataset_name = input.dataset_description = kHostile;
  input.commands = {kHostile};
  input.made = {{kHostile, kHostile}};
  input.failed = {{kHostile, kHostile}};
  input.variants = {{"plan", base::Json::object(), ""}, {"other", {{kHostile, kHostile}}, kHostile}};
  input.cross_validations[0].evaluation.left_out = {{kHostile, kHostile}};
  const std::string page = PageOf(input);
  EXPECT_EQ(test::FaultInMarkup(page), "");
  for (const char* forbidden : {"<script", "onload=\"", "http://", "https://", "<link", "@import", "url(", " src=\""})
    EXPECT_THAT(page, Not(HasSubstr(forbidden)));
}

TEST(ContrastStudy, HolmsCorrectionIsOverEveryPairThatATableShows) {
  const std::string page =
      PageOf(InputOf({{{"plan", "one"}, 3}, {{"plan", "two"}, 1}, {{"other", "one"}, 0}, {{"other", "two"}, 5}}));
  // Two variants on two sets: two pairs of three measures; Dice does not differ when no voxel does.
  const std::size_t variants = page.find("Ways of training compared");
  ASSERT_NE(variants, std::string::npos);
  EXPECT_THAT(page.substr(variants), HasSubstr("over the 6 tests of this table"));
}

TEST(ContrastStudy, OnlyAStudyWithEnsemblesAnswersForThem) {
  ContrastStudyInput input = InputOf({{{"plan", "one"}, 3}});
  EXPECT_THAT(PageOf(input), AllOf(HasSubstr("none: one network speaks"), HasSubstr("Selection fixed")));
  input.is_nested = true;
  EXPECT_THAT(PageOf(input), AllOf(Not(HasSubstr("none: one network speaks")), HasSubstr("Selection nested")));
}

TEST(ContrastStudy, AChecklistRefersToNoSectionThatIsNotThere) {
  const std::string page = PageOf(InputOf({{{"plan", "one"}, 3}}));
  EXPECT_THAT(page, HasSubstr("to be filled by the authors"));
  EXPECT_THAT(page, HasSubstr("“Limits”"));
  for (const char* absent : {"“Subgroups”", "“Other patients”", "“Training”"})
    EXPECT_THAT(page, Not(HasSubstr(absent)));
}

TEST(ContrastStudy, SaysThatNoReaderWasComparedOnlyWhenNoneWas) {
  ContrastStudyInput input = InputOf({{{"plan", "one"}, 3}});
  EXPECT_THAT(PageOf(input), HasSubstr("No reader of images was compared"));
  input.readers = [](const evaluate::Evaluation& run) {
    return std::vector<evaluate::Reader>{{"Dr X", evaluate::PatientsOf(run)}};
  };
  EXPECT_THAT(PageOf(input), AllOf(Not(HasSubstr("No reader of images was compared")), HasSubstr("Dr X")));
}

TEST(ContrastStudy, OfAStudyWithoutResultsNothingIsInvented) {
  ContrastStudyInput input = InputOf({});
  input.progress = {{{"plan", "one"}, 10, 4, 5, 0}};
  input.failed = {{"members/x", "no room"}};
  const std::string page = PageOf(input);
  EXPECT_EQ(test::FaultInMarkup(page), "");
  for (const char* part : {"4 of 10", "0 of 5", "no room", "this page has no results", "The study is not finished"})
    EXPECT_THAT(page, HasSubstr(part));
}

TEST(ContrastStudy, PutsTheOracleBesideTheSetThatItIsOf) {
  ContrastStudyInput input = InputOf({{{"plan", "one"}, 3}});
  input.oracle = OracleFromJson(
      base::ParseJson(
          R"({"draws": 99, "classes": ["alpha", "beta"], "oracle": {"one": {"strict_accuracy": 0.641, "interval_95":
          [0.611, 0.671], "recall": [0.6, 0.7]}}})",
          "oracle"),
      "oracle");
  EXPECT_THAT(PageOf(input), AllOf(HasSubstr("oracle of this set"), HasSubstr("0.61\u00A0to\u00A00.67")));
}

TEST(ContrastStudy, TheFinalModelOnPatientsOfOtherDatasetsStandsBesideItsOracle) {
  ContrastStudyInput input = InputOf({{{"plan", "one"}, 3}});
  input.further_tests = {{{"plan", "one"}, "elsewhere", RunOf(2)}};
  input.oracle = OracleFigures{99, {"beta", "alpha"}, {{"one", 0.641, {0.611, 0.671}, {0.72, 0.63}}}};
  EXPECT_THAT(PageOf(input), AllOf(HasSubstr("elsewhere (cohort)"), HasSubstr("(10/12)"), Not(HasSubstr("0.63</td>"))));
  input.further_tests[0].evaluation.origin = evaluate::Origin::kSynthetic;
  const std::string page = PageOf(input);
  EXPECT_EQ(test::FaultInMarkup(page), "");
  EXPECT_LT(page.find("0.63</td>"), page.find("0.72</td>")) << "in the order of this study's classes";
}

TEST(ContrastStudy, ReadsAsAPdf) {
  if (!PdfIsAvailable()) GTEST_SKIP() << "this build writes no PDF";
  ContrastStudyInput input = InputOf({{{"plan", "one"}, 3}, {{"plan", "two"}, 1}});
  input.origin = evaluate::Origin::kSynthetic;
  const auto pages = test::PagesOfPdf("study", PdfOf(StudyDocument(input)));
  if (!pages) GTEST_SKIP() << "pdftotext (Debian: poppler-utils) is not here";
  EXPECT_THAT((*pages)[0], HasSubstr("SYNTHETIC patients"));
  std::string all;
  for (const std::string& page : *pages) all += page;
  for (const char* part : {"(11/12)", "Reporting checklists", "Limits"}) EXPECT_THAT(all, HasSubstr(part));
}

TEST(HardestPatients, MissedTumoursComeFirstThenTheLeastProbableTruth) {
  evaluate::Evaluation run = RunOf(2);
  run.cases[5].verdict.predicted = evaluate::kNoTumourFound;
  run.cases[5].verdict.class_probabilities.clear();
  run.cases[1].verdict.class_probabilities = {0.99, 0.01};
  const auto hardest = HardestPatients(run, 3);
  ASSERT_EQ(hardest.size(), 3U);
  EXPECT_EQ(hardest[0].patient_id, "p05");
  EXPECT_TRUE(std::isinf(hardest[0].loss));
  EXPECT_EQ(hardest[1].patient_id, "p01");
  EXPECT_NEAR(hardest[1].loss, -std::log(0.01), 1e-12);
  EXPECT_EQ(hardest[2].patient_id, "p00");
  EXPECT_EQ(hardest[2].fold, 0);
}

// A lesion that reaches over the edge of what is shown, and one elsewhere that must not be chosen.
TEST(CasePictures, ShowTheLargestLesionAndDrawNothingOutsideTheFrame) {
  dataset::Case examination;
  examination.grid.size = {200, 200, 6};
  examination.grid.spacing_mm = {1, 1, 4};
  examination.channel_names = {"T2", "ADC"};
  examination.channels.assign(2, image::Volume(examination.grid));
  for (std::size_t v = 0; v < examination.channels[0].voxels.size(); ++v)
    examination.channels[0].voxels[v] = static_cast<float>(v % 200);
  examination.truth = image::LabelVolume(examination.grid);
  for (int i = 40; i < 180; ++i) examination.truth->At(i, 100, 4) = 2;
  examination.truth->At(10, 10, 1) = 1;
  const std::vector<Panel> panels = CasePictures(examination, image::LabelVolume(examination.grid));
  ASSERT_EQ(panels.size(), 2U);
  EXPECT_EQ(panels[0].title, "T2, slice 4");
  for (const Panel& panel : panels) {
    const auto [left, top, right, bottom] = BoundsOf(panel.drawing);
    EXPECT_GE(left, -0.01);
    EXPECT_GE(top, -0.01);
    EXPECT_LE(right, panel.drawing.width_pt + 0.01);
    EXPECT_LE(bottom, panel.drawing.height_pt + 0.01);
    EXPECT_TRUE(std::any_of(panel.drawing.marks.begin(), panel.drawing.marks.end(), [](const Mark& mark) {
      const auto* line = std::get_if<PolylineMark>(&mark);
      return line != nullptr && line->ink.role == Role::kReference;
    }));
  }
  examination.truth = image::LabelVolume(examination.grid);
  EXPECT_TRUE(CasePictures(examination, *examination.truth).empty());
}

}  // namespace
}  // namespace parotis::report
