// `parotis histology` as a user runs it, with the file of codes that is shipped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "dataset/participants.h"
#include "tests/support/program.h"
#include "tests/support/small_dataset.h"

namespace parotis {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class HistologyCommand : public testing::Test {
 protected:
  HistologyCommand() {
    dataset::DatasetWriter writer(Dataset(), "Small", {"T2"}, {"background", "tumour"}, "made by a test");
    for (int number = 1; number <= 4; ++number) {
      const dataset::Case examination = test::SmallCase(number, {"T2"});
      writer.Add(examination, test::ParticipantOf(examination, ""));
    }
    writer.Finish();
  }
  fs::path Dataset() const { return folder_.path() / "dataset"; }
  test::Outcome Run(const std::string& table, const std::vector<std::string>& more = {}) const {
    const fs::path file = folder_.path() / "table.csv";
    base::WriteFile(file, table);
    std::vector<std::string> arguments = {"histology", file.string(),
                                          "-d",        Dataset().string(),
                                          "--codes",   std::string(PAROTIS_SOURCE_DIR) + "/configs/histology.json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return test::RunProgram(arguments);
  }
  std::vector<std::string> Diagnoses() const {
    std::vector<std::string> diagnoses;
    for (const auto& each : dataset::ReadParticipants(Dataset() / "participants.tsv"))
      diagnoses.push_back(each.diagnosis);
    return diagnoses;
  }

 private:
  test::TemporaryFolder folder_;
};

constexpr const char* kWhole =
    "patient;Diagnose\npatient of case_001;8940/0\npatient of case_002;Warthin-Tumor\n"
    "patient of case_003;M8430/3, high grade\npatient of case_004;8070/6\n";

TEST_F(HistologyCommand, AWholeTableBecomesDiagnosesAndMasks) {
  const test::Outcome outcome = Run(kWhole, {"--relabel", "tumour"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("4 of 4 cases have a diagnosis"));
  EXPECT_THAT(Diagnoses(), testing::ElementsAre("pleomorphic", "warthin", "malignant", "malignant"));
  EXPECT_THAT(base::ReadFile(Dataset() / "dataset.json"), HasSubstr("warthin"));
  EXPECT_EQ(test::RunProgram({"verify", "-d", Dataset().string(), "-q"}).exit_code, 0);
}

TEST_F(HistologyCommand, ADryRunWritesNothing) {
  const std::string before = base::ReadFile(Dataset() / "participants.tsv");
  EXPECT_EQ(Run(kWhole, {"--relabel", "tumour", "--dry-run"}).exit_code, 0);
  EXPECT_EQ(base::ReadFile(Dataset() / "participants.tsv"), before);
}

TEST_F(HistologyCommand, WhatIsUnknownOrMissingIsSaidAndLeftOpen) {
  const test::Outcome outcome =
      Run("patient;Diagnose\npatient of case_001;8147/0\npatient of case_002;beautiful\npatient of case_003;8561/0\n",
          {"--relabel", "tumour", "--json"});
  EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
  std::vector<std::string> codes;
  const base::Json said = base::Json::parse(outcome.out);
  for (const auto& finding : said["findings"]) codes.push_back(finding["code"]);
  EXPECT_THAT(codes,
              testing::UnorderedElementsAre("histology_without_class", "histology_code_unknown", "histology_missing"));
  EXPECT_THAT(Diagnoses(), testing::ElementsAre("", "", "warthin", ""));
}

TEST_F(HistologyCommand, ClassesThatAreNoLabelsNeedRelabel) {
  const test::Outcome outcome = Run(kWhole);
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("is no label"));
}

}  // namespace
}  // namespace parotis
