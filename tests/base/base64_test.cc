#include "base/base64.h"

#include <gtest/gtest.h>

namespace parotis::base {
namespace {

TEST(Base64, GivesTheExamplesOfTheStandard) {  // RFC 4648, section 10
  EXPECT_EQ(Base64(""), "");
  EXPECT_EQ(Base64("f"), "Zg==");
  EXPECT_EQ(Base64("fo"), "Zm8=");
  EXPECT_EQ(Base64("foo"), "Zm9v");
  EXPECT_EQ(Base64("foob"), "Zm9vYg==");
  EXPECT_EQ(Base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(Base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(Base64("\xff\xef\xbe"), "/+++");
}

TEST(Base64, ForUrlsHasOtherSignsAndNoPadding) {  // RFC 4648, section 5
  EXPECT_EQ(Base64Url(""), "");
  EXPECT_EQ(Base64Url("f"), "Zg");
  EXPECT_EQ(Base64Url("fo"), "Zm8");
  EXPECT_EQ(Base64Url("foo"), "Zm9v");
  EXPECT_EQ(Base64Url("\xff\xef\xbe"), "_---");
}

}  // namespace
}  // namespace parotis::base
