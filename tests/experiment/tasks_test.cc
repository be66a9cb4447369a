#include "experiment/tasks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "experiment/splits_plan.h"
#include "tests/support/errors.h"
#include "tests/support/fake_study.h"

namespace parotis::experiment {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

std::vector<Task> Of(const std::vector<Task>& tasks, TaskKind kind) {
  std::vector<Task> some;
  std::copy_if(tasks.begin(), tasks.end(), std::back_inserter(some), [&](const Task& t) { return t.kind == kind; });
  return some;
}

TEST(Tasks, NestedSelectionOfFiveFoldsTakesTenMembersOfWhichFourMakeARun) {
  const std::vector<Task> tasks = TasksOf(Study{}, {"t2"}, 5);
  EXPECT_THAT(Of(tasks, TaskKind::kMember), SizeIs(10));
  const std::vector<Task> runs = Of(tasks, TaskKind::kRun);
  ASSERT_THAT(runs, SizeIs(5));
  for (const Task& run : runs) {
    std::set<int> inner;
    ASSERT_THAT(run.needs, SizeIs(4));
    for (const std::size_t need : run.needs) {
      EXPECT_THAT(tasks[need].folds, testing::Contains(run.folds[0])) << "no member has seen the test fold";
      for (const int fold : tasks[need].folds)
        if (fold != run.folds[0]) inner.insert(fold);
    }
    EXPECT_THAT(inner, SizeIs(4)) << "every other fold is predicted by one member that has not seen it";
  }
}

TEST(Tasks, TheFinalModelJoinsAllMembersOfItsCrossValidation) {
  Study study;
  study.seeds = {1, 7};
  const std::vector<Task> tasks = TasksOf(study, {"t2"}, 5);
  const std::vector<Task> finals = Of(tasks, TaskKind::kFinal);
  ASSERT_THAT(finals, SizeIs(2));
  EXPECT_EQ(finals[1].folder, "plan/t2/repeat-0/seed-7/final");
  EXPECT_THAT(finals[1].needs, SizeIs(10));
  for (const std::size_t need : finals[1].needs) EXPECT_EQ(tasks[need].seed, 7U);
  std::vector<int> folds;
  for (const std::size_t run : finals[1].judged_by) {
    EXPECT_EQ(tasks[run].seed, 7U);
    folds.push_back(tasks[run].folds[0]);
  }
  EXPECT_THAT(folds, ElementsAre(0, 1, 2, 3, 4)) << "its rule is chosen on every run's test fold";
  EXPECT_THAT(WaitsFor(finals[1]), SizeIs(15));
}

TEST(Tasks, FixedSelectionTakesOneMemberForEachRun) {
  Study study;
  study.selection = Selection::kFixed;
  const std::vector<Task> tasks = TasksOf(study, {"t2"}, 5);
  EXPECT_THAT(tasks, SizeIs(5 + 5 + 1));
  EXPECT_THAT(tasks.back().judged_by, SizeIs(0)) << "the plan's rule is used";
  for (const Task& run : Of(tasks, TaskKind::kRun)) {
    ASSERT_THAT(run.needs, SizeIs(1));
    EXPECT_EQ(tasks[run.needs[0]].folds, run.folds);
  }
}

TEST(Tasks, VariantsThatTrainAlikeShareMembers) {
  Study study;
  study.variants = {{"a", {}, {}}, {"b", {}, {}}, {"c", {}, {}}};
  const std::vector<Task> tasks = TasksOf(study, {"t2"}, 3, {{"a", "a"}, {"b", "a"}, {"c", "c"}});
  EXPECT_THAT(Of(tasks, TaskKind::kMember), SizeIs(2 * 3));
  const std::vector<Task> runs = Of(tasks, TaskKind::kRun);
  ASSERT_THAT(runs, SizeIs(3 * 3));
  for (std::size_t fold = 0; fold < 3; ++fold) {
    EXPECT_EQ(runs[3 + fold].variant, "b");
    EXPECT_EQ(runs[3 + fold].needs, runs[fold].needs);
    EXPECT_EQ(tasks[runs[6 + fold].needs[0]].variant, "c");
  }
}

TEST(Tasks, EveryoneHasAFolderOfItsOwnAndMembersComeFirst) {
  Study study;
  study.repeats = 2;
  study.seeds = {1, 7};
  study.variants = {{"a", {}, {}}, {"b", {}, {}}};
  const std::vector<Task> tasks = TasksOf(study, {"t2", "diffusion+t1c"}, 3);
  ASSERT_THAT(tasks, SizeIs(2 * 2 * 2 * 2 * (3 + 3 + 1)));
  std::set<std::string> folders;
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    EXPECT_EQ(tasks[t].index, t);
    folders.insert(tasks[t].folder);
    EXPECT_LE(tasks[t == 0 ? 0 : t - 1].kind, tasks[t].kind);
  }
  EXPECT_THAT(folders, SizeIs(tasks.size()));
  EXPECT_EQ(tasks.back().folder, "b/diffusion+t1c/repeat-1/seed-7/final");
  EXPECT_EQ(TasksFromJson(ToJson(tasks), "tasks.json"), tasks);
}

TEST(Tasks, ADamagedListIsRefused) {
  base::Json json = ToJson(TasksOf(Study{}, {"t2"}, 3));
  json[1]["index"] = 5U;
  EXPECT_THAT(test::ErrorOf([&] { TasksFromJson(json, "tasks.json"); }), HasSubstr("damaged"));
}

TEST(Folds, EveryPatientIsTestedOnceAndAPairOfFoldsIsSeenByNobody) {
  const evaluate::test::SmallCohort cohort(test::FakePatients());
  const dataset::Dataset dataset = dataset::OpenDataset(cohort.folder());
  const std::vector<Folds> repeats = MakeFolds(test::FakeStudy(), dataset);
  ASSERT_THAT(repeats, SizeIs(1));
  std::multiset<std::string> tested;
  for (int fold = 0; fold < 4; ++fold)
    tested.insert(HeldOutCases(repeats[0], fold).begin(), HeldOutCases(repeats[0], fold).end());
  EXPECT_THAT(tested, SizeIs(dataset.cases.size()));
  const std::vector<std::string> train = TrainingCases(repeats[0], {1, 3});
  EXPECT_EQ(train.size(), HeldOutCases(repeats[0], 0).size() + HeldOutCases(repeats[0], 2).size());
  for (const int fold : {1, 3})
    for (const std::string& id : HeldOutCases(repeats[0], fold))
      EXPECT_THAT(train, testing::Not(testing::Contains(id)));
}

TEST(Folds, RepeatsDifferAndAreTheSameWhenMadeAgain) {
  const evaluate::test::SmallCohort cohort(test::FakePatients());
  const dataset::Dataset dataset = dataset::OpenDataset(cohort.folder());
  Study study = test::FakeStudy();
  study.repeats = 2;
  const std::vector<Folds> one = MakeFolds(study, dataset), again = MakeFolds(study, dataset);
  EXPECT_NE(one[0].sha256, one[1].sha256);
  EXPECT_EQ(one[1].sha256, again[1].sha256);
}

TEST(Folds, OtherFoldsThanThoseOfTheFolderAreRefused) {
  const evaluate::test::SmallCohort cohort(test::FakePatients());
  const dataset::Dataset dataset = dataset::OpenDataset(cohort.folder());
  Study study = test::FakeStudy();
  const test::TemporaryFolder runs;
  FreezeFolds(MakeFolds(study, dataset), runs.path());
  EXPECT_NO_THROW(FreezeFolds(MakeFolds(study, dataset), runs.path()));
  EXPECT_EQ(ReadFolds(runs.path(), 0, dataset).sha256, MakeFolds(study, dataset)[0].sha256);
  study.split_seed = 2;
  EXPECT_THAT(test::ErrorOf([&] { FreezeFolds(MakeFolds(study, dataset), runs.path()); }), HasSubstr("other folds"));
}

TEST(Folds, APatientTestedTwiceIsRefused) {
  const evaluate::test::SmallCohort cohort(test::FakePatients());
  const dataset::Dataset dataset = dataset::OpenDataset(cohort.folder());
  std::vector<dataset::Split> splits = dataset::MakeSplits(dataset, 3, 1);
  splits[1].val.push_back(splits[0].val[0]);
  std::erase(splits[1].train, splits[0].val[0]);
  dataset::WriteSplits(cohort.root() / "splits.json", splits);
  Study study = test::FakeStudy();
  study.splits = cohort.root() / "splits.json";
  EXPECT_THAT(test::ErrorOf([&] { MakeFolds(study, dataset); }), HasSubstr("is tested in fold 0 and in fold 1"));
}

}  // namespace
}  // namespace parotis::experiment
