#include "image/nifti.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <zlib.h>

#include <cstring>
#include <limits>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "tests/support/geometries.h"
#include "tests/support/temporary_folder.h"

namespace parotis::image {
namespace {

using testing::HasSubstr;

// A NIfTI-1 file as text, built field by field from nifti1.h and independently of the writer. RAS identity, 1 mm.
class RawNifti {
 public:
  RawNifti(std::int16_t datatype, std::int16_t bits, std::array<std::int16_t, 8> dim) : bytes_(352, '\0') {
    Put<std::int32_t>(0, 348);
    for (std::size_t a = 0; a < 8; ++a) Put(40 + 2 * a, dim[a]);
    Put(70, datatype);
    Put(72, bits);
    for (std::size_t a = 0; a < 8; ++a) Put(76 + 4 * a, 1.0F);
    Put(108, 352.0F);
    bytes_[123] = 2;
    Put<std::int16_t>(254, 1);
    for (std::size_t row = 0; row < 3; ++row) Put(280 + 20 * row, 1.0F);
    std::memcpy(bytes_.data() + 344, "n+1", 3);
  }
  template <class T>
  RawNifti& Put(std::size_t offset, T value) {
    std::memcpy(bytes_.data() + offset, &value, sizeof(T));
    return *this;
  }
  template <class T>
  RawNifti& Append(const std::vector<T>& values) {
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

std::vector<Volume> Parse(const std::string& bytes) { return ParseNifti(std::as_bytes(std::span(bytes)), "scan.nii"); }

std::string Refusal(const std::string& bytes) {
  try {
    Parse(bytes);
  } catch (const base::Error& error) {
    return error.kind() == base::ErrorKind::kInput ? std::string(error.what()) : "wrong kind: " + error.message();
  }
  return "read without complaint";
}

template <class T>
std::vector<float> ReadBack(std::int16_t datatype, const std::vector<T>& values) {
  RawNifti file(datatype, 8 * sizeof(T), {3, static_cast<std::int16_t>(values.size()), 1, 1, 1, 1, 1, 1});
  return Parse(file.Append(values).bytes())[0].voxels;
}

TEST(Nifti, ReadsEveryRealTypeOfVoxel) {
  using testing::ElementsAre;
  EXPECT_THAT(ReadBack<std::uint8_t>(2, {0, 255}), ElementsAre(0, 255));
  EXPECT_THAT(ReadBack<std::int8_t>(256, {-128, 127}), ElementsAre(-128, 127));
  EXPECT_THAT(ReadBack<std::int16_t>(4, {-32768, 32767}), ElementsAre(-32768, 32767));
  EXPECT_THAT(ReadBack<std::uint16_t>(512, {0, 65535}), ElementsAre(0, 65535));
  EXPECT_THAT(ReadBack<std::int32_t>(8, {-70000, 70000}), ElementsAre(-70000, 70000));
  EXPECT_THAT(ReadBack<std::uint32_t>(768, {0, 4294967040U}), ElementsAre(0, 4294967040.0F));
  EXPECT_THAT(ReadBack<std::int64_t>(1024, {-5, 1LL << 40}), ElementsAre(-5, 0x1p40F));
  EXPECT_THAT(ReadBack<std::uint64_t>(1280, {7, 1ULL << 63}), ElementsAre(7, 0x1p63F));
  EXPECT_THAT(ReadBack<float>(16, {-1.5F, 1e30F}), ElementsAre(-1.5F, 1e30F));
  EXPECT_THAT(ReadBack<double>(64, {-1.5, 1e300}), ElementsAre(-1.5F, std::numeric_limits<float>::infinity()));
}

TEST(Nifti, ComplexAndColourVoxelsAreRefusedBySayingSo) {
  EXPECT_THAT(Refusal(RawNifti(32, 64, {3, 1, 1, 1, 1, 1, 1, 1}).Append<double>({1}).bytes()), HasSubstr("complex"));
  EXPECT_THAT(Refusal(RawNifti(128, 24, {3, 1, 1, 1, 1, 1, 1, 1}).Append<double>({1}).bytes()), HasSubstr("colours"));
  EXPECT_THAT(Refusal(RawNifti(4, 32, {3, 1, 1, 1, 1, 1, 1, 1}).Append<double>({1}).bytes()), HasSubstr("bitpix"));
}

TEST(Nifti, AppliesSlopeAndInterceptUnlessTheSlopeIsZero) {
  RawNifti file(4, 16, {3, 2, 1, 1, 1, 1, 1, 1});
  file.Put(112, 0.5F).Put(116, -10.0F).Append<std::int16_t>({100, 40});
  EXPECT_THAT(Parse(file.bytes())[0].voxels, testing::ElementsAre(40, 10));
  file.Put(112, 0.0F);
  EXPECT_THAT(Parse(file.bytes())[0].voxels, testing::ElementsAre(100, 40));
}

TEST(Nifti, TurnsTheRasOfTheFileIntoLps) {
  RawNifti file(2, 8, {3, 2, 3, 4, 1, 1, 1, 1});
  file.Append(std::vector<std::uint8_t>(24));
  file.Put(292, 11.0F).Put(308, 22.0F).Put(324, 33.0F);
  const Geometry grid = Parse(file.bytes())[0].geometry;
  EXPECT_THAT(grid.origin_world, testing::ElementsAre(-11, -22, 33));
  EXPECT_EQ(OrientationOf(grid), "RAS");
  EXPECT_EQ(grid.size, (std::array<std::int64_t, 3>{2, 3, 4}));
}

TEST(Nifti, ReadsTheQformWithItsHandedness) {
  RawNifti file(2, 8, {3, 1, 1, 2, 1, 1, 1, 1});
  file.Append(std::vector<std::uint8_t>(2));
  file.Put<std::int16_t>(254, 0).Put<std::int16_t>(252, 1);
  file.Put(80, 2.0F).Put(84, 3.0F).Put(88, 4.0F);  // spacing
  file.Put(264, std::sqrt(0.5F)).Put(268, 5.0F);   // a quarter turn about z; qoffset_x
  EXPECT_EQ(OrientationOf(Parse(file.bytes())[0].geometry), "ALS");
  EXPECT_THAT(Parse(file.bytes())[0].geometry.spacing_mm,
              testing::Pointwise(testing::DoubleNear(1e-6), {2.0, 3.0, 4.0}));
  EXPECT_THAT(Parse(file.bytes())[0].geometry.origin_world, testing::ElementsAre(-5, 0, 0));
  file.Put(76, -1.0F);  // qfac
  EXPECT_EQ(OrientationOf(Parse(file.bytes())[0].geometry), "ALI");
}

TEST(Nifti, AFileWithoutAnOrientationIsRefused) {
  RawNifti file(2, 8, {3, 1, 1, 1, 1, 1, 1, 1});
  file.Put<std::int16_t>(254, 0).Append<std::uint8_t>({1});
  EXPECT_THAT(Refusal(file.bytes()), HasSubstr("[laterality_unknown]"));
}

TEST(Nifti, ContradictoryPlacesOfThePatientAreRefused) {
  RawNifti file(2, 8, {3, 1, 1, 2, 1, 1, 1, 1});
  file.Append(std::vector<std::uint8_t>(2));
  file.Put<std::int16_t>(252, 1);  // the qform is the identity: it agrees with the sform
  EXPECT_EQ(Refusal(file.bytes()), "read without complaint");
  file.Put(280, -1.0F);  // the sform mirrors the patient
  EXPECT_THAT(Refusal(file.bytes()), HasSubstr("[orientation_contradictory]"));
  file.Put(280, 1.0F).Put(268, 3.0F);
  EXPECT_THAT(Refusal(file.bytes()), HasSubstr("[orientation_contradictory]"));
}

TEST(Nifti, SpacingThatContradictsTheSformIsRefused) {
  RawNifti file(2, 8, {3, 1, 1, 2, 1, 1, 1, 1});
  file.Append(std::vector<std::uint8_t>(2)).Put(88, 4.0F);
  EXPECT_THAT(Refusal(file.bytes()), testing::AllOf(HasSubstr("4 mm wide by pixdim, 1 mm by sform"),
                                                    HasSubstr("[orientation_contradictory]")));
}

TEST(Nifti, LengthsInMetresAndMicrometresAreConverted) {
  RawNifti file(2, 8, {3, 1, 1, 1, 1, 1, 1, 1});
  file.Append<std::uint8_t>({1}).Put<std::uint8_t>(123, 1);
  EXPECT_THAT(Parse(file.bytes())[0].geometry.spacing_mm, testing::Each(1000));
  file.Put<std::uint8_t>(123, 3);
  EXPECT_THAT(Parse(file.bytes())[0].geometry.spacing_mm, testing::Each(testing::DoubleNear(1e-3, 1e-12)));
  file.Put<std::uint8_t>(123, 6);
  EXPECT_THAT(Refusal(file.bytes()), HasSubstr("unit"));
}

TEST(Nifti, ASeriesHasAllVolumesAndOneVolumeIsNotTakenForAll) {
  const test::TemporaryFolder folder;
  RawNifti file(4, 16, {4, 2, 1, 1, 3, 1, 1, 1});
  base::WriteFile(folder.path() / "dwi.nii", file.Append<std::int16_t>({1, 2, 3, 4, 5, 6}).bytes());
  const std::vector<Volume> volumes = ReadNiftiSeries(folder.path() / "dwi.nii");
  ASSERT_EQ(volumes.size(), 3U);
  EXPECT_THAT(volumes[1].voxels, testing::ElementsAre(3, 4));
  EXPECT_THROW(ReadNifti(folder.path() / "dwi.nii"), base::Error);
}

// Swaps the bytes of every field that the reader looks at, and of the voxels.
std::string BigEndian(std::string bytes, std::size_t voxel_bytes) {
  const auto swap = [&](std::size_t offset, std::size_t size) {
    std::reverse(bytes.begin() + std::ptrdiff_t(offset), bytes.begin() + std::ptrdiff_t(offset + size));
  };
  swap(0, 4);
  for (std::size_t field = 40; field < 56; field += 2) swap(field, 2);
  for (const std::size_t field : {70, 72, 252, 254}) swap(field, 2);
  for (std::size_t field = 76; field < 120; field += 4) swap(field, 4);
  for (std::size_t field = 256; field < 328; field += 4) swap(field, 4);
  for (std::size_t at = 352; at < bytes.size(); at += voxel_bytes) swap(at, voxel_bytes);
  return bytes;
}

TEST(Nifti, ReadsTheOtherByteOrder) {
  RawNifti file(4, 16, {3, 3, 1, 1, 1, 1, 1, 1});
  file.Put(292, 11.0F).Append<std::int16_t>({1, -2, 30000});
  const Volume volume = Parse(BigEndian(file.bytes(), 2))[0];
  EXPECT_THAT(volume.voxels, testing::ElementsAre(1, -2, 30000));
  EXPECT_EQ(volume.geometry.origin_world[0], -11);
}

std::string Nifti2Example() {
  std::string bytes(544, '\0');
  const auto put = [&](std::size_t offset, auto value) { std::memcpy(bytes.data() + offset, &value, sizeof(value)); };
  put(0, std::int32_t{540});
  std::memcpy(bytes.data() + 4, "n+2\0\r\n\032\n", 8);
  put(12, std::int16_t{4});
  put(14, std::int16_t{16});
  for (std::size_t a = 0; a < 8; ++a) put(16 + 8 * a, std::int64_t{a == 0 ? 3 : a == 1 ? 2 : 1});
  for (std::size_t a = 0; a < 8; ++a) put(104 + 8 * a, 1.0);
  put(168, std::int64_t{544});
  put(176, 2.0);
  put(348, std::int32_t{1});
  for (std::size_t row = 0; row < 3; ++row) put(400 + 40 * row, 1.0);
  put(424, 12.5);
  put(500, std::int32_t{2});
  return bytes + std::string("\x01\x00\x02\x00", 4);
}

TEST(Nifti, ReadsTheSecondVersionOfTheFormat) {
  const Volume volume = Parse(Nifti2Example())[0];
  EXPECT_THAT(volume.voxels, testing::ElementsAre(2, 4));
  EXPECT_EQ(volume.geometry.origin_world[0], -12.5);
}

std::string Packed(const std::string& bytes) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "x.gz";
  const gzFile file = gzopen(path.c_str(), "wb9");
  gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(file);
  return base::ReadFile(path);
}

TEST(Nifti, EveryTruncationIsRefusedWithASentence) {
  RawNifti file(4, 16, {3, 8, 8, 2, 1, 1, 1, 1});
  file.Append(std::vector<std::int16_t>(128, 77));
  for (const std::string& whole : {file.bytes(), Packed(file.bytes()), Nifti2Example(), Packed(Nifti2Example())}) {
    ASSERT_EQ(Refusal(whole), "read without complaint");
    for (std::size_t length = 0; length < whole.size(); ++length) {
      EXPECT_THAT(Refusal(whole.substr(0, length)), testing::StartsWith("scan.nii ")) << length;
    }
  }
}

TEST(Nifti, AFileThatUnpacksToFarMoreThanItsHeaderSaysIsRefused) {
  RawNifti file(2, 8, {3, 2, 2, 2, 1, 1, 1, 1});
  file.Append(std::vector<std::uint8_t>(50'000'000));
  const std::string bomb = Packed(file.bytes());
  EXPECT_LT(bomb.size(), 100'000U);
  EXPECT_THAT(Refusal(bomb), HasSubstr("hostile"));
}

TEST(Nifti, ADamagedStreamIsRefusedByItsChecksum) {
  RawNifti file(4, 16, {3, 8, 8, 2, 1, 1, 1, 1});
  std::string bytes = Packed(file.Append(std::vector<std::int16_t>(128, 77)).bytes());
  bytes[bytes.size() - 6] ^= 1;  // the checksum
  EXPECT_THAT(Refusal(bytes), HasSubstr("damaged"));
}

TEST(Nifti, SizesThatOverflowAreRefused) {
  RawNifti file(64, 64, {4, 32767, 32767, 32767, 32767, 1, 1, 1});
  EXPECT_THAT(Refusal(file.bytes()), testing::StartsWith("scan.nii"));
  EXPECT_THAT(Refusal(RawNifti(2, 8, {3, 2, -1, 1, 1, 1, 1, 1}).bytes()), HasSubstr("-1 entries"));
  EXPECT_THAT(Refusal(RawNifti(2, 8, {9, 2, 1, 1, 1, 1, 1, 1}).bytes()), HasSubstr("9 dimensions"));
  EXPECT_THAT(Refusal(RawNifti(2, 8, {5, 1, 1, 1, 1, 3, 1, 1}).bytes()), HasSubstr("only 3 and 4"));
}

// Each volume takes more memory than its one byte in the file.
TEST(Nifti, MoreVolumesThanAnyScanHasAreRefused) {
  std::string bytes = Nifti2Example();
  const auto put = [&](std::size_t at, std::int64_t value) { std::memcpy(bytes.data() + at, &value, sizeof value); };
  put(16, 4);
  for (std::size_t axis = 1; axis < 4; ++axis) put(16 + 8 * axis, 1);
  put(48, 1'000'000);
  bytes.resize(20'000'000);
  EXPECT_THAT(Refusal(bytes), HasSubstr("1000000 volumes"));
}

// Each member may be empty; what was unpacked before must not be gone through again for it.
TEST(Nifti, ManyEmptyMembersOfAPackedFileCostLittle) {
  RawNifti file(2, 8, {3, 256, 256, 256, 1, 1, 1, 1});
  std::string packed = Packed(file.Append(std::vector<std::uint8_t>(1U << 24U)).bytes());
  const std::string empty = Packed("");
  for (int i = 0; i < 20'000; ++i) packed += empty;
  EXPECT_EQ(Refusal(packed), "read without complaint");
}

TEST(Nifti, AVoxelOffsetOutsideTheFileIsRefused) {
  for (const float offset : {0.0F, 12.5F, -1e30F, 1e30F, std::numeric_limits<float>::quiet_NaN(), 1e6F}) {
    RawNifti file(2, 8, {3, 1, 1, 1, 1, 1, 1, 1});
    EXPECT_THAT(Refusal(file.Put(108, offset).Append<std::uint8_t>({1}).bytes()), testing::StartsWith("scan.nii"))
        << offset;
  }
}

RC_GTEST_PROP(Nifti, WritingAndReadingKeepsVoxelsAndPlaceForAnyRotationAndHandedness, (const std::uint64_t seed)) {
  const test::TemporaryFolder folder;
  base::Random random(seed);
  Volume volume(test::RandomGeometry(random, 12));
  for (float& value : volume.voxels) value = static_cast<float>(random.Normal(0, 1e4));
  const auto path = folder.path() / (random.Chance(0.5) ? "a.nii" : "a.nii.gz");
  WriteNifti(path, volume);
  const Volume back = ReadNifti(path);
  RC_ASSERT(back.voxels == volume.voxels);
  RC_ASSERT(SameGrid(back.geometry, volume.geometry, 1e-3));
  RC_ASSERT(SameGrid(ReadNiftiGeometry(path), back.geometry, 0));
}

RC_GTEST_PROP(Nifti, TheWrittenQformAloneGivesTheSamePlace, (const std::uint64_t seed)) {
  const test::TemporaryFolder folder;
  base::Random random(seed);
  LabelVolume labels(test::RandomGeometry(random, 12));
  const bool axis_aligned = random.Chance(0.5);
  if (axis_aligned) labels.geometry.direction = test::AxisOrientations()[static_cast<std::size_t>(random.Integer(48))];
  WriteNifti(folder.path() / "a.nii", labels);
  std::string bytes = base::ReadFile(folder.path() / "a.nii");
  bytes[254] = 0;  // sform_code
  RC_ASSERT(SameGrid(Parse(bytes)[0].geometry, labels.geometry, axis_aligned ? 1e-3 : 0.1));
}

TEST(Nifti, WholeNumbersAreWrittenInHalfTheSpaceAndComeBackTheSame) {
  const test::TemporaryFolder folder;
  base::Random random(2);
  Volume volume(test::RandomGeometry(random, 6));
  const std::size_t count = volume.voxels.size();
  for (const float extreme : {32767.0F, -32768.0F, 32768.0F, 0.5F}) {
    volume.voxels[0] = extreme;
    WriteNifti(folder.path() / "a.nii", volume);
    const bool whole = extreme <= 32767 && extreme != 0.5F;
    EXPECT_EQ(base::ReadFile(folder.path() / "a.nii").size(), 352 + count * (whole ? 2 : 4)) << extreme;
    EXPECT_EQ(ReadNifti(folder.path() / "a.nii").voxels, volume.voxels);
  }
}

TEST(Nifti, EqualContentGivesEqualBytes) {
  const test::TemporaryFolder folder;
  base::Random random(3);
  LabelVolume labels(test::RandomGeometry(random, 30));
  for (auto& label : labels.voxels) label = static_cast<std::uint8_t>(random.Integer(4));
  WriteNifti(folder.path() / "a.nii.gz", labels);
  WriteNifti(folder.path() / "b.nii.gz", labels);
  EXPECT_EQ(base::HashOfFile(folder.path() / "a.nii.gz"), base::HashOfFile(folder.path() / "b.nii.gz"));
  EXPECT_EQ(ReadNiftiLabels(folder.path() / "a.nii.gz").voxels, labels.voxels);
}

TEST(Nifti, LabelsMustBeWholeNumbersThatFitIntoAByte) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "label.nii";
  for (const float wrong : {0.5F, -1.0F, 256.0F, std::numeric_limits<float>::quiet_NaN()}) {
    base::WriteFile(path, RawNifti(16, 32, {3, 2, 1, 1, 1, 1, 1, 1}).Append<float>({1, wrong}).bytes());
    EXPECT_THROW(ReadNiftiLabels(path), base::Error) << wrong;
  }
  base::WriteFile(path, RawNifti(16, 32, {3, 2, 1, 1, 1, 1, 1, 1}).Append<float>({0, 255}).bytes());
  EXPECT_THAT(ReadNiftiLabels(path).voxels, testing::ElementsAre(0, 255));
}

TEST(Nifti, ASeriesComesBackVolumeByVolume) {
  const test::TemporaryFolder folder;
  base::Random random(4);
  const Geometry grid = test::RandomGeometry(random, 6);
  const std::vector<Volume> volumes = {Volume(grid, 1), Volume(grid, 2), Volume(grid, 3)};
  WriteNiftiSeries(folder.path() / "s.nii.gz", volumes);
  const std::vector<Volume> back = ReadNiftiSeries(folder.path() / "s.nii.gz");
  ASSERT_EQ(back.size(), 3U);
  for (std::size_t v = 0; v < 3; ++v) EXPECT_EQ(back[v].voxels, volumes[v].voxels);
}

TEST(Nifti, AMissingFileIsNamed) {
  try {
    ReadNiftiGeometry("/nowhere/scan.nii.gz");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), base::ErrorKind::kIo);
    EXPECT_THAT(error.what(), HasSubstr("/nowhere/scan.nii.gz"));
  }
}

TEST(Nifti, ReadsThePublicHippocampusData) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const auto folder = test::SharedData() / "hippocampus";
  const Volume image = ReadNifti(folder / "imagesTr" / "hippocampus_001_0000.nii.gz");
  const LabelVolume labels = ReadNiftiLabels(folder / "labelsTr" / "hippocampus_001.nii.gz");
  EXPECT_TRUE(SameGrid(image.geometry, labels.geometry));
  EXPECT_EQ(*std::max_element(labels.voxels.begin(), labels.voxels.end()), 2);
}

}  // namespace
}  // namespace parotis::image
