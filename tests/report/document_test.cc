#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/build_info.h"
#include "report/document_html.h"
#include "report/document_pdf.h"
#include "report/pdf_table.h"
#include "report/pdf_text.h"
#include "tests/support/pdf_text_of.h"
#include "tests/support/xml.h"

namespace parotis::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// One of everything, every word of it from outside.
Document DocumentOf(const std::string& word) {
  Document document;
  document.title = document.subtitle = document.running_title = word;
  document.Section(word);
  document.Say(Text(word).Bold(word).Soft(word).Add(word, Style::kCode));
  document.Warn(word);
  document.Add(Bullets{{word, word}});
  Table table{word, {{word, Align::kLeft}, {word}}, {}, {word}};
  table.AddGroup(word);
  table.Add({word, Text(word, Style::kBold)});
  document.Add(table);
  Drawing drawing{120, 80, word, {}};
  drawing.Text({10, 20}, word);
  drawing.Circle({60, 40}, 5, {}, word);
  drawing.Rectangle(1, 1, 100, 50, {Role::kShade, 0, 0.4});
  drawing.Polyline({{0, 0}, {10, 10}}, {Role::kSeries, 3}, 1, true);
  drawing.marks.emplace_back(ImageMark{0, 0, 20, 20, image::Picture(2, 2, {9, 9, 9})});
  document.Add(Figure{word, {{drawing, word}, {drawing, ""}}, 2, {word}});
  document.Add(Code{word});
  return document;
}

TEST(DocumentHtml, NamesFromOutsideStayText) {
  const std::string html = HtmlOf(DocumentOf("</td><script>alert('1')</script>\" onload=\"x & y"));
  EXPECT_EQ(test::FaultInMarkup(html), "");
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("onload=\"")));
}

RC_GTEST_PROP(DocumentHtml, IsWellFormedWhateverTheWords, (const std::string& word)) {
  RC_ASSERT(test::FaultInMarkup(HtmlOf(DocumentOf(word))) == "");
}

TEST(DocumentHtml, CountsTablesAndFiguresAndLeadsToItsSections) {
  Document document = DocumentOf("word");
  for (const Block& block : DocumentOf("more").blocks) document.Add(block);
  document.Section("third");
  const std::string html = HtmlOf(document);
  for (const char* part : {"<b>Table 1.</b>", "<b>Table 2.</b>", "<b>Figure 2.</b>", "href=\"#s3\"", "id=\"s3\""})
    EXPECT_THAT(html, HasSubstr(part));
}

TEST(DocumentHtml, AsksNobodyForAnything) {
  const std::string html = HtmlOf(DocumentOf("word"));
  for (const char* forbidden : {"<script", "http://", "https://", "<link", "@import", "url(", " src=\""})
    EXPECT_THAT(html, Not(HasSubstr(forbidden)));
}

TEST(DocumentPdf, TheSameDocumentGivesTheSameBytes) {
  if (!PdfIsAvailable()) GTEST_SKIP() << "this build writes no PDF";
  EXPECT_THAT(PdfOf(DocumentOf("word")), StartsWith("%PDF-"));
  EXPECT_EQ(PdfOf(DocumentOf("word")), PdfOf(DocumentOf("word")));
}

TEST(DocumentPdf, ALongTableBreaksAndRepeatsItsHead) {
  Document document;
  document.title = "A long table";
  document.running_title = "running title";
  Table table{"What it holds", {{"Number", Align::kLeft}, {"Headword"}}, {}, {}};
  for (int row = 0; row < 200; ++row)
    table.Add({"row " + std::to_string(row), Text(std::to_string(row), Style::kBold)});
  document.Add(table);
  const auto pages = test::PagesOfPdf(document.title, PdfOf(document));
  if (!pages) GTEST_SKIP() << "pdftotext (Debian: poppler-utils) is not here";
  ASSERT_GT(pages->size(), 2U);
  for (std::size_t p = 0; p < pages->size(); ++p) {
    EXPECT_THAT((*pages)[p], HasSubstr("Headword"));
    EXPECT_THAT((*pages)[p], HasSubstr("running title"));
    EXPECT_THAT((*pages)[p], HasSubstr(base::kResearchUseOnly));
    EXPECT_THAT((*pages)[p], HasSubstr(std::to_string(p + 1) + " of " + std::to_string(pages->size())));
  }
  std::string all;
  for (const std::string& page : *pages) all += page;
  for (int row = 0; row < 200; ++row) EXPECT_THAT(all, HasSubstr("row " + std::to_string(row)));
}

TEST(DocumentPdf, AHeadingStandsOnThePageOfTheFigureThatFollowsIt) {
  Document document;
  document.title = "Figures";
  for (int section = 0; section < 12; ++section) {
    document.Section(fmt::format("Section {}.", section));
    Drawing drawing{300, 150.0 + 25 * section, "a drawing", {}};
    document.Add(Figure{fmt::format("of section {}.", section), {{drawing, ""}}, 1, {}});
  }
  const auto pages = test::PagesOfPdf(document.title, PdfOf(document));
  if (!pages) GTEST_SKIP() << "pdftotext (Debian: poppler-utils) is not here";
  for (const std::string& page : *pages) {
    for (int section = 0; section < 12; ++section) {
      const bool has_heading = page.find(fmt::format("Section {}.", section)) != std::string::npos;
      const bool has_figure = page.find(fmt::format("of section {}.", section)) != std::string::npos;
      EXPECT_EQ(has_heading, has_figure) << section;
    }
  }
}

TEST(DocumentPdf, TheLastRowOfATableIsNotAloneOnItsPage) {
  for (int rows = 30; rows < 90; ++rows) {
    Document document;
    Table table{"What it holds", {{"Number", Align::kLeft}, {"Headword"}}, {}, {}};
    for (int row = 0; row < rows; ++row) table.Add({fmt::format("row {}.", row), ""});
    document.Add(table);
    const auto pages = test::PagesOfPdf("rows", PdfOf(document));
    if (!pages) GTEST_SKIP() << "pdftotext (Debian: poppler-utils) is not here";
    const std::string& last = pages->back();
    ASSERT_THAT(last, AllOf(HasSubstr(fmt::format("row {}.", rows - 1)), HasSubstr(fmt::format("row {}.", rows - 2))));
  }
}

TEST(DocumentPdf, SignsBeyondLatinCanBeReadAndSearched) {
  const auto pages = test::PagesOfPdf("t", PdfOf(DocumentOf("µm²/s − ≥ κ ±")));
  if (!pages) GTEST_SKIP() << "pdftotext (Debian: poppler-utils) is not here";
  EXPECT_THAT((*pages)[0], HasSubstr("µm²/s − ≥ κ ±"));
}

TEST(DocumentPdf, SaysNothingOfTheMachineThatMadeIt) {
  const std::string bytes = PdfOf(DocumentOf("word"));
  // The folder below the root in which the sources lie, with its slashes.
  const std::string source = PAROTIS_SOURCE_DIR;
  const std::string top = source.substr(0, source.find('/', 1)) + "/";
  for (const std::string& private_text : {std::string("/usr/"), std::string("/home/"), top})
    EXPECT_THAT(bytes, Not(HasSubstr(private_text)));
}

double TenthOfAnInch(const std::string& text, Style) { return 7.2 * static_cast<double>(text.size()); }

TEST(PdfText, LinesBreakAtSpacesAndLongWordsAnywhere) {
  const auto lines = BreakLines(Text("one two ").Bold("three"), 52, TenthOfAnInch);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0][0].text, "one two");
  EXPECT_EQ(lines[1][0].text, "three");
  EXPECT_EQ(lines[1][0].style, Style::kBold);
  const auto cut = BreakLines("abcdefghij", 30, TenthOfAnInch);
  ASSERT_EQ(cut.size(), 3U);
  EXPECT_EQ(cut[0][0].text + cut[1][0].text + cut[2][0].text, "abcdefghij");
}

RC_GTEST_PROP(PdfText, NothingIsLostAndNothingIsTooWide, (const std::vector<std::string>& words)) {
  std::string text, letters, broken;
  for (const std::string& word : words) {
    std::string clean;
    for (const char c : word) clean += c >= 'a' && c <= 'z' ? c : 'x';
    text += clean + " ";
    letters += clean;
  }
  for (const TextLine& line : BreakLines(text, 60, TenthOfAnInch)) {
    RC_ASSERT(WidthOf(line, TenthOfAnInch) <= 60.001);
    for (const Span& piece : line) {
      for (const char c : piece.text) broken += c == ' ' ? "" : std::string(1, c);
    }
  }
  RC_ASSERT(broken == letters);
}

TEST(PdfText, StandardFontsSpellOutWhatTheyLack) {
  EXPECT_EQ(WinAnsiOf("a ≥ b − 1 µm κ 漢"), "a >= b - 1 \xB5m kappa ?");
  EXPECT_EQ(ShownText("0.70\u00A0to\u00A00.85\n"), "0.70 to 0.85 ");
}

TEST(PdfTable, AWordTooWideForThePageTakesNothingFromNarrowColumns) {
  Table table{"", {{"What"}, {"Value"}}, {}, {}};
  table.Add({"provenance", std::string(500, 'w')});
  const TableSetting setting = SetTable(
      table, 400, [](const std::string& t, Style, double size) { return 0.5 * size * static_cast<double>(t.size()); });
  EXPECT_GE(setting.widths_pt[0], 0.5 * setting.text_pt * 10 - 0.01);
  EXPECT_LE(setting.widths_pt[0] + setting.widths_pt[1] + kColumnGap_pt, 400.01);
}

TEST(PdfTable, ColumnsFitThePage) {
  Table table{"", {{"a"}, {"b"}, {"c"}}, {}, {}};
  table.Add({"short", std::string(300, 'w'), "a few words that may be broken into lines where there is no room"});
  const TableSetting setting = SetTable(
      table, 400, [](const std::string& t, Style, double size) { return 0.5 * size * static_cast<double>(t.size()); });
  double width = 2 * kColumnGap_pt;
  for (const double column : setting.widths_pt) width += column;
  EXPECT_LE(width, 400.01);
}

}  // namespace
}  // namespace parotis::report
