#include "base/secret.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace parotis::base {
namespace {

TEST(Secret, RandomBytesAreAsManyAsAskedForAndNeverTheSame) {
  std::set<std::string> drawn;
  for (int i = 0; i < 100; ++i) drawn.insert(RandomBytes(32));
  EXPECT_EQ(drawn.size(), 100U);
  EXPECT_EQ(drawn.begin()->size(), 32U);
}

TEST(Secret, TextsAreEqualOnlyWhenEveryByteIs) {
  EXPECT_TRUE(EqualSecrets("", ""));
  EXPECT_TRUE(EqualSecrets(std::string("a\0b", 3), std::string("a\0b", 3)));
  const std::string secret = RandomBytes(32);
  EXPECT_TRUE(EqualSecrets(secret, std::string(secret)));
  for (std::size_t i = 0; i < secret.size(); ++i) {
    std::string other = secret;
    other[i] = static_cast<char>(other[i] ^ 1);
    EXPECT_FALSE(EqualSecrets(secret, other)) << i;
  }
  EXPECT_FALSE(EqualSecrets(secret, secret.substr(1)));
  EXPECT_FALSE(EqualSecrets("", "a"));
}

}  // namespace
}  // namespace parotis::base
