#include "intake/words.h"

#include <gtest/gtest.h>

namespace parotis::intake {
namespace {

TEST(Words, AreLowerCaseWithoutAccentsAndSplitAtEverythingElse) {
  const Words words({"T2_TSE-tra", "Próstata Ohrspeicheldrüse"});
  EXPECT_TRUE(words.Has("t2"));
  EXPECT_TRUE(words.Has("tra"));
  EXPECT_TRUE(words.HasStem("prosta"));
  EXPECT_TRUE(words.Has("ohrspeicheldruse"));
  EXPECT_FALSE(words.Has("t"));
  EXPECT_FALSE(words.HasStem("stata"));
  EXPECT_TRUE(words.Contains("stata"));
}

TEST(Words, OtherScriptsAreComparedAsTheyAre) { EXPECT_TRUE(Words({"左侧腮腺增强"}).Contains("腮腺")); }

TEST(Words, TextsDoNotRunIntoEachOther) { EXPECT_FALSE(Words({"pro", "state"}).HasStem("prostate")); }

}  // namespace
}  // namespace parotis::intake
