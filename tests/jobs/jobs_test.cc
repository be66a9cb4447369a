// The life of a job, in either database: what arrives, who works on it, what survives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <set>
#include <thread>

#include "base/error.h"
#include "jobs/analyses.h"
#include "jobs/arrivals.h"
#include "jobs/catalogue.h"
#include "jobs/deliveries.h"
#include "jobs/models.h"
#include "jobs/retention.h"
#include "jobs/schema.h"
#include "tests/jobs/on_databases.h"
#include "tests/support/errors.h"

namespace parotis::jobs {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Jobs : public OnDatabases {};

TEST_P(Jobs, AStudyGoesFromReceivedToDone) {
  AddInstances(database(), {InstanceOf("1.2.3", 1), InstanceOf("1.2.3", 2)});
  EXPECT_EQ(JobOf("1.2.3").state, "received");
  EXPECT_FALSE(Claim());
  EXPECT_THAT(MakeReady(database(), {.quiet_s = 1000, .on_release = false}, {}), IsEmpty());
  EXPECT_THAT(MakeReady(database(), kNow, {}), ElementsAre("1.2.3"));
  EXPECT_EQ(JobOf("1.2.3").state, "ready");
  const auto claim = Claim();
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->study_uid, "1.2.3");
  EXPECT_EQ(claim->model, "model");
  EXPECT_THAT(claim->files, ElementsAre("a1", "a2"));
  EXPECT_EQ(JobOf("1.2.3").state, "running");
  EXPECT_FALSE(Claim());
  ASSERT_TRUE(Finish(database(), *claim, kAnswer, {"pacs", "web"}));
  EXPECT_EQ(JobOf("1.2.3").state, "sending");
  const auto first = ClaimDelivery(database(), "node/courier", 60),
             second = ClaimDelivery(database(), "node/courier", 60);
  ASSERT_TRUE(first && second);
  EXPECT_FALSE(ClaimDelivery(database(), "node/courier", 60));
  EXPECT_EQ(first->results, "r1");
  EXPECT_THAT(first->files, ElementsAre("segmentation.dcm"));
  EXPECT_TRUE(Delivered(database(), *first));
  EXPECT_EQ(JobOf("1.2.3").state, "sending");
  EXPECT_TRUE(Delivered(database(), *second));
  EXPECT_EQ(JobOf("1.2.3").state, "done");
  EXPECT_EQ(JobOf("1.2.3").instances, 2);
  EXPECT_EQ(CountJobs(database())["done"], 1);
}

TEST_P(Jobs, WithNobodyToSendToAnAnswerIsDoneAtOnce) {
  AddReady("1.2.3");
  ASSERT_TRUE(Finish(database(), *Claim(), kAnswer, {}));
  EXPECT_EQ(JobOf("1.2.3").state, "done");
}

TEST_P(Jobs, ARefusalIsAnEndWithAReasonAndNothingIsSent) {
  AddReady("1.2.3");
  ASSERT_TRUE(Finish(database(), *Claim(),
                     {.refused = true, .reason = "a knee", .verdict = "refused", .results = "", .objects = {}},
                     {"pacs"}));
  EXPECT_EQ(JobOf("1.2.3").state, "refused");
  EXPECT_EQ(JobOf("1.2.3").reason, "a knee");
  EXPECT_FALSE(ClaimDelivery(database(), "node/courier", 60));
}

TEST_P(Jobs, AnInstanceSentAgainUnchangedChangesNothing) {
  AddReady("1.2.3");
  const auto claim = Claim();
  const Filed again = AddInstances(database(), {InstanceOf("1.2.3", 1)});
  EXPECT_EQ(again.fresh, 0);
  EXPECT_THAT(again.reopened, IsEmpty());
  EXPECT_TRUE(Finish(database(), *claim, kAnswer, {}));
}

TEST_P(Jobs, ALateInstanceReopensTheStudyAndWhoWorkedOnItHasLostIt) {
  AddReady("1.2.3");
  const auto claim = Claim();
  const Filed late = AddInstances(database(), {InstanceOf("1.2.3", 7)});
  EXPECT_THAT(late.reopened, ElementsAre("1.2.3"));
  EXPECT_FALSE(Finish(database(), *claim, kAnswer, {"pacs"}));
  EXPECT_EQ(JobOf("1.2.3").state, "received");
  EXPECT_FALSE(ClaimDelivery(database(), "node/courier", 60));
  MakeReady(database(), kNow, {});
  EXPECT_EQ(Claim()->files.size(), 3U);
}

TEST_P(Jobs, ALateInstanceStopsWhatIsNotSentYet) {
  AddReady("1.2.3");
  ASSERT_TRUE(Finish(database(), *Claim(), kAnswer, {"pacs"}));
  const auto delivery = ClaimDelivery(database(), "node/courier", 60);
  AddInstances(database(), {InstanceOf("1.2.3", 7)});
  EXPECT_FALSE(Delivered(database(), *delivery));
  EXPECT_EQ(JobOf("1.2.3").state, "received");
  EXPECT_TRUE(JobOf("1.2.3").verdict.empty());
}

TEST_P(Jobs, OtherContentUnderTheSameUidReplacesAndReopens) {
  AddReady("1.2.3");
  ASSERT_TRUE(Finish(database(), *Claim(), kAnswer, {}));
  const Filed corrected = AddInstances(database(), {InstanceOf("1.2.3", 1, "b")});
  EXPECT_THAT(corrected.replaced, ElementsAre(FolderOf("1.2.3") + "/a1"));
  EXPECT_THAT(corrected.reopened, ElementsAre("1.2.3"));
  MakeReady(database(), kNow, {});
  EXPECT_THAT(Claim()->files, ElementsAre("a0", "b1"));
}

// The files that nobody names, in the order in which they are taken.
std::vector<std::string> Leftovers(Database& database) {
  std::vector<std::string> files;
  RemoveLeftovers(database, 100, [&](const std::string& file) { files.push_back(file); });
  return files;
}

TEST_P(Jobs, ContentThatComesBackIsNotLeftOver) {
  const std::string folder = FolderOf("1.2.3") + "/";
  AddInstances(database(), {InstanceOf("1.2.3", 1, "x"), InstanceOf("1.2.3", 1, "y"), InstanceOf("1.2.3", 1, "x")});
  EXPECT_THAT(Leftovers(database()), ElementsAre(folder + "y1"));
  EXPECT_THAT(Leftovers(database()), IsEmpty()) << "each is taken once";
  AddInstances(database(), {InstanceOf("1.2.3", 1, "y")});
  AddInstances(*Another(), {InstanceOf("1.2.3", 1, "x")});
  EXPECT_THAT(Leftovers(database()), ElementsAre(folder + "y1"));
}

TEST_P(Jobs, FilesOfForgottenStudiesAreLeftOverUnlessTheyComeAgain) {
  AddReady("1.2.1");
  ASSERT_TRUE(Finish(database(), *Claim(), kAnswer, {}));
  ForgetOld(database(), {.keep_s = 1000, .most_bytes = 10});
  AddInstances(database(), {InstanceOf("1.2.1", 0)});
  EXPECT_THAT(Leftovers(database()), ElementsAre(FolderOf("1.2.1") + "/a1"));
}

TEST_P(Jobs, AReleasedAssociationMakesAStudyReadyOnlyWhereTheRuleSaysSo) {
  AddInstances(database(), {InstanceOf("1.2.3", 1)});
  MarkComplete(database(), {"1.2.3"});
  EXPECT_THAT(MakeReady(database(), {.quiet_s = 1000, .on_release = false}, {}), IsEmpty());
  EXPECT_THAT(MakeReady(database(), {.quiet_s = 1000, .on_release = true}, {}), ElementsAre("1.2.3"));
  AddInstances(database(), {InstanceOf("1.2.3", 2)});
  EXPECT_THAT(MakeReady(database(), {.quiet_s = 1000, .on_release = true}, {}), IsEmpty()) << "more may come";
}

TEST_P(Jobs, AFailedAttemptIsMadeAgainAndTheLastOneIsLeftForPeople) {
  AddReady("1.2.3");
  for (int attempt = 1; attempt <= 3; ++attempt) {
    const auto claim = Claim();
    ASSERT_TRUE(claim) << attempt;
    EXPECT_EQ(claim->attempts, attempt);
    EXPECT_TRUE(FailAttempt(database(), *claim, "no memory", kAtOnce));
  }
  EXPECT_FALSE(Claim());
  EXPECT_EQ(JobOf("1.2.3").state, "failed");
  EXPECT_EQ(JobOf("1.2.3").reason, "no memory");
  RetryJob(database(), JobOf("1.2.3").id);
  EXPECT_EQ(Claim()->attempts, 1);
}

TEST_P(Jobs, AFailedAttemptWaitsBeforeItIsMadeAgain) {
  AddReady("1.2.3");
  EXPECT_TRUE(FailAttempt(database(), *Claim(), "x", {.attempts = 3, .first_s = 100, .longest_s = 1000}));
  EXPECT_EQ(JobOf("1.2.3").state, "ready");
  EXPECT_FALSE(Claim());
}

TEST_P(Jobs, ADeliveryThatFailsForGoodFailsItsJobAndIsSentAgainOnRequest) {
  AddReady("1.2.3");
  ASSERT_TRUE(Finish(database(), *Claim(), kAnswer, {"pacs"}));
  for (int attempt = 1; attempt <= 3; ++attempt) {
    const auto delivery = ClaimDelivery(database(), "node/courier", 60);
    ASSERT_TRUE(delivery);
    EXPECT_TRUE(DeliveryFailed(database(), *delivery, "nobody answers", kAtOnce));
  }
  EXPECT_EQ(JobOf("1.2.3").state, "failed");
  EXPECT_THAT(JobOf("1.2.3").reason, HasSubstr("not delivered to pacs: nobody answers"));
  RetryJob(database(), JobOf("1.2.3").id);
  EXPECT_EQ(JobOf("1.2.3").state, "sending");
  EXPECT_TRUE(Delivered(database(), *ClaimDelivery(database(), "node/courier", 60)));
  EXPECT_EQ(JobOf("1.2.3").state, "done");
}

TEST_P(Jobs, WhatAnEndedProcessHeldIsTakenUpAgain) {
  AddReady("1.2.3");
  const auto claim = Claim();
  EXPECT_EQ(ReleaseClaims(database(), "other", false, kAtOnce, "restart"), 0);
  EXPECT_EQ(ReleaseNode(database(), "nod", "restart"), 0);
  EXPECT_EQ(ReleaseNode(database(), "node", "restart"), 1);
  EXPECT_FALSE(Finish(database(), *claim, kAnswer, {}));
  EXPECT_EQ(Claim()->attempts, 1) << "a restart of the node is not the study's fault";
  EXPECT_EQ(ReleaseClaims(database(), "node/analysis", true, kAtOnce, "it died"), 1);
  EXPECT_EQ(Claim()->attempts, 2);
  EXPECT_EQ(ReleaseClaims(database(), "node/analysis", true, kAtOnce, "it died"), 1);
  EXPECT_EQ(Claim()->attempts, 3);
  EXPECT_EQ(ReleaseClaims(database(), "node/analysis", true, kAtOnce, "it died"), 1);
  EXPECT_EQ(JobOf("1.2.3").state, "failed");
}

TEST_P(Jobs, ALeaseThatIsNotExtendedPasses) {
  AddReady("1.2.3");
  const auto claim = ClaimAnalysis(database(), "lost", "model", -1);
  ASSERT_TRUE(claim);
  ExtendLeases(database(), "another", {claim->job}, 60);
  ExtendLeases(database(), "lost", {claim->job + 1}, 60);
  ExtendLeases(database(), "lost", {claim->job}, 60);
  EXPECT_EQ(ReleaseExpired(database(), kAtOnce), 0);
  ExtendLeases(database(), "lost", {claim->job}, -1);
  EXPECT_EQ(ReleaseExpired(database(), kAtOnce), 1);
  EXPECT_TRUE(Claim());
}

TEST_P(Jobs, ManyWorkersTakeEveryStudyOnce) {
  constexpr int kStudies = 60, kWorkers = 6;
  for (int s = 0; s < kStudies; ++s) AddReady("1.2." + std::to_string(s), 1);
  std::atomic<int> finished = 0;
  std::vector<std::thread> workers;
  for (int w = 0; w < kWorkers; ++w) {
    workers.emplace_back([&, w] {
      const auto database = Another();
      while (const auto claim = ClaimAnalysis(*database, "w" + std::to_string(w), "model", 60))
        finished += Finish(*database, *claim, kAnswer, {}) ? 1 : 0;
    });
  }
  for (std::thread& worker : workers) worker.join();
  EXPECT_EQ(finished, kStudies);
  EXPECT_EQ(CountJobs(database())["done"], kStudies);
}

TEST_P(Jobs, TwoNodesFileTheSameStudiesAtTheSameTime) {
  std::vector<std::thread> nodes;
  for (int n = 0; n < 2; ++n) {
    nodes.emplace_back([&, n] {
      const auto database = Another();
      for (int i = 0; i < 30; ++i)
        AddInstances(*database, {InstanceOf("1.2.3", 2 * i + n), InstanceOf("1.2.4", 2 * i + n)});
    });
  }
  for (std::thread& node : nodes) node.join();
  EXPECT_EQ(ListJobs(database(), {}).size(), 2U);
  EXPECT_EQ(JobOf("1.2.3").instances, 60);
  EXPECT_EQ(JobOf("1.2.4").instances, 60);
}

TEST_P(Jobs, ShadowsComeAfterEverythingElseAndAreNeverSent) {
  AddInstances(database(), {InstanceOf("1.2.3", 1), InstanceOf("1.2.4", 1)});
  MakeReady(database(), kNow, {"candidate"});
  EXPECT_FALSE(Claim()->shadow);
  EXPECT_FALSE(Claim()->shadow);
  const auto shadow = Claim();
  ASSERT_TRUE(shadow && shadow->shadow);
  EXPECT_EQ(shadow->model, "candidate");
  ASSERT_TRUE(Finish(database(), *shadow, kAnswer, {"pacs"}));
  EXPECT_FALSE(ClaimDelivery(database(), "node/courier", 60));
  EXPECT_THAT(ListInstances(database(), {.study_uid = shadow->study_uid}), ::testing::SizeIs(1));
}

TEST_P(Jobs, AModelIsActivatedAndGoneBackFrom) {
  EXPECT_EQ(ActiveModel(database()), "");
  EXPECT_THROW(RollBackModel(database(), "me"), base::Error);
  Activate(database(), "old", "me");
  Activate(database(), "old", "me");
  Activate(database(), "new", "me");
  EXPECT_EQ(ActiveModel(database()), "new");
  EXPECT_EQ(RollBackModel(database(), "me"), "old");
  EXPECT_EQ(ActiveModel(database()), "old");
  EXPECT_EQ(Activations(database()).size(), 3U);
}

TEST_P(Jobs, ACommitmentIsAnsweredOnceHoweverOftenItIsAsked) {
  AddCommitment(database(), "PACS", "2.25.9", "x");
  AddCommitment(database(), "PACS", "2.25.9", "x");
  const auto claim = ClaimCommitment(database(), "node/courier", 60);
  ASSERT_TRUE(claim);
  EXPECT_FALSE(ClaimCommitment(database(), "node/courier", 60));
  EXPECT_TRUE(CommitmentAnswered(database(), *claim));
  EXPECT_FALSE(ClaimCommitment(database(), "node/courier", 60));
}

TEST_P(Jobs, AReportEndsTheDeliveryThatWaitsForIt) {
  AddReady("1.2.3");
  ASSERT_TRUE(Finish(database(), *Claim(), kAnswer, {"pacs"}));
  const auto claim = ClaimDelivery(database(), "node/courier", 60);
  AddDemand(database(), *claim, "2.25.7", "[\"2.25.1\"]");
  ASSERT_TRUE(AwaitReport(database(), *claim, 60));
  const std::int64_t job = JobOf("1.2.3").id;
  EXPECT_EQ(JobOf("1.2.3").state, "sending");
  EXPECT_EQ(DeliveriesOf(database(), job).at(0).state, "awaiting");
  EXPECT_EQ(CountDeliveries(database())["awaiting"], 1);
  EXPECT_THAT(DeliveriesOf(database(), job).at(0).reason, HasSubstr("not yet reported"));
  // It outlives who asked.
  EXPECT_EQ(ReleaseClaims(database(), "node/courier", true, kAtOnce, "it ended"), 0);
  EXPECT_EQ(ReleaseNode(database(), "node", "started again"), 0);
  EXPECT_EQ(ReleaseExpired(database(), kAtOnce), 0);
  EXPECT_FALSE(ClaimDelivery(database(), "node/courier", 60));
  EXPECT_FALSE(FindDemand(database(), "2.25.8"));
  const auto demand = FindDemand(*Another(), "2.25.7");
  ASSERT_TRUE(demand);
  EXPECT_EQ(demand->asked, "[\"2.25.1\"]");
  EXPECT_EQ(demand->claim.peer, "pacs");
  EXPECT_TRUE(Delivered(database(), demand->claim));
  EXPECT_EQ(JobOf("1.2.3").state, "done");
  EXPECT_FALSE(FindDemand(database(), "2.25.7")) << "it is answered once";
}

TEST_P(Jobs, AReportThatIsFasterThanWhoAskedIsNotLost) {
  AddReady("1.2.3");
  ASSERT_TRUE(Finish(database(), *Claim(), kAnswer, {"pacs"}));
  const auto claim = ClaimDelivery(database(), "node/courier", 60);
  AddDemand(database(), *claim, "2.25.7", "[]");
  EXPECT_TRUE(Delivered(database(), FindDemand(database(), "2.25.7")->claim));
  EXPECT_FALSE(AwaitReport(database(), *claim, 60));
  EXPECT_EQ(JobOf("1.2.3").state, "done");
}

TEST_P(Jobs, AReportThatDoesNotComeIsAskedForAgainAndGivenUpInTheEnd) {
  AddReady("1.2.3");
  ASSERT_TRUE(Finish(database(), *Claim(), kAnswer, {"pacs"}));
  for (int attempt = 0; attempt < kAtOnce.attempts; ++attempt) {
    const auto claim = ClaimDelivery(database(), "node/courier", 60);
    ASSERT_TRUE(claim) << attempt;
    AddDemand(database(), *claim, "2.25.7" + std::to_string(attempt), "[]");
    ASSERT_TRUE(AwaitReport(database(), *claim, -1));
    EXPECT_EQ(ReleaseExpired(database(), kAtOnce), 1);
    EXPECT_FALSE(FindDemand(database(), "2.25.7" + std::to_string(attempt))) << "too late";
  }
  EXPECT_EQ(JobOf("1.2.3").state, "failed");
  EXPECT_THAT(JobOf("1.2.3").reason, HasSubstr("not delivered to pacs: the peer took it and has not reported"));
}

TEST_P(Jobs, AReportOnResultsThatAreOutOfDateChangesNothing) {
  AddReady("1.2.3");
  ASSERT_TRUE(Finish(database(), *Claim(), kAnswer, {"pacs"}));
  const auto claim = ClaimDelivery(database(), "node/courier", 60);
  AddDemand(database(), *claim, "2.25.7", "[]");
  ASSERT_TRUE(AwaitReport(database(), *claim, 60));
  AddInstances(database(), {InstanceOf("1.2.3", 7)});
  EXPECT_FALSE(FindDemand(database(), "2.25.7"));
  EXPECT_FALSE(Delivered(database(), *claim));
  EXPECT_EQ(JobOf("1.2.3").state, "received");
}

TEST_P(Jobs, OnlyWhatIsKeptIsCommittedTo) {
  AddReady("1.2.3");
  EXPECT_THAT(Kept(database(), {"1.2.3.1.0", "1.2.3.1.9"}), ElementsAre("1.2.840.10008.5.1.4.1.1.4\n1.2.3.1.0"));
}

TEST_P(Jobs, AStudyIsFetchedAgainOnlyWhenItsSourceSaysSomethingNew) {
  EXPECT_TRUE(AddPull(database(), "1.2.3", "web", "120"));
  EXPECT_FALSE(AddPull(database(), "1.2.3", "web", "120"));
  EXPECT_TRUE(Pulled(database(), *ClaimPull(database(), "node/courier", 60)));
  EXPECT_FALSE(AddPull(database(), "1.2.3", "web", "120"));
  EXPECT_FALSE(ClaimPull(database(), "node/courier", 60));
  EXPECT_TRUE(AddPull(database(), "1.2.3", "web", "144"));
  EXPECT_TRUE(ClaimPull(database(), "node/courier", 60));
}

TEST_P(Jobs, AStudyThatCouldNotBeFetchedIsAskedForAgain) {
  AddPull(database(), "1.2.3", "web", "120");
  for (int attempt = 0; attempt < kAtOnce.attempts; ++attempt) {
    EXPECT_FALSE(AddPull(database(), "1.2.3", "web", "120"));
    PullFailed(database(), *ClaimPull(database(), "node/courier", 60), "away", kAtOnce);
  }
  EXPECT_EQ(CountPulls(database())["failed"], 1);
  EXPECT_TRUE(AddPull(database(), "1.2.3", "web", "120"));
  EXPECT_TRUE(ClaimPull(database(), "node/courier", 60));
}

TEST_P(Jobs, WhatATransactionReadStaysTrueUntilItEnds) {
  AddReady("1.2.3");
  // One reads how many jobs are ready and writes it down; another makes one more ready meanwhile.
  const auto other = Another();
  std::atomic<bool> has_read = false;
  std::thread writer([&] {
    while (!has_read) std::this_thread::yield();
    AddInstances(*other, {InstanceOf("1.2.4", 1)});
    MakeReady(*other, kNow, {});
  });
  const auto [first, second] = Transact(database(), [&] {
    const auto count = [&] {
      return database().Run("SELECT COUNT(*) FROM jobs WHERE state = 'ready'", {}).at(0).at(0);
    };
    const std::string before = count();
    has_read = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    return std::pair(before, count());
  });
  writer.join();
  EXPECT_EQ(first, second);
  EXPECT_EQ(JobOf("1.2.4").state, "ready");
}

TEST_P(Jobs, OldStudiesAreForgottenButNeverOnesThatHaveNotEndedWell) {
  AddReady("1.2.1");
  ASSERT_TRUE(Finish(database(), *Claim(), kAnswer, {}));
  AddReady("1.2.2");
  for (int i = 0; i < 3; ++i) FailAttempt(database(), *Claim(), "x", kAtOnce);
  AddReady("1.2.3");
  EXPECT_THAT(ForgetOld(database(), {.keep_s = 1000, .most_bytes = 1 << 30}).studies, IsEmpty());
  const Removed removed = ForgetOld(database(), {.keep_s = 1000, .most_bytes = 10});
  EXPECT_THAT(removed.studies, ElementsAre(FolderOf("1.2.1")));
  EXPECT_THAT(removed.results, ElementsAre("r1"));
  EXPECT_THAT(ListInstances(database(), {.study_uid = "1.2.1"}), IsEmpty());
  EXPECT_EQ(JobOf("1.2.1").state, "done") << "the job stays, as history";
  EXPECT_THROW(RetryJob(database(), JobOf("1.2.1").id), base::Error);
  AddReady("1.2.1");
  EXPECT_EQ(JobOf("1.2.1").state, "ready") << "sent again it is looked at again";
  EXPECT_THAT(ForgetOld(database(), {.keep_s = 0, .most_bytes = 0}).studies, IsEmpty());
}

TEST_P(Jobs, ResultsThatNobodyRecordedAreKnown) {
  AddReady("1.2.1");
  ASSERT_TRUE(Finish(database(), *Claim(), kAnswer, {}));
  EXPECT_THAT(Unreferenced(database(), {"r0", "r1", "r2"}), ElementsAre("r0", "r2"));
}

TEST_P(Jobs, WhatCannotBeDoneAgainIsSaid) {
  EXPECT_THAT(test::ErrorOf([&] { RetryJob(database(), 77); }), HasSubstr("no job 77"));
  AddReady("1.2.3");
  EXPECT_THAT(test::ErrorOf([&] { RetryJob(database(), JobOf("1.2.3").id); }), HasSubstr("is ready"));
}

TEST_P(Jobs, TablesOfALaterProgramAreLeftAlone) {
  Transact(database(), [&] { database().Run("UPDATE schema_version SET version = 99", {}); });
  EXPECT_THAT(test::ErrorOf([&] { MakeTables(database()); }), HasSubstr("version 99"));
}

// Two transactions that take the same rows in opposite orders: one of them is made again, neither fails.
TEST_P(Jobs, TransactionsThatWaitForEachOtherBothSucceed) {
  AddReady("1.2.1");
  AddReady("1.2.2");
  const std::string first = std::to_string(JobOf("1.2.1").id), second = std::to_string(JobOf("1.2.2").id);
  std::vector<std::thread> threads;
  for (const bool forwards : {true, false}) {
    threads.emplace_back([&, forwards] {
      const auto database = Another();
      for (int i = 0; i < 5; ++i) {
        Transact(*database, [&] {
          for (const std::string& job : {forwards ? first : second, forwards ? second : first}) {
            database->Run("UPDATE jobs SET attempts = attempts + 1 WHERE id = $1", {job});
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
          }
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(JobOf("1.2.1").attempts, 10);
  EXPECT_EQ(JobOf("1.2.2").attempts, 10);
}

INSTANTIATE_TEST_SUITE_P(Databases, Jobs, ::testing::Values("sqlite", "postgresql"),
                         [](const auto& with) { return std::string(with.param); });

}  // namespace
}  // namespace parotis::jobs
