#include "dataset/histology.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "dataset/relabel.h"
#include "dataset/verify.h"
#include "image/nifti.h"
#include "tests/support/errors.h"
#include "tests/support/small_dataset.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dataset {
namespace {

namespace fs = std::filesystem;
using test::ErrorOf;
using testing::ElementsAre;
using testing::HasSubstr;

HistologyCodes ExampleCodes() {
  return ReadHistologyCodes(fs::path(PAROTIS_SOURCE_DIR) / "configs" / "histology.json");
}

std::string ClassOf(const std::string& cell) {
  const auto recognised = Recognise(cell, ExampleCodes());
  if (!recognised) return "unknown";
  return recognised->contradictory ? "contradictory" : recognised->class_name;
}

TEST(HistologyCodes, TheShippedFileKnowsTheSalivaryTumoursByTheirCodes) {
  for (const char* cell : {"8940/0", "M8940/0", "m-8940/0", "M-89400", "89400", " 8940/0 pleomorphic adenoma, left ",
                           "SCT:8360001", "8360001", "Pleomorphic  ADENOMA"})
    EXPECT_EQ(ClassOf(cell), "pleomorphic") << cell;
  for (const char* cell : {"8561/0", "Warthin-Tumor", "NCIt:C2854"}) EXPECT_EQ(ClassOf(cell), "warthin") << cell;
  for (const char* cell : {"8430/3", "8200/3", "8550/3", "8500/3", "8941/3", "9591/3", "9680/3", "8070/6"})
    EXPECT_EQ(ClassOf(cell), "malignant") << cell;
  EXPECT_EQ(ClassOf("8147/0"), "");
  EXPECT_EQ(ClassOf("no tumour"), kTumourFree);
}

TEST(HistologyCodes, WhatIsNotInTheFileIsUnknownNotGuessed) {
  for (const char* cell : {"8940", "8940/1", "18940/0", "8940/01", "adenoma", "suspicion of pleomorphic adenoma",
                           "123456", "no malignancy", "8940/0 or 8888/0", ""})
    EXPECT_EQ(ClassOf(cell), "unknown") << cell;
  EXPECT_EQ(ClassOf("8940/0, 8561/0"), "contradictory");
  EXPECT_EQ(ClassOf("8430/3 and 8200/3"), "malignant");
}

TEST(HistologyCodes, ABrokenFileIsRefused) {
  const test::TemporaryFolder folder;
  const auto refusal = [&](const std::string& classes) {
    base::WriteFile(folder.path() / "c.json",
                    R"({"columns": {"patient": ["p"], "diagnosis": ["d"]}, "classes": )" + classes + "}");
    return ErrorOf([&] { ReadHistologyCodes(folder.path() / "c.json"); });
  };
  EXPECT_EQ(refusal(R"({"a": {"codes": ["8940/0"]}})"), "nothing was thrown");
  EXPECT_THAT(refusal(R"({"a": {"codes": ["8940"]}})"), HasSubstr("\"8940\" is neither"));
  EXPECT_THAT(refusal(R"({"a": {"codes": ["8940/0"]}, "b": {"codes": ["8940/0"]}})"), HasSubstr("stands twice"));
  EXPECT_THAT(refusal(R"({"a": {"colour": 1}})"), HasSubstr("colour"));
}

// Four cases, the labels warthin and malignant, no diagnosis yet.
class HistologyTest : public testing::Test {
 protected:
  HistologyTest() {
    test::WriteSmallDataset(folder_.path(), 4);
    dataset_ = OpenDataset(folder_.path());
    for (Participant& each : dataset_.participants) each.diagnosis = "";
    base::WriteFile(folder_.path() / "codes.json", R"({
      "columns": {"patient": ["patient"], "case": ["study"], "diagnosis": ["code", "text"]},
      "classes": {"warthin": {"codes": ["8561/0"], "words": ["Warthin"]}, "malignant": {"codes": ["xxxx/3"]}},
      "without_class": {"codes": ["8147/0"]}})");
    codes_ = ReadHistologyCodes(folder_.path() / "codes.json");
  }
  HistologyResult Apply(const std::string& csv, const PseudonymMap& map = {}) {
    const base::CsvTable table = base::ParseCsv(csv, "t.csv");
    return ApplyHistology(table, codes_, map, dataset_);
  }
  static std::vector<std::string> Codes(const HistologyResult& result) {
    std::vector<std::string> codes;
    for (const base::Finding& finding : result.findings) codes.push_back(finding.code);
    return codes;
  }
  static std::vector<std::string> Diagnoses(const HistologyResult& result) {
    std::vector<std::string> diagnoses;
    for (const Participant& each : result.participants) diagnoses.push_back(each.diagnosis);
    return diagnoses;
  }

  test::TemporaryFolder folder_;
  Dataset dataset_;
  HistologyCodes codes_;
};

TEST_F(HistologyTest, RowsBecomeDiagnosesAndWhatIsLackingIsNamed) {
  const HistologyResult result = Apply(
      "patient;code;text\n"
      "patient of case_001;8561/0;Warthin\n"
      "patient of case_002;;something else\n"
      "patient of case_003;8147/0;\n"
      "patient of case_099;8561/0;\n");
  EXPECT_THAT(Diagnoses(result), ElementsAre("warthin", "", "", ""));
  EXPECT_EQ(result.diagnosed, 1);
  EXPECT_EQ(result.participants[0].columns.at("histology_code"), "8561/0");
  EXPECT_THAT(Codes(result), ElementsAre("histology_code_unknown", "histology_patient_unknown",
                                         "histology_without_class", "histology_missing"));
  EXPECT_THAT(result.findings[0].message, HasSubstr("line 3"));
  EXPECT_THAT(result.findings[3].message, HasSubstr("case_004"));
}

TEST_F(HistologyTest, ContradictionsLeaveTheDiagnosisOpen) {
  dataset_.participants[3].diagnosis = "malignant";
  const HistologyResult result = Apply(
      "patient,code,text\n"
      "patient of case_001,8561/0,\npatient of case_001,8430/3,\n"
      "patient of case_002,8430/3,Warthin\n"
      "patient of case_003,\"8561/0, 8430/3\",\n"
      "patient of case_004,8561/0,\n");
  EXPECT_THAT(Diagnoses(result), ElementsAre("", "", "", "malignant"));
  EXPECT_THAT(Codes(result), testing::Each("histology_contradictory"));
  EXPECT_EQ(result.findings.size(), 4U);
  EXPECT_THAT(result.findings[0].message, HasSubstr("lines 2 and 3"));
}

TEST_F(HistologyTest, OriginalNumbersAreFoundThroughTheMapOfPseudonyms) {
  base::WriteFile(
      folder_.path() / "map.tsv",
      "kind\tpseudonym\toriginal\npatient\tpatient of case_001\tH:4711\npatient\tpatient of case_002\tA:12\n"
      "patient\tpatient of case_003\tB:12\ncase\tcase_004\t1.2.3\n");
  const HistologyResult result = Apply("patient,study,code\n4711,,8561/0\n12,,8561/0\nB:12,,8430/3\n,1.2.3,8430/3\n",
                                       ReadPseudonymMap(folder_.path() / "map.tsv"));
  EXPECT_THAT(Diagnoses(result), ElementsAre("warthin", "", "malignant", "malignant"));
  EXPECT_THAT(Codes(result), ElementsAre("histology_patient_unknown", "histology_missing"));  // 12 is two patients
}

TEST_F(HistologyTest, ATableWithoutTheColumnsOrADatasetWithoutTheClassIsRefused) {
  EXPECT_THAT(ErrorOf([&] { Apply("id,code\n1,8561/0\n"); }), HasSubstr("no column for the patient"));
  EXPECT_THAT(ErrorOf([&] { Apply("patient,x\n1,8561/0\n"); }), HasSubstr("no column for the diagnosis"));
  dataset_.label_names = {"background", "tumour"};
  EXPECT_THAT(ErrorOf([&] { Apply("patient,code\n1,8561/0\n"); }), HasSubstr("\"warthin\" is no label"));
}

TEST(Relabel, TheClassOfThePatientReplacesTheLabelAndOthersKeepTheirNames) {
  const test::TemporaryFolder folder;
  {
    DatasetWriter writer(folder.path(), "Small", {"T2"}, {"background", "gland", "tumour"}, "made by a test");
    for (int number = 1; number <= 3; ++number) {
      Case examination = test::SmallCase(number, {"T2"}, 2);
      examination.truth->At(0, 0, 0) = 1;
      writer.Add(examination, test::ParticipantOf(examination, ""));
    }
    writer.Finish();
  }
  const Dataset before = OpenDataset(folder.path());
  std::vector<Participant> participants = before.participants;
  participants[0].diagnosis = "b";
  participants[1].diagnosis = "a";
  const auto names = LabelsByClass(before, "tumour", {"a", "b"});
  EXPECT_THAT(names, ElementsAre("background", "a", "b", "gland", "tumour"));
  RelabelByDiagnosis(before, "tumour", names, participants);
  const Dataset after = OpenDataset(folder.path());
  EXPECT_EQ(after.label_names, names);
  for (std::size_t c = 0; c < 3; ++c) {
    const image::LabelVolume mask = image::ReadNiftiLabels(after.cases[c].label);
    EXPECT_EQ(mask.At(0, 0, 0), 3);
    EXPECT_EQ(mask.At(2, 1, 3), std::vector<int>({2, 1, 4}).at(c));
  }
  EXPECT_THAT(VerifyDataset(folder.path(), 1).problems, testing::IsEmpty());
  participants[2].diagnosis = "a";
  RelabelByDiagnosis(after, "tumour", LabelsByClass(after, "tumour", {"a", "b"}), participants);
  EXPECT_THAT(OpenDataset(folder.path()).label_names, ElementsAre("background", "a", "b", "gland"));
  EXPECT_THAT(ErrorOf([&] { LabelsByClass(after, "cyst", {"a"}); }), HasSubstr("\"cyst\" is no label"));
}

}  // namespace
}  // namespace parotis::dataset
