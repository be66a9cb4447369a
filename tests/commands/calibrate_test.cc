// `calibrate` and `decide` as a user runs them: a rule is fitted on what networks found before, and applied to it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "base/safetensors.h"
#include "dataset/diagnosis_files.h"
#include "plan/bundle_info.h"
#include "tests/evaluate/small_cohort.h"
#include "tests/support/program.h"

namespace parotis {
namespace {

using evaluate::test::BlockOf;
using evaluate::test::SmallCase;
using evaluate::test::SmallCohort;
using parotis::test::Outcome;
using parotis::test::RunProgram;
using testing::ElementsAre;
using testing::HasSubstr;

namespace fs = std::filesystem;

const std::vector<std::string> kClasses = {"alpha", "beta", "gamma"};

// 36 patients whose class the segmentation does not know and their age tells; beside the tumour a faint false
// candidate.
class CalibrateCommand : public testing::Test {
 protected:
  CalibrateCommand() : cohort_(Cases()) {
    WriteModel("networks");
    WriteModel("other");
    const std::string hash = plan::ReadBundleInfo(Path("networks.safetensors")).file_hash;
    base::Json predicted = base::Json::array();
    for (const SmallCase& one : Cases()) {
      cohort_.Predict(one.id, BlockOf(one.label));
      image::LabelVolume lesions = BlockOf(1);
      lesions.At(14, 10, 0) = 2;
      image::WriteNifti(dataset::LesionMapFile(cohort_.predictions(), one.id), lesions);
      cohort_.Diagnose(one.id, CandidatesOf(one, hash));
      predicted.push_back(one.id);
    }
    WriteRecord({{"candidates", true}, {"predicted", predicted}});
  }

  static std::vector<SmallCase> Cases() {
    std::vector<SmallCase> cases;
    for (int p = 0; p < 36; ++p) {
      const auto label = static_cast<std::uint8_t>(p % 3 + 1);
      cases.push_back({"c" + std::to_string(10 + p), "p" + std::to_string(10 + p), kClasses[label - 1U], label});
    }
    return cases;
  }

  static dataset::Diagnosis CandidatesOf(const SmallCase& one, const std::string& model_hash) {
    dataset::Diagnosis diagnosis;
    diagnosis.case_id = one.id;
    diagnosis.verdict = dataset::Verdict::kIndeterminate;
    diagnosis.reason = "Candidates.";
    diagnosis.classes = kClasses;
    diagnosis.class_probabilities = {0.4, 0.3, 0.3};
    diagnosis.covariates = {{"age_years", 30 + 20 * one.label + (one.id[2] - '0')}};
    diagnosis.bundle_hash = model_hash;
    for (const int id : {1, 2}) {
      dataset::Lesion lesion;
      lesion.id = id;
      lesion.volume_ml = id == 1 ? 0.64 : 0.02;
      lesion.peak_score = lesion.mean_score = id == 1 ? 0.95 : 0.55;
      lesion.network_probabilities = lesion.class_probabilities = diagnosis.class_probabilities;
      diagnosis.lesions.push_back(lesion);
    }
    return diagnosis;
  }

  void WriteModel(const std::string& name) const {
    plan::BundleInfo info;
    info.name = name;
    info.plan.name = info.plan.dataset = "Small";
    info.plan.labels = {"background", "alpha", "beta", "gamma"};
    info.plan.channels = {{"T2", plan::Normalisation::kRobust, 0, 1}};
    info.plan.contrast_sets = {{"one", {"T2"}}};
    info.plan.batch.design = plan::BatchDesign::kUniform;
    info.contrast_set = "one";
    info.channels = {"T2"};
    info.intended_use = "a test";
    info.training = {{"patient_id_sha256", base::Json::array()}};
    const std::vector<float> weights = {1};
    base::WriteSafetensors(Path(name + ".safetensors"), plan::MetadataOf(info),
                           {{"weights", base::TensorOf<float>(weights, {1})}});
  }

  void WriteRecord(const base::Json& record) const { base::WriteJson(cohort_.predictions() / "predict.json", record); }
  std::string Path(const std::string& name) const { return (cohort_.root() / name).string(); }

  Outcome Calibrate(const std::string& model, const std::vector<std::string>& choice) const {
    std::vector<std::string> arguments = {"calibrate",
                                          "-m",
                                          Path(model + ".safetensors"),
                                          "-d",
                                          cohort_.folder().string(),
                                          "-i",
                                          cohort_.predictions().string(),
                                          "-o",
                                          Path("calibrated.safetensors")};
    arguments.insert(arguments.end(), choice.begin(), choice.end());
    return RunProgram(arguments);
  }
  Outcome Decide(const std::string& model, const std::string& output = "decided") const {
    return RunProgram(
        {"decide", "-m", Path(model + ".safetensors"), "-i", cohort_.predictions().string(), "-o", Path(output)});
  }
  plan::BundleInfo Calibrated() const { return plan::ReadBundleInfo(Path("calibrated.safetensors")); }

  SmallCohort cohort_;
};

TEST_F(CalibrateCommand, FitsWhatIsAskedForInsteadOfWhatThePlanSays) {
  const Outcome outcome = Calibrate("networks", {"--inputs", "age_years,sex_male", "--operating-class", "gamma",
                                                 "--specificity", "0.9", "--false-findings", "0.1"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("36 of 36 found, 0 false ones"));
  const plan::DiagnosisPlan rule = Calibrated().plan.diagnosis;
  EXPECT_THAT(rule.inputs, ElementsAre("age_years", "sex_male"));
  EXPECT_EQ(rule.choose.operating_specificity, 0.9);
  EXPECT_TRUE(rule.decisive_classes.contains("gamma"));
  ASSERT_EQ(rule.fusion.inputs.size(), 1U) << "nobody's sex is known";
  ASSERT_EQ(Calibrate("networks", {"--inputs", "none"}).exit_code, 0);
  EXPECT_TRUE(Calibrated().plan.diagnosis.inputs.empty());
}

TEST_F(CalibrateCommand, KeepingTheRuleOnlyRecordsHowReliableItIs) {
  const plan::BundleInfo before = plan::ReadBundleInfo(Path("networks.safetensors"));
  const Outcome outcome = Calibrate("networks", {"--keep-rule"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("of 36 patients:\nalpha:  0.40 → 0.33 (36)\nbeta:  0.30 → 0.33 (36)\n"));
  EXPECT_EQ(plan::HashOf(Calibrated().plan), plan::HashOf(before.plan));
  const base::Json reliability = Calibrated().training["calibration"]["reliability"];
  EXPECT_EQ(reliability["patients"], 36);
  EXPECT_TRUE(reliability["held_out"]);
  EXPECT_EQ(reliability["classes"]["gamma"].size(), 1U);
  EXPECT_EQ(reliability["measured_sha256"], before.file_hash);
  EXPECT_EQ(reliability["dataset"], dataset::OpenDataset(cohort_.folder()).name);
  EXPECT_EQ(Decide("calibrated").exit_code, 0) << "what the bundle found before it was measured still serves";
  const Outcome both = Calibrate("networks", {"--keep-rule", "--coverage", "0.9"});
  EXPECT_EQ(both.exit_code, 2);
  EXPECT_THAT(both.err, HasSubstr("--keep-rule"));
}

TEST_F(CalibrateCommand, SaysWhatIsWrongWithAChoiceBeforeAnythingIsMeasured) {
  const Outcome share = Calibrate("networks", {"--operating-class", "gamma", "--specificity", "2"});
  EXPECT_EQ(share.exit_code, 1);
  EXPECT_THAT(share.err, HasSubstr("diagnosis.choose.operating_specificity"));
  const Outcome input = Calibrate("networks", {"--inputs", "weight"});
  EXPECT_EQ(input.exit_code, 1);
  EXPECT_THAT(input.err, HasSubstr("diagnosis.inputs"));
  const Outcome model = Calibrate("other", {});
  EXPECT_EQ(model.exit_code, 1);
  EXPECT_THAT(model.err, HasSubstr("c10.diagnosis.json was made with another model"));
  EXPECT_FALSE(fs::exists(Path("calibrated.safetensors")));
}

TEST_F(CalibrateCommand, DecidingAppliesTheRuleToWhatWasFoundBefore) {
  ASSERT_EQ(Calibrate("networks", {"--inputs", "age_years"}).exit_code, 0);
  const Outcome outcome = Decide("calibrated");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("36 with a class, 0 left open, 0 without a tumour"));
  const fs::path decided = Path("decided");
  for (const SmallCase& one : Cases()) {
    const dataset::Diagnosis diagnosis = dataset::ReadDiagnosis(decided, one.id);
    EXPECT_EQ(diagnosis.class_name, one.diagnosis);
    EXPECT_EQ(diagnosis.lesions.size(), 1U) << "the false candidate is too faint";
    EXPECT_EQ(diagnosis.bundle_hash, Calibrated().file_hash);
    EXPECT_EQ(image::ReadNiftiLabels(dataset::LesionMapFile(decided, one.id)).voxels, BlockOf(1).voxels);
    EXPECT_EQ(image::ReadNiftiLabels(decided / (one.id + ".nii.gz")).voxels, BlockOf(one.label).voxels);
  }
  const Outcome evaluated =
      RunProgram({"evaluate", "-d", cohort_.folder().string(), "-i", decided.string(), "-o", Path("evaluation.json")});
  EXPECT_EQ(evaluated.exit_code, 0) << evaluated.err;
}

TEST_F(CalibrateCommand, DecidingNeedsAllCandidatesOfTheSameNetworks) {
  EXPECT_THAT(Decide("other").err, HasSubstr("c10.diagnosis.json was made with another model"));
  const Outcome same = RunProgram({"decide", "-m", Path("networks.safetensors"), "-i", cohort_.predictions().string(),
                                   "-o", cohort_.predictions().string()});
  EXPECT_EQ(same.exit_code, 2);
  EXPECT_THAT(same.err, HasSubstr("the candidates would be overwritten"));
  WriteRecord({{"candidates", true}, {"predicted", {"../dataset/labelsTr/c10"}}});
  EXPECT_THAT(Decide("networks").err, HasSubstr("is no name of a case"));
  WriteRecord({{"candidates", false}, {"predicted", {"c10"}}});
  const Outcome chosen = Decide("networks");
  EXPECT_EQ(chosen.exit_code, 1);
  EXPECT_THAT(chosen.err, HasSubstr("run `parotis predict --candidates`"));
}

}  // namespace
}  // namespace parotis
