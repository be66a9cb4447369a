// Nothing of a run's test fold may have touched a choice; here somebody tries.
#include "experiment/guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/patient_history.h"
#include "tests/support/errors.h"
#include "tests/support/fake_study.h"

namespace parotis::experiment {
namespace {

using testing::HasSubstr;

class Guard : public testing::Test {
 protected:
  Guard() : cohort_(test::FakePatients()), dataset_(dataset::OpenDataset(cohort_.folder())) {}
  Setting BeginStudy(const Study& study = test::FakeStudy()) const {
    return Begin(study, dataset_, {}, cohort_.root() / "runs", test::FakePlan);
  }
  std::string ComplaintOfTask(const Setting& setting, std::size_t index) const {
    return test::ErrorOf([&] { DoTask(setting, index, test::FakeSteps(), "test"); });
  }
  const Task& FirstRun(const Setting& setting) const {
    return *std::find_if(setting.tasks.begin(), setting.tasks.end(),
                         [](const Task& task) { return task.kind == TaskKind::kRun; });
  }

  evaluate::test::SmallCohort cohort_;
  dataset::Dataset dataset_;
};

TEST_F(Guard, HonestMembersPass) {
  const Setting setting = BeginStudy();
  const Task& run = FirstRun(setting);
  for (const std::size_t member : run.needs) DoTask(setting, member, test::FakeSteps(), "test");
  EXPECT_NO_THROW(DoTask(setting, run.index, test::FakeSteps(), "test"));
}

TEST_F(Guard, AMemberThatHasSeenOneTestedPatientStopsTheRun) {
  const Setting setting = BeginStudy();
  const Task& run = FirstRun(setting);
  for (const std::size_t member : run.needs) DoTask(setting, member, test::FakeSteps(), "test");
  // The leak: the second member was trained on a patient of the test fold as well, and says so in its file.
  const Task& member = setting.TaskAt(run.needs[1]);
  std::vector<std::string> patients;
  for (const std::string& id : TrainingCases(setting.FoldsOf(member), member.folds))
    patients.push_back(base::HashOf(dataset_.PatientOf(id)));
  patients.push_back(base::HashOf(dataset_.PatientOf(HeldOutCases(setting.FoldsOf(run), run.folds[0])[0])));
  test::WriteFakeBundle(setting.FolderOf(member) / "model.safetensors", "leaking", patients);
  const std::string complaint = ComplaintOfTask(setting, run.index);
  EXPECT_THAT(complaint, HasSubstr(member.folder + " has seen 1 of the patients"));
  EXPECT_FALSE(std::filesystem::exists(setting.FolderOf(run) / "predictions"));
  EXPECT_FALSE(std::filesystem::exists(setting.FolderOf(run) / "result.json"));
}

TEST_F(Guard, ARuleChosenOnATestedPatientIsRefused) {
  const std::vector<std::string> tested = {"alpha_00", "beta_00"};
  EXPECT_NO_THROW(RefuseLeak(dataset_, tested, {{"the rule", PatientsOf(dataset_, {"alpha_01", "beta_01"})}}));
  EXPECT_THAT(test::ErrorOf(
                  [&] { RefuseLeak(dataset_, tested, {{"the rule", PatientsOf(dataset_, {"alpha_01", "beta_00"})}}); }),
              HasSubstr("the rule has seen 1 of the patients that are to be tested, among them that of case beta_00"));
}

TEST_F(Guard, AnotherCaseOfTheSamePatientIsALeak) {
  EXPECT_THAT(test::ErrorOf([&] { RefuseLeak(dataset_, {"free_01"}, {{"x", PatientsOf(dataset_, {"free_00"})}}); }),
              HasSubstr("has seen 1"));
}

TEST_F(Guard, WeightsThatHaveSeenAPatientOfTheDatasetAreNoStart) {
  const auto weights = cohort_.root() / "weights.safetensors";
  test::WriteFakeBundle(weights, "older", {base::HashOf("someone else"), base::HashOf("patient beta_03")});
  Study study = test::FakeStudy();
  study.variants[0].from = weights;
  EXPECT_THAT(test::ErrorOf([&] { BeginStudy(study); }), HasSubstr("among them that of case beta_03"));
  test::WriteFakeBundle(weights, "older", {base::HashOf("someone else")});
  EXPECT_NO_THROW(BeginStudy(study));
}

TEST_F(Guard, PatientsOfTheWeightsBehindAMemberCountAsItsOwn) {
  const auto member = cohort_.root() / "member.safetensors";
  test::WriteFakeBundle(member, "member", {base::HashOf("patient alpha_00")});
  plan::BundleInfo info = plan::ReadBundleInfo(member);
  plan::Inherit({{base::HashOf("patient beta_01")}, {}}, info);
  const auto continued = cohort_.root() / "continued.safetensors";
  plan::RewriteBundle(member, info, continued);
  EXPECT_EQ(TrainedOn(continued), PatientsOf(dataset_, {"alpha_00", "beta_01"}));
}

TEST_F(Guard, FurtherTestDatasetsAreHeldAgainstTheMembersToo) {
  Study study = test::FakeStudy();
  study.tests = {{"same-patients", cohort_.folder()}};
  const Setting setting = BeginStudy(study);
  const Task& final_model = setting.tasks.back();
  for (const std::size_t index : WaitsFor(final_model)) DoTask(setting, index, test::FakeSteps(), "test");
  EXPECT_THAT(ComplaintOfTask(setting, final_model.index), HasSubstr("has seen"));
}

}  // namespace
}  // namespace parotis::experiment
