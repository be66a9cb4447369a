// Datasets that are not taken: what is answered, that nothing is left, and that the association goes on.
#include <gtest/gtest.h>

#include "tests/support/dicom_file.h"
#include "tests/support/dimse_node.h"
#include "tests/support/raw_associate.h"

namespace parotis::dimse {
namespace {

using test::DimseNode;
using test::DimseSettings;
using test::MrSlice;
using test::RawPeer;

constexpr int kOutOfResources = 0xA700, kDoesNotMatch = 0xA900, kCannotRead = 0xC000, kSuccess = 0;

// A slice and what announces it.
const std::string kInstance = "1.2.3.4.1";
std::string Dataset() { return MrSlice(1, 0).Bytes(); }

// The dataset is refused with that status, and a good one taken after it.
void ExpectRefused(const std::string& instance, const std::string& dataset, int status) {
  const DimseNode node;
  RawPeer peer(node.port());
  ASSERT_TRUE(peer.Associate());
  EXPECT_EQ(peer.Store(instance, dataset), status);
  EXPECT_EQ(peer.Store(kInstance, Dataset()), kSuccess);
  peer.Send(test::ReleaseRequest());
  EXPECT_EQ(peer.Receive().type, 6);
  peer.Close();
  EXPECT_EQ(node.Ends(1).at(0)["instances"], 1);
  EXPECT_EQ(node.Arrivals(1).size(), 1U);
  EXPECT_TRUE(node.NothingIsLeft());
}

TEST(RefusedDataset, OfAStudyOrSeriesWhoseUidIsNone) {
  for (const char* uid : {"", "1..2", ".1.2", "1.2.", "..", "1.2/3", "../../etc/passwd", "1.2.a"}) {
    SCOPED_TRACE(uid);
    ExpectRefused(kInstance, MrSlice(1, 0).Set(0x0020, 0x000D, "UI", uid).Bytes(), kDoesNotMatch);
    ExpectRefused(kInstance, MrSlice(1, 0).Set(0x0020, 0x000E, "UI", uid).Bytes(), kDoesNotMatch);
  }
}

TEST(RefusedDataset, OfAnotherInstanceThanWasAnnounced) { ExpectRefused("1.2.3.4.5", Dataset(), kDoesNotMatch); }

TEST(RefusedDataset, OfAnotherClassThanWasAnnounced) {
  ExpectRefused(kInstance, MrSlice(1, 0).Set(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.4.1").Bytes(),
                kDoesNotMatch);
}

TEST(RefusedDataset, WithoutAClass) { ExpectRefused(kInstance, MrSlice(1, 0).Erase(8, 0x16).Bytes(), kDoesNotMatch); }

TEST(RefusedDataset, WhoseUidsArePaths) {
  const std::string path = "../../etc/parotis";
  ExpectRefused(path, MrSlice(1, 0).Set(0x0008, 0x0018, "UI", path).Bytes(), kDoesNotMatch);
  ExpectRefused(kInstance, MrSlice(1, 0).Set(0x0020, 0x000d, "UI", path).Bytes(), kDoesNotMatch);
  ExpectRefused(kInstance, MrSlice(1, 0).Set(0x0020, 0x000e, "UI", path).Bytes(), kDoesNotMatch);
  ExpectRefused(kInstance, MrSlice(1, 0).Set(0x0020, 0x000e, "UI", "1.2\\1.3").Bytes(), kDoesNotMatch);
  EXPECT_FALSE(std::filesystem::exists("/etc/parotis"));
}

TEST(RefusedDataset, WhoseUidsAreTooLongOrMissing) {
  ExpectRefused(kInstance, MrSlice(1, 0).Set(0x0020, 0x000d, "UI", std::string(65, '1')).Bytes(), kDoesNotMatch);
  ExpectRefused(kInstance, MrSlice(1, 0).Erase(0x0020, 0x000d).Bytes(), kDoesNotMatch);
  ExpectRefused(kInstance, MrSlice(1, 0).Erase(0x0020, 0x000e).Bytes(), kDoesNotMatch);
  ExpectRefused("", Dataset(), kDoesNotMatch);
}

TEST(RefusedDataset, ThatBreaksOff) {
  ExpectRefused(kInstance, Dataset().substr(0, 101), kCannotRead);
  const std::string whole = MrSlice(1, 0).Set(0x7fe0, 0x0010, "OW", std::string(9000, 'x')).Bytes();
  ExpectRefused(kInstance, whole.substr(0, whole.size() - 4000), kCannotRead);
}

TEST(RefusedDataset, ThatIsNotThere) {
  const DimseNode node;
  RawPeer peer(node.port());
  ASSERT_TRUE(peer.Associate());
  Command command = test::StoreCommand(kInstance);
  peer.Send(test::CommandPdu(test::kMrContext, command.Set(element::kDatasetType, 0x0101)));
  EXPECT_EQ(peer.Status(), kCannotRead);
  EXPECT_EQ(peer.Echo(), kSuccess);
}

TEST(RefusedDataset, LongerThanAnInstanceMayBe) {
  DimseSettings settings;
  settings.limits.instance_bytes = 4000;
  const DimseNode node(settings);
  RawPeer peer(node.port());
  ASSERT_TRUE(peer.Associate());
  const std::string piece = test::DataPdu(test::kMrContext, false, false, std::string(3000, 'x'));
  peer.Send(test::CommandPdu(test::kMrContext, test::StoreCommand(kInstance)) + piece + piece + piece + piece);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  for (const auto& file : std::filesystem::directory_iterator(node.arriving()))
    EXPECT_LT(file.file_size(), 5000U) << "it is not kept while it arrives";
  peer.Send(test::DataPdu(test::kMrContext, false, true, ""));
  EXPECT_EQ(peer.Status(), kOutOfResources);
  EXPECT_TRUE(node.NothingIsLeft());
  EXPECT_EQ(peer.Store(kInstance, Dataset()), kSuccess);
}

TEST(RefusedDataset, OnADiskThatIsFull) {
  DimseSettings settings;
  settings.before = [] {
    const rlimit size{20000, 20000};
    setrlimit(RLIMIT_FSIZE, &size);
  };
  const DimseNode node(settings);
  RawPeer peer(node.port());
  ASSERT_TRUE(peer.Associate());
  const std::string half = test::DataPdu(test::kMrContext, false, false, std::string(15000, 'x'));
  peer.Send(test::CommandPdu(test::kMrContext, test::StoreCommand(kInstance)) + half + half +
            test::DataPdu(test::kMrContext, false, true, ""));
  EXPECT_EQ(peer.Status(), kOutOfResources);
  EXPECT_TRUE(node.NothingIsLeft());
  EXPECT_EQ(peer.Store(kInstance, Dataset()), kSuccess);
}

TEST(RefusedDataset, WhenTheFolderIsGone) {
  const DimseNode node;
  std::filesystem::remove(node.arriving());
  RawPeer peer(node.port());
  ASSERT_TRUE(peer.Associate());
  EXPECT_EQ(peer.Store(kInstance, Dataset()), kOutOfResources);
  EXPECT_EQ(peer.Echo(), kSuccess);
}

TEST(RefusedDataset, WhenThereIsNoRoom) {
  DimseSettings settings;
  settings.has_room = [] { return false; };
  const DimseNode node(settings);
  RawPeer peer(node.port());
  ASSERT_TRUE(peer.Associate());
  EXPECT_EQ(peer.Store(kInstance, Dataset()), kOutOfResources);
  EXPECT_EQ(peer.Echo(), kSuccess);
  EXPECT_TRUE(node.NothingIsLeft());
}

TEST(RefusedDataset, BeyondTheInstancesOfAnAssociation) {
  DimseSettings settings;
  settings.limits.instances = 2;
  const DimseNode node(settings);
  RawPeer peer(node.port());
  ASSERT_TRUE(peer.Associate());
  EXPECT_EQ(peer.Store(kInstance, Dataset()), kSuccess);
  EXPECT_EQ(peer.Store(kInstance, Dataset()), kSuccess);
  EXPECT_EQ(peer.Store(kInstance, Dataset()), kOutOfResources);
  EXPECT_EQ(peer.Echo(), kSuccess);
}

TEST(RefusedDataset, BeyondTheBytesOfAnAssociation) {
  DimseSettings settings;
  settings.limits.association_bytes = Dataset().size() * 5 / 2;
  const DimseNode node(settings);
  RawPeer peer(node.port());
  ASSERT_TRUE(peer.Associate());
  EXPECT_EQ(peer.Store(kInstance, Dataset()), kSuccess);
  EXPECT_EQ(peer.Store(kInstance, Dataset()), kSuccess);
  EXPECT_EQ(peer.Store(kInstance, Dataset()), kOutOfResources);
  EXPECT_EQ(peer.Store(kInstance, Dataset()), kOutOfResources);
  EXPECT_EQ(peer.Echo(), kSuccess);
  EXPECT_EQ(peer.Store(kInstance, Dataset()), kOutOfResources);
  EXPECT_EQ(peer.Store(kInstance, Dataset()), 0xFFFF) << "more than twice as many: the association is aborted";
  peer.Close();
  EXPECT_EQ(node.Ends(1).at(0)["how"], "over limit");
}

TEST(RefusedDataset, IsSpokenOfWithoutPatientData) {
  const DimseNode node;
  RawPeer peer(node.port());
  ASSERT_TRUE(peer.Associate());
  peer.Send(test::CommandPdu(test::kMrContext, test::StoreCommand("1.2.3.99")) +
            test::DataPdu(test::kMrContext, false, true, MrSlice(1, 0).Set(0x0010, 0x0010, "PN", "DOE^JANE").Bytes()));
  const std::string answer = peer.Receive().body;
  EXPECT_NE(answer.find("SOP instance UID of command and dataset differ"), std::string::npos);
  EXPECT_EQ(answer.find("DOE"), std::string::npos);
}

}  // namespace
}  // namespace parotis::dimse
