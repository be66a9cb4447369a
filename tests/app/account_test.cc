// `parotis account`, as an administrator uses it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pwd.h>
#include <sys/stat.h>

#include "accounts/login.h"
#include "accounts/sessions.h"
#include "base/json.h"
#include "tests/support/dciodvfy.h"
#include "tests/support/program.h"
#include "tests/support/terminal.h"

namespace parotis {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kGood = "glass otter under nine moons";
constexpr const char* kOther = "seven quiet violins in fog";

class Account : public ::testing::Test {
 protected:
  Account() {
    base::WriteJson(config(), {{"name", "node"}, {"folder", "kept"}});
    base::WriteFile(password_file(), std::string(kGood) + "\r\nnot the password\n");
  }
  fs::path config() const { return folder_.path() / "node.json"; }
  fs::path kept() const { return folder_.path() / "kept"; }
  fs::path password_file() const { return folder_.path() / "password"; }

  test::Outcome Run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"account", config().string()});
    return test::RunProgram(arguments);
  }
  test::Outcome Add(const std::string& name, const std::string& role = "reader") const {
    return Run({"--add", name, "--role", role, "--password-file", password_file().string()});
  }
  std::unique_ptr<jobs::Database> Open() const { return jobs::OpenDatabase((kept() / "jobs.db").string()); }
  bool LetsIn(const std::string& name, const std::string& password) const {
    return accounts::Login(*Open(), {name, password, "10.0.0.1"}).result == accounts::LoginResult::kIn;
  }
  std::string AuditTrail() const {
    std::string trail;
    for (const auto& file : fs::directory_iterator(kept() / "audit" / "node")) trail += base::ReadFile(file.path());
    return trail;
  }
  static void ExpectMistake(const test::Outcome& outcome, const std::string& sentence) {
    EXPECT_EQ(outcome.exit_code, 2) << outcome.out;
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_THAT(outcome.err, HasSubstr(sentence));
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  }

 private:
  test::TemporaryFolder folder_;
};

TEST_F(Account, AUserIsAddedBeforeTheNodeIsFirstStartedAndMayLogIn) {
  ExpectMistake(Run({}), "has no users yet: add the first one with --add NAME --role admin");
  const test::Outcome added = Run({"--add", "meyer", "--role", "admin", "--full-name", "Dr. A. Meyer",
                                   "--password-file", password_file().string()});
  EXPECT_EQ(added.exit_code, 0) << added.err;
  EXPECT_EQ(added.out, "meyer was added as admin\n");
  EXPECT_THAT(added.err, IsEmpty());
  EXPECT_TRUE(LetsIn("meyer", kGood));
  struct stat about{};
  ASSERT_EQ(::stat((kept() / "jobs.db").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 077U, 0U) << "it is readable by the node alone";
  const std::string trail = AuditTrail();
  const std::string who = ::getpwuid(::getuid())->pw_name;
  EXPECT_THAT(trail, HasSubstr(R"("event":"user_added")"));
  EXPECT_THAT(trail, HasSubstr(R"("account":"meyer")"));
  EXPECT_THAT(trail, HasSubstr(R"("by":"command line, )" + who));
  EXPECT_THAT(trail, Not(HasSubstr(kGood)));
}

TEST_F(Account, UsersAreListedForPeopleAndPrograms) {
  Add("boss", "admin"), Add("meyer");
  EXPECT_EQ(Run({"--change", "meyer", "--full-name", "A. Meyer", "--disable"}).exit_code, 0);
  const test::Outcome table = Run({});
  EXPECT_EQ(table.exit_code, 0);
  EXPECT_THAT(table.out, ::testing::ContainsRegex("boss +admin"));
  EXPECT_THAT(table.out, ::testing::ContainsRegex("meyer +reader +disabled +A. Meyer"));
  const base::Json users = base::ParseJson(Run({"--json"}).out, "account")["users"];
  ASSERT_EQ(users.size(), 2U);
  EXPECT_EQ(users[1]["name"], "meyer");
  EXPECT_EQ(users[1]["disabled"], true);
  EXPECT_EQ(users[0]["role"], "admin");
  EXPECT_EQ(users[0]["last_login"], "");
}

TEST_F(Account, APasswordThatIsMadeUpIsPrintedOnceAndWorks) {
  EXPECT_EQ(Add("meyer").exit_code, 0);
  const test::Outcome changed = Run({"--change", "meyer", "--generate", "--json"});
  ASSERT_EQ(changed.exit_code, 0) << changed.err;
  const std::string password = base::ParseJson(changed.out, "account")["password"].get<std::string>();
  EXPECT_TRUE(LetsIn("meyer", password));
  EXPECT_FALSE(LetsIn("meyer", kGood));
  EXPECT_THAT(AuditTrail(), Not(HasSubstr(password)));
  EXPECT_THAT(AuditTrail(), HasSubstr(R"("detail":"password")"));
  EXPECT_THAT(Run({"--add", "rossi", "--generate"}).out, HasSubstr("the password, shown this once: "));
}

TEST_F(Account, StandardInputGivesAPasswordToo) {
  const std::string said = test::OutputOf("printf '%s\\n' '" + std::string(kOther) + "' | " + PAROTIS_PROGRAM +
                                          " account " + config().string() + " --add meyer --password-file -");
  EXPECT_THAT(said, HasSubstr("meyer was added as reader"));
  EXPECT_THAT(said, HasSubstr("nobody is admin of this node yet"));
  EXPECT_TRUE(LetsIn("meyer", kOther));
}

TEST_F(Account, OnTheTerminalAPasswordIsAskedForTwiceAndNotShown) {
  test::Terminal terminal({PAROTIS_PROGRAM, "account", config().string(), "--add", "meyer"});
  ASSERT_TRUE(terminal.Says("password of meyer: ")) << terminal.seen();
  terminal.Type(std::string(kOther) + "\n");
  ASSERT_TRUE(terminal.Says("the same again: ")) << terminal.seen();
  terminal.Type(std::string(kOther) + "\n");
  EXPECT_EQ(terminal.Wait(), 0) << terminal.seen();
  EXPECT_THAT(terminal.seen(), Not(HasSubstr("violins")));
  EXPECT_TRUE(LetsIn("meyer", kOther));
}

TEST_F(Account, TwoThatDifferOneThatIsTooShortAndCtrlCChangeNothing) {
  Add("meyer");
  const std::vector<std::string> command = {PAROTIS_PROGRAM, "account", config().string(),
                                            "--change",      "meyer",   "--ask"};
  test::Terminal differ(command);
  ASSERT_TRUE(differ.Says("password of meyer: "));
  differ.Type(std::string(kOther) + "\n");
  ASSERT_TRUE(differ.Says("the same again: "));
  differ.Type(std::string(kOther) + "x\n");
  EXPECT_EQ(differ.Wait(), 2);
  EXPECT_THAT(differ.seen(), HasSubstr("differ: nothing was changed"));
  test::Terminal brief(command);
  ASSERT_TRUE(brief.Says("password of meyer: "));
  brief.Type("brief\n");
  EXPECT_EQ(brief.Wait(), 2);
  EXPECT_THAT(brief.seen(), HasSubstr("needs at least 12"));
  test::Terminal interrupted(command);
  ASSERT_TRUE(interrupted.Says("password of meyer: "));
  interrupted.Type("half a pass\x03");
  EXPECT_EQ(interrupted.Wait(), 2);
  EXPECT_THAT(interrupted.seen(), HasSubstr("no password was given: nothing was changed"));
  EXPECT_TRUE(LetsIn("meyer", kGood));
}

TEST_F(Account, ChangesAreWrittenDownAndHold) {
  Add("boss", "admin"), Add("meyer");
  const auto database = Open();
  const std::string token =
      accounts::BeginSession(*database, *accounts::FindUser(*database, "meyer"), {"10.0.0.1", "x"}).token;
  EXPECT_EQ(Run({"--end-sessions", "meyer"}).out, "sessions of meyer that were ended: 1\n");
  EXPECT_FALSE(accounts::EndSession(*database, token));
  EXPECT_EQ(Run({"--change", "meyer", "--role", "admin"}).out, "meyer was changed: role admin\n");
  EXPECT_EQ(Run({"--remove", "boss"}).out, "boss was removed\n");
  EXPECT_THAT(AuditTrail(), HasSubstr("sessions_ended"));
  EXPECT_THAT(AuditTrail(), HasSubstr(R"("detail":"role admin")"));
  EXPECT_THAT(AuditTrail(), HasSubstr("user_removed"));
}

TEST_F(Account, EveryMistakeIsOneSentence) {
  Add("boss", "admin");
  const std::string trail = AuditTrail();
  ExpectMistake(Add("boss"), "there is a user \"boss\" already");
  ExpectMistake(Add("Dr. No"), "a user's name must be 1 to 40");
  ExpectMistake(Run({"--remove", "boss"}), "boss is the last admin who can log in and cannot be removed");
  ExpectMistake(Run({"--change", "boss", "--role", "reader"}), "cannot be made a reader");
  ExpectMistake(Run({"--change", "boss", "--disable"}), "cannot be disabled");
  ExpectMistake(Run({"--change", "boss"}), "say what to change");
  ExpectMistake(Run({"--remove", "nobody"}), "there is no user \"nobody\"");
  ExpectMistake(Run({"--change", "nobody", "--generate"}), "there is no user \"nobody\"");
  ExpectMistake(Run({"--end-sessions", "nobody"}), "there is no user \"nobody\"");
  base::WriteFile(password_file(), "password1234\n");
  ExpectMistake(Add("x"), "one of those that are tried first");
  EXPECT_EQ(Run({"--add", "x", "--password-file", "/nowhere/here"}).exit_code, 1);
  EXPECT_EQ(AuditTrail(), trail) << "nothing happened";
}

TEST_F(Account, OptionsThatContradictEachOtherAreNamed) {
  for (const auto& [arguments, sentence] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"--add", "x", "--remove", "y"}, "--add excludes --remove"},
           {{"--add", "x", "--disable"}, "--disable requires --change"},
           {{"--change", "x", "--enable", "--disable"}, "--disable excludes --enable"},
           {{"--add", "x", "--generate", "--ask"}, "--generate excludes --ask"},
           {{"--remove", "x", "--role", "admin"}, "--remove excludes --role"},
           {{"--change", "x", "--role", "king"}, "king not in {reader,admin}"}}) {
    const test::Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << sentence;
    EXPECT_THAT(outcome.err, HasSubstr(sentence));
  }
  EXPECT_FALSE(fs::exists(kept()));
}

TEST_F(Account, WithoutATerminalItSaysHowElseToGiveThePassword) {
  const std::string said =
      test::OutputOf("setsid -w " + std::string(PAROTIS_PROGRAM) + " account " + config().string() + " --add x");
  EXPECT_THAT(said, HasSubstr("there is no terminal to ask for the password on: give --password-file FILE"));
}

TEST_F(Account, WhoIsNotTheOwnerOfTheNodesFolderIsTurnedAway) {
  const passwd* other = ::getpwnam("nobody");
  if (::getuid() != 0 || other == nullptr) GTEST_SKIP() << "only root can give a folder away";
  fs::create_directories(kept());
  ASSERT_EQ(::chown(kept().c_str(), other->pw_uid, other->pw_gid), 0);
  ExpectMistake(Add("meyer"), "belongs to another user than you");
  EXPECT_FALSE(fs::exists(kept() / "jobs.db"));
  ExpectMistake(test::RunProgram({"serve", config().string()}), "belongs to another user than you");
  EXPECT_TRUE(fs::is_empty(kept())) << "a node that cannot be the service's leaves nothing that locks it out";
}

TEST_F(Account, WhoeverActsThroughSudoIsNamed) {
  ASSERT_EQ(::setenv("SUDO_USER", "rossi", 1), 0);
  const test::Outcome outcome = Add("meyer");
  ::unsetenv("SUDO_USER");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(AuditTrail(), HasSubstr("(sudo of rossi)"));
}

}  // namespace
}  // namespace parotis
