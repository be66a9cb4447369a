// Who gets an answer of the laboratory's page, and who does not.
#include <gmock/gmock.h>

#include "tests/lab/lab_fixture.h"

namespace parotis {
namespace {

using test::BrowserOf;
using test::Entered;
using test::LabBrowser;
using test::LabStudy;
using ::testing::HasSubstr;
using ::testing::Not;

class LabGate : public ::testing::Test {
 protected:
  LabStudy study_;
  std::unique_ptr<lab::Lab> lab_ = study_.Open();
};

TEST_F(LabGate, WithoutThePassOnlyThePagesFilesAreAnswered) {
  const LabBrowser stranger = BrowserOf(*lab_);
  EXPECT_THAT(stranger.Get("/").body, HasSubstr("<title>parotis lab</title>"));
  EXPECT_EQ(stranger.Get("/assets/a-1.js").status, 200);
  EXPECT_EQ(stranger.Get("/index.html").status, 404);  // the node's page is not this one
  for (const char* path :
       {"/api/lab/overview", "/api/lab/curves", "/api/lab/results", "/api/lab/cases/alpha_00", "/api"})
    EXPECT_EQ(stranger.Get(path).status, 401) << path;
}

TEST_F(LabGate, TheAddressIsGoodOnceAndNoCookieGoesToOtherPortsOfTheMachine) {
  EXPECT_THAT(lab_->address(), HasSubstr("/#token=" + lab_->token()));
  LabBrowser first = BrowserOf(*lab_), second = first;
  EXPECT_EQ(first.Enter("0123456789abcdef0123456789abcdef").status, 403);
  const http::ShortAnswer in = first.Enter(lab_->token());
  EXPECT_EQ(in.status, 200);
  EXPECT_FALSE(in.headers.contains("set-cookie"));
  EXPECT_EQ(in.headers.at("cache-control"), "no-store");
  EXPECT_EQ(first.Get("/api/lab/overview").status, 200);
  EXPECT_EQ(second.Enter(lab_->token()).status, 403);
  EXPECT_EQ(second.Get("/api/lab/overview").status, 401);
}

TEST_F(LabGate, APassOfAnotherStudyOrAGuessedOneIsNone) {
  LabBrowser browser = Entered(*lab_);
  const std::string ours = browser.pass, others = Entered(*study_.Open()).pass;
  for (const std::string& pass :
       {others, lab_->token(), ours + "0", ours.substr(1), std::string("0"), std::string(4000, 'f')}) {
    browser.pass = pass;
    EXPECT_EQ(browser.Get("/api/lab/overview").status, 401) << pass;
  }
}

TEST_F(LabGate, APassInACookieIsNone) {
  const std::string pass = Entered(*lab_).pass;
  for (const std::string& name : {std::string(lab::kPassField), "parotis-lab-" + std::to_string(lab_->port())})
    EXPECT_EQ(BrowserOf(*lab_).Ask("GET", "/api/lab/overview", {{"cookie", name + "=" + pass}}).status, 401) << name;
}

TEST_F(LabGate, OnlyNamesOfLoopbackAreItsOwn) {
  const LabBrowser browser = Entered(*lab_);
  const std::string port = std::to_string(lab_->port());
  const auto status = [&](const char* path, const std::string& host) {
    return test::StatusFor(browser, lab_->port(), path, host);
  };
  for (const std::string& host : {"127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port})
    EXPECT_EQ(status("/api/lab/overview", host), 200) << host;
  for (const std::string& host : {std::string("evil.example"), "evil.example:" + port, "127.0.0.1.evil.example:" + port,
                                  std::string("127.0.0.1:1"), "localhost.:" + port, "127.0.0.1:" + port + "0"}) {
    EXPECT_EQ(status("/api/lab/overview", host), 403) << host;
    EXPECT_EQ(status("/", host), 403) << host;
  }
}

TEST_F(LabGate, PagesOfOthersAreTurnedAwayEvenOnThisMachine) {
  const LabBrowser browser = Entered(*lab_);
  EXPECT_EQ(browser.Ask("GET", "/api/lab/overview", {{"sec-fetch-site", "same-origin"}}).status, 200);
  for (const char* site : {"same-site", "cross-site"})
    EXPECT_EQ(browser.Ask("GET", "/api/lab/overview", {{"sec-fetch-site", site}}).status, 403);
  EXPECT_EQ(browser.Ask("GET", "/api/lab/overview", {{"origin", "http://127.0.0.1:1"}}).status, 403);
}

TEST_F(LabGate, NothingCanBeChangedAndNoPathLeadsOut) {
  const LabBrowser browser = Entered(*lab_);
  for (const char* method : {"POST", "PUT", "DELETE"})
    EXPECT_EQ(browser.Ask(method, "/api/lab/overview", {}, "{}").status, 405) << method;
  for (const char* path :
       {"/api/lab/cases/..%2f..%2fetc", "/api/lab/cases/alpha_00/volumes/..%2f..%2f..%2fdataset.json",
        "/api/lab/cases/alpha_00/volumes/task-99999999999999999999", "/api/lab/cases/alpha_00/volumes/task--1",
        "/api/lab/cases/alpha_00/volumes/view", "/api/lab/cases/nobody", "/..%2fruns%2ftasks.json"})
    EXPECT_THAT(browser.Get(path).status, ::testing::AnyOf(400, 404)) << path;
}

TEST_F(LabGate, EveryAnswerSaysWhatABrowserMayDoWithIt) {
  const LabBrowser browser = Entered(*lab_);
  for (const char* path : {"/", "/none", "/api/lab/overview", "/api/none"}) {
    const http::Headers headers = browser.Get(path).headers;
    EXPECT_THAT(headers.at("content-security-policy"), HasSubstr("default-src 'none'; script-src 'self'")) << path;
    EXPECT_EQ(headers.at("cross-origin-resource-policy"), "same-origin");
    EXPECT_EQ(headers.at("x-frame-options"), "DENY");
  }
}

TEST(Lab, SaysWhatIsMissingWhenThePageIsNotBuilt) {
  const LabStudy study;
  std::filesystem::remove_all(study.root() / "page");
  try {
    study.Open();
    ADD_FAILURE() << "it opened";
  } catch (const base::Error& error) {
    EXPECT_THAT(error.message(), HasSubstr("build_page.sh"));
  }
}

}  // namespace
}  // namespace parotis
