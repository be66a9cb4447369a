#include "base/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace parotis::base {
namespace {

TEST(Utf8, CharactersAreCountedNotBytes) {
  EXPECT_EQ(PlainLength(""), 0U);
  EXPECT_EQ(PlainLength("abc"), 3U);
  EXPECT_EQ(PlainLength("Müller"), 6U);
  EXPECT_EQ(PlainLength("耳下腺 🙂"), 5U);
}

TEST(Utf8, WhatIsNoneOrAControlCharacterIsNotPlain) {
  for (const char* text : {"\xff", "\xc3", "a\xc3(", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                           "\xf8\x88\x80\x80\x80", "\x80", "a\nb", "\x7f", "\xc2\x85", "\x1b[2J"})
    EXPECT_FALSE(PlainLength(text)) << text;
  EXPECT_FALSE(PlainLength(std::string(1, '\0')));
}

TEST(Utf8, WideCharactersTakeTwoColumns) {
  EXPECT_EQ(ColumnsOf(""), 0U);
  EXPECT_EQ(ColumnsOf("T2 Müller µm²/s · …"), 19U);
  EXPECT_EQ(ColumnsOf("耳下腺 T2"), 9U);
  EXPECT_EQ(ColumnsOf("이하선"), 6U);
  EXPECT_EQ(ColumnsOf("ｱｲｳ"), 3U) << "halfwidth katakana";
  EXPECT_EQ(ColumnsOf("ＡＢ"), 4U) << "fullwidth letters";
  EXPECT_EQ(ColumnsOf("\xff\xc3"), 2U);
}

TEST(Utf8, ABeginningEndsBetweenCharacters) {
  EXPECT_EQ(FirstColumns("耳下腺", 6), "耳下腺");
  EXPECT_EQ(FirstColumns("耳下腺", 5), "耳下");
  EXPECT_EQ(FirstColumns("aé腺", 2), "aé");
  EXPECT_EQ(FirstColumns("abc", 0), "");
}

}  // namespace
}  // namespace parotis::base
