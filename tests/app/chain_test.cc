// The chain from a DICOM folder to a diagnosis, through the program's own commands.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "dataset/diagnosis_files.h"
#include "image/nifti.h"
#include "tests/support/chain.h"

namespace parotis {
namespace {

using test::Outcome;
using test::RunProgram;
using testing::HasSubstr;

base::Json RunForJson(std::vector<std::string> arguments) {
  arguments.emplace_back("--json");
  const Outcome outcome = RunProgram(arguments);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  return base::ParseJson(outcome.out, arguments[0]);
}

TEST(Inspect, ListsEverySeriesOfASimulatedStudyWithRoleAndReason) {
  const base::Json study = RunForJson({"inspect", test::DicomFolder()});
  std::multiset<std::string> roles;
  for (const auto& series : study["series"]) {
    roles.insert(series["role"].get<std::string>());
    EXPECT_FALSE(series["reason"].get<std::string>().empty());
    for (const char* key : {"uid", "number", "description", "b_values_s_mm2", "channels"})
      EXPECT_TRUE(series.contains(key)) << key;
  }
  EXPECT_EQ(roles.count("t2"), 1U);
  EXPECT_EQ(roles.count("t1c"), 1U);
  EXPECT_EQ(roles.count("dwi"), 1U);
  EXPECT_GE(roles.count("other"), 1U);  // the localizer
}

TEST(Inspect, DrawsEverySeriesOnOnePage) {
  const test::TemporaryFolder out;
  const std::string page = (out.path() / "page.html").string();
  const Outcome outcome = RunProgram({"inspect", test::DicomFolder(), "--html", page});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr(page));
  const std::string html = base::ReadFile(page);
  for (const char* part : {"<h2>Series", "Signal against b-value", "checkerboard", "data:image/png;base64"})
    EXPECT_THAT(html, HasSubstr(part));
  EXPECT_THAT(html, testing::Not(HasSubstr("<script")));
}

TEST(Diagnose, WritesSegmentationDiagnosisAndReportOfASimulatedStudy) {
  const test::TemporaryFolder out;
  const Outcome outcome =
      RunProgram({"diagnose", test::DicomFolder(), "-m", test::ModelFile(), "-o", out.path().string()});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const base::Json diagnosis = base::ReadJson(out.path() / "diagnosis.json");
  EXPECT_THAT(diagnosis["verdict"].get<std::string>(), testing::AnyOf("class", "indeterminate", "no_tumour_found"));
  EXPECT_GT(image::ReadNiftiLabels(out.path() / "segmentation.nii.gz").geometry.voxel_count(), 1000);
  const std::string report = base::ReadFile(out.path() / "report.html");
  EXPECT_THAT(report, HasSubstr("esearch use only"));
  EXPECT_THAT(report, testing::Not(HasSubstr("http://")));
  EXPECT_THAT(report, testing::Not(HasSubstr("<script")));
  for (const char* channel : {"T2", "T1C", "B0", "B1000", "ADC"}) {
    EXPECT_THAT(report, HasSubstr(std::string("<figcaption>") + channel)) << "every channel is shown, read or not";
  }
}

TEST(Diagnose, RefusesAStudyOfAnotherBodyPartAndForceIsSaidInEveryOutput) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const test::TemporaryFolder out;
  const std::string study = (test::SharedData() / "study-prostate-dwi").string();
  const Outcome refused =
      RunProgram({"diagnose", study, "-m", test::ModelFile(), "-o", (out.path() / "refused").string()});
  EXPECT_EQ(refused.exit_code, 3) << refused.err;
  EXPECT_FALSE(std::filesystem::exists(out.path() / "refused" / "segmentation.nii.gz"));
  const base::Json refusal = base::ReadJson(out.path() / "refused" / "diagnosis.json");
  EXPECT_EQ(refusal["verdict"], "refused");
  EXPECT_EQ(refusal["flags"][0]["code"], "body_part_elsewhere");
  const Outcome forced =
      RunProgram({"diagnose", study, "-m", test::ModelFile(), "-o", (out.path() / "forced").string(), "--force"});
  EXPECT_EQ(forced.exit_code, 0) << forced.err;
  EXPECT_THAT(forced.err + forced.out, HasSubstr("orced"));
  EXPECT_THAT(base::ReadFile(out.path() / "forced" / "diagnosis.json"), HasSubstr("\"forced\""));
  EXPECT_THAT(base::ReadFile(out.path() / "forced" / "report.html"), HasSubstr("orced"));
}

TEST(Diagnose, TheSegmentationHasTheReferenceSeriesOwnGeometry) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const test::TemporaryFolder out;
  const std::string study = (test::SharedData() / "study-prostate-dwi").string();
  const Outcome forced = RunProgram({"diagnose", study, "-m", test::ModelFile(), "-o", out.path().string(), "--force"});
  ASSERT_EQ(forced.exit_code, 0) << forced.err;
  const base::Json reference = base::ReadJson(out.path() / "diagnosis.json")["provenance"]["reference"];
  const std::string series = (out.path() / "reference.nii.gz").string();
  const Outcome converted =
      RunProgram({"convert", study, "--series", reference["series_uid"].get<std::string>(), "-o", series});
  ASSERT_EQ(converted.exit_code, 0) << converted.err;
  EXPECT_TRUE(image::SameGrid(image::ReadNiftiLabels(out.path() / "segmentation.nii.gz").geometry,
                              image::ReadNifti(series).geometry));
}

TEST(Chain, PredictsAndEvaluatesACohort) {
  const test::TemporaryFolder out;
  const std::string predictions = (out.path() / "predictions").string();
  ASSERT_EQ(RunProgram({"predict", "-m", test::ModelFile(), "-d", test::CohortFolder(), "-o", predictions}).exit_code,
            0);
  const std::string evaluation = (out.path() / "evaluation.json").string();
  const Outcome outcome = RunProgram({"evaluate", "-d", test::CohortFolder(), "-i", predictions, "-o", evaluation});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(base::ReadJson(evaluation)["metric_per_case"].size(), 6U);
}

TEST(Chain, DecidingOnCandidatesWritesWhatPredictingWould) {
  const test::TemporaryFolder out;
  const auto path = [&](const std::string& name) { return (out.path() / name).string(); };
  const std::vector<std::string> predict = {"predict", "-m", test::ModelFile(), "-d", test::CohortFolder(), "-o"};
  const auto run = [&](std::vector<std::string> arguments, const std::vector<std::string>& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = RunProgram(arguments);
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  };
  run(predict, {path("predicted")});
  run(predict, {path("candidates"), "--candidates"});
  run({"decide", "-m", test::ModelFile(), "-i", path("candidates"), "-o", path("decided")}, {});
  const base::Json record = base::ReadJson(path("predicted/predict.json"));
  EXPECT_EQ(base::ReadJson(path("decided/predict.json")), record);
  ASSERT_EQ(record["predicted"].size(), 6U);
  for (const std::string id : record["predicted"]) {
    EXPECT_EQ(base::ReadFile(path("decided/" + id + ".nii.gz")), base::ReadFile(path("predicted/" + id + ".nii.gz")));
    const image::LabelVolume lesions = image::ReadNiftiLabels(dataset::LesionMapFile(path("decided"), id));
    const image::LabelVolume at_once = image::ReadNiftiLabels(dataset::LesionMapFile(path("predicted"), id));
    EXPECT_TRUE(image::SameGrid(lesions.geometry, at_once.geometry));
    EXPECT_EQ(lesions.voxels, at_once.voxels);
    base::Json said = base::ReadJson(dataset::DiagnosisFile(path("decided"), id));
    const base::Json said_at_once = base::ReadJson(dataset::DiagnosisFile(path("predicted"), id));
    if (said["verdict"] == "no_tumour_found") said["reason"] = said_at_once["reason"];
    EXPECT_EQ(said, said_at_once);
  }
}

TEST(Calibrate, RefusesPatientsTheModelWasTrainedOn) {
  const test::TemporaryFolder out;
  const std::string predictions = (out.path() / "predictions").string();
  const std::string calibrated = (out.path() / "calibrated.safetensors").string();
  ASSERT_EQ(RunProgram({"predict", "-m", test::ModelFile(), "-d", test::CohortFolder(), "-o", predictions}).exit_code,
            0);
  const Outcome trained_on = RunProgram(
      {"calibrate", "-m", test::ModelFile(), "-d", test::CohortFolder(), "-i", predictions, "-o", calibrated});
  EXPECT_EQ(trained_on.exit_code, 1);
  EXPECT_THAT(trained_on.err, HasSubstr("the model was trained on patient"));
  EXPECT_FALSE(std::filesystem::exists(calibrated));
}

TEST(Import, OfASimulatedStudyGivesADatasetThatVerifies) {
  const test::TemporaryFolder out;
  const std::string dataset = (out.path() / "imported").string();
  const Outcome outcome = RunProgram({"import", test::DicomFolder(), "-o", dataset});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(RunProgram({"verify", "-d", dataset}).exit_code, 0);
}

}  // namespace
}  // namespace parotis
