// Does the measured quality tell unusable diffusion images from good ones? The limits were chosen on patients of other
// seeds (docs/adc.md); here stand other patients, other strengths and other kinds of failure.
#include "intake/diffusion_quality.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "base/parallel.h"
#include "dicom/index.h"
#include "intake/block_shift.h"
#include "intake/diffusion_channels.h"
#include "physics/scan.h"
#include "tests/support/spoil_diffusion.h"
#include "tests/support/temporary_folder.h"

namespace parotis::intake {
namespace {

using image::Volume;
using test::DiffusionPair;

struct Failure {
  const char* kind;
  double strength;
};

// More patients, or others, for the figures of the manual: PAROTIS_QUALITY_PATIENTS, PAROTIS_QUALITY_SEED.
std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::stoull(text);
}
const std::uint64_t kHeldOutSeed = FromEnvironment("PAROTIS_QUALITY_SEED", 4711);
const int kPatients = static_cast<int>(FromEnvironment("PAROTIS_QUALITY_PATIENTS", 5));

// Kinds that were looked at when the limits were set, at strengths that were not.
constexpr auto kOtherStrengths = std::to_array<Failure>({{"noise", 5},
                                                         {"noise", 9},
                                                         {"dropout", 0.2},
                                                         {"dropout", 0.4},
                                                         {"ghost", 0.2},
                                                         {"ghost", 0.35},
                                                         {"distortion", 12},
                                                         {"distortion", 18},
                                                         {"motion", 10},
                                                         {"motion", 16},
                                                         {"no decay", 1}});
// Kinds that were not.
constexpr auto kOtherKinds = std::to_array<Failure>(
    {{"stretch", 0.12}, {"stretch", 0.2}, {"spike", 0.2}, {"spike", 0.5}, {"lost slices", 0.15}, {"no signal", 1}});

struct Patient {
  DiffusionPair good;
  Volume t2;
};

Patient PatientOf(std::uint64_t seed, std::int64_t index) {
  phantom::Priors priors = phantom::DefaultPriors();
  priors.acquisition.unusable_diffusion = 0;
  const char* diagnosis = index % 2 == 0 ? "warthin" : "pleomorphic";
  physics::Examination made = physics::Scan(phantom::DrawPatient(priors, seed, index, diagnosis), priors, {});
  return {{made.TraceAt(0), made.TraceAt(1000)}, std::move(made.t2)};
}

DiffusionQuality QualityOf(const DiffusionPair& pair, const Volume* reference) {
  const DiffusionFit fit = FitDiffusion({{0, "", true, pair.low}, {1000, "", true, pair.high}});
  return MeasureQuality(pair.low, pair.high, fit, reference);
}

struct Rate {
  int flagged = 0;   // as unusable
  int doubtful = 0;  // only that
  int all = 0;
};

void Count(const std::string& code, Rate& rate) {
  ++rate.all;
  if (code == "diffusion_unusable") ++rate.flagged;
  if (code == "diffusion_doubtful") ++rate.doubtful;
}

const char* Word(const std::string& code) { return code.empty() ? "good" : code.c_str(); }

std::string Said(const DiffusionQuality& q) {
  char text[200];
  std::snprintf(text, sizeof text, "snr %.2f ghost %.3f lost %.2f rising %.3f apart %.1f displaced %.2f",
                q.signal_to_noise, q.ghost, q.lost_slices, q.rising, q.shift_between_b_mm, q.displaced.value_or(-1));
  return text;
}

class DiffusionQualityRates : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    patients_ = new std::vector<Patient>(kPatients);
    base::ParallelFor(kPatients, 0,
                      [](std::int64_t k) { (*patients_)[static_cast<std::size_t>(k)] = PatientOf(kHeldOutSeed, k); });
  }
  static void TearDownTestSuite() {
    delete patients_;
    patients_ = nullptr;
  }

  template <std::size_t N>
  static Rate RateOf(const std::array<Failure, N>& failures) {
    Rate total;
    for (std::size_t n = 0; n < N; ++n) {
      const Failure& failure = failures[n];
      Rate rate;
      for (int p = 0; p < kPatients; ++p) {
        const Patient& patient = (*patients_)[static_cast<std::size_t>(p)];
        const base::Random random(kHeldOutSeed, {static_cast<std::uint64_t>(p), n});
        const DiffusionPair spoilt = test::Spoilt(patient.good, failure.kind, failure.strength, random);
        const DiffusionQuality quality = QualityOf(spoilt, &patient.t2);
        const std::string code = JudgeQuality(quality).code;
        Count(code, rate);
        Count(code, total);
        std::printf("  %s: %s\n", Word(code), Said(quality).c_str());
      }
      std::printf("%s %g: %d of %d unusable, %d more doubtful\n", failure.kind, failure.strength, rate.flagged,
                  rate.all, rate.doubtful);
    }
    return total;
  }

  static std::vector<Patient>* patients_;
};

std::vector<Patient>* DiffusionQualityRates::patients_ = nullptr;

TEST_F(DiffusionQualityRates, OfFailuresAtOtherStrengthsAndOfOtherKindsThanTheLimitsWereSetOnNineInTenAreFlagged) {
  const Rate strengths = RateOf(kOtherStrengths);
  const Rate kinds = RateOf(kOtherKinds);
  std::printf("other strengths: %d of %d, other kinds: %d of %d\n", strengths.flagged, strengths.all, kinds.flagged,
              kinds.all);
  EXPECT_GE(strengths.flagged, 0.9 * strengths.all);
  EXPECT_GE(strengths.flagged + kinds.flagged, 0.9 * (strengths.all + kinds.all));
}

TEST_F(DiffusionQualityRates, OfGoodImagesAtMostOneInTwentyIsFlagged) {
  Rate rate;
  for (const Patient& patient : *patients_) {
    const DiffusionQuality quality = QualityOf(patient.good, &patient.t2);
    const std::string code = JudgeQuality(quality).code;
    Count(code, rate);
    std::printf("  %s: %s\n", Word(code), Said(quality).c_str());
  }
  std::printf("good: %d of %d unusable, %d more doubtful\n", rate.flagged, rate.all, rate.doubtful);
  EXPECT_LE(rate.flagged + rate.doubtful, 0.05 * rate.all);
}

TEST(DiffusionQuality, NamesEveryQuantityBeyondItsLimit) {
  DiffusionQuality quality;
  quality.signal_to_noise = 20;
  EXPECT_TRUE(JudgeQuality(quality).empty());
  quality.ghost = 0.10;
  EXPECT_EQ(JudgeQuality(quality).code, "diffusion_doubtful");
  quality.lost_slices = 0.5;
  EXPECT_EQ(JudgeQuality(quality).code, "diffusion_unusable");
  EXPECT_EQ(JudgeQuality(quality).message, "the diffusion images are not usable: signal lost in 50 % of the slices");
  quality.residual = 0.2;
  EXPECT_THAT(JudgeQuality(quality).message, testing::HasSubstr("slices, a decay that the fit misses by 20 %"));
}

// A bright square, moved by three voxels of 2 mm.
TEST(BlockShift, IsTheDistanceByWhichAnImageWasMoved) {
  const image::Geometry grid{{60, 60, 5}, {2, 2, 4}, {0, 0, 0}, {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}};
  base::Random random(3);
  const Volume blobs = test::Made(Volume(grid), [&](auto i, auto j, auto) {
    return 500 + 100 * ((i / 6 + j / 5) % 2) + random.Uniform(0, 5) + (i * j) % 37;
  });
  const Volume moved = test::Moved(blobs, 0, 3);
  for (const double mm : BlockShiftsMm(blobs, moved)) EXPECT_EQ(mm, 6);
  for (const double mm : BlockShiftsMm(blobs, blobs)) EXPECT_EQ(mm, 0);
  EXPECT_FALSE(BlockShiftsMm(blobs, blobs).empty());
  EXPECT_EQ(WholeShiftMm(blobs, moved, image::LabelVolume(grid, 1)), 6);
}

TEST(RealData, GoodDiffusionImagesOfEveryVendorAreNotFlagged) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  int judged = 0;
  for (const char* folder :
       {"study-prostate-dwi", "dwi-vendors/siemens-mosaic", "dwi-vendors/philips", "dwi-vendors/uih",
        "dwi-vendors/canon", "enhanced/canon-dwi", "enhanced/siemens-xa30-dwi"}) {
    const dicom::Index index = dicom::IndexDicom(test::SharedData() / folder);
    const dicom::Study& study = index.studies.at(0);
    const DiffusionImages images = LoadDiffusion(study, AssignRoles(study));
    ASSERT_TRUE(images.quality) << folder;
    std::printf("%s: %s residual %.3f\n", folder, Said(*images.quality).c_str(), images.quality->residual);
    EXPECT_EQ(JudgeQuality(*images.quality).message, "") << folder;
    ++judged;
  }
  EXPECT_EQ(judged, 7);
}

}  // namespace
}  // namespace parotis::intake
