// Verification and storage, between our own caller and our own server and with DCMTK's programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "base/files.h"
#include "dimse/peer.h"
#include "tests/support/derived_study.h"
#include "tests/support/dicom_file.h"
#include "tests/support/dimse_node.h"
#include "tests/support/errors.h"

namespace parotis::dimse {
namespace {

using test::DicomItem;
using test::DimseNode;
using test::MrSlice;
using testing::HasSubstr;

std::string DatasetOf(const std::filesystem::path& file) {
  const std::string bytes = base::ReadFile(file);
  std::uint32_t length = 0;
  for (std::size_t i = 4; i-- > 0;) length = length << 8U | static_cast<unsigned char>(bytes.at(140 + i));
  return bytes.substr(144 + length);
}

TEST(Verification, IsAnsweredAndReleased) {
  const DimseNode node;
  Echo("MODALITY", node.AsPeer());
  const auto end = node.Ends(1).at(0);
  EXPECT_EQ(end["how"], "released");
  EXPECT_EQ(end["calling_ae"], "MODALITY");
  EXPECT_EQ(end["address"], "127.0.0.1");
}

TEST(Verification, OfDcmtkIsAnswered) {
  const DimseNode node;
  const std::string command =
      "echoscu -aet MODALITY -aec PAROTIS 127.0.0.1 " + std::to_string(node.port()) + " 2>/dev/null";
  EXPECT_EQ(std::system(command.c_str()), 0);
}

TEST(Verification, SaysThatNobodyListens) {
  Peer peer{"archive", "ARCHIVE", "127.0.0.1", 1, std::nullopt, 5};
  EXPECT_THAT(test::ErrorOf([&] { Echo("PAROTIS", peer); }),
              testing::AllOf(HasSubstr("archive (127.0.0.1:1)"), HasSubstr("refused")));
}

TEST(Storage, KeepsEveryByteOfADataset) {
  const test::TemporaryFolder folder;
  std::vector<std::filesystem::path> files;
  for (int i = 1; i <= 3; ++i) {
    files.push_back(folder.path() / std::to_string(i));
    test::WriteDicom(files.back(), MrSlice(i, 4.0 * i));
  }
  const DimseNode node;
  const std::vector<Sent> sent = Store("MODALITY", node.AsPeer(), files);
  ASSERT_EQ(sent.size(), 3U);
  const auto arrivals = node.Arrivals(3);
  ASSERT_EQ(arrivals.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(sent[i].stored) << sent[i].reason;
    EXPECT_EQ(DatasetOf(arrivals[i]["file"]), DatasetOf(files[i]));
    EXPECT_EQ(arrivals[i]["study"], "1.2.3");
    EXPECT_EQ(arrivals[i]["series"], "1.2.3.4");
    EXPECT_EQ(arrivals[i]["instance"], sent[i].sop_instance_uid);
    EXPECT_EQ(arrivals[i]["own"], false);
  }
  EXPECT_TRUE(node.NothingIsLeft());
  EXPECT_EQ(node.Ends(1).at(0)["instances"], 3);
}

}  // namespace
}  // namespace parotis::dimse
