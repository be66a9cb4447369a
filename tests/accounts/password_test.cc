// How passwords are kept, and which are taken.
#include "accounts/password.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

#include "tests/support/errors.h"

namespace parotis::accounts {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

constexpr HashCost kCheap{.passes = 1, .memory_kib = 8, .lanes = 1};

TEST(Password, IsKeptByTheSecondRecommendedOptionOfRfc9106) {
  const std::string kept = HashPassword("glass otter under nine moons");
  EXPECT_THAT(kept, StartsWith("$argon2id$v=19$m=65536,t=3,p=4$"));
  EXPECT_TRUE(IsPassword("glass otter under nine moons", kept));
  EXPECT_FALSE(NeedsNewHash(kept));
}

// By the reference implementation's own command: echo -n PASSWORD | argon2 SALT -id -t 2 -k 256 -p 1 -e, from its
// tests.
TEST(Password, AHashThatOthersMadeIsRead) {
  const std::string kept = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
  EXPECT_TRUE(IsPassword("password", kept));
  EXPECT_FALSE(IsPassword("Password", kept));
}

TEST(Password, EveryHashHasASaltOfItsOwn) {
  const std::string one = HashPassword("same", kCheap), other = HashPassword("same", kCheap);
  EXPECT_NE(one, other);
  EXPECT_TRUE(IsPassword("same", one) && IsPassword("same", other));
}

TEST(Password, OnlyTheSameBytesAreTheSamePassword) {
  const std::string kept = HashPassword("Straße ohne Ende", kCheap);
  EXPECT_TRUE(IsPassword("Straße ohne Ende", kept));
  for (const char* wrong : {"Strasse ohne Ende", "straße ohne ende", "Straße ohne Ende ", ""})
    EXPECT_FALSE(IsPassword(wrong, kept)) << wrong;
}

TEST(Password, OneKeptAtAnotherCostIsToBeKeptAnew) {
  const std::string kept = HashPassword("x", kCheap);
  EXPECT_FALSE(NeedsNewHash(kept, kCheap));
  EXPECT_TRUE(NeedsNewHash(kept));
  EXPECT_FALSE(NeedsNewHash("nonsense"));
}

TEST(Password, WhatIsNoHashIsOneClearErrorAndNeverAMatch) {
  const std::string kept = HashPassword("x", kCheap);
  for (const std::string& spoilt :
       {std::string(), std::string("x"), kept.substr(0, kept.size() - 1), kept + "=", "x" + kept,
        std::string("$argon2i$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA"),
        std::string("$argon2id$v=19$m=4,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA"),
        std::string("$argon2id$v=19$m=8,t=0,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA"),
        std::string("$argon2id$v=19$m=8,p=1,t=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA"),
        std::string("$argon2id$v=19$m=+8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA"),
        std::string("$argon2id$v=19$m=8,t=1,p=1$$AAAAAAAAAAAAAAAAAAAAAA"),
        std::string("$argon2id$v=19$m=8,t=1,p=1,x=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA"),
        std::string("$argon2id$v=16$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA"),
        std::string(100'000, '$')}) {
    EXPECT_THAT(test::ErrorOf([&] { EXPECT_FALSE(IsPassword("x", spoilt)); }), HasSubstr("give its user a new one"))
        << spoilt.substr(0, 200);
  }
}

TEST(Password, AHashThatAsksForAbsurdWorkIsNotComputed) {
  const std::uint64_t before = HashesComputed();
  for (const char* cost : {"m=999999999,t=1,p=1", "m=8,t=999999999,p=1", "m=8192,t=1,p=1024"}) {
    const std::string kept = std::string("$argon2id$v=19$") + cost + "$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA";
    EXPECT_THAT(test::ErrorOf([&] { IsPassword("x", kept); }), HasSubstr("cannot read")) << cost;
  }
  EXPECT_EQ(HashesComputed(), before);
}

TEST(Password, AHashOrASaltThatIsTooShortIsNotComputed) {
  const std::uint64_t before = HashesComputed();
  for (const char* end : {"$AAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA", "$AAAAAAAAAAA$AAAAAAAAAAAAAAA",
                          "$AAAAAAAAAA!$AAAAAAAAAAAAAAAA", "$AAAAAAAAAAA$AAAAAAAAAAAAAAA="})
    EXPECT_THAT(test::ErrorOf([&] { IsPassword("x", std::string("$argon2id$v=19$m=8,t=1,p=1") + end); }),
                HasSubstr("cannot read"))
        << end;
  EXPECT_EQ(HashesComputed(), before);
}

TEST(Password, ManyAtOnceTakeTurns) {
  const std::string kept = HashPassword("x", kCheap);
  const std::uint64_t before = HashesComputed();
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { EXPECT_TRUE(IsPassword("x", kept)); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(HashesComputed(), before + 8);
}

TEST(Password, ARandomOneCanBeReadOutAndIsTaken) {
  std::set<std::string> drawn;
  for (int i = 0; i < 200; ++i) {
    const std::string password = GeneratePassword();
    drawn.insert(password);
    EXPECT_THAT(password, MatchesRegex("[a-km-np-z2-9]{5}-[a-km-np-z2-9]{5}-[a-km-np-z2-9]{5}-[a-km-np-z2-9]{5}"));
    EXPECT_THAT(ProblemOfPassword(password, "meyer"), IsEmpty()) << password;
  }
  EXPECT_EQ(drawn.size(), 200U);
}

TEST(PasswordRules, LengthIsCountedInCharacters) {
  EXPECT_THAT(ProblemOfPassword("", "meyer"), HasSubstr("has 0 characters and needs at least 12"));
  EXPECT_THAT(ProblemOfPassword("kqzwvxyjtbn", "meyer"), HasSubstr("has 11 characters"));
  EXPECT_THAT(ProblemOfPassword("kqzwvxyjtbnm", "meyer"), IsEmpty());
  EXPECT_THAT(ProblemOfPassword("äöüßéèñçøåž", "meyer"), HasSubstr("has 11 characters"));
  EXPECT_THAT(ProblemOfPassword("äöüßéèñçøåžł", "meyer"), IsEmpty());
  std::string longest;
  for (std::size_t i = 0; i < kMostCharacters; ++i) longest += static_cast<char>('a' + i * i * 7 % 25);
  EXPECT_THAT(ProblemOfPassword(longest + "x", "meyer"), HasSubstr("may have at most 128"));
}

TEST(PasswordRules, NoKindOfCharacterIsDemanded) {
  for (const char* password :
       {"glass otter under nine moons", "kqzwvxyjtbnm", "582039471648", "GLASSOTTERMOON", "Zug nach Bozen um halb acht",
        "correct pony battery clip", "耳下腺の腫瘍を見つける犬の話", "monkey dragon sunshine princess"})
    EXPECT_THAT(ProblemOfPassword(password, "meyer"), IsEmpty()) << password;
}

TEST(PasswordRules, WhatIsTriedFirstIsNotTaken) {
  for (const char* password : {"password1234",
                               "Password2024!",
                               "P@ssw0rd2024",
                               "passwordpassword",
                               "123456789012",
                               "qwertyuiop12",
                               "aaaaaaaaaaaa",
                               "abcabcabcabc",
                               "qwerty123456",
                               "1qaz2wsx3edc",
                               "1q2w3e4r5t6y",
                               "abcdefghijkl",
                               "lkjhgfdsaqwe",
                               "iloveyou1234",
                               "Radiologie2025",
                               "radiologia123",
                               "krankenhaus1",
                               "letmeinletmein",
                               "administrator",
                               "Winter2025!!",
                               "qwertzuiop99",
                               "changeme1234",
                               "correcthorsebatterystaple",
                               "000000000000",
                               "!!!!!!!!!!!!",
                               "parotis12345",
                               "admin admin admin"})
    EXPECT_THAT(ProblemOfPassword(password, "meyer"), HasSubstr("tried first")) << password;
}

TEST(PasswordRules, TheNameWithALittleAroundItIsNotTaken) {
  EXPECT_THAT(ProblemOfPassword("zoltan.kovacsy", "zoltan.kovacsy"), HasSubstr("more than the user's name"));
  EXPECT_THAT(ProblemOfPassword("Kovacsy2025!", "zoltan.kovacsy"), HasSubstr("more than the user's name"));
  EXPECT_THAT(ProblemOfPassword("kovacsyzoltan", "zoltan.kovacsy"), HasSubstr("more than the user's name"));
  EXPECT_THAT(ProblemOfPassword("kovacsy plays the oboe", "zoltan.kovacsy"), IsEmpty());
  EXPECT_THAT(ProblemOfPassword("Kovacsy2025!", "meyer"), IsEmpty());
}

TEST(PasswordRules, WhatNobodyCanTypeIsNotTaken) {
  EXPECT_THAT(ProblemOfPassword("a line\nand another", "meyer"), HasSubstr("nobody can type"));
  EXPECT_THAT(ProblemOfPassword("bytes \xff\xfe that are no text", "meyer"), HasSubstr("nobody can type"));
  EXPECT_THAT(ProblemOfPassword(std::string(20, '\0'), "meyer"), HasSubstr("nobody can type"));
}

}  // namespace
}  // namespace parotis::accounts
