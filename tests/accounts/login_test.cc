// Logins, in either database: who is let in, who waits, and what one can tell from it.
#include "accounts/login.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "tests/accounts/accounts_fixture.h"

namespace parotis::accounts {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kHome = "10.0.0.1";
const LoginLimits kLimits{.cost = kCheap};

class Logins : public AccountsFixture {
 protected:
  LoginAnswer Try(const std::string& name, const std::string& password, const std::string& address = kHome,
                  const LoginLimits& limits = kLimits) {
    return Login(database(), {name, password, address}, limits);
  }
  // "in", "wrong", or for how many seconds to wait.
  std::string Result(const std::string& name, const std::string& password, const std::string& address = kHome,
                     const LoginLimits& limits = kLimits) {
    const LoginAnswer answer = Try(name, password, address, limits);
    if (answer.result == LoginResult::kWait) return std::to_string(static_cast<int>(answer.wait_s + 0.5));
    return answer.result == LoginResult::kIn ? "in" : "wrong";
  }
  void Fail(int times, const std::string& name, const std::string& address = kHome) {
    for (int i = 0; i < times; ++i) EXPECT_EQ(Result(name, "wrong", address), "wrong") << i;
  }
  std::vector<jobs::Row> Counts() { return Query("SELECT counted, failures FROM account_failures ORDER BY counted"); }
};

TEST_P(Logins, NameAndPasswordLetIn) {
  Add("meyer", Role::kAdmin);
  now_ += 100;
  const LoginAnswer answer = Try("meyer", kGood);
  EXPECT_EQ(answer.result, LoginResult::kIn);
  ASSERT_TRUE(answer.user);
  EXPECT_EQ(answer.user->role, Role::kAdmin);
  EXPECT_NEAR(answer.user->last_login, now_, 1e-3);
  EXPECT_EQ(answer.known_name, "meyer");
  EXPECT_THAT(answer.problem, IsEmpty());
  EXPECT_EQ(Result(" Meyer ", kGood), "in") << "as phones write names";
  EXPECT_EQ(Result("meyer", std::string(kGood) + " "), "wrong");
}

TEST_P(Logins, UnknownWrongAndDisabledLookAlikeAndCostTheSame) {
  Add("meyer"), Add("gone");
  ChangeUser(database(), "gone", {.disabled = true});
  for (const auto& [name, password] : std::vector<std::pair<std::string, std::string>>{{"meyer", kOther},
                                                                                       {"nobody", kOther},
                                                                                       {"gone", kGood},
                                                                                       {"gone", kOther},
                                                                                       {"", kGood},
                                                                                       {"no such name!", ""},
                                                                                       {std::string(1000, 'x'), kOther},
                                                                                       {"\xff\n'", kOther},
                                                                                       {"meyer", ""}}) {
    const std::uint64_t before = HashesComputed();
    const LoginAnswer answer = Try(name, password, "10.9.9." + std::to_string(before % 250));
    EXPECT_EQ(HashesComputed(), before + 1) << name;
    EXPECT_EQ(answer.result, LoginResult::kWrong) << name;
    EXPECT_FALSE(answer.user) << name;
    EXPECT_EQ(answer.wait_s, 0) << name;
  }
  EXPECT_EQ(Try("gone", kOther).known_name, "gone");
  EXPECT_EQ(Try("nobody", kOther).known_name, "") << "for the audit trail alone";
}

TEST_P(Logins, BytesBehindANameAreNotTheName) {
  Add("meyer");
  for (const std::string& name :
       {std::string("meyer\0", 6), std::string("meyer\0x", 7), std::string("mey\xff"), std::string("meyer'")})
    EXPECT_EQ(Result(name, kGood), "wrong");
}

TEST_P(Logins, AfterFiveFailuresEachFurtherOneDoublesTheWait) {
  Add("meyer");
  Fail(5, "meyer");
  for (const int wait_s : {5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900}) {
    EXPECT_EQ(Result("meyer", kGood), std::to_string(wait_s)) << "even with the right one";
    now_ += wait_s - 0.1;
    EXPECT_EQ(Result("meyer", kOther), "0");
    now_ += 0.2;
    EXPECT_EQ(Result("meyer", kOther), "wrong");
  }
  now_ += 901;
  EXPECT_EQ(Result("meyer", kGood), "in");
}

TEST_P(Logins, WhileOneWaitsNothingIsComputedAndNothingCounted) {
  Add("meyer");
  Fail(5, "meyer");
  const auto counts = Counts();
  const std::uint64_t before = HashesComputed();
  for (int i = 0; i < 50; ++i) EXPECT_EQ(Try("meyer", kGood).result, LoginResult::kWait);
  EXPECT_EQ(HashesComputed(), before);
  EXPECT_EQ(Counts(), counts);
  now_ += 5.1;
  EXPECT_EQ(Result("meyer", kGood), "in");
}

TEST_P(Logins, ANameThatNobodyHasWaitsAsAnyOther) {
  Add("meyer");
  std::vector<std::string> said[2];
  for (int i = 0; i < 40; ++i) {
    said[0].push_back(Result("meyer", kOther, "10.0.0.1"));
    said[1].push_back(Result("nobody", kOther, "10.0.0.2"));
    now_ += 3;
  }
  EXPECT_EQ(said[0], said[1]);
  EXPECT_TRUE(std::any_of(said[0].begin(), said[0].end(), [](const std::string& each) { return each != "wrong"; }));
}

TEST_P(Logins, ASuccessClearsTheCount) {
  Add("meyer");
  for (int round = 0; round < 4; ++round) {
    Fail(4, "meyer");
    EXPECT_EQ(Result("meyer", kGood), "in");
  }
}

TEST_P(Logins, OthersFromThereAndTheSameNameFromElsewhereDoNotWait) {
  Add("meyer"), Add("rossi");
  Fail(5, "meyer");
  EXPECT_EQ(Result("meyer", kGood), "5");
  EXPECT_EQ(Result("rossi", kGood), "in");
  EXPECT_EQ(Result("meyer", kGood, "10.0.0.2"), "in");
}

TEST_P(Logins, AFailureIsForgivenWithTime) {
  Add("meyer");
  Fail(5, "meyer");
  now_ += 5 + 2 * 900 + 1;
  Fail(2, "meyer");
  EXPECT_EQ(Result("meyer", kOther), "5") << "three were left";
  now_ += 5 + 10 * 900;
  Fail(5, "meyer");
}

TEST_P(Logins, AnAddressThatTriesManyNamesWaits) {
  Add("meyer");
  for (int i = 0; i < 50; ++i) EXPECT_EQ(Result("name" + std::to_string(i), kOther), "wrong") << i;
  EXPECT_EQ(Result("meyer", kGood), "5");
  EXPECT_EQ(Result("meyer", kGood, "10.0.0.2"), "in");
  now_ += 5.1;
  EXPECT_EQ(Result("name50", kOther), "wrong");
  EXPECT_EQ(Result("meyer", kGood), "10");
  now_ += 10.1;
  EXPECT_EQ(Result("meyer", kGood), "in");
  // It was no failure: nobody waits for it, and it forgives none.
  EXPECT_EQ(Result("name51", kOther), "wrong");
  EXPECT_EQ(Result("name52", kOther), "20");
}

TEST_P(Logins, ANameThatManyAddressesTryWaitsExceptWhereItHasLoggedInBefore) {
  Add("meyer");
  EXPECT_EQ(Result("meyer", kGood, kHome), "in");
  for (int i = 0; i < 50; ++i) EXPECT_EQ(Result("meyer", kOther, "10.1.0." + std::to_string(i)), "wrong") << i;
  EXPECT_EQ(Result("meyer", kGood, "10.2.0.1"), "5");
  EXPECT_EQ(Result("meyer", kGood, kHome), "in");
  EXPECT_EQ(Result("meyer", kGood, "10.2.0.1"), "5") << "a success elsewhere changes nothing for who guesses";
  now_ += kLimits.forget_address_s + 1;
  for (int i = 0; i < 50; ++i) EXPECT_EQ(Result("meyer", kOther, "10.1.0." + std::to_string(i)), "wrong") << i;
  EXPECT_EQ(Result("meyer", kGood, kHome), "5") << "it has not been there for long";
}

TEST_P(Logins, ACallerIsAnAddressOrTheNetworkThatAHouseHas) {
  Add("meyer");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Result("meyer", kOther, "2001:db8:1:2::" + std::to_string(i)), "wrong");
  EXPECT_EQ(Result("meyer", kGood, "2001:db8:1:2:ffff::1"), "5");
  EXPECT_EQ(Result("meyer", kGood, "2001:db8:1:3::1"), "in");
  Fail(5, "meyer", "10.0.0.7");
  EXPECT_EQ(Result("meyer", kGood, "::ffff:10.0.0.7"), "5");
  EXPECT_EQ(Result("meyer", kGood, "::ffff:10.0.0.8"), "in");
  for (const std::string& odd : {std::string("no address"), std::string(), std::string("\xff\0", 2)})
    EXPECT_EQ(Result("meyer", kGood, odd), "in");
}

TEST_P(Logins, CountsOutliveTheProgramAndAreSharedByNodes) {
  Add("meyer");
  Fail(5, "meyer");
  EXPECT_EQ(Login(*Another(), {"meyer", kGood, kHome}, kLimits).result, LoginResult::kWait);
}

TEST_P(Logins, ManyGuessesAtOnceGetNoFurtherThanOneAfterTheOther) {
  Add("meyer");
  const std::uint64_t before = HashesComputed();
  std::atomic<int> wrong = 0, wait = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&, database = std::shared_ptr<jobs::Database>(Another())] {
      const LoginAnswer answer = Login(*database, {"meyer", kOther, kHome}, kLimits);
      ++(answer.result == LoginResult::kWait ? wait : wrong);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 5);
  EXPECT_EQ(wait, 7);
  EXPECT_EQ(HashesComputed(), before + 5);
}

TEST_P(Logins, ManyRightOnesAtOnceAreAllInAndLeaveNoCount) {
  for (int i = 0; i < 8; ++i) Add("user" + std::to_string(i));
  std::atomic<int> in = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i, database = std::shared_ptr<jobs::Database>(Another())] {
      in += Login(*database, {"user" + std::to_string(i), kGood, kHome}, kLimits).result == LoginResult::kIn ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(in, 8);
  EXPECT_THAT(Counts(), IsEmpty());
}

TEST_P(Logins, WhatHappensToTheUserMeanwhileCounts) {
  for (const UserChange& change : {UserChange{.disabled = true}, UserChange{.password = kOther}}) {
    const std::string name = change.disabled ? "gone" : "changed";
    Add(name);
    const auto login = Another();
    login->before_begin = [&](int which) {
      if (which == 2) ChangeUser(database(), name, change, kCheap);  // the hash has been computed
    };
    EXPECT_EQ(Login(*login, {name, kGood, kHome}, kLimits).result, LoginResult::kWrong) << name;
  }
}

TEST_P(Logins, ADatabaseThatFailsMeanwhileIsNoFailureOfTheUser) {
  Add("meyer");
  const auto login = Another();
  login->before_begin = [](int which) {
    if (which == 2) base::Throw(base::ErrorKind::kIo, "the database is away");
  };
  EXPECT_THAT(test::ErrorOf([&] { Login(*login, {"meyer", kGood, kHome}, kLimits); }), HasSubstr("away"));
  EXPECT_THAT(Counts(), IsEmpty());
}

TEST_P(Logins, APasswordKeptAtAnOlderCostIsKeptAnew) {
  Add("meyer");
  const LoginLimits dearer{.cost = {.passes = 2, .memory_kib = 16, .lanes = 1}};
  EXPECT_EQ(Result("meyer", kOther, kHome, dearer), "wrong");
  EXPECT_THAT(Loot(), HasSubstr("m=8,t=1,p=1"));
  EXPECT_EQ(Result("meyer", kGood, kHome, dearer), "in");
  EXPECT_THAT(Query("SELECT password FROM account_users").at(0).at(0), HasSubstr("m=16,t=2,p=1"));
  const std::uint64_t before = HashesComputed();
  EXPECT_EQ(Result("meyer", kGood, kHome, dearer), "in");
  EXPECT_EQ(HashesComputed(), before + 1);
}

TEST_P(Logins, APasswordThatCannotBeReadLetsNobodyInAndIsSaidToTheLogAlone) {
  Add("meyer");
  Query("UPDATE account_users SET password = 'spoilt'");
  const std::uint64_t before = HashesComputed();
  const LoginAnswer answer = Try("meyer", kGood);
  EXPECT_EQ(answer.result, LoginResult::kWrong);
  EXPECT_THAT(answer.problem, HasSubstr("meyer: a password is kept in a form that this program cannot read"));
  EXPECT_EQ(HashesComputed(), before + 1);
  ChangeUser(database(), "meyer", {.password = kOther}, kCheap);
  EXPECT_EQ(Result("meyer", kOther), "in");
}

TEST_P(Logins, APasswordLongerThanAnybodysIsNotHashed) {
  Add("meyer");
  const std::uint64_t before = HashesComputed();
  EXPECT_EQ(Result("meyer", std::string(kMostPasswordBytes + 1, 'x')), "wrong");
  EXPECT_EQ(Result("nobody", std::string(10'000'000, 'x')), "wrong");
  EXPECT_EQ(HashesComputed(), before);
}

TEST_P(Logins, APasswordTypedAsANameIsNotWrittenDown) {
  EXPECT_EQ(Result("mysecretpassphrase", ""), "wrong");
  EXPECT_THAT(Counts(), Not(IsEmpty()));
  EXPECT_THAT(Loot(), Not(HasSubstr("mysecret")));
  const LoginAnswer answer = Try("mysecretpassphrase", "");
  EXPECT_EQ(answer.known_name + answer.problem, "");
}

TEST_P(Logins, AClockThatIsSetBackKeepsNobodyOutForLonger) {
  Add("meyer");
  now_ += 365 * 86400.0;
  Fail(5, "meyer");
  now_ -= 365 * 86400.0;
  EXPECT_EQ(Result("meyer", kGood), "5");
  now_ += 5.1;
  EXPECT_EQ(Result("meyer", kGood), "in");
}

TEST_P(Logins, OldCountsAndAddressesAreRemoved) {
  Add("meyer"), Add("rossi");
  Try("meyer", kGood);
  for (int i = 0; i < 10; ++i) Fail(1, "name" + std::to_string(i), "10.3.0." + std::to_string(i));
  EXPECT_EQ(Counts().size(), 30U);
  now_ += 86400;
  Try("rossi", kGood);
  EXPECT_THAT(Counts(), IsEmpty());
  EXPECT_EQ(Query("SELECT name FROM account_addresses").size(), 2U);
  now_ += kLimits.forget_address_s - 1;
  Try("rossi", kGood);
  EXPECT_THAT(Query("SELECT name FROM account_addresses"), ElementsAre(ElementsAre("rossi")));
}

TEST_P(Logins, ACountDoesNotGrowBeyondTheLongestWait) {
  Add("meyer");
  for (int i = 0; i < 200; ++i) Fail(1, "meyer", "10.4.0." + std::to_string(i)), now_ += 900.5;
  EXPECT_EQ(Try("meyer", kGood, "10.5.0.1").wait_s, 0);
  for (const jobs::Row& row : Counts()) EXPECT_LT(jobs::Real(row[1]), 60) << row[0];
}

INSTANTIATE_TEST_SUITE_P(Databases, Logins, BothDatabases(), NameOfDatabase);

}  // namespace
}  // namespace parotis::accounts
