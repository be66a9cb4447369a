#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/files.h"
#include "base/json.h"
#include "base/parallel.h"
#include "dataset/dataset.h"
#include "tests/support/errors.h"
#include "tests/support/small_dataset.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dataset {
namespace {

namespace fs = std::filesystem;
using test::ErrorOf;
using test::ParticipantOf;
using test::SmallCase;
using testing::HasSubstr;

const std::vector<std::string> kLabels = {"background", "warthin", "malignant"};

std::map<std::string, std::string> FilesBelow(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[fs::relative(entry.path(), folder).string()] = base::ReadFile(entry.path());
  }
  return files;
}

TEST(DatasetWriter, WhatWasWrittenIsReadBack) {
  const test::TemporaryFolder folder;
  Case examination = SmallCase(7, {"T2", "ADC"}, 2);
  examination.grid.direction = {{{0, -1, 0}, {0, 0, 1}, {-1, 0, 0}}};
  for (image::Volume& channel : examination.channels) channel.geometry = examination.grid;
  examination.truth->geometry = examination.grid;
  DatasetWriter writer(folder.path() / "d", "Parotid", {"T2", "ADC"}, kLabels, "text");
  writer.Add(examination, ParticipantOf(examination, "malignant"));
  writer.Finish();
  const Dataset dataset = OpenDataset(folder.path() / "d");
  EXPECT_EQ(dataset.name, "Parotid");
  EXPECT_EQ(dataset.label_names, kLabels);
  EXPECT_EQ(dataset.PatientOf("case_007"), "patient of case_007");
  const Case back = LoadCase(dataset, "case_007");
  EXPECT_TRUE(image::SameGrid(back.grid, examination.grid));
  EXPECT_EQ(back.channels[1].voxels, examination.channels[1].voxels);
  EXPECT_EQ(back.truth->voxels, examination.truth->voxels);
}

TEST(DatasetWriter, TheOrderOfTheThreadsLeavesNoTrace) {
  const test::TemporaryFolder folder;
  const auto write = [&](const std::string& name, int threads, bool backwards) {
    DatasetWriter writer(folder.path() / name, "Parotid", {"T2", "ADC"}, kLabels, "text");
    base::ParallelFor(12, threads, [&](std::int64_t item) {
      const Case examination = SmallCase(static_cast<int>(backwards ? 11 - item : item), {"T2", "ADC"});
      writer.Add(examination, ParticipantOf(examination, "warthin"));
    });
    writer.Finish();
    return FilesBelow(folder.path() / name);
  };
  const auto forwards = write("forwards", 1, false);
  EXPECT_EQ(forwards.size(), 12U * 3 + 2);
  EXPECT_EQ(write("backwards", 1, true), forwards);
  EXPECT_EQ(write("threads", 4, false), forwards);
}

TEST(DatasetWriter, DatasetJsonAppearsWhenAllIsThereAndIsNnUNets) {
  const test::TemporaryFolder folder;
  DatasetWriter writer(folder.path() / "d", "Parotid", {"T2", "ADC"}, kLabels, "text");
  const Case examination = SmallCase(1, {"T2", "ADC"});
  writer.Add(examination, ParticipantOf(examination, "warthin"));
  EXPECT_FALSE(fs::exists(folder.path() / "d/dataset.json"));
  writer.Finish();
  const base::Json json = base::ReadJson(folder.path() / "d/dataset.json");
  EXPECT_EQ(json["channel_names"].dump(), R"({"0":"T2","1":"ADC"})");
  EXPECT_EQ(json["labels"].dump(), R"({"background":0,"warthin":1,"malignant":2})");
  EXPECT_EQ(json["numTraining"], 1);
  EXPECT_EQ(json["file_ending"], ".nii.gz");
}

TEST(DatasetWriter, AFolderThatHoldsADatasetIsNotWrittenInto) {
  const test::TemporaryFolder folder;
  test::WriteSmallDataset(folder.path(), 1);
  const auto before = FilesBelow(folder.path());
  EXPECT_THAT(ErrorOf([&] { DatasetWriter(folder.path(), "x", {"T2"}, kLabels, ""); }),
              HasSubstr("choose another folder"));
  EXPECT_EQ(FilesBelow(folder.path()), before);
}

TEST(DatasetWriter, ARefusedCaseLeavesNothingBehind) {
  const test::TemporaryFolder folder;
  DatasetWriter writer(folder.path() / "d", "Parotid", {"T2", "ADC"}, kLabels, "");
  const auto says = [&](const Case& examination, const Participant& participant) {
    return ErrorOf([&] { writer.Add(examination, participant); });
  };
  const Case sound = SmallCase(1, {"T2", "ADC"});
  EXPECT_THAT(says(SmallCase(1, {"T2", "B0"}), ParticipantOf(sound, "")), HasSubstr("channel B0"));
  EXPECT_THAT(says(SmallCase(1, {"T2"}, 3), ParticipantOf(sound, "")), HasSubstr("label 3"));
  EXPECT_THAT(says(sound, ParticipantOf(SmallCase(2, {"T2"}), "")), HasSubstr("case_002"));
  Case escaping = sound;
  escaping.id = "../case";
  EXPECT_THAT(says(escaping, {.patient_id = "p", .case_id = "../case", .diagnosis = "", .columns = {}}),
              HasSubstr("cannot be a case id"));
  EXPECT_TRUE(FilesBelow(folder.path()).empty());
  writer.Add(sound, ParticipantOf(sound, "warthin"));
  EXPECT_THAT(says(sound, ParticipantOf(sound, "warthin")), HasSubstr("already has a case case_001"));
  EXPECT_EQ(FilesBelow(folder.path()).size(), 3U) << "the first case_001 stays";
}

TEST(DatasetWriter, ACaseThatCannotBeWrittenWholeIsNotWrittenAtAll) {
  const test::TemporaryFolder folder;
  DatasetWriter writer(folder.path() / "d", "Parotid", {"T2", "ADC"}, kLabels, "");
  const Case examination = SmallCase(1, {"T2", "ADC"});
  fs::remove(folder.path() / "d/labelsTr");
  base::WriteFile(folder.path() / "d/labelsTr", "in the way of the folder");
  EXPECT_THROW(writer.Add(examination, ParticipantOf(examination, "warthin")), base::Error);
  EXPECT_TRUE(fs::is_empty(folder.path() / "d/imagesTr")) << "the images went in first";
  fs::remove(folder.path() / "d/labelsTr");
  writer.Add(examination, ParticipantOf(examination, "warthin"));
  writer.Finish();
  EXPECT_EQ(OpenDataset(folder.path() / "d").cases.size(), 1U) << "the case may be given again";
}

TEST(DatasetWriter, ACaseMayLackAChannelAndItsTruth) {
  const test::TemporaryFolder folder;
  DatasetWriter writer(folder.path() / "d", "Parotid", {"T2", "ADC"}, kLabels, "");
  Case examination = SmallCase(1, {"ADC"});
  examination.truth.reset();
  writer.Add(examination, ParticipantOf(examination, ""));
  writer.Finish();
  const Dataset dataset = OpenDataset(folder.path() / "d");
  EXPECT_TRUE(dataset.cases[0].channels[0].empty());
  EXPECT_TRUE(dataset.cases[0].test) << "without truth there is nothing to train on";
  EXPECT_EQ(base::ReadJson(folder.path() / "d/dataset.json")["numTraining"], 0);
  EXPECT_EQ(LoadCase(dataset, "case_001", {"ADC"}).channels[0].voxels, examination.channels[0].voxels);
}

}  // namespace
}  // namespace parotis::dataset
