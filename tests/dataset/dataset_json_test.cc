#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "dataset/dataset.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dataset {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Dataset Open(const std::string& json) {
  const test::TemporaryFolder folder;
  base::CreateFolder(folder.path() / "imagesTr");
  base::WriteFile(folder.path() / "dataset.json", json);
  return OpenDataset(folder.path());
}

TEST(DatasetJson, NamesAreInOrderOfTheirNumbersNotOfTheFile) {
  const Dataset dataset =
      Open(R"({"channel_names": {"1": "T1C", "0": "T2"}, "labels": {"malignant": 2, "background": 0, "warthin": 1}})");
  EXPECT_THAT(dataset.channel_names, ElementsAre("T2", "T1C"));
  EXPECT_THAT(dataset.label_names, ElementsAre("background", "warthin", "malignant"));
}

TEST(DatasetJson, MoreThanTenChannelsAreOrderedByNumberNotByLetter) {
  std::string channels;
  for (int c = 0; c < 12; ++c)
    channels += (c > 0 ? ", " : "") + std::string("\"") + std::to_string(c) + "\": \"c" + std::to_string(c) + "\"";
  const Dataset dataset = Open("{\"channel_names\": {" + channels + R"(}, "labels": {"background": 0, "a": 1}})");
  ASSERT_EQ(dataset.channel_names.size(), 12U);
  EXPECT_EQ(dataset.channel_names[2], "c2");
  EXPECT_EQ(dataset.channel_names[10], "c10");
}

TEST(DatasetJson, TheDecathlonsOwnSpellingIsUnderstood) {
  const Dataset dataset = Open(R"({"name": "Hippocampus", "modality": {"0": "MRI"}, "numTraining": 0,
                                   "labels": {"0": "background", "1": "Anterior", "2": "Posterior"}})");
  EXPECT_EQ(dataset.name, "Hippocampus");
  EXPECT_EQ(dataset.file_ending, ".nii.gz");
  EXPECT_THAT(dataset.channel_names, ElementsAre("MRI"));
  EXPECT_THAT(dataset.label_names, ElementsAre("background", "Anterior", "Posterior"));
}

TEST(DatasetJson, LabelValuesWrittenAsTextsAreNumbers) {
  const Dataset dataset = Open(R"({"channel_names": {"0": "T2"}, "labels": {"Background": "0", "b": "2", "a": "1"}})");
  EXPECT_THAT(dataset.label_names, ElementsAre("background", "a", "b"));
}

struct Broken {
  const char* json;
  const char* says;
};

TEST(DatasetJson, EveryLayoutThatWouldBeGuessedIsRefusedWithItsReason) {
  const Broken cases[] = {
      {R"([])", "must be an object"},
      {R"({"labels": {"background": 0, "a": 1}})", "channel_names is missing"},
      {R"({"channel_names": {"0": "T2"}})", "labels is missing"},
      {R"({"channel_names": {"0": "T2", "2": "ADC"}, "labels": {"background": 0, "a": 1}})",
       "has no entry 1 but an entry 2"},
      {R"({"channel_names": {"0": "T2", "00": "ADC"}, "labels": {"background": 0, "a": 1}})", "number 0 twice"},
      {R"({"channel_names": {"0": "T2", "1": "T2"}, "labels": {"background": 0, "a": 1}})", "T2 occurs twice"},
      {R"({"channel_names": {"T2": 0}, "labels": {"background": 0, "a": 1}})", "number of a channel"},
      {R"({"channel_names": {"0": "T2"}, "labels": {"background": 0, "whole": [1, 2], "core": 2}})", "region"},
      {R"({"channel_names": {"0": "T2"}, "labels": {"background": 0, "b": 2}})", "without a gap"},
      {R"({"channel_names": {"0": "T2"}, "labels": {"background": 0, "a": 1, "b": 1}})", "number 1 twice"},
      {R"({"channel_names": {"0": "T2"}, "labels": {"air": 0, "a": 1}})", "\"background\" with the value 0"},
      {R"({"channel_names": {"0": "T2"}, "labels": {"background": 0}})", "1 to 255 further ones"},
      {R"({"channel_names": {"0": "T2"}, "labels": {"background": 0, "a": 256}})", "0 to 255"},
      {R"({"channel_names": {"0": "T2"}, "labels": {"background": 0, "a": -1}})", "0 to 255"},
      {R"({"channel_names": {"0": "T2"}, "labels": {"background": 0, "a": 1, "ignore": 2}})", "ignore"},
      {R"({"channel_names": {"0": "T2"}, "labels": {"background": 0, "tumour_free": 1}})", "tumour_free"},
      {R"({"channel_names": {"0": "T2"}, "labels": {"background": 0, "a": 1}, "file_ending": ".png"})", ".png"},
      {R"({"channel_names": {"0": "T2"}, "labels": {"background": 0, "a": 1}, "name": 3})", "name must be a text"},
  };
  for (const Broken& broken : cases) {
    const std::string error = test::ErrorOf([&] { Open(broken.json); });
    EXPECT_THAT(error, HasSubstr(broken.says)) << broken.json;
    EXPECT_THAT(error, HasSubstr("dataset.json")) << broken.json;
  }
}

}  // namespace
}  // namespace parotis::dataset
