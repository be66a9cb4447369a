// What the page asks of a node, and what it gets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "image/gzip.h"
#include "jobs/reviews.h"
#include "tests/support/page_node.h"

namespace parotis {
namespace {

using base::Json;
using test::Browser;
using test::PageNode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Json Parsed(const http::ShortAnswer& answer) { return Json::parse(answer.body); }

std::string MaskWith(std::initializer_list<std::size_t> voxels, char id = 1) {
  std::string mask(32, '\0');
  for (const std::size_t v : voxels) mask[v] = id;
  return base::Base64(image::Deflate(std::as_bytes(std::span(mask))));
}

Json EditOf(const std::string& based_on) {
  return {{"based_on", based_on},    {"decision", "edit"},   {"reason", "it invades the skin"},
          {"verdict", "class"},      {"class", "malignant"}, {"lesions", {{{"id", 1}, {"class", "malignant"}}}},
          {"mask", MaskWith({5, 6})}};
}

class PageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    study_ = node_.AddStudy("P1");
    node_.AnswerAll();
    node_.Start();
  }
  std::string Path(const std::string& rest = "") const { return "/api/studies/" + study_ + rest; }
  static std::string VersionOf(const Browser& browser, const std::string& path) {
    return Parsed(browser.Get(path))["version"].get<std::string>();
  }

  PageNode node_;
  std::string study_;
};

TEST_F(PageTest, ItsFilesNeedNoSessionAndKeepForAsLongAsTheirNamesSay) {
  const Browser browser = node_.NewBrowser();
  const http::ShortAnswer index = browser.Get("/");
  EXPECT_THAT(index.body, HasSubstr("<title>parotis</title>"));
  EXPECT_EQ(index.headers.at("cache-control"), "no-cache");
  EXPECT_EQ(browser.Ask("GET", "/", "", {{"if-none-match", index.headers.at("etag")}}).status, 304);
  EXPECT_THAT(browser.Get("/assets/a-1.js").headers.at("cache-control"), HasSubstr("immutable"));
  EXPECT_EQ(browser.Get("/assets/none.js").status, 404);
}

TEST_F(PageTest, ASessionBeginsWithNameAndPasswordAndEndsWithLoggingOut) {
  Browser browser = node_.NewBrowser();
  EXPECT_EQ(browser.Get("/api/session").status, 401);
  const http::ShortAnswer in = browser.LogIn("meyer");
  EXPECT_EQ(Parsed(in)["full_name"], "Dr. A. Meyer");
  EXPECT_EQ(Parsed(in)["role"], "reader");
  EXPECT_EQ(Parsed(in)["classes"], Json({"warthin", "malignant"}));
  EXPECT_THAT(in.headers.at("set-cookie"), HasSubstr("HttpOnly; SameSite=Strict"));
  EXPECT_EQ(Parsed(browser.Get("/api/session"))["name"], "meyer");
  EXPECT_EQ(browser.Post("/api/logout", Json::object()).status, 204);
  EXPECT_EQ(browser.Get("/api/session").status, 401);
}

TEST_F(PageTest, AUserChangesTheOwnPasswordAndOnlyHisOtherSessionsEnd) {
  const Browser here = node_.LoggedIn("meyer"), there = node_.LoggedIn("meyer");
  EXPECT_EQ(here.Post("/api/password", {{"old", "wrong wrong wrong"}, {"new", "quite another phrase"}}).status, 400);
  EXPECT_THAT(here.Post("/api/password", {{"old", test::kPassword}, {"new", "short"}}).body, HasSubstr("12"));
  EXPECT_EQ(here.Post("/api/password", {{"old", test::kPassword}, {"new", "quite another phrase"}}).status, 204);
  EXPECT_EQ(here.Get("/api/session").status, 200);
  EXPECT_EQ(there.Get("/api/session").status, 401);
}

TEST_F(PageTest, TheWorklistIsSearchedFilteredAndAnsweredOnce) {
  node_.AddStudy("P2");
  const Browser browser = node_.LoggedIn("meyer");
  const http::ShortAnswer all = browser.Get("/api/worklist");
  const Json list = Parsed(all);
  EXPECT_EQ(list["total"], 2);
  EXPECT_EQ(list["counts"]["ready"], 1);
  EXPECT_EQ(list["studies"][1]["id"], study_);
  EXPECT_EQ(list["studies"][1]["class"], "warthin");
  EXPECT_EQ(list["studies"][1]["probability"], 0.75);
  EXPECT_EQ(list["studies"][1]["patient"]["id"], "P1");
  EXPECT_EQ(list["studies"][1]["review"], nullptr);
  EXPECT_EQ(browser.Ask("GET", "/api/worklist", "", {{"if-none-match", all.headers.at("etag")}}).status, 304);
  const auto total = [&](const std::string& query) { return Parsed(browser.Get("/api/worklist?" + query))["total"]; };
  EXPECT_EQ(total("search=p2"), 1);
  EXPECT_EQ(total("search=SCRIPT%20P1"), 1);
  EXPECT_EQ(total("state=done"), 1);
  EXPECT_EQ(total("state=done,ready"), 2);
  EXPECT_EQ(total("state=received,ready,running,failed"), 1) << "a list of many letters";
  EXPECT_EQ(total("class=malignant"), 0);
  EXPECT_EQ(total("class=warthin"), 1);
  EXPECT_EQ(total("review=open&state=done"), 1);
  EXPECT_EQ(total("review=accepted"), 0);
  EXPECT_EQ(total("probability_min=0.7"), 1);
  EXPECT_EQ(total("probability_max=0.7&state=done"), 0);
  EXPECT_EQ(Parsed(browser.Get("/api/worklist?limit=1&offset=1"))["studies"].size(), 1U);
  EXPECT_EQ(browser.Get("/api/worklist?limit=many").status, 400);
}

TEST_F(PageTest, AStudySaysWhatWasFoundAndGivesItsVolumesAndFiles) {
  const Browser browser = node_.LoggedIn("meyer");
  const Json study = Parsed(browser.Get(Path()));
  EXPECT_EQ(study["diagnosis"]["class"], "warthin");
  EXPECT_EQ(study["view"]["size"], Json({4, 4, 2}));
  ASSERT_EQ(study["versions"].size(), 1U);
  EXPECT_EQ(study["versions"][0]["id"], study["version"]);
  EXPECT_EQ(study["model"]["name"], "shipped");
  const http::ShortAnswer lesions = browser.Get(Path("/volumes/lesions"));
  EXPECT_EQ(lesions.status, 200);
  EXPECT_EQ(image::Inflate(std::as_bytes(std::span(lesions.body)), 1000, "x").bytes.size(), 352U + 32);
  EXPECT_EQ(browser.Get(Path("/volumes/channel-0")).status, 200);
  EXPECT_EQ(browser.Get(Path("/volumes/channel-1")).status, 404);
  const http::ShortAnswer report = browser.Get(Path("/files/report.dcm"));
  EXPECT_EQ(report.body, "12345");
  EXPECT_THAT(report.headers.at("content-disposition"), HasSubstr("attachment"));
  EXPECT_THAT(browser.Get(Path("/files/all.zip")).body.substr(0, 2), "PK");
  EXPECT_EQ(browser.Get(Path("/files/page.pdf")).status, 404);
  EXPECT_EQ(browser.Get("/api/studies/0123").status, 404);
}

TEST_F(PageTest, AnAcceptedAnswerIsKeptWithNameAndShownInTheList) {
  const Browser browser = node_.LoggedIn("meyer");
  const http::ShortAnswer kept = browser.Post(
      Path("/reviews"), {{"based_on", VersionOf(browser, Path())}, {"decision", "accept"}, {"reason", ""}});
  EXPECT_EQ(kept.status, 201) << kept.body;
  EXPECT_EQ(Parsed(browser.Get("/api/worklist?review=accepted"))["studies"][0]["review"]["reader"], "Dr. A. Meyer");
  const Json study = Parsed(browser.Get(Path()));
  EXPECT_EQ(study["versions"][1]["kind"], "accept");
  // An accepted version's findings are those of what was accepted.
  EXPECT_EQ(browser.Get(Path("/volumes/lesions?version=" + study["versions"][1]["id"].get<std::string>())).status, 200);
}

TEST_F(PageTest, AnEditWaitsForItsObjectsAndIsThenTheCurrentVersion) {
  const Browser browser = node_.LoggedIn("meyer");
  const std::string analysis = VersionOf(browser, Path());
  const http::ShortAnswer kept = browser.Post(Path("/reviews"), EditOf(analysis));
  ASSERT_EQ(kept.status, 201) << kept.body;
  const std::string edit = Parsed(kept)["version"].get<std::string>();
  Json study = Parsed(browser.Get(Path()));
  EXPECT_EQ(study["version"], analysis);
  EXPECT_EQ(study["versions"][1]["state"], "waiting");
  EXPECT_EQ(browser.Get(Path("/volumes/lesions?version=" + edit)).status, 404);
  const std::int64_t review = jobs::ReviewsOf(node_.database(), study_).at(0).id;
  node_.database().Begin();
  const Json asked = Json::parse(jobs::FindReview(node_.database(), review)->asked);
  node_.database().Commit();
  EXPECT_EQ(asked["edit"]["class"], "malignant");
  EXPECT_THAT(asked["before"].get<std::string>(), HasSubstr(study_));
  node_.AnswerAll();
  study = Parsed(browser.Get(Path()));
  EXPECT_EQ(study["version"], edit);
  EXPECT_EQ(study["versions"][1]["state"], "done");
  EXPECT_EQ(browser.Get(Path("/volumes/lesions?version=" + edit)).status, 200);
  EXPECT_EQ(browser.Get(Path("/volumes/lesions?version=" + analysis)).status, 200);
}

TEST_F(PageTest, OfTwoReadersAtOnceTheSecondIsToldWhoWasFirstAndNothingOfHisIsKept) {
  const Browser meyer = node_.LoggedIn("meyer"), rossi = node_.LoggedIn("rossi");
  const std::string seen = VersionOf(meyer, Path());
  const std::string first = Parsed(meyer.Post(Path("/reviews"), EditOf(seen)))["version"].get<std::string>();
  const http::ShortAnswer second = rossi.Post(Path("/reviews"), EditOf(seen));
  EXPECT_EQ(second.status, 409);
  EXPECT_EQ(Parsed(second)["by"], "Dr. A. Meyer");
  EXPECT_EQ(Parsed(second)["version"], first);
  EXPECT_EQ(jobs::ReviewsOf(node_.database(), study_).size(), 1U);
  node_.AnswerAll();
  EXPECT_EQ(rossi.Post(Path("/reviews"), EditOf(first)).status, 201);
}

TEST_F(PageTest, AReviewOfAnAnswerThatWasMadeAnewIsNotTaken) {
  const Browser browser = node_.LoggedIn("meyer");
  const std::string seen = VersionOf(browser, Path());
  node_.database().Begin();
  node_.database().Run("UPDATE jobs SET state = 'ready', results = '' WHERE shadow = ''", {});
  node_.database().Commit();
  node_.AnswerAll();
  const http::ShortAnswer late =
      browser.Post(Path("/reviews"), {{"based_on", seen}, {"decision", "accept"}, {"reason", ""}});
  EXPECT_EQ(late.status, 409);
  EXPECT_THAT(late.body, HasSubstr("analysed anew"));
  EXPECT_NE(VersionOf(browser, Path()), seen);
}

TEST_F(PageTest, AnEditThatContradictsItselfIsRefusedAndKeepsNothing) {
  const Browser browser = node_.LoggedIn("meyer");
  Json edit = EditOf(VersionOf(browser, Path()));
  const auto with = [&](const char* key, const Json& value) {
    Json other = edit;
    other[key] = value;
    return browser.Post(Path("/reviews"), other);
  };
  EXPECT_EQ(with("lesions", Json::array()).status, 422);
  EXPECT_THAT(with("class", "lipoma").body, HasSubstr("must be one of warthin, malignant"));
  EXPECT_EQ(with("mask", "AAAA").status, 422);
  EXPECT_EQ(with("reason", " ").status, 400);
  EXPECT_EQ(with("reason", std::string(2001, 'x')).status, 400);
  EXPECT_EQ(with("decision", "destroy").status, 400);
  EXPECT_EQ(with("based_on", "77").status, 409);
  EXPECT_EQ(jobs::ReviewsOf(node_.database(), study_).size(), 0U);
}

TEST_F(PageTest, AdminsManageUsersAndReadTheAuditTrail) {
  const Browser admin = node_.LoggedIn("chief");
  EXPECT_EQ(
      admin.Post("/api/users", {{"name", "new"}, {"full_name", "N"}, {"role", "reader"}, {"password", test::kPassword}})
          .status,
      201);
  EXPECT_EQ(Parsed(admin.Get("/api/users")).size(), 4U);
  EXPECT_EQ(admin.Post("/api/users/new", {{"disabled", true}}).status, 204);
  Browser fresh = node_.NewBrowser();
  EXPECT_EQ(fresh.LogIn("new").status, 401);
  EXPECT_THAT(admin.Post("/api/users/chief", {{"role", "reader"}}).body, HasSubstr("last admin"));
  EXPECT_EQ(admin.Ask("DELETE", "/api/users/new").status, 204);
  const Browser reader = node_.LoggedIn("meyer");
  reader.Get("/api/worklist");
  reader.Get(Path());
  reader.Get(Path("/files/report.dcm"));
  reader.Post(Path("/reviews"), {{"based_on", VersionOf(reader, Path())}, {"decision", "accept"}, {"reason", ""}});
  const Json events = Parsed(admin.Get("/api/audit?user=meyer"))["events"];
  std::vector<std::string> names;
  for (const Json& event : events) names.push_back(event["event"].get<std::string>());
  EXPECT_THAT(names, ElementsAre("review", "download", "study", "worklist", "login"));
  EXPECT_THAT(events[2]["patient"].get<std::string>(), HasSubstr("P1"));
  EXPECT_EQ(events[0]["address"], "127.0.0.1");
  EXPECT_EQ(Parsed(admin.Get("/api/audit?search=report.dcm"))["events"].size(), 1U);
}

}  // namespace
}  // namespace parotis
