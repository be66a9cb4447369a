#include "dataset/splits.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "base/files.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dataset {
namespace {

using test::ErrorOf;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

void AddCase(Dataset& dataset, const std::string& id, const std::string& patient, const std::string& diagnosis) {
  dataset.cases.push_back({.id = id, .channels = {id + "_0000.nii.gz"}, .label = id + ".nii.gz"});
  dataset.participants.push_back({.patient_id = patient, .case_id = id, .diagnosis = diagnosis, .columns = {}});
}

// Patients p0, p1, …; each with one to three cases and one diagnosis.
Dataset RandomCohort() {
  Dataset dataset;
  const auto patients = *rc::gen::container<std::vector<std::pair<int, int>>>(
      *rc::gen::inRange<std::size_t>(8, 60), rc::gen::pair(rc::gen::inRange(1, 4), rc::gen::inRange(0, 4)));
  const char* diagnoses[] = {"warthin", "pleomorphic", "malignant", "tumour_free"};
  for (std::size_t p = 0; p < patients.size(); ++p) {
    for (int visit = 0; visit < patients[p].first; ++visit) {
      AddCase(dataset, fmt::format("c{}_{}", visit, p), fmt::format("p{}", p), diagnoses[patients[p].second]);
    }
  }
  return dataset;
}

std::set<std::string> PatientsOf(const std::vector<std::string>& cases, const Dataset& dataset) {
  std::set<std::string> patients;
  for (const std::string& id : cases) patients.insert(dataset.PatientOf(id));
  return patients;
}

RC_GTEST_PROP(Splits, NeverSeparateTheCasesOfOnePatient, ()) {
  const Dataset dataset = RandomCohort();
  const auto splits = MakeSplits(dataset, *rc::gen::inRange(2, 8), *rc::gen::arbitrary<std::uint64_t>());
  RC_ASSERT(FindSplitProblems(splits, dataset).empty());
  std::map<std::string, int> times_held_out;
  for (const Split& split : splits) {
    RC_ASSERT(split.train.size() + split.val.size() == dataset.cases.size());
    for (const std::string& id : split.val) ++times_held_out[id];
    const auto trained = PatientsOf(split.train, dataset);
    for (const std::string& patient : PatientsOf(split.val, dataset)) RC_ASSERT(!trained.contains(patient));
  }
  RC_ASSERT(times_held_out.size() == dataset.cases.size());
  for (const auto& [id, times] : times_held_out) RC_ASSERT(times == 1);
}

RC_GTEST_PROP(Splits, AreBalancedToOnePatientPerDiagnosisAndInAll, ()) {
  const Dataset dataset = RandomCohort();
  const auto splits = MakeSplits(dataset, *rc::gen::inRange(2, 8), *rc::gen::arbitrary<std::uint64_t>());
  for (const std::string diagnosis : {"warthin", "pleomorphic", "malignant", "tumour_free", ""}) {
    std::vector<std::size_t> counts;
    for (const Split& split : splits) {
      std::set<std::string> patients;
      for (const Participant& participant : dataset.participants) {
        const bool held_out = std::count(split.val.begin(), split.val.end(), participant.case_id) > 0;
        if (held_out && (diagnosis.empty() || participant.diagnosis == diagnosis))
          patients.insert(participant.patient_id);
      }
      counts.push_back(patients.size());
    }
    RC_ASSERT(*std::max_element(counts.begin(), counts.end()) - *std::min_element(counts.begin(), counts.end()) <= 1U);
  }
}

RC_GTEST_PROP(Splits, DependOnTheSeedAndNotOnTheOrderOfCases, ()) {
  const Dataset dataset = RandomCohort();
  Dataset shuffled = dataset;
  std::reverse(shuffled.cases.begin(), shuffled.cases.end());
  std::rotate(shuffled.participants.begin(), shuffled.participants.begin() + 3, shuffled.participants.end());
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const auto splits = MakeSplits(dataset, 3, seed);
  const auto again = MakeSplits(shuffled, 3, seed);
  for (std::size_t fold = 0; fold < 3; ++fold)
    RC_ASSERT(splits[fold].val == again[fold].val && splits[fold].train == again[fold].train);
}

TEST(Splits, TheSameSeedGivesTheseFoldsOnEveryMachine) {
  Dataset dataset;
  for (int p = 0; p < 9; ++p)
    AddCase(dataset, fmt::format("c{}", p), fmt::format("p{}", p), p % 3 == 0 ? "malignant" : "warthin");
  const auto splits = MakeSplits(dataset, 3, 1);
  EXPECT_THAT(splits[0].val, ElementsAre("c3", "c5", "c7"));
  EXPECT_THAT(splits[1].val, ElementsAre("c2", "c4", "c6"));
  EXPECT_THAT(splits[2].val, ElementsAre("c0", "c1", "c8"));
  EXPECT_NE(MakeSplits(dataset, 3, 2)[0].val, splits[0].val);
}

TEST(Splits, LeaveOutWhatCannotBeTrainedOn) {
  Dataset dataset;
  for (int p = 0; p < 6; ++p) AddCase(dataset, fmt::format("c{}", p), fmt::format("p{}", p), "warthin");
  dataset.cases[1].label.clear();
  dataset.cases[4].test = true;
  for (const Split& split : MakeSplits(dataset, 2, 1)) {
    for (const auto& side : {split.train, split.val})
      EXPECT_THAT(side, testing::Not(testing::Contains(testing::AnyOf("c1", "c4"))));
    EXPECT_EQ(split.train.size() + split.val.size(), 4U);
  }
}

TEST(Splits, NeedAtLeastOnePatientPerFold) {
  Dataset dataset;
  for (int visit = 0; visit < 5; ++visit) AddCase(dataset, fmt::format("c{}", visit), "the same patient", "warthin");
  EXPECT_THAT(ErrorOf([&] { MakeSplits(dataset, 2, 1); }),
              HasSubstr("1 patients with a label, fewer than the 2 folds"));
  EXPECT_THAT(ErrorOf([&] { MakeSplits(dataset, 1, 1); }), HasSubstr("at least 2"));
}

TEST(Splits, EveryLeakAndEveryStrangerIsRefusedOnReading) {
  Dataset dataset;
  for (const char* id : {"a1", "a2", "b1", "c1", "d1", "e1"})
    AddCase(dataset, id, std::string("patient ") + id[0], "warthin");
  dataset.cases[4].test = true;
  dataset.cases[5].label.clear();
  const test::TemporaryFolder folder;
  const auto says = [&](const std::string& json) {
    base::WriteFile(folder.path() / "splits_final.json", json);
    return ErrorOf([&] { ReadSplits(folder.path() / "splits_final.json", dataset); });
  };
  const std::pair<const char*, const char*> cases[] = {
      {R"([{"train": ["a1", "b1"], "val": ["a2"]}])",
       "the patient patient a is in train (case a1) and in val (case a2)"},
      {R"([{"train": ["a1"], "val": ["b1"]}, {"train": ["b1"], "val": ["b1"]}])",
       "fold 1: the case b1 is in train and in val"},
      {R"([{"train": ["a1", "x"], "val": ["b1"]}])", "no case x"},
      {R"([{"train": ["a1", "a1"], "val": ["b1"]}])", "a1 stands twice"},
      {R"([{"train": ["a1"], "val": ["b1", "c1", "b1"]}])", "b1 stands twice"},
      {R"([{"train": ["a1", "d1"], "val": ["b1"]}])", "d1 is a test case"},
      {R"([{"train": ["a1"], "val": ["e1"]}])", "e1 has no label"},
      {R"([{"train": [], "val": ["b1"]}])", "trains on no case"},
      {R"([{"train": ["a1"], "val": ["b1"], "test": []}])", "test is not a known key"},
      {R"([{"train": ["a1"]}])", "val is missing"},
      {R"([])", "must be a list"},
      {R"({"train": [], "val": []})", "must be a list"},
  };
  for (const auto& [json, message] : cases)
    EXPECT_THAT(says(json), AllOf(HasSubstr("splits_final.json"), HasSubstr(message))) << json;
  EXPECT_EQ(says(R"([{"train": ["a1", "a2"], "val": ["b1", "c1"]}])"), "nothing was thrown");
}

TEST(Splits, WhatWasWrittenIsReadBack) {
  Dataset dataset;
  for (int p = 0; p < 7; ++p) AddCase(dataset, fmt::format("c{}", p), fmt::format("p{}", p % 5), "warthin");
  const auto splits = MakeSplits(dataset, 3, 5);
  const test::TemporaryFolder folder;
  WriteSplits(folder.path() / "splits_final.json", splits);
  const auto back = ReadSplits(folder.path() / "splits_final.json", dataset);
  ASSERT_EQ(back.size(), splits.size());
  for (std::size_t fold = 0; fold < splits.size(); ++fold) {
    EXPECT_EQ(back[fold].train, splits[fold].train);
    EXPECT_EQ(back[fold].val, splits[fold].val);
  }
}

TEST(Splits, ThoseOfThePublicHippocampusDatasetAreRead) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const Dataset dataset = OpenDataset(test::SharedData() / "hippocampus");
  EXPECT_EQ(dataset.cases.size(), 260U);
  const auto splits = ReadSplits(test::SharedData() / "hippocampus/splits_final.json", dataset);
  ASSERT_EQ(splits.size(), 5U);
  for (const Split& split : splits) EXPECT_EQ(split.train.size() + split.val.size(), 260U);
}

// Cases c0 … with these sites, each of its own patient.
Dataset CohortOfSites(const std::vector<std::string>& sites) {
  Dataset dataset;
  for (std::size_t c = 0; c < sites.size(); ++c) {
    AddCase(dataset, fmt::format("c{}", c), fmt::format("p{}", c), "warthin");
    dataset.participants.back().columns["site"] = sites[c];
  }
  return dataset;
}

TEST(SplitsByColumn, HoldOutOneValueAfterTheOther) {
  const Dataset dataset = CohortOfSites({"south", "north", "south", "west"});
  const auto splits = MakeSplitsByColumn(dataset, "site");
  ASSERT_EQ(splits.size(), 3U);
  EXPECT_THAT(splits[0].val, ElementsAre("c1"));
  EXPECT_THAT(splits[1].val, ElementsAre("c0", "c2"));
  EXPECT_THAT(splits[1].train, ElementsAre("c1", "c3"));
  EXPECT_TRUE(FindSplitProblems(splits, dataset).empty());
}

TEST(SplitsByColumn, APatientAtTwoSitesAndACaseWithoutOneAreRefused) {
  Dataset moved = CohortOfSites({"south", "north", "south"});
  moved.participants[1].patient_id = "p0";
  EXPECT_THAT(ErrorOf([&] { MakeSplitsByColumn(moved, "site"); }), HasSubstr("patient p0"));
  EXPECT_THAT(ErrorOf([&] { MakeSplitsByColumn(CohortOfSites({"south", ""}), "site"); }), HasSubstr("case c1"));
  EXPECT_THAT(ErrorOf([&] { MakeSplitsByColumn(CohortOfSites({"south", "north"}), "vendor"); }), HasSubstr("vendor"));
  EXPECT_THAT(ErrorOf([&] { MakeSplitsByColumn(CohortOfSites({"south", "south"}), "site"); }),
              HasSubstr("at least two"));
}

}  // namespace
}  // namespace parotis::dataset
