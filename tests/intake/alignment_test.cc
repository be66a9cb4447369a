#include "intake/alignment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "intake/load_case.h"
#include "intake/select_study.h"
#include "tests/intake/study_files.h"
#include "tests/support/temporary_folder.h"

namespace parotis::intake {
namespace {

using testing::Contains;

constexpr Grid kHeadGrid = {64, 64, 16, 3, 4, {-96, -96, -30}};

// An ellipsoid with a dozen balls in it, 0 outside, else 1 … 13.
int TissueAt(double x, double y, double z) {
  if (x * x / 4900 + y * y / 7200 + z * z / 3600 > 1) return 0;
  for (int ball = 0; ball < 12; ++ball) {
    const double cx = 45 * std::cos(2.4 * ball), cy = 55 * std::sin(2.4 * ball), cz = 5 * (ball % 7) - 15;
    const double radius = 10 + ball % 4 * 3;
    if ((x - cx) * (x - cx) + (y - cy) * (y - cy) + (z - cz) * (z - cz) < radius * radius) return 2 + ball;
  }
  return 1;
}

// Of a distorted acquisition: the signal of y is found at y · (1 + kStretch).
constexpr double kStretch = 0.06;

struct Shift {
  double x = 0, y = 0, z = 0;
};

// T2 where it should be, T1C and diffusion moved; `scrambled`: T1C shows something else.
dataset::Case LoadHead(const AlignmentOptions& alignment, const Shift& t1c, const Shift& diffusion,
                       bool scrambled = false, const char* phase_encoding = nullptr) {
  const test::TemporaryFolder folder;
  const auto moved = [](const Shift& by, const std::function<double(int)>& signal) {
    return [=](double x, double y, double z) { return signal(TissueAt(x - by.x, y - by.y, z - by.z)); };
  };
  const auto named = [](const char* number, const char* description) {
    return
        [=](test::DicomItem& item) { item.Set(0x0020, 0x0011, "IS", number).Set(0x0008, 0x103e, "LO", description); };
  };
  const auto t2 = [](int tissue) { return tissue == 0 ? 5.0 : 200 + tissue * 37 % 700; };
  WriteVolume(folder.path(), kHeadGrid, "1.2.3.1", 1, moved({}, t2), named("1", "t2_tse_tra"));
  for (const double b : {0.0, 1000.0}) {
    const auto signal = [b](int tissue) {
      return tissue == 0 ? 5.0 : (300 + tissue * 53 % 800) * std::exp(-b * 1e-6 * (600 + 80 * tissue));
    };
    const std::function<double(double, double, double)> still = moved(diffusion, signal);
    const auto distorted = [&](double x, double y, double z) {
      return phase_encoding == nullptr ? still(x, y, z) : still(x, y / (1 + kStretch), z) / (1 + kStretch);
    };
    WriteVolume(folder.path(), kHeadGrid, "1.2.3.2", b > 0 ? 101 : 1, distorted, [&](test::DicomItem& item) {
      if (phase_encoding != nullptr) item.Set(0x0018, 0x1312, "CS", phase_encoding);
      item.SetFd(0x0018, 0x9087, {b}).Set(0x0018, 0x0020, "CS", "EP");
      named("2", "ep2d_diff_tra")(item);
    });
  }
  const auto contrast = [](int tissue) { return tissue == 0 ? 5.0 : 150 + tissue * 91 % 600; };
  const auto noise = [](double x, double y, double z) { return 300 + 200 * std::sin(x * 1.3 + y * y * 0.7 + z * 2.1); };
  WriteVolume(folder.path(), kHeadGrid, "1.2.3.3", 1,
              scrambled ? std::function<double(double, double, double)>(noise) : moved(t1c, contrast),
              [&](test::DicomItem& item) {
                item.Set(0x0018, 0x0080, "DS", "600").Set(0x0018, 0x0081, "DS", "12").Set(0x0018, 0x0010, "LO", "Gd");
                named("3", "t1_tse_tra_fs")(item);
              });
  LoadOptions options;
  options.alignment = alignment;
  const dicom::Index index = dicom::IndexDicom(folder.path());
  return LoadCase(SelectStudy(index, "folder"), {"T2", "T1C", "B0", "B1000", "ADC"}, options);
}

std::vector<std::string> FlagsOf(const dataset::Case& loaded) {
  std::vector<std::string> codes;
  for (const base::Json& flag : loaded.provenance["flags"]) codes.push_back(flag["code"]);
  return codes;
}

double MeanDifference(const image::Volume& a, const image::Volume& b) {
  double sum = 0;
  for (std::size_t v = 0; v < a.voxels.size(); ++v) sum += std::abs(a.voxels[v] - b.voxels[v]);
  return sum / static_cast<double>(a.voxels.size());
}

TEST(CaseAlignment, EverythingOfTheDiffusionAcquisitionMovesTogetherAndT1cByItself) {
  const dataset::Case still = LoadHead({}, {}, {});
  const Shift t1c = {6, -3, 0}, diffusion = {-6, 3, 0};
  const dataset::Case moved = LoadHead({}, t1c, diffusion);
  AlignmentOptions rigid;
  rigid.motion = align::Motion::kRigid;
  const dataset::Case aligned = LoadHead(rigid, t1c, diffusion);
  for (const char* channel : {"T1C", "B0", "B1000", "ADC"}) {
    EXPECT_LT(MeanDifference(*aligned.Find(channel), *still.Find(channel)),
              0.5 * MeanDifference(*moved.Find(channel), *still.Find(channel)))
        << channel;
  }
  EXPECT_EQ(aligned.Find("T2")->voxels, still.Find("T2")->voxels);
  const base::Json& alignment = aligned.provenance["alignment"];
  ASSERT_EQ(alignment.size(), 2U);
  EXPECT_EQ(alignment[0]["acquisition"], "T1C");
  EXPECT_EQ(alignment[1]["acquisition"], "diffusion");
  for (const base::Json& each : alignment) {
    EXPECT_EQ(each["motion"]["outcome"], "applied");
    EXPECT_GT(each["motion"]["after"]["edges"], each["motion"]["before"]["edges"]);
  }
  EXPECT_NEAR(alignment[0]["motion"]["translation_mm"].get<double>(), std::hypot(6, 3), 0.5);
  EXPECT_TRUE(FlagsOf(aligned).empty());
}

TEST(CaseAlignment, WithoutBeingAskedForNothingMovesAndNothingIsSaid) {
  EXPECT_FALSE(LoadHead({}, {4, 0, 0}, {}).provenance.contains("alignment"));
}

TEST(CaseAlignment, WhatCannotBeShownToBeBetterStaysWhereTheHeaderPutsItAndIsFlagged) {
  AlignmentOptions rigid;
  rigid.motion = align::Motion::kRigid;
  const dataset::Case header = LoadHead({}, {}, {}, true);
  const dataset::Case loaded = LoadHead(rigid, {}, {}, true);
  EXPECT_EQ(loaded.Find("T1C")->voxels, header.Find("T1C")->voxels);
  EXPECT_THAT(FlagsOf(loaded), Contains(testing::AnyOf("alignment_rejected", "alignment_beyond_limits")));
}

TEST(CaseAlignment, AMotionThatNoPatientMakesIsFlagged) {
  AlignmentOptions rigid;
  rigid.motion = align::Motion::kRigid;
  rigid.limits.translation_mm = 2;
  EXPECT_THAT(FlagsOf(LoadHead(rigid, {6, 0, 0}, {})), Contains("alignment_beyond_limits"));
}

TEST(CaseAlignment, DistortionAlongThePhaseEncodeAxisIsUndoneInAllDiffusionImages) {
  AlignmentOptions correct;
  correct.correct_distortion = true;
  const dataset::Case still = LoadHead({}, {}, {});
  const dataset::Case before = LoadHead({}, {}, {}, false, "COL");
  const dataset::Case after = LoadHead(correct, {}, {}, false, "COL");
  for (const char* channel : {"B0", "B1000"}) {
    EXPECT_LT(MeanDifference(*after.Find(channel), *still.Find(channel)),
              0.7 * MeanDifference(*before.Find(channel), *still.Find(channel)))
        << channel;
  }
  const base::Json& distortion = after.provenance["alignment"].at(0)["distortion"];
  EXPECT_EQ(distortion["outcome"], "applied") << distortion["reason"];
  EXPECT_EQ(distortion["phase_axis"], "column");
  EXPECT_EQ(after.Find("T1C")->voxels, before.Find("T1C")->voxels);
}

TEST(CaseAlignment, AnUnknownPhaseEncodeAxisIsFlaggedAndNothingIsCorrected) {
  AlignmentOptions correct;
  correct.correct_distortion = true;
  const dataset::Case loaded = LoadHead(correct, {}, {}, false, "OTHER");
  EXPECT_THAT(FlagsOf(loaded), Contains("distortion_correction_rejected"));
  EXPECT_EQ(loaded.Find("B0")->voxels, LoadHead({}, {}, {}, false, "OTHER").Find("B0")->voxels);
}

TEST(ParseMotion, KnowsThreeWords) {
  EXPECT_EQ(ParseMotion("none"), std::nullopt);
  EXPECT_EQ(ParseMotion("affine"), align::Motion::kAffine);
  EXPECT_THROW(ParseMotion("elastic"), base::Error);
}

}  // namespace
}  // namespace parotis::intake
