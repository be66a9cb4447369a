#include "dicom/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/json.h"

namespace parotis::dicom {
namespace {

TEST(DicomText, Latin1BecomesUtf8) {
  EXPECT_EQ(Utf8FromDicom("Ohrspeicheldr\xFCse", "ISO_IR 100"), "Ohrspeicheldrüse");
}

TEST(DicomText, ChineseBecomesUtf8) { EXPECT_EQ(Utf8FromDicom("\xc8\xf9\xcf\xd9 MR", "GB18030"), "腮腺 MR"); }

TEST(DicomText, AnUnknownSetKeepsTheAsciiPart) { EXPECT_EQ(Utf8FromDicom("T2 \xFF tra", "NO SUCH SET"), "T2 ? tra"); }

TEST(DicomText, ValuesAreSplitAndTrimmed) {
  EXPECT_THAT(SplitValues(std::string_view("SE\\ IR \\\0", 8)), testing::ElementsAre("SE", "IR", ""));
  EXPECT_THAT(SplitValues("  "), testing::IsEmpty());
}

TEST(DicomText, NumbersAreReadWholeOrNotAtAll) {
  EXPECT_EQ(ParseNumber(" +1.5e2 "), 150);
  for (const char* bad : {"", "12mm", "1,5", "nan", "inf", "1e999", "--3"}) EXPECT_FALSE(ParseNumber(bad)) << bad;
}

// What a hostile description could do to a terminal or to a JSON file.
RC_GTEST_PROP(DicomText, IsAlwaysPrintableAndValidUtf8, (const std::string& bytes)) {
  const std::string text = CleanText(bytes);
  RC_ASSERT(!base::Json(text).dump().empty());  // throws on invalid UTF-8
  for (const char c : text) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
}

}  // namespace
}  // namespace parotis::dicom
