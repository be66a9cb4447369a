// Who is let in.
#include "dimse/allow_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dimse/peer.h"
#include "tests/support/dimse_node.h"
#include "tests/support/errors.h"
#include "tests/support/raw_associate.h"

namespace parotis::dimse {
namespace {

using testing::HasSubstr;

TEST(AllowList, KnowsAddressesAndNetworksOfBothKinds) {
  EXPECT_TRUE(IsWithin("10.1.2.3", "10.1.2.3"));
  EXPECT_TRUE(IsWithin("10.1.2.3", "10.1.0.0/16"));
  EXPECT_TRUE(IsWithin("10.1.2.3", "10.1.2.0/23"));
  EXPECT_TRUE(IsWithin("10.1.3.255", "10.1.2.0/23"));
  EXPECT_FALSE(IsWithin("10.1.4.0", "10.1.2.0/23"));
  EXPECT_FALSE(IsWithin("10.2.2.3", "10.1.0.0/16"));
  EXPECT_TRUE(IsWithin("203.0.113.9", "0.0.0.0/0"));
  EXPECT_TRUE(IsWithin("fd00::1", "fd00::/8"));
  EXPECT_FALSE(IsWithin("fe80::1", "fd00::/8"));
  EXPECT_TRUE(IsWithin("fd00:0:0::1", "fd00::1"));
}

TEST(AllowList, TakesAMappedAddressForTheAddressItMaps) {
  EXPECT_TRUE(IsWithin("::ffff:10.1.2.3", "10.1.0.0/16"));
  EXPECT_TRUE(IsWithin("10.1.2.3", "::ffff:10.1.2.3"));
  EXPECT_TRUE(IsWithin("10.1.2.3", "::ffff:10.1.0.0/112"));
  EXPECT_FALSE(IsWithin("fd00::1", "0.0.0.0/0"));
}

TEST(AllowList, MatchesNothingWithWhatIsNoAddress) {
  for (const char* network : {"", "10.1", "10.1.2.3/33", "10.1.2.3/-1", "10.1.2.3/", "10.1.2.3/8x", "fd00::/129",
                              "localhost", "10.1.2.3 ", "10.1.2.03/8/8"}) {
    EXPECT_FALSE(IsNetwork(network)) << network;
    EXPECT_FALSE(IsWithin("10.1.2.3", network)) << network;
  }
  EXPECT_FALSE(IsWithin("unknown", "0.0.0.0/0"));
}

TEST(AllowList, IsCheckedBeforeAnybodyIsServed) {
  AcceptRules rules{"PAROTIS", {{"MR1", {"10.1.2.3", "fd00::/8"}}, {"MR2", {}}}, std::nullopt};
  EXPECT_NO_THROW(CheckRules(rules));
  rules.allowed[0].addresses.emplace_back("10.1.2.0/40");
  EXPECT_THAT(test::ErrorOf([&] { CheckRules(rules); }), HasSubstr("10.1.2.0/40, of the peer MR1, is neither"));
  rules.allowed.clear();
  rules.tls = base::TlsFiles{"/nowhere/certificate.pem", "/nowhere/key.pem", "/nowhere/authorities.pem"};
  EXPECT_THAT(test::ErrorOf([&] { CheckRules(rules); }), HasSubstr("/nowhere/key.pem cannot be used"));
}

TEST(AllowList, LetsNobodyInWhenItIsEmpty) {
  const AcceptRules rules{"PAROTIS", {}, std::nullopt};
  EXPECT_EQ(JudgeCaller(rules, "PAROTIS", "MODALITY", "10.1.2.3").refusal, Refusal::kCallingTitle);
}

TEST(AllowList, LooksAtEveryEntryOfATitle) {
  const AcceptRules rules{"PAROTIS", {{"MR1", {"10.1.2.3"}}, {"MR2", {}}, {"MR1", {"10.9.0.0/16"}}}, std::nullopt};
  EXPECT_FALSE(JudgeCaller(rules, "PAROTIS", "MR1", "10.1.2.3").refusal);
  EXPECT_FALSE(JudgeCaller(rules, "PAROTIS", "MR1", "10.9.8.7").refusal);
  EXPECT_FALSE(JudgeCaller(rules, "PAROTIS", "MR2", "192.0.2.1").refusal);
  EXPECT_EQ(JudgeCaller(rules, "PAROTIS", "MR1", "10.1.2.4").reason,
            "the calling AE title MR1 is on the list, but not with the address 10.1.2.4");
  EXPECT_EQ(JudgeCaller(rules, "PAROTIS", "mr1", "10.1.2.3").refusal, Refusal::kCallingTitle);
  EXPECT_EQ(JudgeCaller(rules, "OTHER", "MR1", "10.1.2.3").refusal, Refusal::kCalledTitle);
}

test::DimseSettings Rules(const AcceptRules& rules) {
  test::DimseSettings settings;
  settings.rules = rules;
  return settings;
}

TEST(Refusal, OfAnotherCalledTitleIsSaidAndNoted) {
  const test::DimseNode node;
  Peer peer = node.AsPeer();
  peer.ae_title = "OTHER";
  EXPECT_THAT(test::ErrorOf([&] { Echo("MODALITY", peer); }), HasSubstr("its AE title is another one"));
  const auto end = node.Ends(1).at(0);
  EXPECT_EQ(end["how"], "rejected");
  EXPECT_EQ(end["reason"], "the called AE title OTHER is not ours");
}

TEST(Refusal, OfAnUnknownCallerIsSaidAndNoted) {
  const test::DimseNode node;
  EXPECT_THAT(test::ErrorOf([&] { Echo("EVIL", node.AsPeer()); }), HasSubstr("it does not know our AE title"));
  const auto end = node.Ends(1).at(0);
  EXPECT_EQ(end["how"], "rejected");
  EXPECT_EQ(end["reason"], "the calling AE title EVIL is not on the list; it called from 127.0.0.1");
}

TEST(Refusal, OfAKnownTitleFromAnotherAddress) {
  const test::DimseNode elsewhere(Rules({"PAROTIS", {{"MODALITY", {"10.0.0.0/8", "fd00::/8"}}}, std::nullopt}));
  EXPECT_THAT(test::ErrorOf([&] { Echo("MODALITY", elsewhere.AsPeer()); }), HasSubstr("it does not know our AE title"));
  const test::DimseNode here(Rules({"PAROTIS", {{"MODALITY", {"127.0.0.0/8"}}}, std::nullopt}));
  EXPECT_NO_THROW(Echo("MODALITY", here.AsPeer()));
}

TEST(Refusal, OfAnotherApplicationContext) {
  const test::DimseNode node;
  test::RawPeer peer(node.port());
  std::string request = test::AssociateRequest();
  request.replace(request.find("1.2.840.10008.3.1.1.1"), 21, "1.2.840.10008.3.1.1.2");
  peer.Send(request);
  EXPECT_EQ(peer.Receive().type, 3);
  peer.Close();
  EXPECT_EQ(node.Ends(1).at(0)["how"], "rejected");
}

TEST(Refusal, ForNowIsReadByOurOwnCaller) {
  const test::Listener listener = test::ListenOnLoopback();
  std::thread busy([&] {
    const int connection = accept(listener.descriptor, nullptr, nullptr);
    const std::vector<std::uint8_t> answer = RejectedForNow();
    EXPECT_EQ(write(connection, answer.data(), answer.size()), static_cast<ssize_t>(answer.size()));
    char byte = 0;
    while (read(connection, &byte, 1) == 1) {
    }
    close(connection);
  });
  const Peer peer{"busy", "BUSY", "127.0.0.1", listener.port, std::nullopt, 5};
  EXPECT_THAT(test::ErrorOf([&] { Echo("PAROTIS", peer); }), HasSubstr("it serves as many as it can"));
  busy.join();
  close(listener.descriptor);
}

}  // namespace
}  // namespace parotis::dimse
