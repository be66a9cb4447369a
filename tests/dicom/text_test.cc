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

// The examples of PS3.5, annexes H.3, I.2 and K.2.
TEST(DicomText, JapaneseKoreanAndChineseNamesAreReadWithTheirCodeExtensions) {
  EXPECT_EQ(Utf8FromDicom("Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B",
                          "\\ISO 2022 IR 87"),
            "Yamada^Tarou=山田^太郎=やまだ^たろう");
  EXPECT_EQ(Utf8FromDicom("\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J",
                          "ISO 2022 IR 13\\ISO 2022 IR 87"),
            "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎");
  EXPECT_EQ(
      Utf8FromDicom("Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
                    "\\ISO 2022 IR 149"),
      "Hong^Gildong=洪^吉洞=홍^길동");
  EXPECT_EQ(Utf8FromDicom("Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=", "\\ISO 2022 IR 58"),
            "Zhang^XiaoDong=张^小东=");
  EXPECT_EQ(Utf8FromDicom("\xbc\xde\xb7", "ISO_IR 13"), "ｼﾞｷ");
}

TEST(DicomText, BrokenCodeExtensionsKeepTheAsciiPart) {
  EXPECT_EQ(Utf8FromDicom("T2 \x1b$B6", "\\ISO 2022 IR 87"), "T2  $B6");
  EXPECT_EQ(Utf8FromDicom("T2 \x1b$Z6/\x1b(B", "\\ISO 2022 IR 87"), "T2  $Z6/ (B");
  EXPECT_EQ(Utf8FromDicom("T2 \xfb\xf3", "\\ISO 2022 IR 149"), "T2 ??") << "nothing said that it is Korean";
}

RC_GTEST_PROP(DicomText, AnyBytesWithCodeExtensionsBecomeValidText, ()) {
  const auto bytes = *rc::gen::container<std::string>(
      rc::gen::element('\x1b', '$', 'B', '(', ')', 'C', 'J', 'I', '^', '\xb0', '\xfb', '6', '/', '\n', '\\'));
  const auto set =
      *rc::gen::element<std::string>("\\ISO 2022 IR 87", "ISO 2022 IR 13\\ISO 2022 IR 159", "\\ISO 2022 IR 149");
  (void)base::Json(Utf8FromDicom(bytes, set)).dump();  // throws where it is no UTF-8
}

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
