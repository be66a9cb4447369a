#include "intake/truth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <numeric>

#include "base/files.h"
#include "image/nifti.h"
#include "tests/support/errors.h"
#include "tests/support/geometries.h"
#include "tests/support/nrrd_file.h"
#include "tests/support/outline_files.h"
#include "tests/support/temporary_folder.h"

namespace parotis::intake {
namespace {

namespace fs = std::filesystem;
using image::Geometry;
using image::LabelVolume;
using test::ErrorOf;
using testing::HasSubstr;

Geometry CaseGrid() { return {{20, 20, 6}, {1, 1, 3}, {0, 0, 0}, {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}}; }

// A block of ones, from voxel 5 to 9 in the plane, in slices 1 to 3.
LabelVolume Block(const Geometry& grid = CaseGrid(), std::uint8_t value = 1, std::int64_t first = 5) {
  LabelVolume mask(grid);
  for (std::int64_t k = 1; k < 4; ++k) {
    for (std::int64_t j = 5; j < 10; ++j) {
      for (std::int64_t i = first; i < first + 5; ++i) mask.At(i, j, k) = value;
    }
  }
  return mask;
}

std::vector<std::vector<image::Vector3>> BlockContours(double x0 = 4.5, double z0 = 3) {
  std::vector<std::vector<image::Vector3>> contours;
  for (int p = 0; p < 3; ++p) {
    const double z = z0 + 3 * p;
    contours.push_back({{x0, 4.5, z}, {x0 + 5, 4.5, z}, {x0 + 5, 9.5, z}, {x0, 9.5, z}});
  }
  return contours;
}

class TruthTest : public testing::Test {
 protected:
  fs::path Seg(const std::string& name, const LabelVolume& mask, const test::SegOptions& options = {}) {
    const fs::path file = folder_.path() / name;
    test::WriteDicom(file, test::SegDataset(mask.geometry, test::FramesOf(mask), options));
    return file;
  }
  fs::path Rt(const std::string& name, const std::vector<test::RtRegion>& regions) {
    const fs::path file = folder_.path() / name;
    test::WriteDicom(file, test::RtDataset(regions));
    return file;
  }
  fs::path Nifti(const std::string& name, const LabelVolume& mask) {
    image::WriteNifti(folder_.path() / name, mask);
    return folder_.path() / name;
  }
  Truth Draw(const std::vector<fs::path>& files, const TruthLabels& labels = DefaultTruthLabels(),
             const std::string& frame_uid = "1.2.3.9") {
    std::vector<OutlineFile> outlines;
    for (const fs::path& file : files) outlines.push_back(ReadOutlines(file));
    return DrawTruth(outlines, labels, CaseGrid(), frame_uid);
  }
  std::string Refusal(const std::vector<fs::path>& files, const TruthLabels& labels = DefaultTruthLabels(),
                      const std::string& frame_uid = "1.2.3.9") {
    return ErrorOf([&] { Draw(files, labels, frame_uid); });
  }
  std::string Code(const std::vector<fs::path>& files, const TruthLabels& labels = DefaultTruthLabels(),
                   const std::string& frame_uid = "1.2.3.9") {
    try {
      Draw(files, labels, frame_uid);
    } catch (const base::Error& error) {
      return error.code();
    }
    return "nothing was thrown";
  }
  static TruthLabels Labels(const std::string& json) { return ParseTruthLabels(base::ParseJson(json, "l"), "l.json"); }

  test::TemporaryFolder folder_;
};

TEST_F(TruthTest, OneMaskIsTheSameFromEveryFormat) {
  const LabelVolume block = Block();
  const auto expected = block.voxels;
  EXPECT_EQ(Draw({Nifti("m.nii.gz", block)}).labels.voxels, expected);
  EXPECT_EQ(Draw({Seg("seg", block)}).labels.voxels, expected);
  EXPECT_EQ(Draw({Rt("rt", {{"tumour", BlockContours(), "CLOSED_PLANAR", ""}})}).labels.voxels, expected);
  test::NrrdOptions options;
  options.space = "RAS";
  options.signs = {-1, -1, 1};
  base::WriteFile(folder_.path() / "m.nrrd", test::NrrdText(CaseGrid(), block.voxels, options));
  EXPECT_EQ(Draw({folder_.path() / "m.nrrd"}).labels.voxels, expected);
  options.entries = "Segment0_ID:=s\nSegment0_Name:=Tumour\nSegment0_LabelValue:=1\nSegment0_Layer:=0\n";
  base::WriteFile(folder_.path() / "m.seg.nrrd", test::NrrdText(CaseGrid(), block.voxels, options));
  EXPECT_EQ(Draw({folder_.path() / "m.seg.nrrd"}).labels.voxels, expected);
}

// A mask on one oblique grid, drawn on another: each voxel shows the value at its place.
TEST_F(TruthTest, MasksOnOtherGridsAreTakenByTheirPlaceInThePatient) {
  base::Random random(7);
  Geometry oblique = {{40, 40, 40}, {0.7, 0.7, 0.9}, {0, 0, 0}, test::RandomDirection(random)};
  if (image::Determinant(oblique.direction) < 0) {
    for (auto& row : oblique.direction) row[2] = -row[2];
  }
  const image::Vector3 middle = image::WorldFromVoxel(oblique, {19.5, 19.5, 19.5});
  for (std::size_t a = 0; a < 3; ++a) oblique.origin_world[a] = 9 - middle[a];
  LabelVolume ball(oblique);
  const auto distance = [&](const image::Vector3& p) { return std::hypot(p[0] - 9, p[1] - 9, p[2] - 9); };
  for (std::int64_t k = 0; k < 40; ++k) {
    for (std::int64_t j = 0; j < 40; ++j) {
      for (std::int64_t i = 0; i < 40; ++i) {
        const auto world =
            image::WorldFromVoxel(oblique, {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
        ball.At(i, j, k) = distance(world) < 6 ? 1 : 0;
      }
    }
  }
  const auto from_seg = Draw({Seg("seg", ball)}).labels;
  EXPECT_EQ(from_seg.voxels, Draw({Nifti("m.nii", ball)}).labels.voxels);
  for (std::int64_t k = 0; k < 6; ++k) {
    for (std::int64_t j = 0; j < 20; ++j) {
      for (std::int64_t i = 0; i < 20; ++i) {
        const double mm = distance(image::WorldFromVoxel(
            CaseGrid(), {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)}));
        if (std::abs(mm - 6) < 0.7) continue;  // within half a diagonal of the mask's voxels
        ASSERT_EQ(from_seg.At(i, j, k), mm < 6 ? 1 : 0);
      }
    }
  }
}

TEST_F(TruthTest, StructuresBecomeLabelsByNameThenByCode) {
  const TruthLabels labels = Labels(R"({"labels": ["gland", "lesion"], "structures":
      {"segment 1": "lesion", "SCT:108369006": "gland", "BODY": null, "gtv": "lesion"}})");
  const auto value = [&](const fs::path& file) { return static_cast<int>(Draw({file}, labels).labels.At(6, 6, 2)); };
  EXPECT_EQ(value(Seg("seg", Block())), 2);
  EXPECT_EQ(value(Rt("rt", {{"anything", BlockContours(), "CLOSED_PLANAR", "108369006"}})), 1);
  EXPECT_EQ(value(Rt("rt", {{"GTV", BlockContours(), "CLOSED_PLANAR", ""}})), 2);
  EXPECT_EQ(value(Rt("rt", {{"body", BlockContours(), "CLOSED_PLANAR", ""}})), 0);
  EXPECT_EQ(value(Rt("rt", {{"Gland", BlockContours(), "CLOSED_PLANAR", ""}})), 1);  // a label's own name
  EXPECT_EQ(value(Nifti("m.nii", Block(CaseGrid(), 2))), 2);                         // a label's own value
}

TEST_F(TruthTest, AStructureThatIsNoLabelIsNeverGuessed) {
  EXPECT_THAT(Refusal({Rt("rt", {{"GTV", BlockContours(), "CLOSED_PLANAR", "1"}})}),
              testing::AllOf(HasSubstr("\"GTV\" (SCT:1)"), HasSubstr("truth_label_unknown")));
  EXPECT_EQ(Code({Nifti("m.nii", Block(CaseGrid(), 3))}), "truth_label_unknown");
  const TruthLabels two = Labels(R"({"structures": {"SCT:108369006": "a", "SCT:7771000": "b"}})");
  EXPECT_EQ(Code({Seg("seg", Block())}, two), "truth_label_contradictory");
}

TEST_F(TruthTest, AnotherFrameOfReferenceIsRefusedAndAMissingOneFlagged) {
  test::SegOptions options;
  options.frame_uid = "9.9";
  EXPECT_EQ(Code({Seg("seg", Block(), options)}), "truth_other_frame");
  EXPECT_EQ(Code({Rt("rt", {{"tumour", BlockContours(), "CLOSED_PLANAR", ""}})}, DefaultTruthLabels(), "8.8"),
            "truth_other_frame");
  options.frame_uid = "";
  const Truth truth = Draw({Seg("seg", Block(), options)});
  ASSERT_EQ(truth.findings.size(), 1U);
  EXPECT_EQ(truth.findings[0].code, "truth_frame_missing");
}

TEST_F(TruthTest, MasksOutsidePartlyOutsideTooSmallOrEmptyAreNamed) {
  Geometry moved = CaseGrid();
  moved.origin_world = {200, 0, 0};
  EXPECT_EQ(Code({Seg("seg", Block(moved))}), "truth_outside");
  EXPECT_EQ(Code({Rt("rt", {{"tumour", BlockContours(200), "CLOSED_PLANAR", ""}})}), "truth_outside");
  moved.origin_world = {13, 0, 0};
  const Truth cut = Draw({Seg("seg", Block(moved))});
  ASSERT_EQ(cut.findings.size(), 1U);
  EXPECT_EQ(cut.findings[0].code, "truth_cut");
  EXPECT_THAT(cut.findings[0].message, HasSubstr("60.0 %"));
  const std::vector<image::Vector3> speck = {{5.2, 5.2, 3}, {5.4, 5.2, 3}, {5.3, 5.4, 3}};
  EXPECT_EQ(Code({Rt("rt", {{"tumour", {speck}, "CLOSED_PLANAR", ""}})}), "truth_lost");
  const Truth empty = Draw({Rt("rt", {{"tumour", {}, "CLOSED_PLANAR", ""}})});
  ASSERT_EQ(empty.findings.size(), 1U);
  EXPECT_EQ(empty.findings[0].code, "truth_empty");
}

TEST_F(TruthTest, VoxelsOfTwoLabelsAreRefusedUnlessOneIsSaidToLieOnTop) {
  const fs::path both =
      Rt("rt", {{"lesion", BlockContours(), "CLOSED_PLANAR", ""}, {"gland", BlockContours(2.5), "CLOSED_PLANAR", ""}});
  EXPECT_EQ(Code({both}, Labels(R"({"structures": {"gland": "gland", "lesion": "lesion"}})")), "truth_overlap");
  const Truth truth = Draw({both}, Labels(R"({"structures": {"gland": "gland", "lesion": "lesion"},
                                              "overlap": "later_on_top"})"));
  EXPECT_EQ(std::count(truth.labels.voxels.begin(), truth.labels.voxels.end(), 2), 75);
  EXPECT_EQ(std::count(truth.labels.voxels.begin(), truth.labels.voxels.end(), 1), 30);
}

TEST_F(TruthTest, TwoFilesThatShowOneThingDifferentlyAreAmbiguousACopyIsNot) {
  const fs::path one = Seg("one", Block());
  EXPECT_EQ(Code({one, Seg("two", Block(CaseGrid(), 1, 7))}), "truth_ambiguous");
  EXPECT_EQ(Draw({one, Nifti("copy.nii", Block())}).labels.voxels, Block().voxels);
  const Truth apart = Draw({one, Seg("other", Block(CaseGrid(), 1, 12))});  // a second lesion
  EXPECT_EQ(std::accumulate(apart.labels.voxels.begin(), apart.labels.voxels.end(), 0), 150);
}

TEST_F(TruthTest, ContoursThatAreNoStackAndFilesThatAreNoOutlinesAreRefused) {
  const std::vector<image::Vector3> bent = {{4, 4, 3}, {9, 4, 3}, {9, 9, 6}, {4, 9, 3}};
  EXPECT_EQ(Code({Rt("rt", {{"tumour", {bent}, "CLOSED_PLANAR", ""}})}), "contour_not_planar");
  base::WriteFile(folder_.path() / "m.nii", "nothing");
  EXPECT_EQ(Code({folder_.path() / "m.nii"}), "truth_unreadable");
  test::WriteDicom(folder_.path() / "mr", test::MrSlice(1, 0));
  EXPECT_THAT(Refusal({folder_.path() / "mr"}), HasSubstr("holds no outlines"));
  image::Volume half(CaseGrid(), 0.5F);
  image::WriteNifti(folder_.path() / "h.nii", half);
  EXPECT_THAT(Refusal({folder_.path() / "h.nii"}), HasSubstr("0.5"));
}

TEST(TruthLabelsFile, SaysWhatItGetsWrongAndTheExampleIsSound) {
  const auto refusal = [](const std::string& json) {
    return ErrorOf([&] { ParseTruthLabels(base::ParseJson(json, "l.json"), "l.json"); });
  };
  EXPECT_THAT(refusal(R"({"structures": {}})"), HasSubstr("names no label"));
  EXPECT_THAT(refusal(R"({"labels": ["a"], "structures": {"x": "b"}})"), HasSubstr("\"b\" is none of"));
  EXPECT_THAT(refusal(R"({"structures": {"x": 3}})"), HasSubstr("structures.x must be"));
  EXPECT_THAT(refusal(R"({"structures": {"x": "a"}, "overlap": "maybe"})"), HasSubstr("overlap"));
  EXPECT_THAT(refusal(R"({"structures": {"x": "a"}, "colour": 1})"), HasSubstr("colour"));
  const fs::path example = fs::path(PAROTIS_SOURCE_DIR) / "configs" / "truth-labels.json";
  const TruthLabels labels = ParseTruthLabels(base::ReadJson(example), example.string());
  EXPECT_EQ(labels.names, (std::vector<std::string>{"background", "tumour"}));
  EXPECT_EQ(labels.of_structure.at("BODY"), "");
}

}  // namespace
}  // namespace parotis::intake
