#include "dataset/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/files.h"
#include "base/random.h"
#include "image/nifti.h"
#include "tests/support/errors.h"
#include "tests/support/small_dataset.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dataset {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

auto Says(const std::string& code, const std::string& case_id, const std::string& part) {
  return AllOf(Field(&Problem::code, code), Field(&Problem::case_id, case_id),
               Field(&Problem::message, HasSubstr(part)));
}

class Verify : public testing::Test {
 protected:
  Verify() { test::WriteSmallDataset(folder_.path(), 4); }  // odd cases: malignant, even ones: warthin

  fs::path Image(int number, int channel) const {
    return folder_.path() / "imagesTr" / fmt::format("case_{:03}_{:04}.nii.gz", number, channel);
  }
  fs::path Label(int number) const { return folder_.path() / "labelsTr" / fmt::format("case_{:03}.nii.gz", number); }
  void EditParticipant(std::size_t row, const std::function<void(Participant&)>& edit) const {
    auto participants = ReadParticipants(folder_.path() / "participants.tsv");
    edit(participants.at(row));
    WriteParticipants(folder_.path() / "participants.tsv", participants);
  }
  std::vector<Problem> Problems(int threads = 2) const { return VerifyDataset(folder_.path(), threads).problems; }

  test::TemporaryFolder folder_;
};

TEST_F(Verify, ASoundDatasetHasNoProblemAndIsCounted) {
  const Verification verification = VerifyDataset(folder_.path(), 1);
  EXPECT_THAT(verification.problems, IsEmpty());
  EXPECT_EQ(verification.training_cases, 4);
  EXPECT_EQ(verification.labelled_cases, 4);
  EXPECT_EQ(verification.patients, 4);
}

TEST_F(Verify, EverythingThatIsWrongIsListedNotOnlyTheFirst) {
  fs::remove(Image(1, 1));
  fs::remove(Label(1));
  base::WriteFile(Image(2, 0), "no image");
  image::WriteNifti(Image(3, 1), image::Volume(test::SmallGrid(), 5.0F));
  image::LabelVolume truth = image::ReadNiftiLabels(Label(4));
  truth.voxels[5] = 9;
  truth.geometry.origin_world[0] += 2;
  image::WriteNifti(Label(4), truth);
  base::WriteFile(folder_.path() / "labelsTr/case_077.nii.gz", "");
  const auto expected = UnorderedElementsAre(
      Says("missing", "case_001", "channel ADC"), Says("missing", "case_001", "no label"),
      Says("unreadable", "case_002", "case_002_0000"), Says("constant", "case_003", "case_003_0001"),
      Says("grid", "case_004", "case_004.nii.gz"), Says("labels", "case_004", "label 9"),
      Says("missing", "", "case_077.nii.gz belongs to no image"));
  EXPECT_THAT(Problems(), expected);
}

TEST_F(Verify, TheListIsTheSameForAnyNumberOfThreads) {
  for (int number = 1; number <= 4; ++number) fs::remove(Label(number));
  const auto one = Problems(1);
  const auto four = Problems(4);
  ASSERT_EQ(one.size(), four.size());
  for (std::size_t p = 0; p < one.size(); ++p) EXPECT_EQ(one[p].message, four[p].message);
}

TEST_F(Verify, TheSameImageUnderTwoNamesIsFoundThoughItsBytesDiffer) {
  image::Volume copy = image::ReadNifti(Image(1, 0));
  fs::remove(Image(4, 0));
  image::WriteNifti(folder_.path() / "copy.nii", copy);
  copy.geometry.origin_world[0] += 0.001;  // another header, the same voxels
  image::WriteNifti(Image(4, 0), copy);
  EXPECT_THAT(Problems(), ElementsAre(Says("duplicate", "case_004", "T2 of case case_001 and T2 of case case_004")));
}

TEST_F(Verify, AChannelThatIsACopyOfAnotherIsFound) {
  fs::copy_file(Image(2, 0), Image(2, 1), fs::copy_options::overwrite_existing);
  EXPECT_THAT(Problems(), ElementsAre(Says("duplicate", "case_002", "T2 of case case_002 and ADC of case case_002")));
}

// A patient's image with unequal neighbours, so that turning it over matters.
image::Volume Uneven(std::uint64_t seed) {
  image::Volume volume(test::SmallGrid());
  base::Random random(seed);
  for (float& voxel : volume.voxels) voxel = static_cast<float>(random.Integer(4000));
  return volume;
}

TEST_F(Verify, AnImageTurnedOverOrWithOtherIntensitiesIsFound) {
  const image::Volume original = Uneven(1);
  image::WriteNifti(Image(1, 0), original);
  image::Volume flipped = original;
  for (std::int64_t k = 0; k < 4; ++k) {
    for (std::int64_t j = 0; j < 5; ++j) {
      for (std::int64_t i = 0; i < 6; ++i) flipped.At(i, j, k) = 3 * original.At(5 - i, j, 3 - k) + 200;
    }
  }
  image::WriteNifti(Image(4, 1), flipped);
  image::Volume inverted = original;
  for (float& voxel : inverted.voxels) voxel = std::round(4000 - 0.5F * voxel);
  image::WriteNifti(Image(3, 0), inverted);
  image::WriteNifti(Image(2, 0), Uneven(2));  // another patient's
  EXPECT_THAT(Problems(), UnorderedElementsAre(Says("copy", "case_003", "T2 of case case_001"),
                                               Says("copy", "case_004", "T2 of case case_001"),
                                               Says("copy", "case_004", "T2 of case case_003")));
}

TEST_F(Verify, ValuesThatAreNoNumbersAndVoxelsThatNoScannerMakesAreNamed) {
  image::Volume broken = image::ReadNifti(Image(1, 0));
  broken.voxels[7] = std::numeric_limits<float>::quiet_NaN();
  image::WriteNifti(Image(1, 0), broken);
  image::Geometry in_metres = test::SmallGrid();
  for (double& spacing : in_metres.spacing_mm) spacing /= 1000;
  image::Volume tiny(in_metres);
  for (std::size_t v = 0; v < tiny.voxels.size(); ++v) tiny.voxels[v] = static_cast<float>(v * v);
  image::WriteNifti(Image(2, 0), tiny);
  EXPECT_THAT(Problems(), testing::IsSupersetOf({Says("not_finite", "case_001", "1 voxels"),
                                                 Says("spacing", "case_002", "no scanner makes")}));
}

TEST_F(Verify, AnEmptyMaskOfAPatientWithATumourIsListed) {
  image::WriteNifti(Label(2), image::LabelVolume(test::SmallGrid()));
  EXPECT_THAT(Problems(), ElementsAre(Says("no_tumour", "case_002", "its mask is empty")));
}

TEST_F(Verify, APatientInTrainingAndInTestIsALeak) {
  base::CreateFolder(folder_.path() / "imagesTs");
  for (int channel : {0, 1}) fs::rename(Image(4, channel), folder_.path() / "imagesTs" / Image(4, channel).filename());
  fs::remove(Label(4));
  EditParticipant(3, [](Participant& p) { p.patient_id = "patient of case_001"; });
  EXPECT_THAT(Problems(),
              UnorderedElementsAre(Says("leak", "case_004", "case case_001"), Says("count", "", "numTraining 4")));
}

TEST_F(Verify, SplitsThatShareAPatientAreListed) {
  EditParticipant(1, [](Participant& p) { p.patient_id = "patient of case_001"; });
  base::WriteFile(
      folder_.path() / "splits_final.json",
      R"([{"train": ["case_001", "case_003"], "val": ["case_002"]}, {"train": ["case_004"], "val": ["case_9"]}])");
  EXPECT_THAT(Problems(), ElementsAre(Says("splits", "", "patient of case_001"), Says("splits", "", "no case case_9")));
}

TEST_F(Verify, ADiagnosisThatTheMaskContradictsIsListed) {
  EditParticipant(0, [](Participant& p) { p.diagnosis = "warthin"; });
  EditParticipant(1, [](Participant& p) { p.diagnosis = "tumour_free"; });
  EditParticipant(2, [](Participant& p) { p.diagnosis = "adenoma"; });
  EXPECT_THAT(Problems(), ElementsAre(Says("participants", "case_001", "shows malignant"),
                                      Says("participants", "case_002", "shows warthin"),
                                      Says("participants", "case_003", "\"adenoma\"")));
}

TEST_F(Verify, ATableThatDoesNotFitTheImagesIsListedAndTheRestStillChecked) {
  EditParticipant(0, [](Participant& p) { p.case_id = "case_100"; });
  fs::remove(Label(3));
  EXPECT_THAT(Problems(), UnorderedElementsAre(Says("layout", "", "no row for the case case_001"),
                                               Says("missing", "case_003", "no label"),
                                               Says("participants", "case_100", "has no image")));
}

TEST_F(Verify, AnUnreadableTableOrLayoutIsAProblemNotAnEnd) {
  base::WriteFile(folder_.path() / "participants.tsv", "nonsense\n");
  EXPECT_THAT(Problems(), ElementsAre(Says("participants", "", "participant_id is missing")));
  base::WriteFile(folder_.path() / "dataset.json", "{}");
  EXPECT_THAT(Problems(), ElementsAre(Says("layout", "", "channel_names is missing")));
  fs::remove(folder_.path() / "dataset.json");
  EXPECT_THAT(test::ErrorOf([&] { Problems(); }), HasSubstr("holds no dataset.json"));
}

TEST(VerifyRealData, NothingIsWrongWithThePublicHippocampusDataset) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const Verification verification = VerifyDataset(test::SharedData() / "hippocampus", 0);
  EXPECT_EQ(verification.labelled_cases, 260);
  EXPECT_THAT(verification.problems, IsEmpty());
}

}  // namespace
}  // namespace parotis::dataset
