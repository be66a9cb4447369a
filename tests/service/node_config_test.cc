// A node's configuration: the one that is the manual, and what is doubtful though it is allowed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "service/node_config.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace parotis::service {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(NodeConfiguration, TheManualIsOneThatIsRead) {
  const NodeConfig config = ReadNodeConfig(PAROTIS_SOURCE_DIR "/configs/node.json");
  EXPECT_FALSE(config.models.empty());
  EXPECT_EQ(config.peers.size(), 2U);
  EXPECT_EQ(config.pulls.size(), 1U);
  EXPECT_TRUE(config.dicom.tls);
  EXPECT_THAT(config.Doubts(), IsEmpty());
}

class WrittenConfiguration : public ::testing::Test {
 protected:
  NodeConfig Read(const std::string& rest) {
    base::WriteFile(
        folder_.path() / "node.json",
        R"({"folder": "kept", "models": [{"name": "m", "file": "m.safetensors", "role": "active"}])" + rest + "}");
    return ReadNodeConfig(folder_.path() / "node.json");
  }

 private:
  test::TemporaryFolder folder_;
};

TEST_F(WrittenConfiguration, ThatLetsNobodyInIsDoubted) {
  EXPECT_THAT(Read("").Doubts(), ElementsAre(HasSubstr("every DICOM association is rejected")));
  EXPECT_THAT(Read(R"(, "dicom": {"allowed": [{"ae_title": "MR1"}]})").Doubts(), IsEmpty());
}

TEST_F(WrittenConfiguration, ThatLeavesReportsOutsideIsDoubted) {
  const std::string peer = R"({"name": "pacs", "ae_title": "PACS", "host": "h", "port": 1, "commitment": true})";
  EXPECT_THAT(Read(R"(, "dicom": {"allowed": [{"ae_title": "MR1"}]}, "peers": [)" + peer + "]").Doubts(),
              ElementsAre(HasSubstr("PACS is not on the list dicom.allowed")));
  EXPECT_THAT(Read(R"(, "dicom": {"allowed": [{"ae_title": "PACS"}]}, "peers": [)" + peer + "]").Doubts(), IsEmpty());
  EXPECT_THAT(Read(R"(, "dicom": {"allowed": [{"ae_title": "MR1"}]},
                    "peers": [{"name": "web", "url": "http://h/dicom-web", "commitment": true}])")
                  .Doubts(),
              ElementsAre(HasSubstr("by DICOM only")));
}

TEST_F(WrittenConfiguration, ThatIsWrongIsNamed) {
  EXPECT_THAT(test::ErrorOf([&] { Read(R"(, "dicom": {"prot": 1})"); }), HasSubstr("prot"));
  EXPECT_THAT(test::ErrorOf([&] {
                Read(R"(, "peers": [{"name": "pacs", "ae_title": "PACS", "host": "h", "commitment_wait_s": 0}])");
              }),
              HasSubstr("commitment_wait_s"));
}

}  // namespace
}  // namespace parotis::service
