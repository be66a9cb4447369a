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

}  // namespace
}  // namespace parotis::base
