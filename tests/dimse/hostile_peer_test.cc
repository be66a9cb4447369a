// Peers that claim, stall, break off or ask for what is not offered: refused by the protocol's own means, within the
// limits, and nothing is left behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/dicom_file.h"
#include "tests/support/dimse_node.h"
#include "tests/support/raw_associate.h"

namespace parotis::dimse {
namespace {

using test::CommandPdu;
using test::DataPdu;
using test::DimseNode;
using test::DimseSettings;
using test::kEchoContext;
using test::kMrContext;
using test::RawPeer;

constexpr int kAbort = 7;

DimseSettings Limited(const std::function<void(AssociationLimits&)>& change) {
  DimseSettings settings;
  // A process that took what is claimed would not live.
  settings.before = [] {
#if !defined(__SANITIZE_ADDRESS__)
    const rlimit memory{rlim_t{1} << 30U, rlim_t{1} << 30U};
    setrlimit(RLIMIT_AS, &memory);
#endif
  };
  change(settings.limits);
  return settings;
}
DimseSettings Plain() {
  return Limited([](AssociationLimits&) {});
}

double SecondsUntil(const std::function<void()>& body) {
  const auto start = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

TEST(HostilePeer, ClaimsALongPduBeforeAnyAssociation) {
  const DimseNode node(Plain());
  for (const int type : {1, 2, 3, 4, 5, 6, 7}) {
    RawPeer peer(node.port());
    peer.Send(test::BigEndian(static_cast<std::uint32_t>(type), 1) + std::string(1, '\0') +
              test::BigEndian(0x7FFFFFFF, 4) + std::string(100, 'x'));
    const RawPeer::Received received = peer.Receive();
    EXPECT_TRUE(received.type == RawPeer::kClosed || received.type == kAbort) << type;
  }
  for (const auto& end : node.Ends(7))
    EXPECT_THAT(std::string(end["how"]), testing::AnyOf("over limit", "broken")) << end;
}

TEST(HostilePeer, ClaimsALongPduWithinAnAssociation) {
  const DimseNode node(Plain());
  for (const int type : {1, 2, 3, 4, 5, 6, 7}) {
    RawPeer peer(node.port());
    ASSERT_TRUE(peer.Associate());
    peer.Send(test::BigEndian(static_cast<std::uint32_t>(type), 1) + std::string(1, '\0') +
              test::BigEndian(0xFFFFFF00, 4) + std::string(100, 'x'));
    const RawPeer::Received received = peer.Receive();
    EXPECT_TRUE(received.type == RawPeer::kClosed || received.type == kAbort) << type;
  }
  EXPECT_EQ(node.Ends(7).size(), 7U);
}

TEST(HostilePeer, SendsAPduLongerThanWasAgreedOn) {
  const DimseNode node(Limited([](AssociationLimits& limits) { limits.pdu_bytes = 8192; }));
  RawPeer peer(node.port());
  ASSERT_TRUE(peer.Associate());
  peer.Send(CommandPdu(kMrContext, test::StoreCommand("1.2.3")) +
            DataPdu(kMrContext, false, true, std::string(9000, 'x')));
  EXPECT_NE(peer.Receive().type, 4);
  peer.Close();
  EXPECT_EQ(node.Ends(1).at(0)["how"], "over limit");
  EXPECT_TRUE(node.NothingIsLeft());
}

TEST(HostilePeer, SendsNoCommandButOne) {
  const DimseNode node(Plain());
  RawPeer peer(node.port());
  ASSERT_TRUE(peer.Associate());
  for (int i = 0; i < 10; ++i) peer.Send(DataPdu(kEchoContext, true, false, std::string(8000, '\0')));
  EXPECT_EQ(peer.Receive().type, kAbort);
  peer.Close();
  EXPECT_EQ(node.Ends(1).at(0)["how"], "over limit");
}

TEST(HostilePeer, SendsOneByteASecond) {
  const DimseNode node(Limited([](AssociationLimits& limits) { limits.handshake_s = 2; }));
  const double seconds = SecondsUntil([&] {
    RawPeer peer(node.port());
    for (const char byte : test::AssociateRequest()) {
      if (!peer.Send(std::string(1, byte)) || !node.Ends(0).empty()) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      if (std::filesystem::exists(node.folder() / "ends")) break;
    }
  });
  EXPECT_LT(seconds, 4);
  const auto end = node.Ends(1).at(0);
  EXPECT_EQ(end["how"], "timed out");
  EXPECT_EQ(end["reason"], "no association was agreed on within 2 s");
}

TEST(HostilePeer, SaysNothing) {
  const DimseNode node(Limited([](AssociationLimits& limits) { limits.idle_s = 1; }));
  RawPeer peer(node.port());
  ASSERT_TRUE(peer.Associate());
  EXPECT_THAT(SecondsUntil([&] { EXPECT_NE(peer.Receive().type, 4); }),
              testing::AllOf(testing::Gt(0.8), testing::Lt(3)));
  EXPECT_EQ(node.Ends(1).at(0)["how"], "timed out");
}

TEST(HostilePeer, StallsWithinADataset) {
  const DimseNode node(Limited([](AssociationLimits& limits) { limits.message_s = 1; }));
  RawPeer peer(node.port());
  ASSERT_TRUE(peer.Associate());
  const std::string piece = DataPdu(kMrContext, false, false, std::string(1000, 'x'));
  peer.Send(CommandPdu(kMrContext, test::StoreCommand("1.2.3")) + piece + piece.substr(0, 500));
  EXPECT_NE(peer.Receive().type, 4);
  EXPECT_EQ(node.Ends(1).at(0)["how"], "timed out");
  EXPECT_TRUE(node.NothingIsLeft());
}

TEST(HostilePeer, NeverEnds) {
  const DimseNode node(Limited([](AssociationLimits& limits) { limits.association_s = 2; }));
  RawPeer peer(node.port());
  ASSERT_TRUE(peer.Associate());
  const double seconds = SecondsUntil([&] {
    while (peer.Echo() == 0) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  });
  EXPECT_LT(seconds, 4);
  EXPECT_EQ(node.Ends(1).at(0)["reason"], "the association did not end within 2 s");
}

TEST(HostilePeer, NeverTakesAnAnswer) {
  const DimseNode node(Limited([](AssociationLimits& limits) { limits.message_s = 1; }));
  RawPeer peer(node.port());
  ASSERT_TRUE(peer.Associate());
  dimse::Command echo(field::kEcho, 9, false);
  echo.SetText(element::kAffectedClass, "1.2.840.10008.1.1");
  std::string many;
  for (int i = 0; i < 1000; ++i) many += CommandPdu(kEchoContext, echo);
  while (!std::filesystem::exists(node.folder() / "ends") && peer.Send(many)) {
  }
  EXPECT_EQ(node.Ends(1).at(0)["how"], "timed out");
}

TEST(HostilePeer, BreaksOffWithinADataset) {
  const DimseNode node(Plain());
  {
    RawPeer peer(node.port());
    ASSERT_TRUE(peer.Associate());
    peer.Send(CommandPdu(kMrContext, test::StoreCommand("1.2.3")) +
              DataPdu(kMrContext, false, false, test::MrSlice(1, 0).Bytes()));
  }
  EXPECT_EQ(node.Ends(1).at(0)["how"], "broken");
  EXPECT_TRUE(node.NothingIsLeft());
  EXPECT_TRUE(node.Arrivals(0).empty());
}

TEST(HostilePeer, AbortsOrReleasesWithinADataset) {
  const DimseNode node(Plain());
  const std::string begun = CommandPdu(kMrContext, test::StoreCommand("1.2.3")) +
                            DataPdu(kMrContext, false, false, test::MrSlice(1, 0).Bytes());
  for (const std::string& end : {test::Pdu(kAbort, std::string(4, '\0')), test::ReleaseRequest()}) {
    RawPeer peer(node.port());
    ASSERT_TRUE(peer.Associate());
    peer.Send(begun + end);
    EXPECT_NE(peer.Receive().type, 4);
  }
  const auto ends = node.Ends(2);
  EXPECT_EQ(ends.at(0)["how"], "aborted");
  EXPECT_EQ(ends.at(1)["how"], "broken");
  EXPECT_TRUE(node.NothingIsLeft());
}

TEST(HostilePeer, AsksForWhatIsNotOffered) {
  const DimseNode node(Plain());
  RawPeer peer(node.port());
  ASSERT_TRUE(peer.Associate());
  constexpr std::uint16_t kFind = 0x0020, kGet = 0x0010, kMove = 0x0021, kCreate = 0x0140, kUnknown = 0x0777;
  for (const std::uint16_t command_field : {kFind, kGet, kMove, kCreate, kUnknown}) {
    peer.Send(CommandPdu(kMrContext, Command(command_field, 3, true)) +
              DataPdu(kMrContext, false, true, std::string(100, 'x')));
    EXPECT_EQ(peer.Status(), 0x0211) << command_field;
  }
  Command cancel(field::kCancel, 1, false);
  peer.Send(CommandPdu(kMrContext, cancel.Set(element::kMessageIdRespondedTo, 1)));
  EXPECT_EQ(peer.Echo(), 0x0000);
}

TEST(HostilePeer, UsesAContextForAnotherService) {
  const DimseNode node(Plain());
  RawPeer peer(node.port());
  ASSERT_TRUE(peer.Associate());
  peer.Send(CommandPdu(kMrContext, Command(field::kEcho, 3, false)));
  EXPECT_EQ(peer.Status(), 0x0122);
  peer.Send(CommandPdu(kEchoContext, test::StoreCommand("1.2.3")) + DataPdu(kEchoContext, false, true, "abcd"));
  EXPECT_EQ(peer.Status(), 0x0122);
  peer.Send(CommandPdu(kMrContext, test::StoreCommand("1.2.3", "1.2.840.10008.5.1.4.1.1.2")) +
            DataPdu(kMrContext, false, true, "abcd"));
  EXPECT_EQ(peer.Status(), 0x0122);
  peer.Send(CommandPdu(kMrContext, Command(field::kAction, 3, true)) + DataPdu(kMrContext, false, true, "abcd"));
  EXPECT_EQ(peer.Status(), 0x0118);
  EXPECT_EQ(peer.Echo(), 0x0000);
}

TEST(HostilePeer, UsesAContextThatWasNotAgreedOn) {
  const DimseNode node(Plain());
  RawPeer peer(node.port());
  ASSERT_TRUE(peer.Associate());
  peer.Send(CommandPdu(99, Command(field::kEcho, 3, false)));
  EXPECT_EQ(peer.Receive().type, kAbort);
  peer.Close();
  EXPECT_EQ(node.Ends(1).at(0)["how"], "broken");
}

TEST(HostilePeer, SendsTheWrongPartOfAMessage) {
  const DimseNode node(Plain());
  const std::string store = CommandPdu(kMrContext, test::StoreCommand("1.2.3"));
  const std::string echo = CommandPdu(kEchoContext, Command(field::kEcho, 3, false));
  for (const std::string& wrong : {DataPdu(kMrContext, false, true, "abcd"), store + echo, store + store,
                                   DataPdu(kEchoContext, true, true, "no command"),
                                   CommandPdu(kEchoContext, Command(Command(field::kEcho, 3, false), 0))}) {
    RawPeer peer(node.port());
    ASSERT_TRUE(peer.Associate());
    peer.Send(wrong);
    EXPECT_EQ(peer.Receive().type, kAbort);
  }
  for (const auto& end : node.Ends(5)) EXPECT_EQ(end["how"], "broken");
  EXPECT_TRUE(node.NothingIsLeft());
}

TEST(HostilePeer, SendsAssociationsThatAreNone) {
  const DimseNode node(Plain());
  const std::string request = test::AssociateRequest();
  std::vector<std::string> bad = {"GET / HTTP/1.1\r\n\r\n",           std::string(1000, '\0'),
                                  std::string(1000, '\xFF'),          test::Pdu(1, ""),
                                  test::Pdu(1, std::string(68, ' ')), test::ReleaseRequest()};
  for (std::size_t at = 74; at < request.size(); at += 7) {
    bad.push_back(request);
    bad.back()[at] = '\xFF';
  }
  for (const std::string& each : bad) {
    RawPeer peer(node.port());
    peer.Send(each);
  }
  EXPECT_EQ(node.Ends(bad.size()).size(), bad.size());
  RawPeer peer(node.port());
  EXPECT_TRUE(peer.Associate());
}

}  // namespace
}  // namespace parotis::dimse
