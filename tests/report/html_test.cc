#include "report/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace parotis::report {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Escape, MarkupFromOutsideBecomesText) {
  EXPECT_EQ(Escape("<script>alert('1')</script> & \"x\""),
            "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;x&quot;");
}

TEST(Escape, KeepsUnicodeAndReplacesWhatIsNotUtf8) {
  EXPECT_EQ(Escape("Gl\u00e4ndula \u2265 \U0001F642"), "Gl\u00e4ndula \u2265 \U0001F642");
  EXPECT_EQ(Escape("T2\xE4tra"), "T2\uFFFDtra");                   // Latin-1
  EXPECT_EQ(Escape("\xC0\xBCscript>"), "\uFFFD\uFFFDscript&gt;");  // overlong '<'
  EXPECT_EQ(Escape("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");         // a surrogate
  EXPECT_EQ(Escape(std::string("a\0b\x1b[2J", 7)), "a\uFFFDb\uFFFD[2J");
  EXPECT_EQ(Escape("\xE2\x82"), "\uFFFD\uFFFD");  // cut off
}

RC_GTEST_PROP(Escape, NothingThatOpensATagOrAnAttributeSurvives, (const std::string& text)) {
  const std::string html = Escape(text);
  for (const char c : {'<', '>', '"', '\''}) RC_ASSERT(html.find(c) == std::string::npos);
}

TEST(Number, SaysNotAvailableAndUsesARealMinus) {
  EXPECT_EQ(Number(NAN, 2), "n/a");
  EXPECT_EQ(Number(-1.5, 1), "\u22121.5");
  EXPECT_EQ(Number(0.666, 2), "0.67");
}

TEST(Page, CarriesTheNoticeTwiceAndAsksNobodyForAnything) {
  const std::string page = Page("a <b> title", "<p>body</p>");
  const std::string notice = "Research use only";
  EXPECT_LT(page.find(notice), page.find("<p>body</p>"));
  EXPECT_GT(page.rfind(notice), page.find("<p>body</p>"));
  EXPECT_THAT(page, HasSubstr("<title>a &lt;b&gt; title</title>"));
  for (const char* forbidden : {"<script", "http://", "https://", "<link", "@import", "url("}) {
    EXPECT_THAT(page, Not(HasSubstr(forbidden)));
  }
  EXPECT_THAT(page, HasSubstr("prefers-color-scheme:dark"));
  EXPECT_THAT(page, HasSubstr("@media print"));
}

}  // namespace
}  // namespace parotis::report
