// A whole node of real processes, with an analysis that takes no time: what it takes, what it turns away, and what it
// owes to whoever sent, whatever happens.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <random>
#include <thread>

#include "http/multipart.h"
#include "jobs/models.h"
#include "service/node_config.h"
#include "tests/support/errors.h"
#include "tests/support/loopback.h"
#include "tests/support/node_fixture.h"
#include "tests/support/postgres_server.h"

namespace parotis::service {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::vector<std::string> kProgram = {PAROTIS_FAKE_NODE};

std::vector<std::vector<fs::path>> WriteStudies(const fs::path& folder, int count, int slices = 3) {
  std::vector<std::vector<fs::path>> studies;
  for (int s = 0; s < count; ++s)
    studies.push_back(test::WriteStudyToSend(folder, "P" + std::to_string(s), "", slices));
  return studies;
}

// So many scanners send all studies, each study once.
void SendAll(const test::NodeFixture& fixture, const std::vector<std::vector<fs::path>>& studies, int scanners) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> threads;
  for (int s = 0; s < scanners; ++s) {
    threads.emplace_back([&] {
      for (std::size_t i = next++; i < studies.size(); i = next++) fixture.SendUntilStored(studies[i]);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(Node, AStudyThatIsSentIsAnalysedAndItsResultsArriveInTheArchive) {
  test::NodeFixture fixture;
  fixture.StartArchive();
  fixture.StartNode(kProgram);
  dimse::Echo("SCANNER", fixture.AsPeer());
  for (const dimse::Sent& sent : fixture.Send(test::WriteStudyToSend(fixture.folder(), "P1")))
    EXPECT_TRUE(sent.stored) << sent.reason;
  ASSERT_TRUE(fixture.Reaches("done", 1)) << fixture.log();
  EXPECT_EQ(fixture.ReceivedObjects(), 1U);
  const jobs::JobRecord job = jobs::ListJobs(*fixture.OpenJobs(), {}).at(0);
  EXPECT_EQ(job.instances, 3);
  EXPECT_EQ(job.sender, "SCANNER");
  EXPECT_EQ(job.verdict, "diagnosed: shipped");
  EXPECT_THAT(fixture.node().Terminate(), "exit code 0");
}

TEST(Node, ItsLogNamesNobodyAndItsAuditTrailNamesTheStudy) {
  test::NodeFixture fixture;
  fixture.config()["peers"] = base::Json::array();
  fixture.StartNode(kProgram);
  fixture.Send(test::WriteStudyToSend(fixture.folder(), "SMITH"));
  ASSERT_TRUE(fixture.Reaches("done", 1));
  fixture.node().Terminate();
  const std::string uid = dicom::UidFromName("study SMITH");
  EXPECT_THAT(fixture.log(), Not(HasSubstr("SMITH")));
  EXPECT_THAT(fixture.log(), Not(HasSubstr("SYNTHETIC")));
  EXPECT_THAT(fixture.log(), Not(HasSubstr(uid)));
  EXPECT_THAT(fixture.log(), HasSubstr("\"event\":\"limit\""));
  std::string audit;
  for (const auto& file : fs::directory_iterator(fixture.kept() / "audit" / "node"))
    audit += base::ReadFile(file.path());
  EXPECT_THAT(audit, HasSubstr(uid));
  EXPECT_THAT(audit, HasSubstr("\"ae_title\":\"SCANNER\""));
}

TEST(Node, OnlyWhoIsOnTheListIsLetIn) {
  test::NodeFixture fixture;
  fixture.StartNode(kProgram);
  EXPECT_THAT(test::ErrorOf([&] { dimse::Echo("STRANGER", fixture.AsPeer()); }),
              HasSubstr("does not know our AE title"));
  dimse::Peer wrong = fixture.AsPeer();
  wrong.ae_title = "OTHER";
  EXPECT_THAT(test::ErrorOf([&] { dimse::Echo("SCANNER", wrong); }), HasSubstr("its AE title is another one"));
  dimse::Echo("SCANNER", fixture.AsPeer());
}

TEST(Node, NothingOpensItToOthersWithoutTlsAndAList) {
  test::NodeFixture fixture;
  const auto error = [&](const char* what) {
    base::WriteJson(fixture.config_file(), fixture.config());
    const std::string said = test::ErrorOf([&] { ReadNodeConfig(fixture.config_file()); });
    EXPECT_THAT(said, HasSubstr(what));
  };
  fixture.config()["dicom"]["address"] = "0.0.0.0";
  error("dicom.address is 0.0.0.0");
  fixture.config()["dicom"]["address"] = "127.0.0.1";
  fixture.config()["web"]["address"] = "::";
  error("web.address is ::");
  fixture.config()["web"]["tls"] = {{"certificate", "c"}, {"key", "k"}, {"authorities", "a"}};
  error("nothing was thrown");
  fixture.config()["web"].erase("tls");
  fixture.config()["web"]["proxies"] = {"10.0.0.1"};
  error("nothing was thrown");
  fixture.config()["web"]["proxies"] = {"10.0.0.300"};
  error("web.proxies holds \"10.0.0.300\", which is no address or network");
}

TEST(Node, NothingOpensItToOthersBeforeSomebodyHasAnAccount) {
  test::NodeFixture fixture;
  fixture.config()["web"]["address"] = "0.0.0.0";
  fixture.config()["web"]["proxies"] = {"10.0.0.1"};
  fixture.StartNode(kProgram, false);
  EXPECT_TRUE(test::Eventually([&] { return fixture.log().find("web.address is 0.0.0.0") != std::string::npos; }));
  EXPECT_THAT(fixture.log(), HasSubstr("there is no account yet: add one (parotis account "));
  const auto database = fixture.OpenJobs();
  accounts::MakeTables(*database);
  accounts::AddUser(*database, {"chief", "", accounts::Role::kAdmin, "correct horse battery"},
                    {.passes = 1, .memory_kib = 64, .lanes = 1});
  fixture.StartNode(kProgram);
  EXPECT_EQ(fixture.Get("/health").status, 200);
}

TEST(Node, WhatItRefusesOrCannotDoHasAReasonAndIsNotSent) {
  test::NodeFixture fixture;
  fixture.StartArchive();
  fixture.StartNode(kProgram);
  fixture.Send(test::WriteStudyToSend(fixture.folder(), "P1", "refuse"));
  fixture.Send(test::WriteStudyToSend(fixture.folder(), "P2", "fail"));
  fixture.Send(test::WriteStudyToSend(fixture.folder(), "P3", "fail once"));
  ASSERT_TRUE(fixture.Reaches("refused", 1)) << fixture.log();
  ASSERT_TRUE(fixture.Reaches("failed", 1)) << fixture.log();
  ASSERT_TRUE(fixture.Reaches("done", 1)) << fixture.log();
  EXPECT_EQ(fixture.ReceivedObjects(), 1U);
  const auto database = fixture.OpenJobs();
  EXPECT_EQ(jobs::ListJobs(*database, {.state = "refused"}).at(0).reason, "it was asked to");
  EXPECT_THAT(jobs::ListJobs(*database, {.state = "failed"}).at(0).reason, HasSubstr("it was asked to fail"));
  EXPECT_EQ(jobs::ListJobs(*database, {.state = "failed"}).at(0).attempts, 3);
}

TEST(Node, AStudyThatEndsItsProcessTakesNoOtherWithIt) {
  test::NodeFixture fixture;
  fixture.StartArchive();
  fixture.StartNode(kProgram);
  fixture.Send(test::WriteStudyToSend(fixture.folder(), "P1", "crash"));
  fixture.Send(test::WriteStudyToSend(fixture.folder(), "P2"));
  fixture.Send(test::WriteStudyToSend(fixture.folder(), "P3"));
  ASSERT_TRUE(fixture.Reaches("done", 2)) << fixture.log();
  ASSERT_TRUE(fixture.Reaches("failed", 1)) << fixture.log();
  EXPECT_THAT(jobs::ListJobs(*fixture.OpenJobs(), {.state = "failed"}).at(0).reason,
              HasSubstr("ended before it was done"));
}

TEST(Node, AStudyThatTakesTooLongIsGivenUp) {
  test::NodeFixture fixture;
  fixture.config()["limits"]["analysis_s"] = 1;
  fixture.config()["retry"]["attempts"] = 2;
  fixture.StartNode(kProgram);
  fixture.Send(test::WriteStudyToSend(fixture.folder(), "P1", "hang"));
  ASSERT_TRUE(fixture.Reaches("failed", 1)) << fixture.log();
  EXPECT_THAT(fixture.log(), HasSubstr("analysis_takes_too_long"));
}

TEST(Node, TheSameImagesFromSomebodyElseOpenNothing) {
  test::NodeFixture fixture;
  fixture.config()["dicom"]["allowed"].push_back({{"ae_title", "ARCHIVE"}});
  fixture.config()["peers"] = base::Json::array();
  fixture.StartNode(kProgram);
  const auto files = test::WriteStudyToSend(fixture.folder(), "P1");
  fixture.Send(files);
  ASSERT_TRUE(fixture.Reaches("done", 1)) << fixture.log();
  for (const dimse::Sent& sent : dimse::Store("ARCHIVE", fixture.AsPeer(), files)) EXPECT_TRUE(sent.stored);
  std::vector<http::OutgoingPart> parts;
  for (const fs::path& file : files) parts.push_back({"application/dicom", file});
  http::Call call{.method = "POST", .url = fixture.url() + "/dicom-web/studies", .headers = {}, .body = {}};
  std::string type;
  call.body = http::WriteMultipart(parts, "application/dicom", type);
  call.headers = {{"content-type", type}};
  EXPECT_EQ(http::ExchangeShort(call, {}).status, 200);
  EXPECT_TRUE(test::Eventually([&] { return fs::is_empty(fixture.kept() / "incoming" / "node"); }));
  std::this_thread::sleep_for(std::chrono::seconds(1));
  EXPECT_EQ(fixture.Counts()["done"], 1);
  EXPECT_THAT(fixture.log(), Not(HasSubstr("study_reopened")));
}

TEST(Node, ALateSeriesOpensTheStudyAgain) {
  test::NodeFixture fixture;
  fixture.StartArchive();
  fixture.StartNode(kProgram);
  fixture.Send(test::WriteStudyToSend(fixture.folder(), "P1"));
  ASSERT_TRUE(fixture.Reaches("done", 1)) << fixture.log();
  fixture.Send(test::WriteStudyToSend(fixture.folder(), "P1"));
  fixture.Send(test::WriteStudyToSend(fixture.folder(), "P1", "", 4, "dwi"));
  ASSERT_TRUE(test::Eventually([&] { return fixture.ReceivedObjects() == 2; })) << fixture.log();
  ASSERT_TRUE(fixture.Reaches("done", 1));
  EXPECT_EQ(jobs::ListJobs(*fixture.OpenJobs(), {}).at(0).instances, 7);
}

TEST(Node, ResultsThatComeBackFromTheArchiveOpenNothing) {
  test::NodeFixture fixture;
  fixture.StartArchive();
  fixture.StartNode(kProgram);
  fixture.Send(test::WriteStudyToSend(fixture.folder(), "P1"));
  ASSERT_TRUE(fixture.Reaches("done", 1)) << fixture.log();
  fixture.Send(test::WriteStudyToSend(fixture.folder(), "P1"));
  std::this_thread::sleep_for(std::chrono::seconds(1));
  EXPECT_EQ(fixture.Counts()["done"], 1);
  EXPECT_EQ(fixture.ReceivedObjects(), 1U);
}

TEST(Node, AnArchiveThatIsAwayGetsItsResultsLater) {
  test::NodeFixture fixture;
  fixture.config()["retry"]["attempts"] = 50;
  fixture.StartNode(kProgram);
  fixture.Send(test::WriteStudyToSend(fixture.folder(), "P1"));
  ASSERT_TRUE(fixture.Reaches("sending", 1)) << fixture.log();
  std::this_thread::sleep_for(std::chrono::seconds(1));
  EXPECT_EQ(fixture.Counts()["sending"], 1);
  fixture.StartArchive();
  ASSERT_TRUE(fixture.Reaches("done", 1)) << fixture.log();
  EXPECT_EQ(fixture.ReceivedObjects(), 1U);
}

TEST(Node, AnArchiveThatStaysAwayIsADeadLetterWithAReason) {
  test::NodeFixture fixture;
  fixture.StartNode(kProgram);
  fixture.Send(test::WriteStudyToSend(fixture.folder(), "P1"));
  ASSERT_TRUE(fixture.Reaches("failed", 1)) << fixture.log();
  const auto database = fixture.OpenJobs();
  const jobs::JobRecord job = jobs::ListJobs(*database, {}).at(0);
  EXPECT_THAT(job.reason, HasSubstr("not delivered to pacs"));
  fixture.StartArchive();
  jobs::RetryJob(*database, job.id);
  EXPECT_TRUE(fixture.Reaches("done", 1));
}

TEST(Node, WithoutRoomItSaysSoAndLosesNothing) {
  test::NodeFixture fixture;
  fixture.config()["limits"]["free_gb"] = 1e6;
  fixture.StartNode(kProgram);
  for (const dimse::Sent& sent : fixture.Send(test::WriteStudyToSend(fixture.folder(), "P1"))) {
    EXPECT_FALSE(sent.stored);
    EXPECT_EQ(sent.status, 0xA700);
  }
  EXPECT_TRUE(test::Eventually([&] { return fixture.Get("/ready").status == 503; }));
  EXPECT_THAT(fixture.Get("/ready").body, HasSubstr("nothing more is taken"));
  EXPECT_THAT(fixture.Get("/metrics").body, HasSubstr("parotis_room 0"));
  EXPECT_EQ(fixture.Get("/health").status, 200);
  EXPECT_TRUE(jobs::ListJobs(*fixture.OpenJobs(), {}).empty());
}

// The node's folder is a file system of its own of a few megabytes, which only its processes see; the test looks in by
// way of /proc.
class SmallDisk {
 public:
  static bool CanBeMade() {
    return std::system("unshare --mount --map-root-user mount -t tmpfs -o size=1m none /mnt 2>/dev/null") == 0;
  }
  static std::vector<std::string> Around(const std::vector<std::string>& program, const fs::path& folder) {
    fs::create_directories(folder);
    std::string command = "mount -t tmpfs -o size=12m none '" + folder.string() + "' && exec";
    for (const std::string& word : program) command += " '" + word + "'";
    return {"unshare", "--mount", "--map-root-user", "sh", "-c", command + " \"$@\"", "sh"};
  }
  explicit SmallDisk(const test::NodeFixture& fixture)
      : folder_(fs::path("/proc") / std::to_string(fixture.node_process()) / "root" / fixture.kept().relative_path()) {}

  const fs::path& folder() const { return folder_; }
  // Leaves so many pages of 4 KiB.
  void Fill(int pages) const {
    std::ofstream ballast(folder_ / "ballast", std::ios::binary);
    const std::string page(4096, 'x');
    while (ballast.write(page.data(), static_cast<std::streamsize>(page.size())).flush()) continue;
    ballast.close();
    const std::uintmax_t filled = fs::file_size(folder_ / "ballast");
    fs::resize_file(folder_ / "ballast", filled - std::min<std::uintmax_t>(filled, pages * 4096U));
  }
  void Clear() const { fs::remove(folder_ / "ballast"); }

 private:
  fs::path folder_;
};

TEST(Node, AFullDiskLosesNothingAndLeavesNothingHalfWritten) {
  if (!SmallDisk::CanBeMade()) GTEST_SKIP() << "no file system can be mounted here (unshare --mount)";
  test::NodeFixture fixture;
  fixture.config()["limits"]["free_gb"] = 1e-9;
  fixture.config()["dicom"]["instance_mb"] = 0.004;  // so that the disk, not the node's caution, says no
  fixture.config()["retry"]["attempts"] = 50;
  fixture.StartArchive();
  fixture.StartNode(SmallDisk::Around(kProgram, fixture.kept()));
  const SmallDisk disk(fixture);
  const auto studies = WriteStudies(fixture.folder(), 12);
  int stored = 0, refused = 0;
  for (std::size_t s = 0; s < studies.size(); ++s) {
    disk.Fill(static_cast<int>(s));
    for (const dimse::Sent& sent : fixture.Send(studies[s])) {
      (sent.stored ? stored : refused) += 1;
      EXPECT_EQ(sent.status, sent.stored ? 0x0000 : 0xA700) << sent.reason;
    }
    EXPECT_EQ(fixture.Get("/health").status, 200);
    disk.Clear();
  }
  EXPECT_GT(refused, 0);
  EXPECT_GT(stored, 0);
  // What was refused is sent again, as scanners do, and the disk is full once more while it is worked on.
  SendAll(fixture, studies, 4);
  disk.Fill(1);
  std::this_thread::sleep_for(std::chrono::seconds(2));
  EXPECT_EQ(fixture.Get("/health").status, 200);
  disk.Clear();
  EXPECT_TRUE(test::Eventually([&] {
    return fixture.Get("/metrics").body.find("parotis_jobs{state=\"done\"} 12") != std::string::npos;
  })) << fixture.Get("/metrics").body
      << fixture.log();
  // A study of which a part was stored may have been answered before the rest came, and again with it.
  EXPECT_GE(fixture.ReceivedObjects(), studies.size());
  std::size_t kept = 0;
  for (const auto& entry : fs::recursive_directory_iterator(disk.folder() / "studies"))
    kept += entry.is_regular_file() ? 1 : 0;
  EXPECT_EQ(kept, studies.size() * 3);
  EXPECT_EQ(fixture.node().Terminate(), "exit code 0");
}

TEST(Node, ABacklogIsTurnedAwayUntilItHasBeenWorkedOff) {
  test::NodeFixture fixture;
  fixture.config()["limits"]["backlog"] = 1;
  fixture.config()["peers"] = base::Json::array();
  fixture.StartNode(kProgram);
  for (int s = 0; s < 4; ++s)
    fixture.SendUntilStored(test::WriteStudyToSend(fixture.folder(), "P" + std::to_string(s), "slow"));
  EXPECT_TRUE(fixture.Reaches("done", 4)) << fixture.log();
}

TEST(Node, MoreConnectionsThanItServesAreTurnedAwayForNow) {
  test::NodeFixture fixture;
  fixture.config()["dicom"]["associations"] = 3;
  fixture.config()["dicom"]["handshake_s"] = 3;
  fixture.StartNode(kProgram);
  std::vector<int> silent;
  for (int c = 0; c < 40; ++c) silent.push_back(test::ConnectToLoopback(fixture.dicom_port()).value());
  EXPECT_TRUE(test::Eventually([&] {
    const std::string said = test::ErrorOf([&] { dimse::Echo("SCANNER", fixture.AsPeer()); });
    return said.find("serves as many as it can") != std::string::npos;
  })) << test::ErrorOf([&] { dimse::Echo("SCANNER", fixture.AsPeer()); });
  EXPECT_TRUE(test::Eventually([&] {
    return test::ErrorOf([&] { dimse::Echo("SCANNER", fixture.AsPeer()); }) == "nothing was thrown";
  })) << "the silent ones are ended by the clock";
  for (const int connection : silent) ::close(connection);
  EXPECT_THAT(fixture.Get("/metrics").body, HasSubstr("parotis_associations_turned_away_total"));
}

TEST(Node, ToldToStopItEndsWhatIsUnderWay) {
  test::NodeFixture fixture;
  fixture.StartArchive();
  fixture.StartNode(kProgram);
  fixture.Send(test::WriteStudyToSend(fixture.folder(), "P1", "slow"));
  ASSERT_TRUE(fixture.Reaches("running", 1)) << fixture.log();
  EXPECT_EQ(fixture.node().Terminate(), "exit code 0");
  const auto counts = fixture.Counts();
  EXPECT_EQ(counts.at("running"), 0);
  EXPECT_EQ(counts.at("sending") + counts.at("done"), 1) << fixture.log();
  fixture.node().Start();
  EXPECT_TRUE(fixture.Reaches("done", 1)) << fixture.log();
}

TEST(Node, OneFolderBelongsToOneNodeOfAName) {
  test::NodeFixture fixture;
  fixture.StartNode(kProgram);
  test::Background second({PAROTIS_FAKE_NODE, fixture.config_file().string()}, fixture.folder() / "second.log");
  EXPECT_TRUE(test::Eventually(
      [&] { return base::ReadFile(fixture.folder() / "second.log").find("runs already") != std::string::npos; }));
}

TEST(Node, ModelsAreActivatedAndGoneBackFromWhileItRuns) {
  test::NodeFixture fixture;
  fixture.StartArchive();
  fixture.config()["models"] = {{{"name", "old"}, {"role", "active"}}, {{"name", "new"}, {"role", "shadow"}}};
  fixture.StartNode(kProgram);
  const auto verdicts_of = [&](const std::string& patient) {
    std::set<std::string> verdicts;
    const auto database = fixture.OpenJobs();
    test::Eventually(
        [&] {
          verdicts.clear();
          for (const jobs::JobRecord& job :
               jobs::ListJobs(*database, {.study_uid = dicom::UidFromName("study " + patient)}))
            if (job.state == "done") verdicts.insert(job.verdict + (job.shadow ? " (shadow)" : ""));
          return verdicts.size() == 2;
        },
        10);
    return verdicts;
  };
  fixture.Send(test::WriteStudyToSend(fixture.folder(), "P1"));
  EXPECT_THAT(verdicts_of("P1"), ::testing::ElementsAre("diagnosed: new (shadow)", "diagnosed: old"));
  EXPECT_EQ(fixture.ReceivedObjects(), 1U) << "a shadow's results are not sent";
  jobs::Activate(*fixture.OpenJobs(), "new", "test");
  fixture.Send(test::WriteStudyToSend(fixture.folder(), "P2"));
  ASSERT_TRUE(fixture.Reaches("done", 2));
  EXPECT_THAT(verdicts_of("P2"), Contains("diagnosed: new"));
  EXPECT_EQ(jobs::RollBackModel(*fixture.OpenJobs(), "test"), "old");
  fixture.Send(test::WriteStudyToSend(fixture.folder(), "P3"));
  EXPECT_THAT(verdicts_of("P3"), Contains("diagnosed: old"));
}

TEST(Node, ARoleDecidesAtTheFirstStartAndIsNotOverlookedAfterwards) {
  test::NodeFixture fixture;
  fixture.config()["models"] = {{{"name", "old"}, {"role", "active"}}};
  fixture.StartNode(kProgram);
  fixture.node().Terminate();
  fixture.config()["models"] = {{{"name", "old"}, {"role", "standby"}}, {{"name", "new"}, {"role", "active"}}};
  fixture.StartNode(kProgram);
  EXPECT_THAT(fixture.log(), HasSubstr(R"(answers are those of \"old\", which was activated last, not of \"new\")"));
  fixture.node().Terminate();
  fixture.config()["models"] = {{{"name", "new"}, {"role", "active"}}};
  fixture.StartNode(kProgram, false);
  EXPECT_TRUE(test::Eventually([&] {
    return fixture.log().find("the model \"old\", which was activated last, is not among the models") !=
           std::string::npos;
  }));
  fixture.node().Kill();
  jobs::Activate(*fixture.OpenJobs(), "new", "test");
  fixture.StartNode(kProgram);
  EXPECT_EQ(fixture.Get("/health").status, 200);
}

// A study whose sender waits for a killed node to come back must not be taken for complete meanwhile.
void LetSendersComeBack(test::NodeFixture& fixture) {
  fixture.config()["complete"]["quiet_s"] = 10;
  fixture.config()["retry"]["attempts"] = 20;
}

// Sends studies while the node is killed again and again; in the end every study is done, once, and its results are in
// the archive, once.
void Torture(test::NodeFixture& fixture, int studies, int kills, std::uint32_t seed) {
  const auto files = WriteStudies(fixture.folder(), studies);
  std::mt19937 random(seed);
  std::atomic<bool> sent = false;
  std::thread sending([&] {
    SendAll(fixture, files, 4);
    sent = true;
  });
  for (int kill = 0; kill < kills; ++kill) {
    std::this_thread::sleep_for(std::chrono::milliseconds(std::uniform_int_distribution<int>(100, 900)(random)));
    fixture.node().Kill();
    fixture.node().Start();
  }
  sending.join();
  EXPECT_TRUE(fixture.Reaches("done", studies, 60))
      << fixture.log().substr(fixture.log().size() > 4000 ? fixture.log().size() - 4000 : 0);
  const auto counts = fixture.Counts();
  for (const auto& [state, count] : counts) EXPECT_EQ(count, state == "done" ? studies : 0) << state;
  EXPECT_EQ(fixture.ReceivedObjects(), static_cast<std::size_t>(studies));
  const auto database = fixture.OpenJobs();
  std::set<std::string> seen;
  for (const jobs::JobRecord& job : jobs::ListJobs(*database, {.limit = 10'000})) {
    EXPECT_TRUE(seen.insert(job.study_uid).second);
    EXPECT_EQ(job.instances, 3);
    EXPECT_EQ(jobs::DeliveriesOf(*database, job.id).size(), 1U);
  }
  std::size_t kept = 0;
  for (const auto& entry : fs::recursive_directory_iterator(fixture.kept() / "studies"))
    kept += entry.is_regular_file() ? 1 : 0;
  EXPECT_EQ(kept, 3U * static_cast<std::size_t>(studies)) << "nothing is lost or half-written";
}

TEST(Node, KilledAtRandomMomentsItLosesNothingAndDoesNothingTwice) {
  test::NodeFixture fixture;
  LetSendersComeBack(fixture);
  fixture.StartArchive();
  fixture.StartNode(kProgram);
  Torture(fixture, 40, 8, 1);
}

TEST(Node, TwoNodesShareTheWorkOfOneDatabase) {
  test::PostgresServer server;
  if (!server.runs()) GTEST_SKIP() << "no PostgreSQL server could be started here: " << server.said();
  test::NodeFixture fixture;
  LetSendersComeBack(fixture);
  fixture.config()["database"] = server.NewDatabase();
  fixture.StartArchive();
  // The second has its own configuration, and the first's folder.
  base::Json second = fixture.config();
  const std::uint16_t second_port = test::FreePort();
  second["name"] = "second";
  second["dicom"]["port"] = second_port;
  second["web"]["enabled"] = false;
  base::WriteJson(fixture.folder() / "second.json", second);
  fixture.StartNode(kProgram);
  test::Background other({PAROTIS_FAKE_NODE, (fixture.folder() / "second.json").string()},
                         fixture.folder() / "second.log");
  ASSERT_TRUE(test::Eventually([&] { return test::ListensOn(second_port); }))
      << base::ReadFile(fixture.folder() / "second.log");
  Torture(fixture, 30, 4, 2);
  const std::string second_log = base::ReadFile(fixture.folder() / "second.log");
  EXPECT_THAT(second_log, HasSubstr("\"event\":\"analysis\"")) << "the second works, too";
  EXPECT_EQ(other.Terminate(), "exit code 0");
}

}  // namespace
}  // namespace parotis::service
