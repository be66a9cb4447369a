// What the server makes of peers that send nonsense, too much, too slowly, or the same bytes with two meanings.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "tests/http/echo_server.h"
#include "tests/http/raw_peer.h"

namespace parotis::http {
namespace {

using test::EchoServer;
using test::RawPeer;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using Clock = std::chrono::steady_clock;

const std::string kGet = "GET / HTTP/1.1\r\nHost: x\r\n";

// What a server with short deadlines answers to these bytes until it closes.
std::string AnswerTo(const std::string& bytes) {
  const EchoServer server;
  RawPeer peer(server.port());
  peer.Send(bytes);
  std::string answer = peer.ReadAll();
  EXPECT_TRUE(server.FolderIsEmpty());
  return answer;
}

double SecondsUntilClosed(RawPeer& peer) {
  const auto begin = Clock::now();
  peer.ReadAll(20);
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

bool StillServes(const EchoServer& server) {
  RawPeer peer(server.port());
  peer.Send(kGet + "Connection: close\r\n\r\n");
  return peer.ReadAll().ends_with("\r\n\r\nGET");
}

class IsRefused : public testing::TestWithParam<std::pair<const char*, std::string>> {};

TEST_P(IsRefused, WithStatus400AndTheConnectionEnds) {
  // A second request in the same bytes must never be answered.
  EXPECT_THAT(AnswerTo(GetParam().second + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 400 Bad Request\r\n"), HasSubstr("Connection: close"),
                    EndsWith("400 Bad Request\n"), Not(HasSubstr("smuggled"))));
}

const std::string kPost = "POST / HTTP/1.1\r\nHost: x\r\n";
const std::string kChunked = kPost + "Transfer-Encoding: chunked\r\n\r\n";
INSTANTIATE_TEST_SUITE_P(
    Request, IsRefused,
    testing::Values(
        std::pair("LengthAndCoding", kPost + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        std::pair("CodingAndLength", kPost + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"),
        std::pair("TwoLengths", kPost + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde"),
        std::pair("TheSameLengthTwice", kPost + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd"),
        std::pair("ListOfLengths", kPost + "Content-Length: 4, 4\r\n\r\nabcd"),
        std::pair("SignedLength", kPost + "Content-Length: +4\r\n\r\nabcd"),
        std::pair("HexadecimalLength", kPost + "Content-Length: 0x4\r\n\r\nabcd"),
        std::pair("LengthOfSpaces", kPost + "Content-Length: \r\n\r\nabcd"),
        std::pair("HugeLength", kPost + "Content-Length: 99999999999999999999999\r\n\r\nabcd"),
        std::pair("TwoCodings", kPost + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
        std::pair("CodingOfHttp10", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        std::pair("BlankBeforeTheColon", kPost + "Content-Length : 4\r\n\r\nabcd"),
        std::pair("FoldedLine", kPost + "X-A: b\r\n Content-Length: 4\r\n\r\nabcd"),
        std::pair("FoldedFirstLine", "GET / HTTP/1.1\r\n Host: x\r\n\r\n"),
        std::pair("BareLineFeed", std::string("GET / HTTP/1.1\nHost: x\n\n")),
        std::pair("BareLineFeedInTheMiddle", kGet + "X-A: b\nX-B: c\r\n\r\n"),
        std::pair("BareCarriageReturn", kGet + "X-A: b\rX-B: c\r\n\r\n"),
        std::pair("NulInAValue", kGet + std::string("X-A: b\0c\r\n\r\n", 12)),
        std::pair("FieldWithoutName", kGet + ": b\r\n\r\n"), std::pair("LineThatIsNoField", kGet + "nonsense\r\n\r\n"),
        std::pair("NoHost", std::string("GET / HTTP/1.1\r\n\r\n")), std::pair("TwoHosts", kGet + "Host: y\r\n\r\n"),
        std::pair("TwoAuthorizations", kGet + "Authorization: a\r\nAuthorization: b\r\n\r\n"),
        std::pair("NoMethod", std::string(" / HTTP/1.1\r\nHost: x\r\n\r\n")),
        std::pair("TwoEmptyLines", "\r\n\r\n" + kGet + "\r\n"),
        std::pair("TlsOnAPlainPort", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n", 13)),
        std::pair("ChunkSizeThatIsNone", kChunked + "x\r\nabcd\r\n0\r\n\r\n"),
        std::pair("NegativeChunkSize", kChunked + "-4\r\nabcd\r\n0\r\n\r\n"),
        std::pair("ChunkSizeWithPrefix", kChunked + "0x4\r\nabcd\r\n0\r\n\r\n"),
        std::pair("ChunkSizeBeyond64Bits", kChunked + "10000000000000004\r\nabcd\r\n0\r\n\r\n"),
        std::pair("ChunkLongerThanItsSize", kChunked + "3\r\nabcd\r\n0\r\n\r\n"),
        std::pair("ChunkSizeEndedByALineFeed", kChunked + "4\nabcd\r\n0\r\n\r\n"),
        std::pair("LineFeedInAChunkExtension", kChunked + "4;a=\"\n\"\r\nabcd\r\n0\r\n\r\n"),
        std::pair("EndlessChunkExtension", kChunked + "4;" + std::string(10000, 'a')),
        std::pair("LengthAmongTheTrailers", kChunked + "0\r\nContent-Length: 4\r\n\r\n"),
        std::pair("ParentSegment", std::string("GET /a/../b HTTP/1.1\r\nHost: x\r\n\r\n")),
        std::pair("EncodedParentSegment", std::string("GET /a/%2e%2E/b HTTP/1.1\r\nHost: x\r\n\r\n")),
        std::pair("BadEscape", std::string("GET /a%2 HTTP/1.1\r\nHost: x\r\n\r\n")),
        std::pair("EncodedNul", std::string("GET /a%00b HTTP/1.1\r\nHost: x\r\n\r\n")),
        std::pair("AuthorityAsTarget", std::string("CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n"))),
    [](const auto& request) { return request.param.first; });

TEST(Hostile, AnUnknownCodingIsNotImplementedInsteadOfIgnored) {
  EXPECT_THAT(AnswerTo(kPost + "Transfer-Encoding: gzip\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 501 "), Not(HasSubstr("smuggled"))));
  EXPECT_THAT(AnswerTo(kPost + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"), StartsWith("HTTP/1.1 501 "));
  EXPECT_THAT(AnswerTo(kPost + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"), StartsWith("HTTP/1.1 501 "));
}

TEST(Hostile, AnotherVersionIsNotSupported) {
  EXPECT_THAT(AnswerTo("GET / HTTP/2.0\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 505 "));
}

TEST(Hostile, AnotherExpectationFails) {
  EXPECT_THAT(AnswerTo(kPost + "Expect: miracles\r\nContent-Length: 3\r\n\r\n"), StartsWith("HTTP/1.1 417 "));
}

TEST(Hostile, AHeaderThatIsTooLongIsRefusedAsOneHoweverItComes) {
  const std::string field = "X-A: " + std::string(1000, 'a') + "\r\n";
  std::string fields;
  for (int i = 0; i < 20; ++i) fields += field;
  EXPECT_THAT(AnswerTo(kGet + fields + "\r\n"), StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(AnswerTo(kGet + "X-A: " + std::string(20000, 'a')), StartsWith("HTTP/1.1 431 "));
  const EchoServer server;
  RawPeer peer(server.port());
  peer.Send(kGet);
  for (int i = 0; i < 40; ++i) peer.Send("X-" + std::to_string(i) + ": " + std::string(500, 'a') + "\r\n");
  EXPECT_THAT(peer.ReadAll(), StartsWith("HTTP/1.1 431 "));
}

TEST(Hostile, ATargetThatIsTooLongIsRefusedAsOne) {
  EXPECT_THAT(AnswerTo("GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 414 "));
  EXPECT_THAT(AnswerTo(std::string(100000, 'a')), StartsWith("HTTP/1.1 414 "));
}

struct SmallServer {
  test::TemporaryFolder folder;
  std::unique_ptr<Server> server;
  explicit SmallServer(const std::function<void(ServerOptions&)>& change, const Handler& handler = test::Echo) {
    ServerOptions options = test::QuickOptions(folder.path());
    change(options);
    server = std::make_unique<Server>(options, handler);
  }
};

TEST(Hostile, ABodyThatIsTooLongIsRefusedBeforeItIsSent) {
  const SmallServer small([](ServerOptions& options) { options.body_bytes = 10; });
  RawPeer peer(small.server->port());
  peer.Send(kPost + "Content-Length: 11\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_THAT(peer.ReadAll(), AllOf(StartsWith("HTTP/1.1 413 "), Not(HasSubstr("100 Continue"))));
}

TEST(Hostile, TheChunksOfABodyAreCounted) {
  const SmallServer small([](ServerOptions& options) { options.body_bytes = 10; });
  RawPeer peer(small.server->port());
  peer.Send(kChunked + "5\r\nabcde\r\n5\r\nabcde\r\n1\r\na\r\n0\r\n\r\n");
  EXPECT_THAT(peer.ReadAll(), StartsWith("HTTP/1.1 413 "));
  RawPeer fitting(small.server->port());
  fitting.Send(kChunked + "5\r\nabcde\r\n5;x=y\r\nabcde\r\n0\r\nX-Trailer: 1\r\n\r\n");
  EXPECT_THAT(fitting.ReadUntil("abcdeabcde"), EndsWith("POST|abcdeabcde"));
  EXPECT_TRUE(std::filesystem::is_empty(small.folder.path()));
}

TEST(Hostile, AnAnswerReachesAPeerThatIsStillSending) {
  const SmallServer small([](ServerOptions& options) { options.body_bytes = 10; });
  for (int i = 0; i < 20; ++i) {
    RawPeer peer(small.server->port());
    peer.Send(kPost + "Content-Length: 400000\r\n\r\n");
    peer.Send(std::string(400000, 'x'));
    ASSERT_THAT(peer.ReadAll(), StartsWith("HTTP/1.1 413 "));
    ASSERT_FALSE(peer.was_reset());
  }
}

TEST(Hostile, AChunkThatComesByteByByteIsReadAllTheSame) {
  const EchoServer server;
  RawPeer peer(server.port());
  for (const char c : "\r\n" + kChunked + "00003;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n") {
    peer.Send(std::string(1, c));
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_THAT(peer.ReadUntil("abcde"), EndsWith("POST|abcde"));
  for (const char c : kChunked + "0\r\n\r\n") {
    peer.Send(std::string(1, c));
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_THAT(peer.ReadUntil("\r\n\r\nPOST"), EndsWith("POST"));
}

TEST(Hostile, AHeaderSentByteByByteEndsAtItsDeadline) {
  const EchoServer server;
  RawPeer peer(server.port());
  const auto begin = Clock::now();
  int sent = 0;
  for (; sent < 40 && peer.Send("G"); ++sent) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_THAT(peer.ReadAll(), StartsWith("HTTP/1.1 408 "));
  EXPECT_LT(std::chrono::duration<double>(Clock::now() - begin).count(), 6);
}

TEST(Hostile, SilenceEndsAtItsDeadline) {
  const EchoServer server;
  RawPeer peer(server.port());
  EXPECT_LT(SecondsUntilClosed(peer), 3);
  RawPeer idle(server.port());
  idle.Send(kGet + "\r\n");
  EXPECT_THAT(idle.ReadUntil("\r\n\r\nGET"), EndsWith("GET"));
  EXPECT_LT(SecondsUntilClosed(idle), 3);
}

TEST(Hostile, ABodyThatStallsEndsAtItsDeadlineAndLeavesNothing) {
  const EchoServer server;
  RawPeer peer(server.port());
  peer.Send(kPost + "Content-Length: 100\r\n\r\nabc");
  EXPECT_THAT(peer.ReadAll(), StartsWith("HTTP/1.1 408 "));
  EXPECT_TRUE(server.FolderIsEmpty());
  RawPeer gone(server.port());
  gone.Send(kPost + "Content-Length: 100\r\n\r\nabc");
  gone.FinishSending();
  EXPECT_THAT(gone.ReadAll(), IsEmpty());
  EXPECT_TRUE(server.FolderIsEmpty());
}

TEST(Hostile, APeerThatTakesNoAnswerIsDropped) {
  const test::TemporaryFolder files;
  base::WriteFile(files.path() / "large", std::string(8'000'000, 'x'));
  EchoServer server([&](const Request&) { return Response{.headers = {}, .body = {files.path() / "large"}}; });
  RawPeer peer(server.port(), 4096);
  peer.Send(kGet + "\r\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(2500));
  EXPECT_LT(peer.ReadAll().size(), 8'000'000U);
}

TEST(Hostile, ConnectionsBeyondTheLimitAreToldSoAndTheOthersStay) {
  const SmallServer small([](ServerOptions& options) {
    options.connections = 3;
    options.header_s = 30;
    options.idle_s = 30;
  });
  std::vector<std::unique_ptr<RawPeer>> peers;
  peers.reserve(203);
  for (int i = 0; i < 3; ++i) {
    peers.push_back(std::make_unique<RawPeer>(small.server->port()));
    peers.back()->Send(kGet + "\r\n");
    EXPECT_THAT(peers.back()->ReadUntil("\r\n\r\nGET"), StartsWith("HTTP/1.1 200 "));
  }
  RawPeer late(small.server->port());
  late.Send(kGet + "\r\n");
  EXPECT_THAT(late.ReadAll(), StartsWith("HTTP/1.1 503 "));
  for (int i = 0; i < 200; ++i) peers.push_back(std::make_unique<RawPeer>(small.server->port()));
  peers[0]->Send(kGet + "\r\n");
  EXPECT_THAT(peers[0]->ReadUntil("\r\n\r\nGET"), StartsWith("HTTP/1.1 200 "));
}

TEST(Hostile, AnAddressThatIsNotAllowedIsClosedWithoutAnAnswer) {
  const SmallServer small([](ServerOptions& options) { options.allowed = {"127.0.0.2", "10.0.0.0/8"}; });
  RawPeer stranger(small.server->port());
  stranger.Send(kGet + "\r\n");
  EXPECT_EQ(stranger.ReadAll(), "");
  RawPeer known(small.server->port(), 0, "127.0.0.2");
  known.Send(kGet + "Connection: close\r\n\r\n");
  EXPECT_THAT(known.ReadAll(), EndsWith("GET"));
}

TEST(Hostile, AFullDiskIsSaidAndLeavesNothing) {
  const EchoServer server;
  const rlimit unlimited{RLIM_INFINITY, RLIM_INFINITY};
  rlimit before = unlimited;
  getrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, SIG_IGN);
  const rlimit small{100'000, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  RawPeer peer(server.port());
  peer.Send(kPost + "Content-Length: 200000\r\n\r\n" + std::string(200000, 'x'));
  const std::string answer = peer.ReadAll();
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 507 "));
  EXPECT_TRUE(server.FolderIsEmpty());
}

TEST(Hostile, RunningOutOfDescriptorsEndsNothing) {
  const EchoServer server;
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  {
    std::vector<std::unique_ptr<RawPeer>> peers;
    peers.reserve(30);
    for (int i = 0; i < 10; ++i) peers.push_back(std::make_unique<RawPeer>(server.port()));
    const rlimit few{30, before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &few);
    for (int i = 0; i < 20; ++i) peers.push_back(std::make_unique<RawPeer>(server.port()));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    setrlimit(RLIMIT_NOFILE, &before);
  }
  EXPECT_TRUE(StillServes(server));
}

TEST(Hostile, ManyRudePeersAtOnceEndNothing) {
  const EchoServer server;
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        RawPeer peer(server.port());
        peer.Send((kPost + "Content-Length: 1000\r\n\r\nabc").substr(0, static_cast<std::size_t>((t * 50 + i) % 60)));
        if (i % 2 == 0) peer.FinishSending();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  EXPECT_TRUE(StillServes(server));
  EXPECT_TRUE(server.FolderIsEmpty());
}

// Bodies are wanted below /open alone, and at most four bytes of them.
struct PickyServer {
  test::TemporaryFolder folder;
  Server server;
  PickyServer() : server(Options(folder.path()), test::Echo) {}
  static ServerOptions Options(const std::filesystem::path& bodies) {
    ServerOptions options = test::QuickOptions(bodies);
    options.admit = [](const Request& request) -> Admission {
      if (request.path.empty() || request.path[0] != "open") return {.answer = Text(401, "who are you?\n")};
      return {.body_bytes = 4};
    };
    return options;
  }
  std::string AnswerTo(const std::string& bytes) const {
    RawPeer peer(server.port());
    peer.Send(bytes);
    return peer.ReadAll();
  }
};

TEST(Hostile, ABodyThatIsNotWantedIsAnsweredBeforeAnyOfItIsRead) {
  const PickyServer picky;
  const std::string answer =
      picky.AnswerTo("POST /closed HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\nGET /a HTTP/1.1\r\n\r\n");
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 401 "), HasSubstr("Connection: close"), EndsWith("who are you?\n")));
  EXPECT_TRUE(std::filesystem::is_empty(picky.folder.path()));
}

TEST(Hostile, ABodyIsCutWhereItsPathAllowsNoMoreWhetherItsLengthIsSaidOrNot) {
  const PickyServer picky;
  const std::string head = "POST /open HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
  EXPECT_THAT(picky.AnswerTo(head + "Content-Length: 4\r\n\r\nabcd"), EndsWith("POST|open|abcd"));
  EXPECT_THAT(picky.AnswerTo(head + "Content-Length: 5\r\n\r\nabcde"), StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(picky.AnswerTo(head + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n"),
              EndsWith("POST|open|abcd"));
  EXPECT_THAT(picky.AnswerTo(head + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_TRUE(std::filesystem::is_empty(picky.folder.path()));
}

TEST(Hostile, WhatHasNoBodyIsNotAskedAbout) {
  const PickyServer picky;
  EXPECT_THAT(picky.AnswerTo("GET /closed HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), EndsWith("GET|closed"));
}

}  // namespace
}  // namespace parotis::http
