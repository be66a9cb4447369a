// What readers say about a study, in either database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/error.h"
#include "jobs/deliveries.h"
#include "jobs/retention.h"
#include "jobs/reviews.h"
#include "tests/jobs/on_databases.h"
#include "tests/support/errors.h"

namespace parotis::jobs {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kStudy = "1.2.3";

class Reviews : public OnDatabases {
 protected:
  void AddAnswered(const std::vector<std::string>& peers = {}) {
    AddReady(kStudy);
    ASSERT_TRUE(Finish(database(), *Claim(), kAnswer, peers));
  }
  static NewReview Of(Decision decision, const std::string& reader, std::int64_t based_on = 0) {
    return {.folder = FolderOf(kStudy),
            .analysis = "r1",
            .based_on = based_on,
            .decision = decision,
            .reader = reader,
            .reader_name = "Dr. " + reader,
            .words = "because",
            .asked = decision == Decision::kEdit ? "{\"lesions\": []}" : ""};
  }
  // Makes the objects of the edit that waits.
  std::int64_t Answer(const std::string& results, const std::vector<std::string>& peers) {
    const auto claim = Claim();
    AnalysisOutcome outcome = kAnswer;
    outcome.results = results;
    outcome.objects[0].sop_instance_uid = "2.25.77";
    EXPECT_TRUE(Finish(database(), *claim, outcome, peers));
    return claim->job;
  }
};

TEST_P(Reviews, AreKeptWithWhoWhenAndWhyInTheirOrder) {
  AddAnswered();
  const std::int64_t first = AddReview(database(), Of(Decision::kAccept, "meyer")).id;
  const std::int64_t second = AddReview(database(), Of(Decision::kReject, "rossi", first)).id;
  const std::vector<ReviewRecord> reviews = ReviewsOf(database(), FolderOf(kStudy));
  ASSERT_EQ(reviews.size(), 2U);
  EXPECT_EQ(reviews[0].id, first);
  EXPECT_EQ(reviews[0].decision, Decision::kAccept);
  EXPECT_EQ(reviews[0].reader_name, "Dr. meyer");
  EXPECT_EQ(reviews[0].words, "because");
  EXPECT_GT(reviews[0].at, 1e9);
  EXPECT_EQ(reviews[0].state, "done");
  EXPECT_EQ(reviews[1].id, second);
  EXPECT_EQ(reviews[1].based_on, first);
  EXPECT_EQ(LatestReviews(database()).at(FolderOf(kStudy)).id, second);
}

TEST_P(Reviews, AnEditIsAJobWhoseObjectsAreDeliveredBesideTheProgramsOwn) {
  AddAnswered({"pacs"});
  Delivered(database(), *ClaimDelivery(database(), "node/courier", 60));
  const AddedReview added = AddReview(database(), Of(Decision::kEdit, "meyer"));
  EXPECT_EQ(ReviewsOf(database(), FolderOf(kStudy))[0].state, "ready");
  const auto claim = Claim();
  ASSERT_TRUE(claim && claim->review);
  EXPECT_FALSE(claim->shadow);
  EXPECT_EQ(claim->review->id, added.id);
  EXPECT_EQ(claim->review->asked, "{\"lesions\": []}");
  EXPECT_EQ(claim->model, "model");
  AnalysisOutcome outcome = kAnswer;
  outcome.results = "e1";
  outcome.objects[0].sop_instance_uid = "2.25.77";
  ASSERT_TRUE(Finish(database(), *claim, outcome, {"pacs"}));
  const auto delivery = ClaimDelivery(database(), "node/courier", 60);
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->results, "e1");
  EXPECT_THAT(delivery->files, ElementsAre("segmentation.dcm"));
  EXPECT_TRUE(Delivered(database(), *delivery));
  EXPECT_EQ(ReviewsOf(database(), FolderOf(kStudy))[0].state, "done");
  EXPECT_EQ(ReviewsOf(database(), FolderOf(kStudy))[0].results, "e1");
  const auto both = ListInstances(database(), {.study_uid = kStudy});
  ASSERT_EQ(both.size(), 4U);  // two images, the program's segmentation, the reader's
  EXPECT_EQ(both[2].sop_instance_uid + both[2].results, "2.25.1r1");
  EXPECT_EQ(both[3].sop_instance_uid + both[3].results, "2.25.77e1");
  EXPECT_EQ(CountJobs(database())["done"], 1);
}

TEST_P(Reviews, OfTwoReadersAtOnceTheSecondIsToldOfTheFirst) {
  AddAnswered();
  const std::int64_t first = AddReview(database(), Of(Decision::kEdit, "meyer")).id;
  const AddedReview second = AddReview(database(), Of(Decision::kEdit, "rossi"));
  EXPECT_EQ(second.id, 0);
  ASSERT_TRUE(second.conflict);
  EXPECT_EQ(second.conflict->id, first);
  EXPECT_EQ(second.conflict->reader_name, "Dr. meyer");
  EXPECT_EQ(ReviewsOf(database(), FolderOf(kStudy)).size(), 1U);
  EXPECT_GT(AddReview(database(), Of(Decision::kEdit, "rossi", first)).id, first);
}

TEST_P(Reviews, OfManyReadersAtTheSameMomentExactlyOneIsFirst) {
  AddAnswered();
  constexpr int kReaders = 4;
  std::vector<std::thread> readers;
  std::atomic<int> added = 0;
  for (int i = 0; i < kReaders; ++i) {
    readers.emplace_back([&, i] {
      const auto own = Another();
      added += AddReview(*own, Of(Decision::kEdit, "reader" + std::to_string(i))).id > 0 ? 1 : 0;
    });
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(added, 1);
  EXPECT_EQ(ReviewsOf(database(), FolderOf(kStudy)).size(), 1U);
}

TEST_P(Reviews, AcceptingAgainByTheSameReaderIsNoConflictButAnEditInBetweenIs) {
  AddAnswered();
  AddReview(database(), Of(Decision::kAccept, "meyer"));
  EXPECT_GT(AddReview(database(), Of(Decision::kReject, "meyer")).id, 0);
  AddReview(database(), Of(Decision::kEdit, "meyer"));
  EXPECT_TRUE(AddReview(database(), Of(Decision::kAccept, "meyer")).conflict);
}

TEST_P(Reviews, AnEditThatCameToNothingIsInNobodysWay) {
  AddAnswered();
  AddReview(database(), Of(Decision::kEdit, "meyer"));
  const auto claim = Claim();
  ASSERT_TRUE(Finish(database(), *claim,
                     {.refused = true, .reason = "no grid", .verdict = "refused", .results = "", .objects = {}}, {}));
  EXPECT_EQ(ReviewsOf(database(), FolderOf(kStudy))[0].reason, "no grid");
  EXPECT_GT(AddReview(database(), Of(Decision::kEdit, "rossi")).id, 0);
}

TEST_P(Reviews, LateImagesMakeTheAnalysisAnewAndLeaveReviewsAsTheyWere) {
  AddAnswered();
  AddReview(database(), Of(Decision::kEdit, "meyer"));
  Answer("e1", {});
  AddInstances(database(), {InstanceOf(kStudy, 7)});
  const std::vector<ReviewRecord> reviews = ReviewsOf(database(), FolderOf(kStudy));
  ASSERT_EQ(reviews.size(), 1U);
  EXPECT_TRUE(reviews[0].superseded);
  EXPECT_EQ(reviews[0].state, "done");
  EXPECT_EQ(reviews[0].results, "e1");
  EXPECT_THAT(LatestReviews(database()), IsEmpty());
  EXPECT_THAT(Unreferenced(database(), {"e1", "x"}), ElementsAre("x"));
  MakeReady(database(), kNow, {});
  AnalysisOutcome anew = kAnswer;
  anew.results = "r2";
  ASSERT_TRUE(Finish(database(), *Claim(), anew, {}));
  EXPECT_TRUE(AddReview(database(), Of(Decision::kAccept, "rossi")).stale);
  NewReview fresh = Of(Decision::kAccept, "rossi");
  fresh.analysis = "r2";
  EXPECT_GT(AddReview(database(), fresh).id, 0);
}

TEST_P(Reviews, WhatHasNoAnswerCannotBeReviewed) {
  AddReady(kStudy);
  EXPECT_THAT(test::ErrorOf([&] { AddReview(database(), Of(Decision::kAccept, "meyer")); }),
              HasSubstr("the study is ready and has no answer"));
  NewReview unknown = Of(Decision::kAccept, "meyer");
  unknown.folder = "0";
  EXPECT_THAT(test::ErrorOf([&] { AddReview(database(), unknown); }), HasSubstr("no such study"));
}

TEST_P(Reviews, StayAsHistoryWhenTheImagesAreKeptNoLonger) {
  AddAnswered();
  AddReview(database(), Of(Decision::kEdit, "meyer"));
  Answer("e1", {});
  const Removed removed = ForgetOld(database(), {.keep_s = -1, .most_bytes = 1'000'000});
  EXPECT_THAT(removed.results, ::testing::UnorderedElementsAre("r1", "e1"));
  EXPECT_THAT(ListInstances(database(), {.study_uid = kStudy}), IsEmpty());
  EXPECT_EQ(ReviewsOf(database(), FolderOf(kStudy)).at(0).words, "because");
}

TEST_P(Reviews, WhatLiesBesideTheObjectsAndWhatEditsMadeCountAsKept) {
  AddAnswered();
  const std::int64_t before = Holdings(database()).bytes;
  AddReview(database(), Of(Decision::kEdit, "meyer"));
  AnalysisOutcome edited = kAnswer;
  edited.results = "e1";
  edited.beside_bytes = 5000;
  ASSERT_TRUE(Finish(database(), *Claim(), edited, {}));
  const std::int64_t objects = static_cast<std::int64_t>(edited.objects.at(0).bytes);
  EXPECT_GE(Holdings(database()).bytes, before + 5000 + objects);
  EXPECT_THAT(ForgetOld(database(), {.keep_s = 1000, .most_bytes = before + 5000}).results,
              ::testing::UnorderedElementsAre("r1", "e1"));
  EXPECT_EQ(Holdings(database()).bytes, 0);
}

TEST_P(Reviews, AnEditThatCouldNotBeDeliveredStillStandsInTheWay) {
  AddAnswered();
  AddReview(database(), Of(Decision::kEdit, "meyer"));
  AnalysisOutcome edited = kAnswer;
  edited.results = "e1";
  ASSERT_TRUE(Finish(database(), *Claim(), edited, {"pacs"}));
  database().Run("UPDATE jobs SET state = 'failed' WHERE results = 'e1'", {});
  EXPECT_TRUE(AddReview(database(), Of(Decision::kAccept, "rossi")).conflict);
}

TEST_P(Reviews, AnEditGoesBeforeStudiesThatWaitAndShadowsBehindThem) {
  AddAnswered();
  AddReady("1.2.4");
  AddReview(database(), Of(Decision::kEdit, "meyer"));
  EXPECT_TRUE(Claim()->review);
  EXPECT_EQ(Claim()->study_uid, "1.2.4");
}

INSTANTIATE_TEST_SUITE_P(Databases, Reviews, ::testing::Values("sqlite", "postgresql"),
                         [](const auto& with) { return std::string(with.param); });

}  // namespace
}  // namespace parotis::jobs
