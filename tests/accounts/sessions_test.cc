// Sessions, in either database: how they begin, what keeps them and what ends them.
#include "accounts/sessions.h"

#include <set>
#include <thread>

#include "base/hmac.h"
#include "tests/accounts/accounts_fixture.h"

namespace parotis::accounts {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

const Visit kVisit{.address = "10.0.0.1", .agent = "Firefox"};
const SessionLimits kLimits{};

class Sessions : public AccountsFixture {
 protected:
  Session Begin(const std::string& name, const Visit& visit = kVisit, const SessionLimits& limits = kLimits) {
    return BeginSession(database(), *FindUser(database(), name), visit, limits);
  }
  SessionState StateOf(const Session& session, const Visit& visit = kVisit, const SessionLimits& limits = kLimits) {
    return FindSession(database(), session.token, visit, limits).state;
  }
  bool IsOpen(const Session& session) { return StateOf(session) == SessionState::kOpen; }
};

TEST_P(Sessions, OneThatIsBegunIsFound) {
  Add("meyer", Role::kAdmin);
  const Session begun = Begin("meyer");
  EXPECT_THAT(begun.token, MatchesRegex("[A-Za-z0-9_-]{43}"));
  EXPECT_EQ(begun.csrf, base::HmacSha256(begun.token, "csrf"));
  EXPECT_EQ(begun.user.name, "meyer");
  const SessionAnswer found = FindSession(database(), begun.token, kVisit);
  EXPECT_EQ(found.state, SessionState::kOpen);
  ASSERT_TRUE(found.session);
  EXPECT_EQ(found.session->user.name, "meyer");
  EXPECT_EQ(found.session->user.role, Role::kAdmin);
  EXPECT_EQ(found.session->csrf, begun.csrf);
  EXPECT_EQ(found.session->token, "");
  EXPECT_NEAR(found.session->begun, now_, 1e-3);
}

TEST_P(Sessions, TokensAreNeverTheSameAndOthersAreUnknown) {
  Add("meyer");
  std::set<std::string> tokens;
  for (int i = 0; i < 20; ++i) tokens.insert(Begin("meyer").token);
  EXPECT_EQ(tokens.size(), 20U);
  const std::string kept = Query("SELECT token FROM account_sessions").at(0).at(0);
  for (const std::string& token : {std::string(), std::string("x"), kept, std::string(43, 'A'),
                                   std::string(100'000, 'A'), std::string("\xff\0'", 3)}) {
    const SessionAnswer answer = FindSession(database(), token, kVisit);
    EXPECT_EQ(answer.state, SessionState::kUnknown);
    EXPECT_FALSE(answer.session);
  }
}

TEST_P(Sessions, OneThatNobodyUsesEndsAndSaysSoOnce) {
  Add("meyer");
  const Session session = Begin("meyer");
  now_ += kLimits.idle_s;
  EXPECT_TRUE(IsOpen(session)) << "not before the time that its user was told";
  now_ += kLimits.idle_s + 61;
  const SessionAnswer ended = FindSession(database(), session.token, kVisit);
  EXPECT_EQ(ended.state, SessionState::kIdle);
  EXPECT_EQ(ended.session->user.name, "meyer");
  EXPECT_EQ(StateOf(session), SessionState::kUnknown);
}

TEST_P(Sessions, UseKeepsItUntilItHasLastedTooLong) {
  Add("meyer");
  const Session session = Begin("meyer");
  const double begun = now_;
  while (now_ + 1000 < begun + kLimits.longest_s) {
    now_ += 1000;
    ASSERT_TRUE(IsOpen(session)) << now_ - begun;
  }
  now_ += 1001;
  EXPECT_EQ(StateOf(session), SessionState::kTooLong);
}

TEST_P(Sessions, WhatAPageAsksByItselfDoesNotKeepIt) {
  Add("meyer");
  const Session session = Begin("meyer");
  const Visit by_itself{.address = kVisit.address, .agent = kVisit.agent, .by_person = false};
  const double begun = now_;
  while (now_ < begun + kLimits.idle_s) {
    EXPECT_EQ(StateOf(session, by_itself), SessionState::kOpen);
    now_ += 20;
  }
  now_ += 61;
  EXPECT_EQ(StateOf(session, by_itself), SessionState::kIdle);
}

TEST_P(Sessions, UseIsWrittenDownAtMostOnceAMinute) {
  Add("meyer");
  const Session session = Begin("meyer");
  std::set<std::string> written;
  for (int i = 0; i < 120; ++i) {
    EXPECT_TRUE(IsOpen(session));
    written.insert(Query("SELECT last_used FROM account_sessions").at(0).at(0));
    now_ += 1.5;
  }
  EXPECT_EQ(written.size(), 3U);
}

TEST_P(Sessions, UsedFromAnotherAddressItEnds) {
  Add("meyer");
  const Session session = Begin("meyer");
  const SessionAnswer moved = FindSession(database(), session.token, {.address = "10.0.0.2", .agent = "Firefox"});
  EXPECT_EQ(moved.state, SessionState::kMoved);
  EXPECT_EQ(moved.session->user.name, "meyer");
  EXPECT_EQ(StateOf(session), SessionState::kUnknown) << "for its owner, too";
  EXPECT_EQ(StateOf(Begin("meyer"), {.address = "::ffff:10.0.0.1", .agent = "Firefox"}), SessionState::kOpen);
  EXPECT_EQ(StateOf(Begin("meyer", {.address = "2001:db8::1", .agent = "x"}), {.address = "2001:db8::2", .agent = "x"}),
            SessionState::kOpen);
  EXPECT_EQ(StateOf(Begin("meyer"), {.address = "10.0.0.2", .agent = "Firefox"}, {.bind_address = false}),
            SessionState::kOpen);
}

TEST_P(Sessions, UsedWithAnotherUserAgentItEnds) {
  Add("meyer");
  const Session session = Begin("meyer");
  EXPECT_EQ(StateOf(session, {.address = "10.0.0.1", .agent = "curl"}, {.bind_address = false}),
            SessionState::kOtherAgent);
  EXPECT_EQ(StateOf(session), SessionState::kUnknown);
}

TEST_P(Sessions, EndWhenTheUserIsDisabledOrRemoved) {
  Add("meyer"), Add("rossi");
  const Session one = Begin("meyer"), other = Begin("rossi");
  ChangeUser(database(), "meyer", {.disabled = true});
  EXPECT_EQ(StateOf(one), SessionState::kUnknown);
  ChangeUser(database(), "meyer", {.disabled = false});
  EXPECT_EQ(StateOf(one), SessionState::kUnknown) << "for good";
  EXPECT_TRUE(IsOpen(other));
  RemoveUser(database(), "rossi");
  Add("rossi");
  EXPECT_EQ(StateOf(other), SessionState::kUnknown) << "who has the name now is somebody else";
}

TEST_P(Sessions, AnotherRoleHoldsFromTheNextRequestOn) {
  Add("boss", Role::kAdmin), Add("meyer", Role::kAdmin);
  const Session session = Begin("meyer");
  ChangeUser(database(), "meyer", {.full_name = "A. Meyer", .role = Role::kReader});
  const SessionAnswer found = FindSession(database(), session.token, kVisit);
  EXPECT_EQ(found.session->user.role, Role::kReader);
  EXPECT_EQ(found.session->user.full_name, "A. Meyer");
}

TEST_P(Sessions, ANewPasswordEndsAllButTheOneThatGaveIt) {
  Add("meyer"), Add("rossi");
  const Session here = Begin("meyer"), there = Begin("meyer"), others = Begin("rossi");
  ChangeUser(database(), "meyer", {.password = kOther, .keep_token = here.token}, kCheap);
  EXPECT_TRUE(IsOpen(here));
  EXPECT_FALSE(IsOpen(there));
  EXPECT_TRUE(IsOpen(others));
  ChangeUser(database(), "meyer", {.password = kGood}, kCheap);
  EXPECT_FALSE(IsOpen(here));
}

TEST_P(Sessions, DoNotBeginForWhoWasChangedSinceTheLogin) {
  Add("meyer"), Add("rossi"), Add("gone");
  const auto refused = [&](const User& user) { return test::ErrorOf([&] { BeginSession(database(), user, kVisit); }); };
  const User meyer = *Login(database(), {"meyer", kGood, "10.0.0.1"}, {.cost = kCheap}).user;
  ChangeUser(database(), "meyer", {.password = kOther}, kCheap);
  EXPECT_THAT(refused(meyer), HasSubstr("log in again"));
  const User rossi = *Login(database(), {"rossi", kGood, "10.0.0.1"}, {.cost = kCheap}).user;
  ChangeUser(database(), "rossi", {.disabled = true});
  EXPECT_THAT(refused(rossi), HasSubstr("log in again"));
  const User gone = *Login(database(), {"gone", kGood, "10.0.0.1"}, {.cost = kCheap}).user;
  RemoveUser(database(), "gone");
  EXPECT_THAT(refused(gone), HasSubstr("log in again"));
  now_ += 1;
  Add("gone");
  EXPECT_THAT(refused(gone), HasSubstr("log in again"));
  EXPECT_TRUE(Query("SELECT name FROM account_sessions").empty());
}

TEST_P(Sessions, OneTooManyEndsTheOldest) {
  Add("meyer"), Add("rossi");
  const Session others = Begin("rossi");
  std::vector<Session> sessions;
  for (int i = 0; i < 16; ++i) now_ += 1, sessions.push_back(Begin("meyer"));
  for (const Session& session : sessions) EXPECT_TRUE(IsOpen(session));
  now_ += 1;
  sessions.push_back(Begin("meyer"));
  EXPECT_FALSE(IsOpen(sessions[0]));
  for (std::size_t i = 1; i < sessions.size(); ++i) EXPECT_TRUE(IsOpen(sessions[i])) << i;
  EXPECT_TRUE(IsOpen(others));
}

TEST_P(Sessions, ManyThatBeginAtOnceAreNoMoreThanAllowed) {
  const User user = Add("meyer");
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&user, database = std::shared_ptr<jobs::Database>(Another())] {
      for (int k = 0; k < 3; ++k) BeginSession(*database, user, kVisit, {.most = 4});
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Query("SELECT name FROM account_sessions").size(), 4U);
}

TEST_P(Sessions, LoggingOutEndsOneOrAll) {
  Add("meyer"), Add("rossi");
  const Session one = Begin("meyer"), two = Begin("meyer"), three = Begin("meyer"), others = Begin("rossi");
  const auto ended = EndSession(database(), one.token);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->user.name, "meyer");
  EXPECT_FALSE(EndSession(database(), one.token));
  EXPECT_FALSE(IsOpen(one));
  EXPECT_EQ(EndSessionsOf(database(), "meyer", two.token), 1);
  EXPECT_TRUE(IsOpen(two));
  EXPECT_FALSE(IsOpen(three));
  EXPECT_EQ(EndSessionsOf(database(), "meyer"), 1);
  EXPECT_FALSE(IsOpen(two));
  EXPECT_TRUE(IsOpen(others));
  EXPECT_EQ(EndSessionsOf(database(), "nobody"), 0);
}

TEST_P(Sessions, AClockThatIsSetBackALittleChangesNothingAndALotEndsThem) {
  Add("meyer");
  const Session session = Begin("meyer");
  now_ -= 300;
  EXPECT_TRUE(IsOpen(session));
  now_ += kLimits.idle_s;
  EXPECT_TRUE(IsOpen(session));
  now_ += kLimits.idle_s + 61;
  EXPECT_EQ(StateOf(session), SessionState::kIdle) << "counted from its last use by the new clock";
  const Session later = Begin("meyer");
  now_ -= 86400;
  EXPECT_EQ(StateOf(later), SessionState::kIdle);
}

TEST_P(Sessions, OldOnesAreRemoved) {
  Add("meyer"), Add("rossi");
  Begin("meyer");
  now_ += kLimits.idle_s + 61;
  Begin("rossi");
  EXPECT_EQ(Query("SELECT name FROM account_sessions").size(), 1U);
}

TEST_P(Sessions, ACopyOfTheDatabaseHoldsNoToken) {
  Add("meyer");
  const Session session = Begin("meyer", {.address = "10.0.0.1", .agent = "A Very Special Browser"});
  EXPECT_THAT(Loot(), Not(HasSubstr(session.token)));
  EXPECT_THAT(Loot(), Not(HasSubstr(session.csrf)));
  EXPECT_THAT(Loot(), Not(HasSubstr("Special Browser")));
}

INSTANTIATE_TEST_SUITE_P(Databases, Sessions, BothDatabases(), NameOfDatabase);

}  // namespace
}  // namespace parotis::accounts
