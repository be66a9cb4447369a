// Whole studies with made-up networks: what they leave, and that being killed changes nothing of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <random>

#include "experiment/gather.h"
#include "experiment/result.h"
#include "experiment/run_task.h"
#include "experiment/study_line.h"
#include "tests/support/errors.h"
#include "tests/support/fake_study.h"

namespace parotis::experiment {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// These tests write thousands of files, each synced; in memory that takes no time.
class InMemory : public testing::Environment {
  void SetUp() override {
    if (access("/dev/shm", W_OK) == 0) setenv("TMPDIR", "/dev/shm", /*overwrite=*/0);
  }
};
const testing::Environment* const kInMemory = testing::AddGlobalTestEnvironment(new InMemory);

// The whole study as a process group of its own.
pid_t Start(const fs::path& dataset, const fs::path& runs, const char* workers) {
  const pid_t child = fork();
  if (child != 0) return child;
  setpgid(0, 0);
  freopen((runs.string() + ".log").c_str(), "a", stderr);
  execl(PAROTIS_FAKE_STUDY, PAROTIS_FAKE_STUDY, dataset.c_str(), runs.c_str(), workers, nullptr);
  _exit(127);
}

int ExitCodeOf(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// Everything that does not say when and where it was made.
std::map<std::string, std::string> ContentOf(const fs::path& runs) {
  std::map<std::string, std::string> content;
  for (const auto& entry : fs::recursive_directory_iterator(runs)) {
    const std::string name = entry.path().filename();
    if (!entry.is_regular_file() || name == "task.log" || name == "result.json" || name == ".lock") continue;
    base::Json json;
    if (name == "study-results.json") {
      json = base::ReadJson(entry.path());
      json.erase("cost");
    }
    content[fs::relative(entry.path(), runs)] = json.is_null() ? base::HashOfFile(entry.path()) : json.dump();
  }
  return content;
}

class FakeStudies : public testing::Test {
 protected:
  FakeStudies() : cohort_(test::FakePatients()) {}
  int Run(const std::string& name, const char* workers = "4") const {
    return ExitCodeOf(Start(cohort_.folder(), At(name), workers));
  }
  fs::path At(const std::string& name) const { return cohort_.root() / name; }
  evaluate::test::SmallCohort cohort_;
};

TEST_F(FakeStudies, LeavesAnEvaluationPerRunAndOnePerCrossValidation) {
  ASSERT_EQ(Run("runs"), 0);
  for (const char* file :
       {"model.safetensors", "run.json", "plan.json", "decision.json", "log.jsonl", "evaluation.json", "result.json"})
    EXPECT_TRUE(fs::exists(At("runs") / "plan/both/repeat-0/seed-1/fold-3" / file)) << file;
  const base::Json results = base::ReadJson(At("runs") / "study-results.json");
  ASSERT_EQ(results["cross_validations"].size(), 2U);
  for (const auto& row : results["cross_validations"]) EXPECT_EQ(row["figures"]["patients"], 26);
  ASSERT_EQ(results["comparisons"].size(), 1U);
  const base::Json& group = results["comparisons"][0];
  EXPECT_EQ(group["of"], "contrast sets");
  EXPECT_EQ(group["comparisons"][0]["first"], "one");
  EXPECT_EQ(group["comparisons"][0]["second"], "both");
  EXPECT_EQ(group["folds"]["count"], 4) << "the joined evaluation knows in which fold each case was tested";
  EXPECT_GT(group["family"]["size"], 0);
  EXPECT_TRUE(results["over_trainings"].empty()) << "one seed";
  EXPECT_EQ(results["variance"][0]["strict_accuracy"]["folds"], 4);
  EXPECT_THAT(TextOf(results), HasSubstr("one − both"));
  const base::Json run = base::ReadJson(At("runs") / "plan/one/repeat-0/seed-1/fold-0/run.json");
  EXPECT_EQ(run["splits_sha256"], results["study"]["splits_sha256"][0]);
}

TEST_F(FakeStudies, TheRuleOfARunIsChosenOnTheOtherFoldsOnly) {
  ASSERT_EQ(Run("runs"), 0);
  const fs::path folder = At("runs") / "plan/one/repeat-0/seed-1/fold-2";
  const base::Json decision = base::ReadJson(folder / "decision.json");
  EXPECT_EQ(decision["folds"], base::Json::array({0, 1, 3}));
  const dataset::Dataset dataset = dataset::OpenDataset(cohort_.folder());
  const Folds folds = ReadFolds(At("runs"), 0, dataset);
  const PatientHashes tested = PatientsOf(dataset, HeldOutCases(folds, 2));
  for (const auto& hash : decision["patient_id_sha256"]) EXPECT_FALSE(tested.contains(hash.get<std::string>()));
  EXPECT_EQ(decision["patients"].get<std::size_t>() + tested.size(), 26U);
}

TEST_F(FakeStudies, TheRuleOfTheFinalModelIsChosenOnEveryPatientOnceAndOtherPatientsAreTestedWithIt) {
  std::vector<evaluate::test::SmallCase> strangers = test::FakePatients(3);
  for (evaluate::test::SmallCase& stranger : strangers) stranger.patient = "another " + stranger.patient;
  const evaluate::test::SmallCohort others(strangers);
  Study study = test::FakeStudy();
  study.tests = {{"elsewhere", others.folder()}};
  const dataset::Dataset dataset = dataset::OpenDataset(cohort_.folder());
  const Setting setting = Begin(study, dataset, {}, At("runs"), test::FakePlan);
  std::vector<TaskOutcome> outcomes;
  for (const Task& task : setting.tasks) {
    DoTask(setting, task.index, test::FakeSteps(), "test");
    outcomes.push_back({TaskState::kDone, "", 1});
  }
  const fs::path folder = At("runs") / "plan/one/repeat-0/seed-1/final";
  const base::Json decision = base::ReadJson(folder / "decision.json");
  EXPECT_THAT(decision["folds"].get<std::vector<int>>(), testing::ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(decision["patients"], 26);
  EXPECT_FALSE(fs::exists(folder / "evaluation.json")) << "it has met every patient of the study";
  const base::Json results = Gather(setting, outcomes, "test");
  ASSERT_EQ(results["tests"].size(), 2U);
  EXPECT_EQ(results["tests"][1]["contrast_set"], "both");
  EXPECT_EQ(results["tests"][1]["figures"]["patients"], 11);
  EXPECT_THAT(TextOf(results), HasSubstr("final models on the other patients of elsewhere"));
}

TEST_F(FakeStudies, VariantsThatDifferInHowTheyLookShareMembersUnlessThesePredict) {
  Study study = test::FakeStudy();
  study.variants = {{"flips", base::Json::object(), {}}, {"none", {{"inference", {{"flip_left_right", false}}}}, {}}};
  const dataset::Dataset dataset = dataset::OpenDataset(cohort_.folder());
  const auto members = [](const Setting& setting) {
    return std::count_if(setting.tasks.begin(), setting.tasks.end(),
                         [](const Task& task) { return task.kind == TaskKind::kMember; });
  };
  EXPECT_EQ(members(Begin(study, dataset, {}, At("nested"), test::FakePlan)), 2 * 2 * 6);
  study.selection = Selection::kFixed;
  const Setting setting = Begin(study, dataset, {}, At("fixed"), test::FakePlan);
  EXPECT_EQ(members(setting), 2 * 4);
  for (const Task& task : setting.tasks) DoTask(setting, task.index, test::FakeSteps(), "test");
  const auto flips = [&](const std::string& variant) {
    const fs::path run = At("fixed") / variant / "one/repeat-0/seed-1/fold-0";
    return plan::ReadBundleInfo(run / "model.safetensors").plan.inference.flip_left_right;
  };
  EXPECT_TRUE(flips("flips"));
  EXPECT_FALSE(flips("none")) << "the members are the other variant's, how they look is not";
}

TEST_F(FakeStudies, DoneOneByOneOrTogetherItIsTheSame) {
  ASSERT_EQ(Run("together"), 0);
  const dataset::Dataset dataset = dataset::OpenDataset(cohort_.folder());
  const Setting setting = Begin(test::FakeStudy(), dataset, {}, At("alone"), test::FakePlan);
  for (const Task& task : setting.tasks) DoTask(setting, task.index, test::FakeSteps(), "another machine");
  EXPECT_EQ(Run("alone"), 0);
  EXPECT_EQ(ContentOf(At("alone")), ContentOf(At("together")));
}

TEST_F(FakeStudies, KilledAtTenRandomMomentsItEndsWithTheSameBits) {
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(Run("whole"), 0);
  const std::chrono::duration<double> whole_run_s = std::chrono::steady_clock::now() - start;
  std::mt19937 random(std::random_device{}());
  for (int kill_number = 0; kill_number < 10; ++kill_number) {
    const pid_t study = Start(cohort_.folder(), At("broken"), "4");
    std::this_thread::sleep_for(std::uniform_real_distribution(0.02, 0.5)(random) * whole_run_s);
    kill(-study, SIGKILL);
    ExitCodeOf(study);
  }
  ASSERT_EQ(Run("broken"), 0);
  EXPECT_EQ(ContentOf(At("broken")), ContentOf(At("whole")));
}

TEST_F(FakeStudies, ItsTasksDieWithIt) {
  const pid_t study = Start(cohort_.folder(), At("runs"), "2");
  const fs::path first = At("runs") / "members/plan/one/repeat-0/seed-1/without-0-1/checkpoint.safetensors";
  while (!fs::exists(first)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  kill(study, SIGKILL);  // this process only
  ExitCodeOf(study);
  const dataset::Dataset dataset = dataset::OpenDataset(cohort_.folder());
  EXPECT_NO_THROW(DoTask(Open(At("runs"), dataset), 0, test::FakeSteps(), "test"));
}

TEST_F(FakeStudies, AMemberThatFailsStopsItsRunsAndNoOthers) {
  base::WriteFile(cohort_.root() / "fail", "both/repeat-0/seed-1/without-0-1");
  EXPECT_EQ(Run("runs"), 3);
  const base::Json results = base::ReadJson(At("runs") / "study-results.json");
  EXPECT_TRUE(results["cross_validations"][0]["complete"]);
  EXPECT_FALSE(results["cross_validations"][1]["complete"]);
  ASSERT_EQ(results["failed"].size(), 4U) << "the member, two runs and the final model";
  EXPECT_THAT(results["failed"][0]["reason"], HasSubstr("wants this member to fail"));
  EXPECT_THAT(results["failed"][1]["reason"], HasSubstr("not started"));
  EXPECT_TRUE(fs::exists(At("runs") / "plan/both/repeat-0/seed-1/fold-2/result.json"));
  EXPECT_THAT(TextOf(results), HasSubstr("failed: members/plan/both"));
  fs::remove(cohort_.root() / "fail");
  EXPECT_EQ(Run("runs"), 0) << "what failed is tried again";
}

TEST_F(FakeStudies, AFurtherDatasetThatIsGoneEndsTheFinalModelsAndNoOthers) {
  Study study = test::FakeStudy();
  study.tests = {{"gone", At("nowhere")}};
  const dataset::Dataset dataset = dataset::OpenDataset(cohort_.folder());
  const Setting setting = Begin(study, dataset, {}, At("runs"), test::FakePlan);
  std::vector<TaskOutcome> outcomes = ExamineTasks(setting);
  const auto command = [&](const Task& task) {
    return std::vector<std::string>{PAROTIS_FAKE_STUDY, cohort_.folder().string(), At("runs").string(), "--task",
                                    std::to_string(task.index)};
  };
  RunPool(setting, {2, command}, outcomes);
  for (const Task& task : setting.tasks) {
    const bool is_final = task.kind == TaskKind::kFinal;
    EXPECT_EQ(outcomes[task.index].state, is_final ? TaskState::kFailed : TaskState::kDone) << task.folder;
    EXPECT_THAT(outcomes[task.index].reason, HasSubstr(is_final ? "nowhere" : ""));
  }
}

TEST_F(FakeStudies, ACrashEndsOneTask) {
  base::WriteFile(cohort_.root() / "crash", "one/repeat-0/seed-1/without-2-3");
  EXPECT_EQ(Run("runs"), 3);
  const base::Json results = base::ReadJson(At("runs") / "study-results.json");
  EXPECT_THAT(results["failed"][0]["reason"], HasSubstr("killed by signal 6"));
  const std::string folder = results["failed"][0]["folder"];
  EXPECT_THAT(FailureOf(At("runs") / folder).value_or("nothing"), HasSubstr("killed by signal 6"))
      << "who looks into the folder finds it";
  EXPECT_TRUE(results["cross_validations"][1]["complete"]);
}

TEST_F(FakeStudies, WhatWasDamagedSinceIsMadeAnew) {
  ASSERT_EQ(Run("runs"), 0);
  const auto before = ContentOf(At("runs"));
  base::WriteFile(At("runs") / "members/plan/one/repeat-0/seed-1/without-0-1/model.safetensors", "rotten");
  base::WriteFile(At("runs") / "plan/both/repeat-0/seed-1/fold-1/evaluation.json", "rotten");
  ASSERT_EQ(Run("runs"), 0);
  EXPECT_EQ(ContentOf(At("runs")), before);
}

TEST_F(FakeStudies, ATaskIsDoneByOneProcessAtATime) {
  const dataset::Dataset dataset = dataset::OpenDataset(cohort_.folder());
  const Setting setting = Begin(test::FakeStudy(), dataset, {}, At("runs"), test::FakePlan);
  EXPECT_THAT(test::ErrorOf([&] { DoTask(setting, setting.tasks.size(), test::FakeSteps(), "test"); }),
              HasSubstr("there is no task"));
  EXPECT_THAT(test::ErrorOf([&] { DoTask(setting, setting.tasks.size() - 1, test::FakeSteps(), "test"); }),
              testing::AnyOf(HasSubstr("not done"), HasSubstr("cannot open")));
}

TEST_F(FakeStudies, AFolderOfAnotherStudyIsRefused) {
  const dataset::Dataset dataset = dataset::OpenDataset(cohort_.folder());
  const auto begin = [&](const Study& study, const Computing& computing) {
    return test::ErrorOf([&] { Begin(study, dataset, computing, At("runs"), test::FakePlan); });
  };
  Study study = test::FakeStudy();
  EXPECT_EQ(begin(study, {}), "nothing was thrown");
  EXPECT_THAT(begin(study, {2, "cpu"}), HasSubstr("1 threads per run"));
  study.seeds = {1, 2};
  EXPECT_EQ(begin(study, {}), "nothing was thrown") << "seeds may be added";
  study.variants[0].plan_patch = {{"optimiser", {{"learning_rate", 5e-3}}}};
  EXPECT_THAT(begin(study, {}), HasSubstr("another plan of the variant plan"));
  study = test::FakeStudy();
  study.selection = Selection::kFixed;
  EXPECT_THAT(begin(study, {}), HasSubstr("nested selection"));
}

TEST(Variants, AreMergePatchesOfThePlan) {
  const plan::Plan base_plan = test::FakePlan();
  const Variant variant{"x", {{"optimiser", {{"iterations", 700}}}, {"batch", {{"size", nullptr}}}}, {}};
  const plan::Plan plan = PlanOfVariant(base_plan, variant);
  EXPECT_EQ(plan.optimiser.iterations, 700);
  EXPECT_EQ(plan.optimiser.learning_rate, base_plan.optimiser.learning_rate);
  EXPECT_EQ(plan.batch.size, plan::BatchPlan().size);
  EXPECT_THAT(test::ErrorOf([&] { PlanOfVariant(base_plan, {"y", {{"optimizer", {{"iterations", 7}}}}, {}}); }),
              HasSubstr("optimizer"));
}

TEST(StudyLine, TheRestIsJudgedByWhatWasMeasured) {
  const std::vector<Task> tasks = TasksOf(Study{}, {"t2"}, 3);  // three members, three runs, a final model
  const std::vector<std::size_t> predictions = {0, 0, 0, 20, 20, 20, 300};
  std::vector<TaskOutcome> outcomes(tasks.size());
  const auto left = [&](const std::map<std::size_t, double>& elapsed_s) {
    return RemainingSeconds(tasks, predictions, outcomes, elapsed_s, 2);
  };
  EXPECT_FALSE(left({}));
  outcomes[0] = {TaskState::kDone, "", 100};
  EXPECT_EQ(left({}), 100) << "two members on two workers";
  outcomes[1].state = TaskState::kRunning;
  EXPECT_EQ(left({{1, 40}}), 100) << "no sooner than the longest one";
  outcomes[3] = {TaskState::kDone, "", 10};
  EXPECT_EQ(left({{1, 40}}), (60 + 100 + 2 * 10 + 150) / 2.0);
  for (std::size_t done = 1; done < 6; ++done) outcomes[done] = {TaskState::kDone, "", done < 3 ? 100.0 : 10.0};
  EXPECT_EQ(left({}), 150) << "one process tests the final model, however many workers there are";
}

}  // namespace
}  // namespace parotis::experiment
