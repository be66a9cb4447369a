// DICOMweb over what a node keeps, asked as an archive or a viewer does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/multipart.h"
#include "tests/support/node_fixture.h"

namespace parotis::service {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class DicomWebOfANode : public ::testing::Test {
 protected:
  void SetUp() override {
    fixture_.config()["peers"] = base::Json::array();
    fixture_.StartNode({PAROTIS_FAKE_NODE});
    files_ = test::WriteStudyToSend(fixture_.folder(), "P1");
    fixture_.Send(files_);
    fixture_.Send(test::WriteStudyToSend(fixture_.folder(), "Q2"));
    ASSERT_TRUE(fixture_.Reaches("done", 2)) << fixture_.log();
  }
  base::Json Query(const std::string& path) {
    const http::ShortAnswer answer = fixture_.Get("/dicom-web" + path, "application/dicom+json");
    EXPECT_THAT(answer.status, ::testing::AnyOf(200, 204)) << path << ": " << answer.body;
    return answer.status == 200 ? base::ParseJson(answer.body, path) : base::Json::array();
  }
  // multipart/related; the answer's status, and its JSON.
  std::pair<int, base::Json> Post(const std::string& path, const std::vector<http::OutgoingPart>& parts) {
    std::string type;
    http::Call call{.method = "POST", .url = fixture_.url() + "/dicom-web" + path, .headers = {}, .body = {}};
    call.body = http::WriteMultipart(parts, "application/dicom", type);
    call.headers["content-type"] = type;
    const http::ShortAnswer answer = http::ExchangeShort(call, {});
    return {answer.status, base::ParseJson(answer.body, "answer")};
  }

  test::NodeFixture fixture_;
  std::vector<fs::path> files_;
  const std::string study_ = dicom::UidFromName("study P1");
};

TEST_F(DicomWebOfANode, StudiesSeriesAndInstancesAreFound) {
  EXPECT_EQ(Query("/studies").size(), 2U);
  const base::Json found = Query("/studies?PatientID=P1");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]["0020000D"]["Value"][0], study_);
  EXPECT_EQ(found[0]["00201208"]["Value"][0], 4) << "three images and one result";
  EXPECT_EQ(found[0]["00080061"]["Value"], base::Json({"DOC", "MR"}));
  EXPECT_EQ(Query("/studies?PatientID=P*").size(), 1U);
  EXPECT_EQ(Query("/studies?00100020=?2").size(), 1U);
  EXPECT_EQ(Query("/studies?StudyDate=20240101-20240131").size(), 2U);
  EXPECT_EQ(Query("/studies?StudyDate=20250101-").size(), 0U);
  EXPECT_EQ(Query("/studies?limit=1").size(), 1U);
  EXPECT_EQ(Query("/studies?limit=5&offset=1").size(), 1U);
  EXPECT_EQ(Query("/studies/" + study_ + "/series?Modality=MR").size(), 1U);
  EXPECT_EQ(Query("/studies/" + study_ + "/instances").size(), 4U);
  EXPECT_EQ(fixture_.Get("/dicom-web/studies?Favourite=1").status, 400);
  EXPECT_EQ(fixture_.Get("/dicom-web/studies/..%2f..%2fetc/series").status, 404);
}

TEST_F(DicomWebOfANode, AnInstanceComesBackAsItWasSent) {
  const base::Json instance = Query("/studies/" + study_ + "/instances?Modality=MR&InstanceNumber=1")[0];
  const std::string path = "/dicom-web/studies/" + study_ + "/series/" +
                           instance["0020000E"]["Value"][0].get<std::string>() + "/instances/" +
                           instance["00080018"]["Value"][0].get<std::string>();
  const http::ShortAnswer whole = fixture_.Get(path, "application/dicom");
  EXPECT_EQ(whole.status, 200);
  const bool sent = std::any_of(files_.begin(), files_.end(), [&](const fs::path& file) {
    const std::string bytes = base::ReadFile(file);
    return whole.body.ends_with(bytes.substr(bytes.size() - 600));  // behind the head, which is the node's own
  });
  EXPECT_TRUE(sent);
  const http::ShortAnswer frame = fixture_.Get(path + "/frames/1");
  EXPECT_EQ(frame.status, 200);
  EXPECT_GT(frame.body.size(), 16U * 16U * 2U);
  EXPECT_EQ(fixture_.Get(path + "/frames/2").status, 400);
  EXPECT_EQ(fixture_.Get(path + "/frames/x").status, 400);
  EXPECT_THAT(fixture_.Get(path + "/metadata").body, HasSubstr("BulkDataURI"));
  EXPECT_EQ(fixture_.Get("/dicom-web/studies/" + study_).status, 200);
  EXPECT_EQ(fixture_.Get("/dicom-web/studies/" + study_, "image/jpeg").status, 406);
  EXPECT_EQ(fixture_.Get("/dicom-web/studies/1.2.3").status, 404);
}

TEST_F(DicomWebOfANode, InstancesAreStoredAndWhatIsNoneIsNamed) {
  std::vector<http::OutgoingPart> parts;
  for (const fs::path& file : test::WriteStudyToSend(fixture_.folder(), "R3"))
    parts.push_back({"application/dicom", file});
  EXPECT_EQ(Post("/studies", parts).first, 200);
  ASSERT_TRUE(fixture_.Reaches("done", 3)) << fixture_.log();
  parts.push_back({"application/dicom", std::string("no DICOM at all")});
  const auto [status, answer] = Post("/studies", parts);
  EXPECT_EQ(status, 202);
  EXPECT_EQ(answer["00081198"]["Value"].size(), 1U);
  EXPECT_EQ(answer["00081199"]["Value"].size(), parts.size() - 1);
  EXPECT_EQ(Post("/studies/1.2.3", {parts[0]}).first, 409) << "of another study than the path says";
  EXPECT_EQ(fixture_.Counts()["done"], 3) << "what was known opens nothing";
}

}  // namespace
}  // namespace parotis::service
