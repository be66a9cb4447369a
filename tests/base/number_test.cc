#include "base/number.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace parotis::base {
namespace {

TEST(NumberFrom, TakesTheWholeTextOrNothing) {
  EXPECT_EQ(NumberFrom<int>("-12"), -12);
  EXPECT_EQ(NumberFrom<double>("2.5e3"), 2500);
  for (const char* text : {"", " 1", "1 ", "+1", "1,5", "1x", "0x10", "one"}) {
    EXPECT_FALSE(NumberFrom<int>(text)) << text;
    EXPECT_FALSE(NumberFrom<double>(text)) << text;
  }
  EXPECT_FALSE(NumberFrom<int>("1.5"));
  EXPECT_FALSE(NumberFrom<std::uint8_t>("256"));
  EXPECT_FALSE(NumberFrom<double>("1e999"));
}

TEST(FiniteNumberFrom, KnowsNoInfinity) {
  EXPECT_TRUE(NumberFrom<double>("inf"));
  EXPECT_FALSE(FiniteNumberFrom("inf"));
  EXPECT_FALSE(FiniteNumberFrom("nan"));
  EXPECT_EQ(FiniteNumberFrom("0.25"), 0.25);
}

TEST(FiniteNumbersFrom, AColumnWithOneWordIsWords) {
  EXPECT_EQ(FiniteNumbersFrom({"1", "", "2.5"}), (std::vector<double>{1, 2.5}));
  EXPECT_TRUE(FiniteNumbersFrom({"1", "unknown", "2.5"}).empty());
  EXPECT_TRUE(FiniteNumbersFrom({"1", "inf"}).empty());
}

}  // namespace
}  // namespace parotis::base
