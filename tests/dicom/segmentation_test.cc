#include "dicom/segmentation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <zlib.h>

#include <algorithm>

#include "dicom/rt_structure.h"
#include "image/nrrd.h"
#include "tests/support/errors.h"
#include "tests/support/geometries.h"
#include "tests/support/outline_files.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dicom {
namespace {

using image::Geometry;
using image::LabelVolume;
using test::DicomItem;
using test::ErrorOf;
using test::SegFrame;
using test::SegOptions;
using testing::ElementsAre;
using testing::HasSubstr;

Geometry SmallGrid() { return {{3, 5, 4}, {0.5, 0.75, 3}, {-12, 30, 7}, {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}}; }

Segmentation Read(const DicomItem& item) {
  const test::TemporaryFolder folder;
  test::WriteDicom(folder.path() / "seg.dcm", item);
  return ReadSegmentation(folder.path() / "seg.dcm");
}

LabelVolume RandomMask(base::Random& random, const Geometry& grid) {
  LabelVolume mask(grid);
  for (auto& voxel : mask.voxels) voxel = random.Integer(3) == 0 ? 1 : 0;
  mask.At(0, 0, 0) = mask.At(0, 0, grid.size[2] - 1) = 1;  // so that the first and the last slice are there
  return mask;
}

RC_GTEST_PROP(Segmentation, WhatWasWrittenIsReadBackOnAnyObliqueGridInAnyOrderOfFrames, ()) {
  base::Random random(*rc::gen::arbitrary<std::uint64_t>());
  const Geometry grid = test::RightHandedGeometry(random, 7);
  const LabelVolume first = RandomMask(random, grid);
  const LabelVolume second = RandomMask(random, grid);
  std::vector<SegFrame> frames = test::FramesOf(first, 1);
  for (SegFrame& frame : test::FramesOf(second, 2)) frames.push_back(std::move(frame));
  for (std::size_t f = frames.size(); f > 1; --f)
    std::swap(frames[f - 1], frames[static_cast<std::size_t>(random.Integer(static_cast<std::int64_t>(f)))]);
  SegOptions options;
  options.segments = 2;
  const Segmentation segmentation = Read(test::SegDataset(grid, frames, options));
  RC_ASSERT(image::SameGrid(segmentation.geometry, grid, 1e-3));
  RC_ASSERT(segmentation.segments.size() == 2U);
  RC_ASSERT(MaskOf(segmentation, segmentation.segments[0]).voxels == first.voxels);
  RC_ASSERT(MaskOf(segmentation, segmentation.segments[1]).voxels == second.voxels);
}

TEST(Segmentation, SegmentsAreDescribedByLabelAndCodes) {
  LabelVolume mask(SmallGrid(), 1);
  const Segmentation segmentation = Read(test::SegDataset(SmallGrid(), test::FramesOf(mask)));
  ASSERT_EQ(segmentation.segments.size(), 1U);
  EXPECT_EQ(segmentation.segments[0].label, "segment 1");
  EXPECT_THAT(segmentation.segments[0].codes, ElementsAre("SCT:108369006", "SCT:7771000"));
  EXPECT_EQ(segmentation.object.study_uid, "1.2.3");
  EXPECT_EQ(segmentation.object.frame_of_reference_uid, "1.2.3.9");
  EXPECT_THAT(segmentation.object.referenced_series_uids, ElementsAre("1.2.3.1"));
}

TEST(Segmentation, MissingEmptyFramesAreEmptySlices) {
  LabelVolume mask(SmallGrid());
  mask.At(1, 2, 0) = mask.At(2, 4, 2) = 1;  // frames 6 mm apart where slices are 3 mm apart
  const Segmentation written = Read(test::SegDataset(SmallGrid(), test::FramesOf(mask)));
  EXPECT_EQ(written.geometry.size[2], 3);
  EXPECT_DOUBLE_EQ(written.geometry.spacing_mm[2], 3);
  mask.At(0, 0, 3) = 1;  // without SpacingBetweenSlices the smallest distance tells
  SegOptions options;
  options.with_spacing = false;
  const Segmentation derived = Read(test::SegDataset(SmallGrid(), test::FramesOf(mask), options));
  EXPECT_EQ(MaskOf(derived, derived.segments[0]).voxels, mask.voxels);
}

TEST(Segmentation, AFractionCountsFromHalfOn) {
  SegOptions options;
  options.type = "FRACTIONAL";
  options.bits = 8;
  options.largest_fraction = 200;
  std::vector<std::uint32_t> values(15, 0);
  values[1] = 99, values[2] = 100, values[3] = 200;
  const Segmentation segmentation = Read(test::SegDataset(SmallGrid(), {{1, 0, values}}, options));
  const LabelVolume mask = MaskOf(segmentation, segmentation.segments[0]);
  EXPECT_THAT(std::vector<int>(mask.voxels.begin(), mask.voxels.begin() + 5), ElementsAre(0, 0, 1, 1, 0));
}

TEST(Segmentation, LabelMapsOfOneAndTwoBytesAreReadWithoutBackgroundAndPadding) {
  for (const int bits : {8, 16}) {
    SegOptions options;
    options.type = "LABELMAP";
    options.bits = bits;
    options.segments = 2;
    const std::uint32_t undescribed = bits == 8 ? 200 : 4000;
    std::vector<std::uint32_t> values = {0, 1, 2, 2, 5, undescribed, 1, 0, 0, 0, 0, 0, 0, 0, 0};
    DicomItem item = test::SegDataset(SmallGrid(), {{0, 0, values}, {0, 2, values}}, options);
    item.SetUs(0x0028, 0x0120, 5);
    const Segmentation segmentation = Read(item);
    ASSERT_EQ(segmentation.segments.size(), 3U);
    EXPECT_EQ(segmentation.segments[0].label, "segment 1");
    EXPECT_EQ(segmentation.segments[2].number, static_cast<int>(undescribed));
    EXPECT_EQ(segmentation.segments[2].label, "");
    const LabelVolume second = MaskOf(segmentation, segmentation.segments[1]);
    EXPECT_EQ(second.geometry.size[2], 3);
    EXPECT_EQ(std::count(second.voxels.begin(), second.voxels.end(), 1), 4);
    EXPECT_EQ(second.At(2, 0, 2), 1);
  }
}

// PS3.5 G: a header of 16 numbers, then the bytes of each significance, the highest first, here without a repetition
// where `repeats` is false, else as a repetition wherever two are alike.
std::string RunLengthEncoded(const SegFrame& frame, int bits, bool repeats) {
  std::vector<std::string> segments;
  for (int byte = bits / 8 - 1; byte >= 0; --byte) {
    std::string coded;
    for (std::size_t at = 0; at < frame.values.size();) {
      const auto value = [&](std::size_t v) { return static_cast<char>(frame.values[v] >> (8 * byte) & 0xFFU); };
      std::size_t end = at + 1;
      while (repeats && end < frame.values.size() && end - at < 128 && value(end) == value(at)) ++end;
      coded += end - at > 1 ? static_cast<char>(257 - (end - at)) : '\0';
      coded += value(at);
      at = end;
    }
    if (coded.size() % 2 != 0) coded += '\0';
    segments.push_back(coded);
  }
  std::string header = test::LittleEndian(static_cast<std::uint32_t>(segments.size()), 4), body;
  for (const std::string& segment : segments) {
    header += test::LittleEndian(static_cast<std::uint32_t>(64 + body.size()), 4);
    body += segment;
  }
  header.resize(64, '\0');
  return header + body;
}

Segmentation ReadBytes(const std::string& bytes) {
  const test::TemporaryFolder folder;
  base::WriteFile(folder.path() / "seg.dcm", bytes);
  return ReadSegmentation(folder.path() / "seg.dcm");
}

// One bit has no run-length encoding (PS3.5 8.2.2); fractions of 8 bits and label maps of 8 and 16 have.
TEST(Segmentation, RunLengthEncodedFramesAreRead) {
  base::Random random(3);
  const LabelVolume mask = RandomMask(random, SmallGrid());
  for (const auto& [type, bits] : {std::pair{"FRACTIONAL", 8}, {"LABELMAP", 8}, {"LABELMAP", 16}}) {
    for (const bool repeats : {false, true}) {
      SegOptions options;
      options.type = type;
      options.bits = bits;
      const std::uint32_t drawn = type == std::string("FRACTIONAL") ? 255 : 1;
      std::vector<SegFrame> frames = test::FramesOf(mask);
      std::vector<std::string> fragments;
      for (SegFrame& frame : frames) {
        for (std::uint32_t& value : frame.values) value *= drawn;
        fragments.push_back(RunLengthEncoded(frame, bits, repeats));
      }
      DicomItem item = test::SegDataset(SmallGrid(), frames, options);
      item.Erase(0x7fe0, 0x0010).SetUs(0x0028, 0x0002, 1);
      const Segmentation segmentation =
          ReadBytes(test::FileBytes(item, "1.2.840.10008.1.2.5", test::EncapsulatedPixels(fragments)));
      ASSERT_EQ(segmentation.segments.size(), 1U) << type;
      EXPECT_EQ(MaskOf(segmentation, segmentation.segments[0]).voxels, mask.voxels) << type << " " << bits;
    }
  }
}

TEST(Segmentation, ADeflatedFileIsRead) {
  base::Random random(4);
  const LabelVolume mask = RandomMask(random, SmallGrid());
  const std::string bytes = test::SegDataset(SmallGrid(), test::FramesOf(mask)).Bytes();
  std::string deflated(bytes.size() + 1000, '\0');
  z_stream stream{};
  ASSERT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(deflated.data());
  stream.avail_out = static_cast<uInt>(deflated.size());
  ASSERT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  deflated.resize(stream.total_out + stream.total_out % 2);
  deflateEnd(&stream);
  const Segmentation segmentation = ReadBytes(test::FileBytes(DicomItem(), "1.2.840.10008.1.2.1.99", deflated));
  EXPECT_EQ(MaskOf(segmentation, segmentation.segments.at(0)).voxels, mask.voxels);
}

TEST(Segmentation, WhatIsWrongIsNamed) {
  const LabelVolume mask(SmallGrid(), 1);
  const std::vector<SegFrame> frames = test::FramesOf(mask);
  const DicomItem sound = test::SegDataset(SmallGrid(), frames);
  const auto refusal = [&](const std::function<void(DicomItem&)>& change) {
    DicomItem item = sound;
    change(item);
    return ErrorOf([&] { Read(item); });
  };
  EXPECT_THAT(refusal([](DicomItem& i) { i.Set(0x7fe0, 0x0010, "OB", "x"); }), HasSubstr("[pixels_missing]"));
  EXPECT_THAT(refusal([](DicomItem& i) { i.Erase(0x7fe0, 0x0010); }), HasSubstr("[pixels_missing]"));
  EXPECT_THAT(refusal([](DicomItem& i) { i.SetUs(0x0028, 0x0100, 12); }), HasSubstr("[pixels_undecodable]"));
  EXPECT_THAT(refusal([](DicomItem& i) { i.Set(0x0028, 0x0008, "IS", "9"); }), HasSubstr("[truth_unreadable]"));
  EXPECT_THAT(refusal([](DicomItem& i) { i.Set(0x0062, 0x0001, "CS", "VOLUME"); }), HasSubstr("[truth_unreadable]"));
  EXPECT_THAT(refusal([](DicomItem& i) { i.Erase(0x0062, 0x0002); }), HasSubstr("[truth_unreadable]"));
  EXPECT_THAT(refusal([](DicomItem& i) { i.Set(0x0062, 0x0001, "CS", "FRACTIONAL"); }), HasSubstr("unknown whole"));
  EXPECT_THAT(refusal([](DicomItem& i) { i.Set(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.4"); }),
              HasSubstr("is no segmentation"));
  EXPECT_THAT(refusal([](DicomItem& i) { i.Erase(0x5200, 0x9229); }), HasSubstr("[laterality_unknown]"));
  std::vector<SegFrame> twice = frames;
  twice.push_back(frames.front());
  EXPECT_THAT(ErrorOf([&] { Read(test::SegDataset(SmallGrid(), twice)); }), HasSubstr("[slices_contradictory]"));
}

TEST(Segmentation, FramesThatAreNoStackAreRefused) {
  const LabelVolume mask(SmallGrid(), 1);
  const auto moved = [&](double x, double z) {
    DicomItem item = test::SegDataset(SmallGrid(), test::FramesOf(mask));
    std::vector<DicomItem> groups;
    for (int k = 0; k < 4; ++k) {
      const std::vector<double> position = {-12 + (k == 2 ? x : 0), 30, 7 + 3.0 * k + (k == 2 ? z : 0)};
      groups.push_back(DicomItem()
                           .SetSequence(0x0020, 0x9113, {DicomItem().Set(0x0020, 0x0032, "DS", test::Ds(position))})
                           .SetSequence(0x0062, 0x000a, {DicomItem().SetUs(0x0062, 0x000b, 1)}));
    }
    return ErrorOf([&] { Read(item.SetSequence(0x5200, 0x9230, groups)); });
  };
  EXPECT_EQ(moved(0, 0), "nothing was thrown");
  EXPECT_THAT(moved(2, 0), HasSubstr("[slices_shifted]"));
  EXPECT_THAT(moved(0, 1.1), HasSubstr("[slices_irregular]"));
}

TEST(StructureSet, RegionsContoursAndCodesAreJoinedByTheirNumbers) {
  const test::TemporaryFolder folder;
  const std::vector<image::Vector3> square = {{0, 0, 5}, {4, 0, 5}, {4, 4, 5}, {0, 4, 5}};
  test::WriteDicom(folder.path() / "rt", test::RtDataset({{"GTV", {square, square}, "CLOSED_PLANAR", "108369006"},
                                                          {"iso", {{{1, 2, 3}}}, "POINT", ""}}));
  const StructureSet set = ReadStructureSet(folder.path() / "rt");
  ASSERT_EQ(set.regions.size(), 2U);
  EXPECT_EQ(set.regions[0].name, "GTV");
  EXPECT_THAT(set.regions[0].codes, ElementsAre("SCT:108369006"));
  EXPECT_EQ(set.regions[0].frame_of_reference_uid, "1.2.3.9");
  ASSERT_EQ(set.regions[0].contours.size(), 2U);
  EXPECT_EQ(set.regions[0].contours[1].points_world, square);
  EXPECT_TRUE(set.regions[1].contours.empty());
  ASSERT_EQ(set.findings.size(), 1U);
  EXPECT_EQ(set.findings[0].code, "contour_not_closed");
  EXPECT_THAT(set.object.referenced_series_uids, ElementsAre("1.2.3.1"));
}

TEST(StructureSet, WhatIsWrongIsNamed) {
  const test::TemporaryFolder folder;
  const auto refusal = [&](const DicomItem& item) {
    test::WriteDicom(folder.path() / "rt", item);
    return ErrorOf([&] { ReadStructureSet(folder.path() / "rt"); });
  };
  EXPECT_THAT(refusal(test::MrSlice(1, 0)), HasSubstr("is no RT structure set"));
  DicomItem item = test::RtDataset({{"GTV", {{{0, 0, 5}, {4, 0, 5}, {4, 4, 5}}}, "CLOSED_PLANAR", ""}});
  const DicomItem broken =
      DicomItem().Set(0x3006, 0x0042, "CS", "CLOSED_PLANAR").Set(0x3006, 0x0050, "DS", "1\\2\\3\\4");
  item.SetSequence(0x3006, 0x0039, {DicomItem().SetSequence(0x3006, 0x0040, {broken}).Set(0x3006, 0x0084, "IS", "1")});
  EXPECT_THAT(refusal(item), HasSubstr("[truth_unreadable]"));
}

// What dcmqi converted from each segmentation, in the order of its segments.
void ExpectEqualToNrrd(const std::filesystem::path& seg, const std::filesystem::path& nrrd, std::size_t index,
                       float value) {
  const Segmentation segmentation = ReadSegmentation(seg);
  const image::Volume reference = image::ReadNrrd(nrrd).layers.at(0);
  const LabelVolume mask = MaskOf(segmentation, segmentation.segments.at(index));
  std::int64_t voxels = 0;
  for (std::int64_t k = 0; k < reference.geometry.size[2]; ++k) {
    for (std::int64_t j = 0; j < reference.geometry.size[1]; ++j) {
      for (std::int64_t i = 0; i < reference.geometry.size[0]; ++i) {
        const auto world = image::WorldFromVoxel(
            reference.geometry, {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
        const auto at = image::VoxelFromWorld(mask.geometry, world);
        std::array<std::int64_t, 3> index_voxel{};
        bool within = true;
        for (std::size_t a = 0; a < 3; ++a) {
          index_voxel[a] = std::llround(at[a]);
          within = within && index_voxel[a] >= 0 && index_voxel[a] < mask.geometry.size[a];
        }
        const int ours = within ? mask.At(index_voxel[0], index_voxel[1], index_voxel[2]) : 0;
        const int theirs = reference.At(i, j, k) == value ? 1 : 0;
        ASSERT_EQ(ours, theirs) << seg << " at " << i << " " << j << " " << k;
        voxels += theirs;
      }
    }
  }
  EXPECT_GT(voxels, 0) << nrrd;
}

TEST(SegmentationRealData, DcmqisSegmentationsHoldTheMasksTheyWereMadeFrom) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const auto folder = test::SharedData() / "dicom-seg-sr" / "segmentations";
  for (const char* name : {"23x38x3", "24x38x3"})
    ExpectEqualToNrrd(folder / name / "seg" / "label.seg", folder / name / "nrrd" / "label.nrrd", 0, 1);
  ExpectEqualToNrrd(folder / "liver.dcm", folder / "liver_seg.nrrd", 0, 1);
  ExpectEqualToNrrd(folder / "sparse-labelmap-ppv5.dcm", folder / "sparse_labelmap_ppv5_seg.nrrd", 0, 1);
  ExpectEqualToNrrd(folder / "sparse-labelmap-noppv.dcm", folder / "sparse_labelmap_noppv_seg.nrrd", 0, 1);
}

// Five segments, made from three maps because they overlap.
TEST(SegmentationRealData, OverlappingSegmentsKeepTheVoxelsThatTheyShare) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const auto folder = test::SharedData() / "dicom-seg-sr" / "segmentations";
  const auto seg = folder / "partial_overlaps.dcm";
  for (const auto& [index, map] : {std::pair{0, 1}, {1, 2}, {2, 3}, {3, 1}, {4, 1}})
    ExpectEqualToNrrd(seg, folder / fmt::format("partial_overlaps-{}.nrrd", map), static_cast<std::size_t>(index),
                      static_cast<float>(index + 1));
  const Segmentation segmentation = ReadSegmentation(seg);
  ASSERT_EQ(segmentation.segments.size(), 5U);
  std::vector<int> owners(static_cast<std::size_t>(segmentation.geometry.voxel_count()));
  for (const Segment& segment : segmentation.segments) {
    for (const VoxelRun& run : segment.runs) {
      for (std::uint32_t v = run.first; v < run.first + run.count; ++v) ++owners[v];
    }
  }
  EXPECT_GT(std::count_if(owners.begin(), owners.end(), [](int n) { return n > 1; }), 0);
}

}  // namespace
}  // namespace parotis::dicom
