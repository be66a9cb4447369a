#include "image/nrrd.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <regex>

#include "base/files.h"
#include "tests/support/errors.h"
#include "tests/support/geometries.h"
#include "tests/support/nrrd_file.h"
#include "tests/support/temporary_folder.h"

namespace parotis::image {
namespace {

using test::ErrorOf;
using test::NrrdOptions;
using test::NrrdText;
using testing::ElementsAre;
using testing::HasSubstr;

Nrrd Parse(const std::string& text) { return ParseNrrd(std::as_bytes(std::span(text)), "m.nrrd"); }

Geometry SmallGrid() { return {{3, 2, 2}, {0.5, 0.75, 4}, {-12, 30, 7}, {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}}; }

std::vector<std::uint8_t> Counting(const Geometry& grid) {
  std::vector<std::uint8_t> values(static_cast<std::size_t>(grid.voxel_count()));
  for (std::size_t v = 0; v < values.size(); ++v) values[v] = static_cast<std::uint8_t>(v % 251);
  return values;
}

RC_GTEST_PROP(Nrrd, WhatWasWrittenIsReadBackOnAnyObliqueGrid, ()) {
  base::Random random(*rc::gen::arbitrary<std::uint64_t>());
  const Geometry grid = test::RandomGeometry(random, 6);
  NrrdOptions options;
  options.gzip = *rc::gen::arbitrary<bool>();
  options.big_endian = *rc::gen::arbitrary<bool>();
  const std::vector<std::pair<std::string, Vector3>> spaces = {
      {"left-posterior-superior", {1, 1, 1}}, {"RAS", {-1, -1, 1}}, {"left-anterior-superior", {1, -1, 1}}};
  std::tie(options.space, options.signs) = *rc::gen::elementOf(spaces);
  options.type = "int16";
  std::vector<std::int16_t> values(static_cast<std::size_t>(grid.voxel_count()));
  for (auto& value : values) value = static_cast<std::int16_t>(random.Integer(60000) - 30000);
  const Nrrd nrrd = Parse(NrrdText(grid, values, options));
  RC_ASSERT(nrrd.layers.size() == 1U);
  RC_ASSERT(SameGrid(nrrd.layers[0].geometry, grid, 1e-6));
  RC_ASSERT(std::equal(values.begin(), values.end(), nrrd.layers[0].voxels.begin()));
}

template <class T>
void ExpectTypeIsRead(const std::string& type, const std::vector<T>& values, const std::vector<float>& expected) {
  for (const bool big_endian : {false, true}) {
    NrrdOptions options;
    options.type = type;
    options.big_endian = big_endian;
    const Geometry grid = {{2, 1, 1}, {1, 1, 1}, {0, 0, 0}, SmallGrid().direction};
    EXPECT_EQ(Parse(NrrdText(grid, values, options)).layers[0].voxels, expected) << type;
  }
}

TEST(Nrrd, EveryTypeIsReadInEitherByteOrder) {
  ExpectTypeIsRead<std::int8_t>("signed char", {-3, 4}, {-3, 4});
  ExpectTypeIsRead<std::uint8_t>("uint8_t", {3, 255}, {3, 255});
  ExpectTypeIsRead<std::int16_t>("short", {-3, 400}, {-3, 400});
  ExpectTypeIsRead<std::uint16_t>("ushort", {3, 65000}, {3, 65000});
  ExpectTypeIsRead<std::int32_t>("int", {-70000, 1}, {-70000, 1});
  ExpectTypeIsRead<std::uint32_t>("unsigned int", {70000, 1}, {70000, 1});
  ExpectTypeIsRead<std::int64_t>("long long", {-70000, 1}, {-70000, 1});
  ExpectTypeIsRead<std::uint64_t>("uint64", {70000, 1}, {70000, 1});
  ExpectTypeIsRead<float>("float", {-0.5F, 1}, {-0.5F, 1});
  ExpectTypeIsRead<double>("double", {-0.5, 1e300}, {-0.5, std::numeric_limits<float>::infinity()});
}

// `printf '\1\2\3\4\5\6\7\10\11\12\13\14' | bzip2`: the values 1 to 12.
const unsigned char kPackedByBzip2[] = {0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, 0x35, 0x84,
                                        0x6a, 0x68, 0x00, 0x00, 0x00, 0x40, 0x00, 0x3f, 0xfc, 0x20, 0x00, 0x22,
                                        0x01, 0xa0, 0x68, 0x40, 0xd0, 0x34, 0x0b, 0x3c, 0x48, 0xab, 0xcd, 0xe3,
                                        0xe2, 0xee, 0x48, 0xa7, 0x0a, 0x12, 0x06, 0xb0, 0x8d, 0x4d, 0x00};

std::string Encoded(const std::string& encoding, const std::string& values, const std::string& type = "uint8",
                    const std::string& fields = {}) {
  NrrdOptions options;
  options.type = type;
  std::string header = test::NrrdHeaderText(SmallGrid(), options);
  header.replace(header.find("encoding: raw"), 13, "encoding: " + encoding + (fields.empty() ? "" : "\n" + fields));
  return header + "\n" + values;
}

TEST(Nrrd, Bzip2HexAndTextHoldTheSameValues) {
  const std::vector<float> expected = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  const std::string packed(reinterpret_cast<const char*>(kPackedByBzip2), sizeof(kPackedByBzip2));
  EXPECT_EQ(Parse(Encoded("bzip2", packed)).layers[0].voxels, expected);
  EXPECT_EQ(Parse(Encoded("hex", "0102 0304\n05060708090a0B0C")).layers[0].voxels, expected);
  EXPECT_EQ(Parse(Encoded("txt", "1 2 3\n4, 5,6 7\t8 9 10 +11 12\n")).layers[0].voxels, expected);
  EXPECT_EQ(Parse(Encoded("ascii", "1 2 3 4 5 6 7 8 9 10 1.1e1 12", "float")).layers[0].voxels, expected);
  EXPECT_EQ(Parse(Encoded("hex", "??0102030405060708090a0b0c", "uint8", "byte skip: 2")).layers[0].voxels, expected);
  EXPECT_EQ(Parse(Encoded("text", "-1 2 3 4 5 6 7 8 9 10 11 300", "int16")).layers[0].voxels[11], 300);
  EXPECT_EQ(Parse(Encoded("hex", "0100020003000400050006000700080009000a000b000c00", "int16")).layers[0].voxels,
            expected);
}

TEST(Nrrd, WhatIsNoValueInBzip2HexOrTextIsRefused) {
  const std::string packed(reinterpret_cast<const char*>(kPackedByBzip2), sizeof(kPackedByBzip2));
  const auto refusal = [](const std::string& text) { return ErrorOf([&] { Parse(text); }); };
  EXPECT_THAT(refusal(Encoded("bzip2", packed.substr(0, 30))), HasSubstr("cut off"));
  EXPECT_THAT(refusal(Encoded("bzip2", "BZh91AY&SYnonsense")), HasSubstr("cannot be unpacked"));
  EXPECT_THAT(refusal(Encoded("hex", "0102x3")), HasSubstr("hexadecimal"));
  EXPECT_THAT(refusal(Encoded("hex", "010")), HasSubstr("holds 1 of 12"));
  EXPECT_THAT(refusal(Encoded("text", "1 2 three")), HasSubstr("\"three\""));
  EXPECT_THAT(refusal(Encoded("text", "1 2 256 4 5 6 7 8 9 10 11 12")), HasSubstr("\"256\""));
  EXPECT_THAT(refusal(Encoded("text", "1 2 + 4")), HasSubstr("\"+\""));
  EXPECT_THAT(refusal(Encoded("text", "1 2 3")), HasSubstr("holds 3 of 12"));
}

TEST(Nrrd, ADetachedHeaderFindsItsValuesBesideIt) {
  const test::TemporaryFolder folder;
  NrrdOptions options;
  options.entries = "data file: ./values.bin\nbyte skip: 3\nline skip: 1\n";
  base::WriteFile(folder.path() / "m.nhdr", test::NrrdHeaderText(SmallGrid(), options));
  base::WriteFile(folder.path() / "values.bin", "one line\nabc" + test::NrrdValues(Counting(SmallGrid()), options));
  EXPECT_EQ(ReadNrrd(folder.path() / "m.nhdr").layers[0].At(1, 1, 1), 10);
}

TEST(Nrrd, AByteSkipOfMinusOneCountsFromTheEnd) {
  NrrdOptions options;
  options.entries = "byte skip: -1\n";
  std::string text = NrrdText(SmallGrid(), Counting(SmallGrid()), options);
  text.insert(text.size() - Counting(SmallGrid()).size(), "a preface of any length");
  EXPECT_EQ(Parse(text).layers[0].At(2, 1, 1), 11);
}

TEST(Nrrd, AHeaderDoesNotReachIntoOtherFolders) {
  const test::TemporaryFolder folder;
  for (const char* file : {"/etc/passwd", "../values.bin", "a/b", "LIST", "slice%03d.raw 1 3 1"}) {
    NrrdOptions options;
    options.entries = fmt::format("data file: {}\n", file);
    base::WriteFile(folder.path() / "m.nhdr", test::NrrdHeaderText(SmallGrid(), options));
    EXPECT_THAT(ErrorOf([&] { ReadNrrd(folder.path() / "m.nhdr"); }), HasSubstr("keeps its values in")) << file;
  }
}

TEST(Nrrd, TheLayersAndSegmentsOfASlicerSegmentationAreRead) {
  const Geometry grid = {{2, 1, 1}, {1, 1, 1}, {0, 0, 0}, SmallGrid().direction};
  NrrdOptions options;
  options.entries =
      "Segment0_ID:=Segment_1\nSegment0_Name:=Tumour\nSegment0_LabelValue:=3\nSegment0_Layer:=1\n"
      "Segment0_Tags:=Segmentation.Status:inprogress|TerminologyEntry:list~SCT^49755003^Altered~SCT^8360001^PA~SCT^"
      "7771000^Left~"
      "Anatomic codes~SCT^45289007^Parotid~SCT^7771000^Left|\n"
      "Segment1_ID:=Gland\nSegment1_LabelValue:=1\nSegment1_Layer:=0\n";
  const Nrrd nrrd = Parse(NrrdText<std::uint8_t>(grid, {1, 0, 0, 3}, options, 2));
  ASSERT_EQ(nrrd.layers.size(), 2U);
  EXPECT_THAT(nrrd.layers[0].voxels, ElementsAre(1, 0));
  EXPECT_THAT(nrrd.layers[1].voxels, ElementsAre(0, 3));
  ASSERT_EQ(nrrd.segments.size(), 2U);
  EXPECT_EQ(nrrd.segments[0].name, "Tumour");
  EXPECT_EQ(nrrd.segments[0].value, 3);
  EXPECT_EQ(nrrd.segments[0].layer, 1U);
  EXPECT_THAT(nrrd.segments[0].codes, ElementsAre("SCT:8360001", "SCT:7771000"));
  EXPECT_EQ(nrrd.segments[1].name, "Gland");
}

TEST(Nrrd, ASegmentInALayerThatIsNotThereIsRefused) {
  NrrdOptions options;
  options.entries = "Segment0_Name:=Tumour\nSegment0_Layer:=1\n";
  EXPECT_THAT(ErrorOf([&] { Parse(NrrdText(SmallGrid(), Counting(SmallGrid()), options)); }), HasSubstr("Tumour"));
}

TEST(Nrrd, WhatIsWrongIsNamed) {
  const std::string sound = NrrdText(SmallGrid(), Counting(SmallGrid()));
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"NRRD0004", "NRRX0004", "is no NRRD file"},
      {"type: unsigned char", "type: block", "unsupported type"},
      {"encoding: raw", "encoding: zstd", "encoding \"zstd\""},
      {"space: left-posterior-superior", "space: scanner-xyz", "scanner-xyz"},
      {"space: left-posterior-superior", "space dimension: 3", "left and right are unknown"},
      {"sizes: 3 2 2", "sizes: 3 2 0", "no positive number"},
      {"sizes: 3 2 2", "sizes: 3 2", "3 axes with 2 sizes"},
      {"sizes: 3 2 2", "sizes: 30000 30000 30000", "more voxels"},
      {"sizes: 3 2 2", "sizes: 9223372036854775807 2 2", "more voxels"},
      {"sizes: 3 2 2", "sizes: 3 2 3", "is cut off"},
      {"space origin", "# space origin", "lacks the field \"spaceorigin\""},
      {"space directions: (0.5", "space directions: (nan", "three space directions"},
      {"space directions: (0.5,0,0)", "space directions: none", "three space directions"},
      {"# a comment", "space units: \"m\" \"m\" \"m\"", "positions in \"m\""},
      {"# a comment", "type: float", "\"type\" twice"},
      {"# a comment", "nonsense", "neither a field nor a key"},
      {"# a comment", "byte skip: -2", "impossible byteskip"},
      {"# a comment", "data file: x.raw", "in another file"},
      {"encoding: raw", "encoding: gzip", "no gzip data"},
  };
  for (const auto& [from, to, says] : cases) {
    std::string text = sound;
    ASSERT_NE(text.find(from), std::string::npos) << from;
    text.replace(text.find(from), std::string(from).size(), to);
    EXPECT_THAT(ErrorOf([&] { Parse(text); }), testing::AllOf(HasSubstr("m.nrrd"), HasSubstr(says))) << to;
  }
}

TEST(Nrrd, ValuesOfSeveralBytesNeedAByteOrder) {
  NrrdOptions options;
  options.type = "short";
  std::string text = NrrdText(SmallGrid(), std::vector<std::int16_t>(12), options);
  text.replace(text.find("endian"), 6, "# endi");
  EXPECT_THAT(ErrorOf([&] { Parse(text); }), HasSubstr("byte order"));
}

TEST(NrrdRealData, ThePublicSegmentationsOfDcmqiAreRead) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const auto folder = test::SharedData() / "dicom-seg-sr" / "segmentations";
  const Nrrd label = ReadNrrd(folder / "24x38x3" / "nrrd" / "label.nrrd");
  EXPECT_EQ(label.layers.at(0).geometry.size, (std::array<std::int64_t, 3>{24, 38, 3}));
  EXPECT_GT(std::count(label.layers[0].voxels.begin(), label.layers[0].voxels.end(), 1.0F), 0);
}

}  // namespace
}  // namespace parotis::image
