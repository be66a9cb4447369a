#include "report/study_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "tests/support/temporary_folder.h"

namespace parotis::report {
namespace {

using dataset::Verdict;
using testing::HasSubstr;
using testing::Not;

dataset::Case SmallCase() {
  dataset::Case examination;
  examination.id = "patient_7";
  examination.grid.size = {30, 30, 5};
  examination.grid.spacing_mm = {4, 4, 5};
  examination.channel_names = {"T2", "ADC"};
  examination.channels.assign(2, image::Volume(examination.grid, 10.0F));
  examination.provenance["channels"]["T2"] = {
      {"series_number", 5}, {"description", "<img src=x onerror=alert(1)>"}, {"interpolation", "linear"}};
  return examination;
}

diagnose::Result NothingFound(const dataset::Case& examination) {
  diagnose::Result result{{}, image::LabelVolume(examination.grid), image::LabelVolume(examination.grid)};
  result.diagnosis.case_id = examination.id;
  result.diagnosis.classes = {"alpha", "beta_gamma"};
  result.diagnosis.reason = "Nothing reached the threshold.";
  return result;
}

diagnose::Result OneLesion(const dataset::Case& examination) {
  diagnose::Result result = NothingFound(examination);
  result.lesion_map.At(10, 10, 2) = 1;
  dataset::Diagnosis& d = result.diagnosis;
  d.verdict = Verdict::kClass;
  d.class_probabilities = {0.25, 0.75};
  d.class_name = "beta_gamma";
  d.reason = "The larger probability.";
  dataset::Lesion lesion;
  lesion.id = 1;
  lesion.side = dataset::Side::kLeft;
  lesion.slice = 2;
  lesion.long_axis_mm = 21.26;
  lesion.short_axis_mm = 14;
  lesion.volume_ml = 3.456;
  lesion.adc_mean_um2_s = 1234.5;
  lesion.adc_sd_um2_s = 150;
  lesion.class_probabilities = {0.25, 0.75};
  d.lesions = {lesion};
  return result;
}

plan::BundleInfo Model() {
  plan::BundleInfo model;
  model.name = "parotis-test-1";
  model.file_hash = std::string(64, 'e');
  model.channels = {"T2", "ADC"};
  return model;
}

std::string HtmlOf(const diagnose::Result& result, const dataset::Case* examination) {
  return StudyReportHtml({result, examination, Model(), "/studies/<7>", "2026-01-31 12:00"});
}

TEST(StudyReport, SaysWhatWasFoundWhereAndHowSure) {
  const dataset::Case examination = SmallCase();
  const std::string html = HtmlOf(OneLesion(examination), &examination);
  for (const char* part :
       {"A tumour was found; its class is most likely beta gamma", "The larger probability.", "patient_7",
        "<td>left</td>", "21.3 × 14.0", "3.46", "parotis-test-1", "2026-01-31 12:00", "width:75.0%"}) {
    EXPECT_THAT(html, HasSubstr(part));
  }
  EXPECT_THAT(html, HasSubstr(std::string(64, 'e')));
}

TEST(StudyReport, AdcIsShownInThousandthsOfASquareMillimetrePerSecond) {
  const dataset::Case examination = SmallCase();
  const std::string html = HtmlOf(OneLesion(examination), &examination);
  EXPECT_THAT(html, HasSubstr("ADC, 10<sup>−3</sup> mm²/s"));
  EXPECT_THAT(html, HasSubstr("1.23 ± 0.15"));
}

TEST(StudyReport, TextFromTheScannerCannotBecomeMarkup) {
  const dataset::Case examination = SmallCase();
  diagnose::Result result = OneLesion(examination);
  result.diagnosis.flags = {{"odd", "<b onmouseover=alert(2)>"}};
  result.diagnosis.case_id = "</title><script>";
  const std::string html = HtmlOf(result, &examination);
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_THAT(html, Not(HasSubstr("<b onmouseover")));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, HasSubstr("&lt;img src=x onerror=alert(1)&gt;"));
  EXPECT_THAT(html, HasSubstr("/studies/&lt;7&gt;"));
}

TEST(StudyReport, FlagsStandAboveEverythingThatWasFound) {
  const dataset::Case examination = SmallCase();
  diagnose::Result result = OneLesion(examination);
  result.diagnosis.flags = {{"forced", "Another body part was examined."}};
  const std::string html = HtmlOf(result, &examination);
  EXPECT_LT(html.find("Another body part was examined."), html.find("Class probabilities"));
}

TEST(StudyReport, WithoutALesionThereIsAnOverviewOfEveryChannel) {
  const dataset::Case examination = SmallCase();
  const std::string html = HtmlOf(NothingFound(examination), &examination);
  EXPECT_THAT(html, HasSubstr("No tumour was found"));
  EXPECT_THAT(html, HasSubstr("T2, middle slice"));
  EXPECT_THAT(html, HasSubstr("ADC, middle slice"));
  EXPECT_THAT(html, Not(HasSubstr("<h2>Lesions")));
}

TEST(StudyReport, ARefusedStudyGetsItsReasonAndNoPicture) {
  diagnose::Result result;
  result.diagnosis.verdict = Verdict::kRefused;
  result.diagnosis.reason = "The body part examined is KNEE.";
  const std::string html = HtmlOf(result, nullptr);
  EXPECT_THAT(html, HasSubstr("This study was not analysed"));
  EXPECT_THAT(html, HasSubstr("KNEE"));
  EXPECT_THAT(html, Not(HasSubstr("<figure>")));
}

TEST(StudyReport, IsOneFileWithItsPicturesInside) {
  const test::TemporaryFolder folder;
  const dataset::Case examination = SmallCase();
  const diagnose::Result result = OneLesion(examination);
  WriteStudyReport(folder.path() / "report.html", {result, &examination, Model(), "/s", "now"});
  const std::string html = base::ReadFile(folder.path() / "report.html");
  EXPECT_THAT(html, HasSubstr("href=\"data:image/png;base64,iVBORw0KGgo"));
  for (const char* forbidden : {"<script", "http://", "https://", " src=\""})
    EXPECT_THAT(html, Not(HasSubstr(forbidden)));
}

}  // namespace
}  // namespace parotis::report
