// What cannot be believed about a file before it is read: how long a deflated dataset is, what its elements claim, how
// deep its sequences lie.
#include "dicom/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>

#include "base/error.h"
#include "dicom/index.h"
#include "dicom/pixel_file.h"
#include "dicom/pixels.h"
#include "dicom/rt_structure.h"
#include "dicom/segmentation.h"
#include "tests/support/dicom_file.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dicom {
namespace {

namespace fs = std::filesystem;
using test::DicomItem;
using test::LittleEndian;
using test::MrSlice;
using testing::HasSubstr;

constexpr const char* kDeflated = "1.2.840.10008.1.2.1.99";

// Without zlib's or gzip's wrapping (PS3.5 A.5).
std::string DeflatedRaw(const std::string& bytes) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string DeflatedFile(const std::string& dataset) {
  return test::FileBytes(DicomItem(), kDeflated, DeflatedRaw(dataset));
}

// 256 × 256 pixels whose value is their number: DCMTK leaves values of that length in the file until they are wanted.
DicomItem LargeSlice() {
  std::string pixels;
  for (std::uint32_t i = 0; i < 256 * 256; ++i) pixels += LittleEndian(i, 2);
  return MrSlice(1, 0).SetUs(0x0028, 0x0010, 256).SetUs(0x0028, 0x0011, 256).Set(0x7fe0, 0x0010, "OW", pixels);
}

void ExpectPixelsInOrder(const fs::path& path) {
  const std::vector<double> values = PixelFile(path).Stored(0).values;
  ASSERT_EQ(values.size(), 65536U);
  for (std::size_t i = 0; i < values.size(); ++i) ASSERT_EQ(values[i], static_cast<double>(i));
}

// In implicit representation, without pixel data.
std::string ImplicitDescription() {
  std::string implicit = LittleEndian(0x00160008, 4) + LittleEndian(26, 4) + "1.2.840.10008.5.1.4.1.1.4" + '\0';
  implicit += LittleEndian(0x00020028, 4) + LittleEndian(2, 4) + LittleEndian(1, 2);
  implicit += LittleEndian(0x00040028, 4) + LittleEndian(12, 4) + "MONOCHROME2 ";
  const std::vector<std::pair<std::uint32_t, std::uint32_t>> numbers = {
      {0x00100028, 256}, {0x00110028, 256}, {0x01000028, 16}, {0x01010028, 16}, {0x01020028, 15}, {0x01030028, 0}};
  for (const auto& [tag, value] : numbers)
    implicit += LittleEndian(tag, 4) + LittleEndian(2, 4) + LittleEndian(value, 2);
  return implicit;
}

std::uint64_t MostAddressSpaceKib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmPeak:")) return std::stoull(line.substr(7));
  }
  return 0;
}

class LoadedFiles : public testing::Test {
 protected:
  fs::path Written(const std::string& bytes) {
    base::WriteFile(folder_.path() / "file", bytes);
    return folder_.path() / "file";
  }
  // What the index says of the only file; "read" when it takes it.
  std::string IndexCode(const std::string& bytes) {
    const Index index = IndexDicom(Written(bytes));
    return index.skipped.empty() ? "read" : index.skipped.at(0).code;
  }
  std::string PixelCode(const std::string& bytes) {
    try {
      PixelFile(Written(bytes)).Stored(0);
      return "read";
    } catch (const base::Error& error) {
      EXPECT_THAT(error.message(), HasSubstr((folder_.path() / "file").string()));
      return error.code();
    }
  }

  test::TemporaryFolder folder_;
};

TEST_F(LoadedFiles, ADeflatedDatasetIsReadAsAPlainOne) {
  const std::string bytes = DeflatedFile(LargeSlice().Bytes());
  ExpectPixelsInOrder(Written(bytes));
  const Index index = IndexDicom(Written(bytes));
  EXPECT_EQ(LoadVolume(index.studies.at(0).series.at(0), 0).At(255, 255, 0), 65535);
  EXPECT_EQ(index.studies[0].patient.id, "patient-1");
  // Bytes that pad the file to an even length follow the end.
  EXPECT_EQ(PixelCode(bytes + std::string(3, '\0')), "read");
}

TEST_F(LoadedFiles, ADeflatedDatasetThatBreaksOffIsReadAsFarAsItGoes) {
  const std::string whole = DeflatedFile(LargeSlice().Bytes());
  const std::string half = whole.substr(0, whole.size() / 2);
  EXPECT_EQ(IndexCode(half), "read");
  EXPECT_EQ(PixelCode(half), "pixels_missing");
  EXPECT_EQ(IndexCode(whole.substr(0, 200 + 132)), "file_unreadable");
  std::string damaged = whole;
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
  EXPECT_NE(PixelCode(damaged + "x"), "file_unsafe");
}

TEST_F(LoadedFiles, RubbishIsNoDeflatedDataset) {
  EXPECT_EQ(IndexCode(test::FileBytes(DicomItem(), kDeflated, "\xFE\xFF\x01\x02\x03\x04\x05\x06 rubbish")),
            "file_unreadable");
}

TEST_F(LoadedFiles, ADeflatedElementThatClaimsGigabytesCostsNothing) {
  DicomItem without_pixels = MrSlice(1, 0).Erase(0x7fe0, 0x0010);
  std::string noise;
  for (std::uint32_t i = 1; i < 4000; ++i) noise += LittleEndian(i * 2654435761U, 4);
  const std::string claim = LittleEndian(0x00117FE0, 4) + "OB" + std::string(2, '\0') + LittleEndian(0xFFFFFFF0, 4);
  const std::uint64_t before = MostAddressSpaceKib();
  EXPECT_EQ(PixelCode(DeflatedFile(without_pixels.Bytes() + claim + noise)), "pixels_missing");
  const std::string early = LittleEndian(0x00100009, 4) + "OB" + std::string(2, '\0') + LittleEndian(0xFFFFFFF0, 4);
  EXPECT_EQ(IndexCode(DeflatedFile(early + noise)), "file_unreadable");
  EXPECT_LT(MostAddressSpaceKib() - before, 1U << 20U);
}

// The dataset behind it would be readable in implicit representation.
TEST_F(LoadedFiles, AnElementOfTheFilesOwnHeaderThatClaimsGigabytesCostsNothing) {
  const std::string meta = LittleEndian(0x00100002, 4) + std::string("OB\0\0", 4) + LittleEndian(0xDA31B3F2, 4) + "1.2";
  std::string bytes = std::string(128, '\0') + "DICM" + LittleEndian(0x00000002, 4) + "UL" + LittleEndian(4, 2) +
                      LittleEndian(static_cast<std::uint32_t>(meta.size()), 4) + meta + ImplicitDescription();
  bytes += LittleEndian(0x00107FE0, 4) + LittleEndian(256 * 256 * 2, 4) + LargeSlice().Value(0x7fe0, 0x0010);
  const std::uint64_t before = MostAddressSpaceKib();
  EXPECT_EQ(PixelCode(bytes), "file_unreadable");
  EXPECT_LT(MostAddressSpaceKib() - before, 1U << 20U);
}

TEST_F(LoadedFiles, ADeflatedBombIsRefusedByName) {
  const std::string bomb = DeflatedFile(MrSlice(1, 0).Bytes() + std::string(100'000'000, '\0'));
  ASSERT_LT(bomb.size(), 200'000U);
  EXPECT_EQ(IndexCode(bomb), "file_unsafe");
  EXPECT_EQ(PixelCode(bomb), "file_unsafe");
  for (const auto& read :
       {+[](const fs::path& path) { ReadStructureSet(path); }, +[](const fs::path& path) { ReadSegmentation(path); }}) {
    try {
      read(Written(bomb));
      FAIL();
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "file_unsafe");
    }
  }
}

// Sequences of undefined length in each other, closed properly (PS3.5 7.5).
std::string Nested(int levels, bool explicit_vr) {
  std::string bytes;
  for (int i = 0; i < levels; ++i) {
    bytes += LittleEndian(0x11400008, 4) + (explicit_vr ? std::string("SQ\0\0", 4) : std::string());
    bytes += LittleEndian(0xFFFFFFFF, 4) + LittleEndian(0xE000FFFE, 4) + LittleEndian(0xFFFFFFFF, 4);
  }
  for (int i = 0; i < levels; ++i) {
    bytes += LittleEndian(0xE00DFFFE, 4) + LittleEndian(0, 4) + LittleEndian(0xE0DDFFFE, 4) + LittleEndian(0, 4);
  }
  return bytes;
}

TEST_F(LoadedFiles, SequencesMayLieInEachOtherButNotWithoutEnd) {
  const auto file = [](int levels) {
    const std::string slice = MrSlice(1, 0).Bytes();
    const std::size_t after_class = slice.find("\x10\x00\x20\x00", 0, 4);
    return test::FileBytes(DicomItem(), "1.2.840.10008.1.2.1",
                           slice.substr(0, after_class) + Nested(levels, true) + slice.substr(after_class));
  };
  EXPECT_EQ(IndexCode(file(30)), "read");
  EXPECT_EQ(PixelCode(file(30)), "read");
  EXPECT_EQ(IndexCode(file(10'000)), "file_unsafe");
  EXPECT_EQ(IndexCode(file(1'000'000)), "file_unsafe");
  EXPECT_EQ(PixelCode(file(1'000'000)), "file_unsafe");
  const std::string implicit = Nested(1'000'000, false);
  EXPECT_EQ(IndexCode(test::FileBytes(DicomItem(), "1.2.840.10008.1.2", implicit)), "file_unsafe");
  // Unknown content of undefined length is a sequence in implicit representation (PS3.5 6.2.2).
  const std::string unknown = LittleEndian(0x10010011, 4) + std::string("UN\0\0", 4) + LittleEndian(0xFFFFFFFF, 4) +
                              LittleEndian(0xE000FFFE, 4) + LittleEndian(0xFFFFFFFF, 4);
  EXPECT_EQ(IndexCode(test::FileBytes(DicomItem(), "1.2.840.10008.1.2.1", unknown + implicit)), "file_unsafe");
  EXPECT_EQ(IndexCode(DeflatedFile(Nested(100'000, true))), "file_unsafe");
}

// DCMTK would walk over all of them for each.
TEST_F(LoadedFiles, AnItemMayHaveManyElementsButNotWithoutEnd) {
  const auto backwards = [](std::uint32_t count) {
    std::string bytes;
    for (std::uint32_t i = count; i-- > 0;)
      bytes +=
          LittleEndian(0x0009 + 2 * (i / 0xF000), 2) + LittleEndian(0x1000 + i % 0xF000, 2) + "LO" + LittleEndian(0, 2);
    return bytes;
  };
  const auto file = [](const std::string& before) {
    return test::FileBytes(DicomItem(), "1.2.840.10008.1.2.1", before + MrSlice(1, 0).Bytes());
  };
  EXPECT_EQ(IndexCode(file(backwards(1000))), "read");
  EXPECT_EQ(IndexCode(file(backwards(1'000'000))), "file_unsafe");
  const auto sequence = [](const std::string& items) {
    return LittleEndian(0x11400008, 4) + std::string("SQ\0\0", 4) + LittleEndian(0xFFFFFFFF, 4) + items +
           LittleEndian(0xE0DDFFFE, 4) + LittleEndian(0, 4);
  };
  const auto item = [](const std::string& content) {
    return LittleEndian(0xE000FFFE, 4) + LittleEndian(static_cast<std::uint32_t>(content.size()), 4) + content;
  };
  EXPECT_EQ(IndexCode(file(sequence(item(backwards(20'000))))), "file_unsafe");
  std::string items;
  for (int i = 0; i < 20'000; ++i) items += item(backwards(2));
  EXPECT_EQ(IndexCode(file(sequence(items))), "read");
  std::string many_steps;
  for (int i = 0; i < 20; ++i) many_steps += item(backwards(4000));
  EXPECT_EQ(IndexCode(file(sequence(many_steps))), "file_unsafe");
  // Elements that repeat the one before are dropped: two megabytes of zeros before a dataset do no harm.
  EXPECT_EQ(IndexCode(file(std::string(std::size_t{8} * 300'000, '\0'))), "read");
}

// 256 × 256 16-bit pixels in order, as literal runs of 128 bytes (PS3.5 G.3).
std::string RleFrame() {
  std::string high, low;
  for (unsigned i = 0; i < 65536; ++i) {
    if (i % 128 == 0) high += '\x7F', low += '\x7F';
    high += static_cast<char>(i >> 8U);
    low += static_cast<char>(i & 0xFFU);
  }
  return LittleEndian(2, 4) + LittleEndian(64, 4) + LittleEndian(static_cast<std::uint32_t>(64 + high.size()), 4) +
         std::string(52, '\0') + high + low;
}

// The header says explicit, the dataset is implicit: values that stay in the file must be found in their place.
TEST_F(LoadedFiles, LongValuesOfADatasetUnderAWrongHeaderLieWhereTheyLie) {
  const std::string native = LargeSlice().Value(0x7fe0, 0x0010);
  const std::string in_place = ImplicitDescription() + LittleEndian(0x00107FE0, 4) +
                               LittleEndian(static_cast<std::uint32_t>(native.size()), 4) + native;
  ExpectPixelsInOrder(Written(test::FileBytes(DicomItem(), "1.2.840.10008.1.2.1", in_place)));
  std::string encapsulated = test::EncapsulatedPixels({RleFrame()});
  encapsulated.erase(4, 4);  // the representation
  ExpectPixelsInOrder(
      Written(test::FileBytes(DicomItem(), "1.2.840.10008.1.2.5", ImplicitDescription() + encapsulated)));
}

}  // namespace
}  // namespace parotis::dicom
