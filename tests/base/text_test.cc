#include "base/text.h"

#include <gtest/gtest.h>

namespace parotis::base {
namespace {

TEST(Text, PaddingGoesAtTheEndsAlone) {
  EXPECT_EQ(Trimmed(" \t a b\r\n"), "a b");
  EXPECT_EQ(Trimmed(" \t "), "");
  EXPECT_EQ(Trimmed(""), "");
  EXPECT_EQ(Trimmed("\ta ", " "), "\ta");
}

TEST(Text, OnlyAsciiLettersChangeTheirCase) {
  EXPECT_EQ(AsciiLower("T1 GÄ_@[Z"), "t1 gÄ_@[z");
  EXPECT_EQ(AsciiUpper("t1 gä_`{z"), "T1 Gä_`{Z");
}

}  // namespace
}  // namespace parotis::base
