// Users, in either database.
#include "accounts/users.h"

#include <atomic>
#include <thread>

#include "tests/accounts/accounts_fixture.h"

namespace parotis::accounts {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Users : public AccountsFixture {
 protected:
  std::string Refusal(const std::function<void()>& body) { return test::ErrorOf(body); }
  std::string NamesInOrder() {
    std::string names;
    for (const User& user : ListUsers(database())) names += user.name + " ";
    return names;
  }
};

TEST_P(Users, OneWhoIsAddedIsFound) {
  EXPECT_FALSE(AnyUser(database()));
  AddUser(database(), {.name = "meyer", .full_name = "Dr. A. Meyér", .role = Role::kAdmin, .password = kGood}, kCheap);
  EXPECT_TRUE(AnyUser(database()));
  const auto user = FindUser(database(), "meyer");
  ASSERT_TRUE(user);
  EXPECT_EQ(user->full_name, "Dr. A. Meyér");
  EXPECT_EQ(user->role, Role::kAdmin);
  EXPECT_FALSE(user->disabled);
  EXPECT_NEAR(user->created, now_, 1e-3);
  EXPECT_EQ(user->last_login, 0);
  EXPECT_FALSE(FindUser(database(), "rossi"));
}

TEST_P(Users, AreListedByName) {
  for (const char* name : {"b", "a.z", "a-z", "a_z", "9", "az"}) Add(name);
  EXPECT_EQ(NamesInOrder(), "9 a-z a.z a_z az b ");
}

TEST_P(Users, ANameIsTakenOnce) {
  Add("meyer");
  EXPECT_THAT(Refusal([&] { Add("meyer", Role::kAdmin); }), HasSubstr("there is a user \"meyer\" already"));
  EXPECT_EQ(FindUser(database(), "meyer")->role, Role::kReader);
}

TEST_P(Users, NamesAreShortAndPlain) {
  for (const std::string& name : {std::string(), std::string("Meyer"), std::string("m meyer"), std::string("müller"),
                                  std::string("a/b"), std::string("a\n"), std::string("'; DROP TABLE account_users;--"),
                                  std::string(41, 'a'), std::string("a\0b", 3)})
    EXPECT_THAT(Refusal([&] { Add(name); }), HasSubstr("must be 1 to 40 of the letters a to z")) << name;
  Add(std::string(40, 'a'));
  Add("a.b_c-9");
}

TEST_P(Users, AFullNameIsOneLineOfText) {
  const auto add = [&](const std::string& full_name) {
    AddUser(database(), {.name = "x", .full_name = full_name, .role = Role::kReader, .password = kGood}, kCheap);
  };
  for (const std::string& full_name : {std::string("a\nb"), std::string("\xff"), std::string(101, 'a')})
    EXPECT_THAT(Refusal([&] { add(full_name); }), HasSubstr("full name must be at most 100"));
  add("耳 <b>'\"; DROP TABLE account_users;--");
  EXPECT_EQ(FindUser(database(), "x")->full_name, "耳 <b>'\"; DROP TABLE account_users;--");
}

TEST_P(Users, APasswordWithAProblemIsNotTaken) {
  EXPECT_THAT(
      Refusal([&] { AddUser(database(), {.name = "x", .full_name = "", .role = {}, .password = "short"}, kCheap); }),
      HasSubstr("needs at least 12"));
  EXPECT_FALSE(AnyUser(database()));
  Add("x");
  EXPECT_THAT(Refusal([&] { ChangeUser(database(), "x", {.password = "password1234"}, kCheap); }),
              HasSubstr("tried first"));
  EXPECT_EQ(Login(database(), {"x", kGood, "10.0.0.1"}, {.cost = kCheap}).result, LoginResult::kIn);
}

TEST_P(Users, AChangeLeavesTheRestAsItWas) {
  Add("boss", Role::kAdmin);
  Add("meyer");
  ChangeUser(database(), "meyer", {.full_name = "A. Meyer"}, kCheap);
  ChangeUser(database(), "meyer", {.role = Role::kAdmin}, kCheap);
  const User user = ChangeUser(database(), "meyer", {.disabled = true}, kCheap);
  EXPECT_EQ(user.full_name, "A. Meyer");
  EXPECT_EQ(user.role, Role::kAdmin);
  EXPECT_TRUE(user.disabled);
  EXPECT_FALSE(ChangeUser(database(), "meyer", {.disabled = false}, kCheap).disabled);
  EXPECT_EQ(Login(database(), {"meyer", kGood, "10.0.0.1"}, {.cost = kCheap}).result, LoginResult::kIn);
  ChangeUser(database(), "meyer", {.password = kOther}, kCheap);
  EXPECT_EQ(Login(database(), {"meyer", kGood, "10.0.0.1"}, {.cost = kCheap}).result, LoginResult::kWrong);
  EXPECT_EQ(Login(database(), {"meyer", kOther, "10.0.0.1"}, {.cost = kCheap}).result, LoginResult::kIn);
}

TEST_P(Users, WhoIsNotThereCannotBeChangedOrRemovedAndCostsNoHash) {
  const std::uint64_t before = HashesComputed();
  EXPECT_THAT(Refusal([&] { ChangeUser(database(), "nobody", {.password = kGood}); }), HasSubstr("no user \"nobody\""));
  EXPECT_THAT(Refusal([&] { RemoveUser(database(), "nobody"); }), HasSubstr("no user \"nobody\""));
  EXPECT_EQ(HashesComputed(), before);
}

TEST_P(Users, TheLastAdminStays) {
  Add("boss", Role::kAdmin);
  Add("meyer");
  const auto expect_that_boss_stays = [&] {
    EXPECT_THAT(Refusal([&] { RemoveUser(database(), "boss"); }), HasSubstr("boss is the last admin who can log in and "
                                                                            "cannot be removed"));
    EXPECT_THAT(Refusal([&] { ChangeUser(database(), "boss", {.disabled = true}); }), HasSubstr("cannot be disabled"));
    EXPECT_THAT(Refusal([&] { ChangeUser(database(), "boss", {.role = Role::kReader}); }),
                HasSubstr("cannot be made a reader"));
  };
  expect_that_boss_stays();
  // An admin who cannot log in is none.
  ChangeUser(database(), "meyer", {.role = Role::kAdmin, .disabled = true});
  expect_that_boss_stays();
  ChangeUser(database(), "meyer", {.disabled = false});
  RemoveUser(database(), "boss");
  EXPECT_EQ(NamesInOrder(), "meyer ");
}

TEST_P(Users, ReadersComeAndGoWithoutAnAdmin) {
  Add("meyer");
  ChangeUser(database(), "meyer", {.disabled = true});
  RemoveUser(database(), "meyer");
  EXPECT_FALSE(AnyUser(database()));
}

TEST_P(Users, OfTwoWhoAddOneNameAtOnceOneSucceeds) {
  std::atomic<int> added = 0, refused = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i, database = std::shared_ptr<jobs::Database>(Another())] {
      const std::string full_name = std::to_string(i);
      const std::string said = test::ErrorOf([&] {
        AddUser(*database, {.name = "meyer", .full_name = full_name, .role = Role::kReader, .password = kGood}, kCheap);
      });
      if (said == "nothing was thrown") ++added;
      if (said.find("there is a user \"meyer\" already") != std::string::npos) ++refused;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(added, 1);
  EXPECT_EQ(refused, 3);
}

TEST_P(Users, TwoAdminsWhoDemoteEachOtherAtOnceLeaveOne) {
  for (int round = 0; round < 5; ++round) {
    const std::string one = "a" + std::to_string(round), other = "b" + std::to_string(round);
    Add(one, Role::kAdmin), Add(other, Role::kAdmin);
    std::vector<std::thread> threads;
    for (const std::string& name : {one, other}) {
      threads.emplace_back([name, database = std::shared_ptr<jobs::Database>(Another())] {
        test::ErrorOf([&] { ChangeUser(*database, name, {.role = Role::kReader}); });
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(Query("SELECT name FROM account_users WHERE role = 'admin' AND disabled = 0").size(), 1U);
    Query("DELETE FROM account_users");
  }
}

TEST_P(Users, TablesAreMadeOnceBySeveralAtATimeAndThoseOfALaterProgramAreLeftAlone) {
  Add("meyer");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([database = std::shared_ptr<jobs::Database>(Another())] { MakeTables(*database); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(FindUser(database(), "meyer"));
  Query("UPDATE account_schema SET version = 99");
  EXPECT_THAT(Refusal([&] { MakeTables(database()); }), HasSubstr("version 99"));
}

TEST_P(Users, ACopyOfTheDatabaseHoldsNoPassword) {
  Add("meyer");
  ChangeUser(database(), "meyer", {.password = kOther}, kCheap);
  EXPECT_THAT(Loot(), HasSubstr("$argon2id$"));
  EXPECT_THAT(Loot(), Not(HasSubstr(kGood)));
  EXPECT_THAT(Loot(), Not(HasSubstr(kOther)));
}

INSTANTIATE_TEST_SUITE_P(Databases, Users, BothDatabases(), NameOfDatabase);

}  // namespace
}  // namespace parotis::accounts
