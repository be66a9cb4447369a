#include "prepare/cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "image/nifti.h"
#include "tests/prepare/examples.h"
#include "tests/support/temporary_folder.h"

namespace parotis::prepare {
namespace {

constexpr image::Matrix3 kIdentity = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};

// Three cases of two channels: a with a tumour, b without, c with one that participants.tsv calls "nodule".
class Cache : public testing::Test {
 protected:
  Cache() {
    base::SetLogLevel(base::LogLevel::kSilent);
    dataset::DatasetWriter writer(data(), "test", {"T2", "ADC"}, {"background", "tumour", "nodule"}, "for a test");
    for (const std::string id : {"a", "b", "c"}) {
      dataset::Case examination = test::ExampleCase(test::CentredGrid(kIdentity, {90, 70, 48}, {1, 1, 4}));
      examination.id = id;
      examination.channel_names = {"T2", "ADC"};
      examination.channels.push_back(image::Volume(examination.grid, 1800));
      if (id == "b") std::fill(examination.truth->voxels.begin(), examination.truth->voxels.end(), std::uint8_t{0});
      writer.Add(examination, {"patient-" + id, id, id == "c" ? "nodule" : "", {}});
    }
    writer.Finish();
    plan_ = test::ExamplePlan(
        {{.name = "T2"},
         {.name = "ADC", .normalisation = plan::Normalisation::kPhysical, .offset = 1200, .scale = 600}});
    plan_.labels = {"background", "tumour", "nodule"};
  }
  ~Cache() override { base::SetLogLevel(base::LogLevel::kInfo); }

  std::filesystem::path data() const { return folder_.path() / "data"; }
  std::vector<CachedCase> Run(int threads = 2) {
    const dataset::Dataset dataset = dataset::OpenDataset(data());
    return PrepareDataset(dataset, {"a", "b", "c"}, plan_, DefaultCacheFolder(dataset), threads);
  }

  test::TemporaryFolder folder_;
  plan::Plan plan_;
};

TEST_F(Cache, HoldsWhatPrepareReturnsInHalfPrecision) {
  const std::vector<CachedCase> cases = Run();
  const PreparedCase prepared = Prepare(dataset::LoadCase(dataset::OpenDataset(data()), "a"), plan_, {"T2", "ADC"});
  EXPECT_THAT(cases[0].image.shape, testing::ElementsAre(prepared.slices(), 2, prepared.rows(), prepared.columns()));
  EXPECT_THAT(cases[0].label.shape, testing::ElementsAre(prepared.slices(), prepared.rows(), prepared.columns()));
  EXPECT_THAT(cases[0].channel_names, testing::ElementsAre("T2", "ADC"));
  EXPECT_TRUE(image::SameGrid(cases[0].network_grid, prepared.network_grid, 1e-9));
  const auto halves = cases[0].image.As<std::uint16_t>();
  ASSERT_EQ(halves.size(), prepared.image.size());
  for (std::size_t v = 0; v < halves.size(); ++v) ASSERT_NEAR(base::FloatFromHalf(halves[v]), prepared.image[v], 0.003);
  EXPECT_THAT(cases[0].label.As<std::uint8_t>(), testing::ElementsAreArray(prepared.labels));
}

TEST_F(Cache, KnowsEachPatientAndDiagnosis) {
  const std::vector<CachedCase> cases = Run();
  EXPECT_EQ(cases[0].diagnosis, "tumour");
  EXPECT_EQ(cases[1].diagnosis, dataset::kTumourFree);
  EXPECT_EQ(cases[2].diagnosis, "nodule");
  EXPECT_EQ(cases[2].patient_id, "patient-c");
}

std::vector<bool> Reused(const std::vector<CachedCase>& cases) {
  std::vector<bool> reused;
  for (const CachedCase& cached : cases) reused.push_back(cached.reused);
  return reused;
}

TEST_F(Cache, ReusesEverythingUntilAFileOrThePlanChanges) {
  EXPECT_THAT(Reused(Run()), testing::ElementsAre(false, false, false));
  EXPECT_THAT(Reused(Run()), testing::ElementsAre(true, true, true));
  image::Volume changed = image::ReadNifti(data() / "imagesTr" / "b_0001.nii.gz");
  changed.voxels[0] += 1;
  image::WriteNifti(data() / "imagesTr" / "b_0001.nii.gz", changed);
  EXPECT_THAT(Reused(Run()), testing::ElementsAre(true, false, true));
  plan_.preparation.crop_margin_mm += 1;
  EXPECT_THAT(Reused(Run()), testing::ElementsAre(false, false, false));
  plan_.optimiser.learning_rate *= 2;  // nothing that preparing depends on
  EXPECT_THAT(Reused(Run()), testing::ElementsAre(true, true, true));
}

TEST_F(Cache, DamagedFilesAreMadeAnew) {
  const std::vector<CachedCase> first = Run();
  const std::string whole = base::ReadFile(first[0].file);
  std::string flipped = whole;
  flipped[flipped.size() / 2] ^= 4;
  for (const std::string& damaged :
       {whole.substr(0, whole.size() / 2), std::string(), flipped, std::string("{}garbage")}) {
    base::WriteFile(first[0].file, damaged);
    EXPECT_THAT(Reused(Run()), testing::ElementsAre(false, true, true));
    EXPECT_EQ(base::ReadFile(first[0].file), whole);
  }
}

TEST_F(Cache, TheNumberOfThreadsDoesNotMatter) {
  const std::string one = base::ReadFile(Run(1)[0].file);
  std::filesystem::remove_all(data() / ".parotis-cache");
  EXPECT_EQ(base::ReadFile(Run(3)[0].file), one);
}

TEST_F(Cache, TwoAtOnceMayPrepareTheSameCases) {
  std::vector<CachedCase> one;
  std::vector<CachedCase> other;
  {
    const std::jthread thread([&] { one = Run(2); });
    other = Run(2);
  }
  EXPECT_TRUE(std::equal(one[1].image.bytes.begin(), one[1].image.bytes.end(), other[1].image.bytes.begin()));
  EXPECT_THAT(Reused(Run()), testing::ElementsAre(true, true, true));
}

TEST_F(Cache, ACaseWithoutTruthHasNoLabelRatherThanAnEmptyOne) {
  std::filesystem::remove(data() / "labelsTr" / "b.nii.gz");
  const std::vector<CachedCase> cases = Run();
  EXPECT_TRUE(cases[1].label.bytes.empty());
  EXPECT_EQ(cases[1].diagnosis, "");
  EXPECT_FALSE(cases[0].label.bytes.empty());
}

TEST_F(Cache, AnErrorNamesTheCaseTheStageAndTheFile) {
  base::WriteFile(data() / "imagesTr" / "b_0000.nii.gz", std::string_view("no image"));
  try {
    Run();
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("b_0000.nii.gz"), testing::HasSubstr("case b"),
                                             testing::HasSubstr("reading")));
  }
}

TEST_F(Cache, APlanWithOtherLabelsIsRefused) {
  plan_.labels = {"background", "nodule", "tumour"};
  EXPECT_THROW(Run(), base::Error);
}

}  // namespace
}  // namespace parotis::prepare
