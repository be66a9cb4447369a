#include "report/study_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "tests/support/small_diagnosis.h"
#include "tests/support/temporary_folder.h"

namespace parotis::report {
namespace {

using dataset::Verdict;
using test::DiagnosisModel;
using test::NothingFound;
using test::OneLesion;
using test::SmallCase;
using testing::HasSubstr;
using testing::Not;

std::string HtmlOf(const diagnose::Result& result, const dataset::Case* examination) {
  return StudyReportHtml({result, examination, DiagnosisModel(), "/studies/<7>", "2026-01-31 12:00"});
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
  WriteStudyReport(folder.path() / "report.html", {result, &examination, DiagnosisModel(), "/s", "now"});
  const std::string html = base::ReadFile(folder.path() / "report.html");
  EXPECT_THAT(html, HasSubstr("href=\"data:image/png;base64,iVBORw0KGgo"));
  for (const char* forbidden : {"<script", "http://", "https://", " src=\""})
    EXPECT_THAT(html, Not(HasSubstr(forbidden)));
}

}  // namespace
}  // namespace parotis::report
