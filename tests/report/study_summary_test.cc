#include "report/study_summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/build_info.h"
#include "report/document_pdf.h"
#include "report/drawing_picture.h"
#include "tests/support/pdf_text_of.h"
#include "tests/support/small_diagnosis.h"

namespace parotis::report {
namespace {

using test::DiagnosisModel;
using test::NothingFound;
using test::OneLesion;
using test::SmallCase;
using testing::HasSubstr;

std::vector<std::string> PagesOf(const diagnose::Result& result) {
  const dataset::Case examination = SmallCase();
  const plan::BundleInfo model = DiagnosisModel();
  const std::string pdf =
      StudySummaryPdf({result, examination, model, {{"Patient", "Doe^Jané"}, {"Id", "77"}}, "2026-01-31"});
  return test::PagesOfPdf("the summary", pdf).value_or(std::vector<std::string>());
}

bool CanRead() { return PdfIsAvailable() && !PagesOf(NothingFound(SmallCase())).empty(); }

TEST(StudySummary, OnePageSaysWhoseStudyItIsAndWhatWasFound) {
  if (!CanRead()) GTEST_SKIP() << "needs libharu and pdftotext";
  const std::vector<std::string> pages = PagesOf(OneLesion(SmallCase()));
  ASSERT_EQ(pages.size(), 1U);
  for (const char* part : {"Doe^Jané", "77", "most likely beta gamma", "21.3 × 14.0", "3.46", "1.23 ± 0.15",
                           "Research use only", "parotis-test-1"}) {
    EXPECT_THAT(pages[0], HasSubstr(part));
  }
}

TEST(StudySummary, IsOnePageWhateverThereIsToSay) {
  if (!CanRead()) GTEST_SKIP() << "needs libharu and pdftotext";
  diagnose::Result result = OneLesion(SmallCase());
  dataset::Diagnosis& d = result.diagnosis;
  d.classes.clear();
  for (int c = 0; c < 20; ++c) d.classes.push_back("a_class_with_a_long_name_" + std::to_string(c));
  d.class_probabilities.assign(20, 0.05);
  d.lesions[0].class_probabilities = d.class_probabilities;
  d.lesions.resize(40, d.lesions[0]);
  d.flags.resize(30, {"code", std::string(2000, 'x') + " and many words more"});
  d.reason = std::string(5000, 'y');
  const std::vector<std::string> pages = PagesOf(result);
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_THAT(pages[0], HasSubstr("smaller lesions"));
  EXPECT_THAT(pages[0], HasSubstr("more remarks"));
}

TEST(KeyDrawing, ShowsTheLargestLesionAndNamesNobody) {
  const dataset::Case examination = SmallCase();
  const plan::BundleInfo model = DiagnosisModel();
  const diagnose::Result found = OneLesion(examination);
  const StudySummaryInput input = {found, examination, model, {{"Patient", "Doe^Jane"}}, "2026-01-31"};
  EXPECT_EQ(KeySlice(input), 2);
  std::string words;
  for (const Mark& mark : KeyDrawing(input).marks) {
    if (const auto* text = std::get_if<TextMark>(&mark)) words += text->text + "\n";
  }
  EXPECT_THAT(words, HasSubstr("most likely beta gamma"));
  EXPECT_THAT(words, HasSubstr("beta gamma 0.75"));
  EXPECT_THAT(words, HasSubstr("Research use only"));
  EXPECT_THAT(words, testing::Not(HasSubstr("Doe")));
}

TEST(PictureOf, DrawsLinesShapesImagesAndWords) {
  if (!PictureIsAvailable()) GTEST_SKIP() << "needs Cairo";
  Drawing drawing{20, 10};
  drawing.Rectangle(0, 0, 5, 5, {Role::kPrediction});
  image::Picture red(1, 1, {200, 0, 0});
  drawing.marks.emplace_back(ImageMark{10, 0, 5, 5, red});
  drawing.Text({10, 9}, "W", Anchor::kMiddle, {Role::kOnImage}, 6);
  const image::Picture picture = PictureOf(drawing, 2, {0, 0, 0});
  ASSERT_EQ(picture.width, 40);
  ASSERT_EQ(picture.height, 20);
  const auto at = [&](int x, int y) {
    const auto first = 3 * static_cast<std::size_t>(y * picture.width + x);
    return std::array<int, 3>{picture.rgb[first], picture.rgb[first + 1], picture.rgb[first + 2]};
  };
  EXPECT_EQ(at(4, 4), (std::array<int, 3>{255, 209, 64}));
  EXPECT_EQ(at(25, 5), (std::array<int, 3>{200, 0, 0}));
  EXPECT_EQ(at(15, 5), (std::array<int, 3>{0, 0, 0}));
  int white = 0;
  for (int y = 8; y < 20; ++y) {
    for (int x = 10; x < 30; ++x) white += at(x, y)[0] > 200 && at(x, y)[2] > 200 ? 1 : 0;
  }
  EXPECT_GT(white, 5);  // the letter
  EXPECT_EQ(PictureOf(drawing, 2, {0, 0, 0}).rgb, picture.rgb);
}

TEST(PictureOf, ReadsAsWhatItShows) {
  if (!PictureIsAvailable()) GTEST_SKIP() << "needs Cairo";
  const dataset::Case examination = SmallCase();
  const plan::BundleInfo model = DiagnosisModel();
  const diagnose::Result found = OneLesion(examination);
  const image::Picture picture = PictureOf(KeyDrawing({found, examination, model, {}, ""}), 2, {0, 0, 0});
  EXPECT_EQ(picture.width, 1024);
  EXPECT_GT(picture.height, 300);
}

}  // namespace
}  // namespace parotis::report
