#include "dicom/frame_times.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dicom/index.h"
#include "dicom/pixels.h"
#include "tests/support/dicom_file.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dicom {
namespace {

using test::DicomItem;

Series OneSeries(const std::filesystem::path& folder) {
  const Index index = IndexDicom(folder);
  EXPECT_EQ(index.studies.size(), 1U);
  return index.studies.at(0).series.at(0);
}

// Two slices, `frames` times; the last word is `change`'s.
void WriteFrames(const std::filesystem::path& folder, int frames,
                 const std::function<void(DicomItem&, int frame, int slice)>& change) {
  for (int f = 0; f < frames; ++f) {
    for (int k = 0; k < 2; ++k) {
      DicomItem item = test::MrSlice(2 * f + k + 1, 4.0 * k);
      std::string pixels;
      for (int n = 0; n < 6; ++n) pixels += test::LittleEndian(static_cast<std::uint32_t>(10 * f + k), 2);
      item.Set(0x7fe0, 0x0010, "OW", pixels);
      change(item, f, k);
      test::WriteDicom(folder / fmt::format("{}-{}", f, k), item);
    }
  }
}

TEST(FrameTimes, EveryAttributeThatMaySayWhenAFrameWasAcquiredIsRead) {
  const test::TemporaryFolder folder;
  WriteFrames(folder.path(), 2, [](DicomItem& item, int f, int k) {
    item.Set(0x0020, 0x0100, "IS", std::to_string(f + 1)).Set(0x0020, 0x0110, "DS", "8000");
    item.Set(0x0008, 0x0032, "TM", fmt::format("1000{:02}.{}", 8 * f, k)).Set(0x0008, 0x0033, "TM", "110000");
    item.Set(0x0018, 0x1060, "DS", std::to_string(8000 * f));
    std::string begin(4, '\0');
    const float seconds = 8.0F * static_cast<float>(f);
    std::memcpy(begin.data(), &seconds, 4);
    item.Set(0x2005, 0x0010, "LO", "Philips MR Imaging DD 001").Set(0x2005, 0x10a0, "FL", begin);
  });
  const Series series = OneSeries(folder.path());
  ASSERT_EQ(series.volumes.size(), 2U);
  EXPECT_EQ(series.volumes[1].temporal_position, 2);
  const FrameTimes& times = series.volumes[1].times;
  EXPECT_EQ(times.acquisition_s, 36008);  // the earliest slice's
  EXPECT_EQ(times.content_s, 39600);
  EXPECT_EQ(times.trigger_s, 8);
  EXPECT_EQ(times.dynamic_begin_s, 8);
  EXPECT_EQ(times.temporal_resolution_s, 8);
  EXPECT_EQ(times.frame_s, std::nullopt);
}

TEST(FrameTimes, ATimeThatOneSliceLacksIsNotTheVolumes) {
  const test::TemporaryFolder folder;
  WriteFrames(folder.path(), 1, [](DicomItem& item, int, int k) {
    if (k == 0) item.Set(0x0008, 0x0032, "TM", "100000");
  });
  EXPECT_EQ(OneSeries(folder.path()).volumes.at(0).times.acquisition_s, std::nullopt);
}

// Equal by every number they carry, but acquired at different times: frames, not copies of one image.
TEST(FrameTimes, FramesThatAreNumberedAnewAreToldApartByTheirTimes) {
  const test::TemporaryFolder folder;
  WriteFrames(folder.path(), 3, [](DicomItem& item, int f, int k) {
    // Files come in another order than the frames.
    const int when = 2 - f;
    item.Set(0x0020, 0x0013, "IS", std::to_string(k + 1)).Set(0x0008, 0x0018, "UI", fmt::format("1.2.3.4.{}.{}", f, k));
    item.Set(0x0008, 0x0032, "TM", fmt::format("1000{:02}", 10 * when));
  });
  const Series series = OneSeries(folder.path());
  ASSERT_EQ(series.volumes.size(), 3U);
  for (std::size_t v = 0; v < 3; ++v) {
    EXPECT_TRUE(series.volumes[v].duplicates.empty());
    const auto when = static_cast<int>(*series.volumes[v].times.acquisition_s - 36000) / 10;
    const image::Volume volume = LoadVolume(series, v);
    EXPECT_EQ(volume.voxels.front(), 10 * (2 - when));  // both slices are of one frame
    EXPECT_EQ(volume.voxels.back(), 10 * (2 - when) + 1);
  }
}

TEST(FrameTimes, EnhancedFramesCarryTheirOwnDateAndTime) {
  const test::TemporaryFolder folder;
  DicomItem file = test::MrSlice(1, 0);
  file.Set(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.4.1").Set(0x0028, 0x0008, "IS", "4");
  std::vector<DicomItem> frames;
  for (int f = 0; f < 4; ++f) {
    DicomItem content, position, offset, frame;
    content.Set(0x0018, 0x9151, "DT", fmt::format("202601022359{:02}.5+0100", 50 + 5 * (f / 2)));
    content.Set(0x0020, 0x9128, "UL", test::LittleEndian(static_cast<std::uint32_t>(f / 2 + 1), 4));
    position.Set(0x0020, 0x0032, "DS", fmt::format("0\\0\\{}", 4 * (f % 2)));
    offset.SetFd(0x0020, 0x930d, {5.0 * (f / 2)});
    frame.SetSequence(0x0020, 0x9111, {content}).SetSequence(0x0020, 0x9113, {position});
    frame.SetSequence(0x0020, 0x9310, {offset});
    frames.push_back(frame);
  }
  file.SetSequence(0x5200, 0x9230, frames);
  file.Set(0x7fe0, 0x0010, "OW", std::string(4 * 12, '\1'));
  test::WriteDicom(folder.path() / "file", file);
  const Series series = OneSeries(folder.path());
  ASSERT_EQ(series.volumes.size(), 2U);
  EXPECT_EQ(series.volumes[1].times.frame_s, 86395.5);
  EXPECT_EQ(series.volumes[1].times.temporal_offset_s, 5);
  EXPECT_EQ(series.volumes[1].temporal_position, 2);
}

}  // namespace
}  // namespace parotis::dicom
