// Verification and storage, between our own caller and our own server and with DCMTK's programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "base/files.h"
#include "dicom/derived_object.h"
#include "dicom/enhanced_mr_writer.h"
#include "dicom/index.h"
#include "dimse/peer.h"
#include "tests/support/dicom_file.h"
#include "tests/support/dimse_node.h"
#include "tests/support/errors.h"
#include "tests/support/mr_study.h"
#include "tests/support/raw_associate.h"

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

TEST(Verification, SaysThatAddressesOfIpv6AreNotCalled) {
  const Peer peer{"archive", "ARCHIVE", "::1", 104, std::nullopt, 5};
  EXPECT_THAT(test::ErrorOf([&] { Echo("PAROTIS", peer); }), HasSubstr("IPv6 addresses cannot be called"));
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

TEST(Storage, TakesEnhancedImagesAndKnowsOurOwnResults) {
  const test::TemporaryFolder folder;
  dicom::MrSeries series;
  series.uid = "1.2.3.4";
  series.time = "101500";
  dicom::MrVolume volume;
  volume.image = image::Volume({{8, 6, 3}, {1, 1, 4}}, 100);
  volume.image_type = {"ORIGINAL", "PRIMARY", "M", "NONE"};
  dicom::MrStudy study = test::SomeStudy();
  dicom::WriteEnhancedMrSeries(folder.path() / "scanner", study, series, {volume});
  study.manufacturer = dicom::kOwnManufacturer;
  dicom::WriteEnhancedMrSeries(folder.path() / "ours", study, series, {volume});
  const DimseNode node;
  const std::vector<std::filesystem::path> files = {folder.path() / "scanner" / "IM0001.dcm",
                                                    folder.path() / "ours" / "IM0001.dcm"};
  for (const Sent& sent : Store("MODALITY", node.AsPeer(), files)) EXPECT_TRUE(sent.stored) << sent.reason;
  const auto arrivals = node.Arrivals(2);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(DatasetOf(arrivals.at(i)["file"]), DatasetOf(files[i]));
    EXPECT_EQ(arrivals[i]["class"], "1.2.840.10008.5.1.4.1.1.4.1");
    EXPECT_EQ(arrivals[i]["own"], i == 1);
  }
}

// The slice in that transfer syntax; what is compressed need not be pixels.
void WriteInSyntax(const std::filesystem::path& file, const std::string& syntax) {
  static const std::map<std::string, std::string> kOptions = {{"1.2.840.10008.1.2", "+ti"},
                                                              {"1.2.840.10008.1.2.2", "+tb"},
                                                              {"1.2.840.10008.1.2.1.99", "+td"},
                                                              {"1.2.840.10008.1.2.1", "+te"}};
  const auto option = kOptions.find(syntax);
  if (option == kOptions.end()) {
    DicomItem slice = MrSlice(1, 0);
    base::WriteFile(file, test::FileBytes(slice.Erase(0x7fe0, 0x0010), syntax,
                                          test::EncapsulatedPixels({std::string(70000, 'p'), "more"})));
    return;
  }
  const std::string plain = file.string() + ".plain";
  test::WriteDicom(plain, MrSlice(1, 0));
  ASSERT_EQ(std::system(("dcmconv " + option->second + " " + plain + " " + file.string()).c_str()), 0);
}

class EveryTransferSyntax : public testing::TestWithParam<const char*> {};

TEST_P(EveryTransferSyntax, IsTakenBitForBit) {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "image.dcm";
  WriteInSyntax(file, GetParam());
  const DimseNode node;
  const Sent sent = Store("MODALITY", node.AsPeer(), {file}).at(0);
  EXPECT_TRUE(sent.stored) << sent.reason;
  const auto arrival = node.Arrivals(1).at(0);
  EXPECT_EQ(arrival["syntax"], GetParam());
  EXPECT_EQ(DatasetOf(arrival["file"]), DatasetOf(file));
  EXPECT_EQ(arrival["series"], "1.2.3.4");
}

INSTANTIATE_TEST_SUITE_P(Storage, EveryTransferSyntax,
                         testing::Values("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2",
                                         "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.50",
                                         "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70",
                                         "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.90",
                                         "1.2.840.10008.1.2.4.91"));

TEST(Storage, AgreesToTheFirstTransferSyntaxThatIsProposedAndRead) {
  const DimseNode node;
  test::RawPeer peer(node.port());
  const std::string mr = "1.2.840.10008.5.1.4.1.1.4";
  peer.Send(test::AssociateRequest({{mr, {"1.2.840.10008.1.2.4.100", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.1"}},
                                    {mr, {"1.2.840.10008.1.2.4.100"}},
                                    {"1.2.840.10008.5.1.4.1.1.2", {"1.2.840.10008.1.2.1"}}}));
  const std::string accepted = peer.Receive().body;
  EXPECT_NE(accepted.find("1.2.840.10008.1.2.4.50"), std::string::npos);
  // Identifier, reserved, result (PS3.8 table 9-18).
  EXPECT_NE(accepted.find(std::string("\1\0\0\0\x40", 5)), std::string::npos);
  EXPECT_NE(accepted.find(std::string("\3\0\4\0\x40", 5)), std::string::npos) << "transfer syntaxes not supported";
  EXPECT_NE(accepted.find(std::string("\5\0\3\0\x40", 5)), std::string::npos) << "abstract syntax not supported";
}

TEST(Storage, OfDcmtkIsTaken) {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "image.dcm";
  test::WriteDicom(file, MrSlice(1, 0));
  const DimseNode node;
  const std::string command = "storescu -aet MODALITY -aec PAROTIS 127.0.0.1 " + std::to_string(node.port()) + " " +
                              file.string() + " 2>/dev/null";
  EXPECT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(DatasetOf(node.Arrivals(1).at(0)["file"]), DatasetOf(file));
}

TEST(Storage, ByDcmtkTakesOurs) {
  const test::TemporaryFolder folder;
  const auto deflated = folder.path() / "deflated.dcm", plain = folder.path() / "plain.dcm";
  WriteInSyntax(deflated, "1.2.840.10008.1.2.1.99");
  test::WriteDicom(plain, MrSlice(1, 0));
  const test::Listener free = test::ListenOnLoopback();
  close(free.descriptor);
  const std::string port = std::to_string(free.port), out = (folder.path() / "out").string();
  std::filesystem::create_directories(out);
  const pid_t server = fork();
  if (server == 0) {
    freopen("/dev/null", "w", stderr);
    execlp("storescp", "storescp", "-od", out.c_str(), "+xi", port.c_str(), nullptr);
    _exit(127);
  }
  const Peer peer{"storescp", "ARCHIVE", "localhost", free.port, std::nullopt, 10};
  std::vector<Sent> sent;
  for (int attempt = 0; attempt < 500 && sent.empty(); ++attempt) {
    try {
      sent = Store("PAROTIS", peer, {deflated, plain});
    } catch (const base::Error&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  kill(server, SIGTERM);
  waitpid(server, nullptr, 0);
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[0].stored) << sent[0].reason;  // turned into implicit VR, which is all it takes
  EXPECT_TRUE(sent[1].stored) << sent[1].reason;
  EXPECT_EQ(dicom::IndexDicom(out).studies.at(0).uid, "1.2.3");
}

TEST(Storage, SaysOfEachFileWhatBecameOfIt) {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "image.dcm", ct = folder.path() / "ct.dcm";
  test::WriteDicom(file, MrSlice(1, 0));
  test::WriteDicom(ct, MrSlice(2, 0).Set(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.2"));
  test::DimseSettings settings;
  settings.answer = Reception::kOutOfResources;
  const DimseNode node(settings);
  const std::vector<Sent> sent = Store("MODALITY", node.AsPeer(), {ct, file});
  EXPECT_FALSE(sent.at(0).stored);
  EXPECT_EQ(sent[0].status, 0xFFFF);
  EXPECT_THAT(sent[0].reason, HasSubstr("does not take the SOP class 1.2.840.10008.5.1.4.1.1.2"));
  EXPECT_FALSE(sent.at(1).stored);
  EXPECT_EQ(sent[1].status, 0xA700);
  EXPECT_EQ(sent[1].reason, "the peer answered with the status A700H");
  EXPECT_TRUE(node.NothingIsLeft());
}

TEST(Storage, AsksNoMoreWhenTheAssociationBroke) {
  const test::TemporaryFolder folder;
  std::vector<std::filesystem::path> files;
  for (int i = 1; i <= 3; ++i) {
    files.push_back(folder.path() / std::to_string(i));
    test::WriteDicom(files.back(), MrSlice(i, 0));
  }
  test::DimseSettings settings;
  settings.limits.association_bytes = 100;  // after twice that it is aborted
  const DimseNode node(settings);
  const std::vector<Sent> sent = Store("MODALITY", node.AsPeer(), files);
  ASSERT_EQ(sent.size(), 3U);
  for (const Sent& each : sent) {
    EXPECT_FALSE(each.stored);
    EXPECT_EQ(each.status, 0xFFFF);
    EXPECT_FALSE(each.reason.empty());
  }
}

TEST(Storage, NamesAFileThatCannotBeSent) {
  const test::TemporaryFolder folder;
  base::WriteFile(folder.path() / "notes.txt", "no image");
  EXPECT_THAT(test::ErrorOf([&] { Store("PAROTIS", {}, {folder.path() / "notes.txt"}); }), HasSubstr("notes.txt"));
}

}  // namespace
}  // namespace parotis::dimse
