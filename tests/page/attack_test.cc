// What somebody who means ill gets of the page: each way in is a test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "base/base64.h"
#include "tests/http/raw_peer.h"
#include "tests/support/page_node.h"

namespace parotis {
namespace {

using base::Json;
using test::Browser;
using test::PageNode;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Attack : public ::testing::Test {
 protected:
  void SetUp() override {
    study_ = node_.AddStudy("P1");
    node_.AnswerAll();
    node_.Start();
  }
  std::string Raw(const std::string& request) {
    test::RawPeer peer(node_.port());
    peer.Send(request);
    return peer.ReadAll();
  }

  PageNode node_;
  std::string study_;
};

TEST_F(Attack, MarkupInAPatientsNameOrASeriesLeavesAsJsonThatNoBrowserShowsAsAPage) {
  const Browser browser = node_.LoggedIn("meyer");
  for (const std::string& path : {std::string("/api/worklist"), "/api/studies/" + study_}) {
    const http::ShortAnswer answer = browser.Get(path);
    EXPECT_THAT(answer.body, HasSubstr("<script>alert(1)"));
    EXPECT_EQ(answer.headers.at("content-type"), "application/json");
    EXPECT_EQ(answer.headers.at("x-content-type-options"), "nosniff");
    EXPECT_THAT(answer.headers.at("content-security-policy"), StartsWith("default-src 'none'; script-src 'self';"));
  }
}

TEST_F(Attack, EveryAnswerForbidsInlineCodeFramesAndCaching) {
  const Browser browser = node_.LoggedIn("meyer");
  for (const char* path : {"/", "/assets/a-1.js", "/nowhere", "/api/session", "/api/nowhere"}) {
    const http::Headers headers = browser.Get(path).headers;
    EXPECT_THAT(headers.at("content-security-policy"),
                AllOf(HasSubstr("frame-ancestors 'none'"), HasSubstr("base-uri 'none'"), Not(HasSubstr("unsafe"))));
    EXPECT_EQ(headers.at("x-frame-options"), "DENY");
    EXPECT_EQ(headers.at("referrer-policy"), "no-referrer");
    EXPECT_EQ(headers.at("cross-origin-opener-policy"), "same-origin");
  }
  EXPECT_EQ(browser.Get("/api/studies/" + study_ + "/volumes/lesions").headers.at("cache-control"), "no-store");
}

TEST_F(Attack, AForgedSessionIsNone) {
  const Browser honest = node_.LoggedIn("meyer");
  Browser forger = honest;
  for (const std::string& token : {std::string(43, 'A'), std::string("' OR 1=1 --"), std::string(5000, 'x'),
                                   honest.cookie.substr(16, 42), std::string("%00")}) {
    forger.cookie = "parotis-session=" + token;
    EXPECT_EQ(forger.Get("/api/worklist").status, 401) << token;
  }
  EXPECT_EQ(honest.Get("/api/worklist").status, 200);
}

TEST_F(Attack, AStolenSessionEndsWhenAnotherBrowserUsesIt) {
  const Browser honest = node_.LoggedIn("meyer");
  Browser thief = honest;
  thief.always["user-agent"] = "another";
  EXPECT_EQ(thief.Get("/api/worklist").status, 401);
  EXPECT_EQ(honest.Get("/api/worklist").status, 401) << "whoever is right, logs in again";
  const Browser admin = node_.LoggedIn("chief");
  EXPECT_THAT(admin.Get("/api/audit?search=session_ended").body, HasSubstr("another browser"));
}

TEST_F(Attack, AStolenSessionEndsWhenItComesFromAnotherAddress) {
  const Browser honest = node_.LoggedIn("meyer");
  test::RawPeer thief(node_.port(), 0, "127.0.0.9");
  thief.Send("GET /api/worklist HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: test\r\nConnection: close\r\nCookie: " +
             honest.cookie + "\r\n\r\n");
  EXPECT_THAT(thief.ReadAll(), StartsWith("HTTP/1.1 401 "));
  EXPECT_EQ(honest.Get("/api/worklist").status, 401);
}

TEST_F(Attack, WhatTheDatabaseKeepsOfASessionOpensNone) {
  const Browser honest = node_.LoggedIn("meyer");
  node_.database().Begin();
  const auto rows = node_.database().Run("SELECT token FROM account_sessions", {});
  node_.database().Commit();
  Browser thief = node_.NewBrowser();
  ASSERT_FALSE(rows.empty());
  thief.cookie = "parotis-session=" + rows[0][0];
  EXPECT_EQ(thief.Get("/api/worklist").status, 401);
}

TEST_F(Attack, AnotherSitesPageCanChangeNothingWithAReadersCookie) {
  const Browser reader = node_.LoggedIn("meyer");
  const std::string review = "/api/studies/" + study_ + "/reviews";
  const std::string body = R"({"based_on":"x","decision":"accept","reason":""})";
  Browser without = reader;
  without.csrf = "";
  EXPECT_EQ(without.Ask("POST", review, body).status, 403);
  without.csrf = std::string(64, '0');
  EXPECT_EQ(without.Ask("POST", review, body).status, 403);
  EXPECT_EQ(reader.Ask("POST", review, body, {{"origin", "https://evil.example"}}).status, 403);
  EXPECT_EQ(reader.Ask("POST", review, body, {{"sec-fetch-site", "cross-site"}}).status, 403);
  EXPECT_EQ(reader.Ask("POST", review, body, {{"sec-fetch-site", "same-site"}}).status, 403);
  EXPECT_EQ(reader.Ask("POST", "/api/logout", "", {{"x-csrf-token", ""}}).status, 403);
  // A form needs no script, and has a type of its own.
  EXPECT_EQ(reader.Ask("POST", review, body, {{"content-type", "text/plain"}}).status, 400);
  const Browser chief = node_.LoggedIn("chief");
  Browser mixed = chief;
  mixed.csrf = reader.csrf;
  EXPECT_EQ(mixed.Ask("DELETE", "/api/users/meyer").status, 403) << "the secret of another session";
}

TEST_F(Attack, NobodyIsLoggedInAsSomebodyElseByAnotherSite) {
  Browser browser = node_.NewBrowser();
  const std::string body = Json({{"name", "meyer"}, {"password", test::kPassword}}).dump();
  EXPECT_EQ(browser.Ask("POST", "/api/login", body, {{"origin", "https://evil.example"}}).status, 403);
  EXPECT_EQ(browser.Ask("POST", "/api/login", body, {{"sec-fetch-site", "cross-site"}}).status, 403);
  EXPECT_EQ(browser.Ask("POST", "/api/login", body, {{"content-type", "application/x-www-form-urlencoded"}}).status,
            400);
}

TEST_F(Attack, NoPathLeavesItsFolder) {
  const Browser browser = node_.LoggedIn("chief");
  const std::string study = "/api/studies/" + study_;
  for (const std::string& path :
       {std::string("/../node.json"), std::string("/assets/../../kept/jobs.db"),
        std::string("/assets/..%2f..%2fkept%2fjobs.db"), std::string("/%2e%2e/kept/jobs.db"),
        study + "/volumes/..%2f..%2fdiagnosis.json", study + "/volumes/view.json", study + "/volumes/..%2fdiagnosis",
        study + "/files/..%2f..%2f..%2fjobs.db", study + "/files/view", study + "/files/%2fetc%2fpasswd",
        std::string("/api/studies/..%2f..%2fkept"), study + "/files/view%2fview.json",
        study + "/files/report.dcm%00.html", study + "/files/report.dcm?version=..%2f..%2f"}) {
    const int status = browser.Get(path).status;
    EXPECT_TRUE(status == 400 || status == 404) << path << ": " << status;
  }
  EXPECT_THAT(Raw("GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
              StartsWith("HTTP/1.1 400 "));
}

TEST_F(Attack, GuessingPasswordsBecomesSlowAndKnownNamesLookLikeUnknownOnes) {
  Browser guesser = node_.NewBrowser();
  std::string known, unknown;
  for (int i = 0; i < 5; ++i) known = guesser.LogIn("meyer", "wrong guess " + std::to_string(i)).body;
  for (int i = 0; i < 5; ++i) unknown = guesser.LogIn("nobody", "wrong guess " + std::to_string(i)).body;
  EXPECT_EQ(known, unknown);
  const http::ShortAnswer turned_away = guesser.LogIn("meyer");
  EXPECT_EQ(turned_away.status, 429) << "even with the right password";
  EXPECT_GT(std::stoi(turned_away.headers.at("retry-after")), 0);
  EXPECT_EQ(guesser.LogIn("nobody").status, 429);
  // From elsewhere the doctor still gets in.
  test::RawPeer elsewhere(node_.port(), 0, "127.0.0.9");
  const std::string body = Json({{"name", "meyer"}, {"password", test::kPassword}}).dump();
  elsewhere.Send(
      "POST /api/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nConnection: close\r\n"
      "Content-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body);
  EXPECT_THAT(elsewhere.ReadAll(), StartsWith("HTTP/1.1 200 "));
}

TEST_F(Attack, WhatWasTypedAsANameIsNotWrittenDown) {
  Browser browser = node_.NewBrowser();
  browser.LogIn("my-secret-password", "oh");
  const Browser admin = node_.LoggedIn("chief");
  const std::string trail = admin.Get("/api/audit").body;
  EXPECT_THAT(trail, AllOf(HasSubstr("login_failed"), Not(HasSubstr("my-secret-password"))));
}

TEST_F(Attack, HugeRequestsAreTurnedAwayBeforeTheyAreRead) {
  EXPECT_THAT(Raw("POST /api/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                  "Content-Length: 1000000000\r\n\r\n"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(Raw("POST /api/studies/" + study_ + "/reviews HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000\r\n\r\n"),
              StartsWith("HTTP/1.1 413 "))
      << "without a session even a review is small";
  EXPECT_THAT(Raw("GET /api/worklist?search=" + std::string(20'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"),
              StartsWith("HTTP/1.1 4"));
  const Browser browser = node_.LoggedIn("meyer");
  const std::string deep(50'000, '[');
  EXPECT_EQ(browser.Ask("POST", "/api/studies/" + study_ + "/reviews", deep).status, 400);
  EXPECT_TRUE(std::filesystem::is_empty(service::Layout(node_.config()).uploads));
}

TEST_F(Attack, ManySlowRequestsKeepNobodyElseOut) {
  std::vector<std::unique_ptr<test::RawPeer>> slow;
  for (int i = 0; i < 40; ++i) {
    slow.push_back(std::make_unique<test::RawPeer>(node_.port()));
    slow.back()->Send(
        "POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n{");
  }
  const auto begin = std::chrono::steady_clock::now();
  node_.LoggedIn("meyer");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(8));
}

TEST_F(Attack, AReaderIsNoAdmin) {
  const Browser reader = node_.LoggedIn("meyer");
  EXPECT_EQ(reader.Get("/api/users").status, 403);
  EXPECT_EQ(reader.Get("/api/audit").status, 403);
  EXPECT_EQ(reader.Post("/api/users", {{"name", "me2"}, {"role", "admin"}, {"password", test::kPassword}}).status, 403);
  EXPECT_EQ(reader.Post("/api/users/meyer", {{"role", "admin"}}).status, 403);
  EXPECT_EQ(reader.Ask("DELETE", "/api/users/rossi").status, 403);
  const Browser admin = node_.LoggedIn("chief");
  EXPECT_THAT(admin.Get("/api/audit?search=refused").body, HasSubstr("DELETE /api/users/rossi"));
}

TEST_F(Attack, ADisabledUsersSessionsEndAtOnce) {
  const Browser reader = node_.LoggedIn("meyer");
  const Browser admin = node_.LoggedIn("chief");
  EXPECT_EQ(admin.Post("/api/users/meyer", {{"disabled", true}}).status, 204);
  EXPECT_EQ(reader.Get("/api/worklist").status, 401);
}

TEST_F(Attack, NobodySpeaksForOthersButTheProxiesThatAreListed) {
  Browser liar = node_.LoggedIn("meyer");
  EXPECT_EQ(liar.Ask("GET", "/api/session", "", {{"x-forwarded-for", "10.0.0.1"}}).status, 403);
  EXPECT_EQ(liar.Ask("GET", "/dicom-web/studies", "", {{"x-forwarded-for", "127.0.0.1"}}).status, 403);
  EXPECT_EQ(liar.Ask("GET", "/dicom-web/studies", "", {{"forwarded", "for=127.0.0.1"}}).status, 403);
}

TEST_F(Attack, NobodyIsAnArchiveWhoIsNotNamed) {
  EXPECT_EQ(node_.NewBrowser().Get("/dicom-web/studies").status, 401) << "a proxy may run on this machine";
}

TEST(WithAnArchive, AnotherSiteThatCallsThisMachineItsOwnGetsNoDicomWeb) {
  PageNode node([](service::NodeConfig& config) { config.web.archives = {"127.0.0.1"}; });
  node.Start();
  EXPECT_EQ(node.NewBrowser().Get("/dicom-web/studies").status, 204);
  test::RawPeer elsewhere(node.port());
  elsewhere.Send("GET /dicom-web/studies HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(elsewhere.ReadAll(), StartsWith("HTTP/1.1 401 "));
}

class BehindAProxy : public ::testing::Test {
 protected:
  BehindAProxy() : node_([](service::NodeConfig& config) { config.web.proxies = {"127.0.0.1"}; }) {}
  void SetUp() override { node_.Start(); }
  PageNode node_;
};

TEST_F(BehindAProxy, TheAddressIsTheLastThatTheProxyDidNotMakeUpItself) {
  Browser browser = node_.NewBrowser();
  browser.always["x-forwarded-for"] = "1.2.3.4, 10.0.0.7";
  browser.always["x-forwarded-proto"] = "https";
  const http::ShortAnswer in = browser.LogIn("chief");
  ASSERT_EQ(in.status, 200);
  EXPECT_THAT(in.headers.at("set-cookie"), AllOf(StartsWith("__Host-parotis-session="), HasSubstr("; Secure")));
  EXPECT_THAT(in.headers.at("strict-transport-security"), HasSubstr("max-age"));
  EXPECT_THAT(browser.Get("/api/audit").body, AllOf(HasSubstr("10.0.0.7"), Not(HasSubstr("1.2.3.4"))));
  browser.always["x-forwarded-for"] = "10.0.0.8";
  EXPECT_EQ(browser.Get("/api/session").status, 401) << "the session is another address's";
}

TEST_F(Attack, APasswordThatWasChangedOpensNothingEvenWhereItWasRightAMomentAgo) {
  const Browser machine = node_.NewBrowser();
  const auto asked_with = [&](const std::string& password) {
    return machine
        .Ask("GET", "/dicom-web/studies", "", {{"authorization", "Basic " + base::Base64("meyer:" + password)}})
        .status;
  };
  EXPECT_EQ(asked_with(test::kPassword), 200);
  const Browser admin = node_.LoggedIn("chief");
  ASSERT_LT(admin.Ask("POST", "/api/users/meyer", R"({"password":"another-password-3"})").status, 300);
  EXPECT_EQ(asked_with(test::kPassword), 401);
}

TEST_F(Attack, ALoopOfRefusedRequestsFillsNoDisk) {
  const Browser stranger = node_.NewBrowser();
  for (int i = 0; i < 30; ++i) EXPECT_EQ(stranger.Get("/dicom-web/studies/" + std::string(2000, '1')).status, 401);
  const Browser admin = node_.LoggedIn("chief");
  const Json events = Json::parse(admin.Get("/api/audit?search=dicom-web").body)["events"];
  EXPECT_EQ(events.size(), 1U) << events.dump();
  EXPECT_LT(events.dump().size(), 1000U);
}

TEST_F(BehindAProxy, NobodyIsAnArchiveByTheProxysAddress) {
  Browser browser = node_.NewBrowser();
  browser.always["x-forwarded-for"] = "10.0.0.7";
  EXPECT_EQ(browser.Get("/dicom-web/studies").status, 401);
  EXPECT_EQ(node_.NewBrowser().Get("/dicom-web/studies").status, 401) << "even if the proxy forgets to say for whom";
  EXPECT_EQ(browser
                .Ask("GET", "/dicom-web/studies", "",
                     {{"authorization", "Basic " + base::Base64(std::string("meyer:") + test::kPassword)}})
                .status,
            204);
  EXPECT_EQ(
      browser.Ask("GET", "/dicom-web/studies", "", {{"authorization", "Basic " + base::Base64("meyer:wrong")}}).status,
      401);
}

}  // namespace
}  // namespace parotis
