// Which series is a dynamic contrast-enhanced one, and when its frames were acquired.
#include "intake/dynamic_series.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "intake/dynamic_sets.h"
#include "intake/roles.h"
#include "tests/intake/examples.h"

namespace parotis::intake {
namespace {

using dicom::Series;
using dicom::SeriesVolume;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr double kBegin_s = 36000;

// A spoiled gradient echo, `frames` times every `every_s`.
Series DynamicSeries(int frames, double every_s = 10, int number = 12,
                     const std::string& description = "dce_vibe_tra") {
  Series series = T1Series(number, description);
  series.scanning_sequence = {"GR"};
  series.sequence_variant = {"SP"};
  series.echo_time_ms = 1.8;
  series.repetition_time_ms = 4.5;
  series.flip_angle_deg = 12;
  series.acquisition_time = "100000";
  SeriesVolume volume = series.volumes.front();
  volume.echo_time_ms = 1.8;
  series.volumes.clear();
  for (int n = 0; n < frames; ++n) {
    volume.times.acquisition_s = kBegin_s + n * every_s;
    series.volumes.push_back(volume);
  }
  return series;
}

std::vector<double> Times(int frames, double every_s) {
  std::vector<double> times;
  for (int n = 0; n < frames; ++n) times.push_back(n * every_s);
  return times;
}

const std::vector<std::string> kMaps = {"WASHIN", "TTP", "WASHOUT"};

TEST(DynamicSeries, ManyT1WeightedFramesOverMinutesAreOneAndFeedItsMaps) {
  Series dynamic = DynamicSeries(35);
  dynamic.contrast_agent = "Gadovist";
  dynamic.contrast_start_time = "100030";  // after its first frames
  const StudyRoles roles = AssignRoles(StudyOf({T2Series(), dynamic, T1cSeries(14)}));
  EXPECT_EQ(roles.series[1].role, Role::kDce);
  EXPECT_EQ(roles.series[1].channels, kMaps);
  EXPECT_EQ(roles.series[2].channels, std::vector<std::string>{"T1C"});
  EXPECT_EQ(roles.dynamic.times_s, Times(35, 10));
  EXPECT_EQ(roles.dynamic.time_source, "(0008,0032)");
  EXPECT_THAT(roles.series[1].reason,
              testing::AllOf(HasSubstr("35 frames over time"), HasSubstr("with contrast agent (Gadovist)")));
  EXPECT_THAT(AvailableChannels(roles), ElementsAre("T2", "T1C", "WASHIN", "TTP", "WASHOUT"));
}

TEST(DynamicSeries, IsNeverT1NorT1cNorTheOtherWayRound) {
  Series after = DynamicSeries(20);
  after.contrast_agent = "Gadovist";
  const StudyRoles alone = AssignRoles(StudyOf({T2Series(), after}));
  EXPECT_FALSE(alone.t1c);
  EXPECT_FALSE(alone.t1);
  for (int runs : {2, 4}) {
    std::vector<Series> series = {T2Series()};
    for (int n = 0; n < runs; ++n) {
      series.push_back(T1cSeries(20 + n));
      series.back().acquisition_time = fmt::format("10{:02}00", 2 * n);
    }
    const StudyRoles repeated = AssignRoles(StudyOf(series));
    EXPECT_TRUE(repeated.dynamic.frames.empty()) << runs;
    EXPECT_TRUE(repeated.t1c) << runs;
  }
}

TEST(DynamicSeries, WhatIsNoContrastDynamicIsNot) {
  const auto role = [](const Series& series) { return Classify(series).role; };
  EXPECT_NE(role(DynamicSeries(25, 0.04)), Role::kDce) << "a heart beat";
  EXPECT_NE(role(DynamicSeries(5, 20)), Role::kDce) << "five phases";
  EXPECT_NE(role(DynamicSeries(40, 2, 12, "ce_mra_angio_twist")), Role::kDce);
  Series perfusion = DynamicSeries(60, 1.5, 12, "ep2d_perf");
  perfusion.scanning_sequence = {"EP", "GR"};
  perfusion.echo_time_ms = 30;
  perfusion.repetition_time_ms = 1500;
  EXPECT_NE(role(perfusion), Role::kDce) << "susceptibility";
  Series t2 = DynamicSeries(20);
  t2.scanning_sequence = {"SE"};
  t2.echo_time_ms = 90;
  t2.repetition_time_ms = 4000;
  EXPECT_NE(role(t2), Role::kDce);
  EXPECT_NE(role(DiffusionSeries({0, 0, 0, 0, 1000, 1000, 1000, 1000})), Role::kDce);
}

TEST(DynamicSeries, NamesOfMethodsDoNotHideIt) {
  for (const char* name : {"t1_twist_dynamic", "T1 perfusion", "DISCO", "4D THRIVE dyn", ""})
    EXPECT_EQ(Classify(DynamicSeries(30, 6, 12, name)).role, Role::kDce) << name;
}

// GE writes SS for gradient echoes without saying that they are spoiled.
TEST(DynamicSeries, SteadyStateIsBalancedOnlyWithTheEchoInTheMiddleAndWithoutAgent) {
  Series series = DynamicSeries(30);
  series.sequence_variant = {"SS"};
  EXPECT_EQ(Classify(series).role, Role::kDce);
  series.echo_time_ms = 2.25;  // TR 4.5
  for (SeriesVolume& volume : series.volumes) volume.echo_time_ms = 2.25;
  EXPECT_NE(Classify(series).role, Role::kDce) << "a balanced one";
  series.contrast_agent = "Gadovist";
  EXPECT_EQ(Classify(series).role, Role::kDce);
}

// Every vendor's own attribute alone gives the times.
TEST(DynamicSeries, TheFirstAttributeThatTellsTheFramesApartGivesTheTimes) {
  using dicom::FrameTimes;
  const auto clock_by = [](std::optional<double> FrameTimes::* attribute, double begin_s) {
    Series series = DynamicSeries(8, 0);  // one acquisition time for all of them
    std::vector<std::size_t> frames;
    for (std::size_t n = 0; n < 8; ++n) {
      series.volumes[n].times.*attribute = begin_s + 7.5 * static_cast<double>(n);
      frames.push_back(n);
    }
    return ClockOf(series, frames);
  };
  for (const auto& [attribute, source] : std::vector<std::pair<std::optional<double> FrameTimes::*, const char*>>{
           {&FrameTimes::temporal_offset_s, "(0020,930d)"},
           {&FrameTimes::frame_s, "(0018,9151)"},
           {&FrameTimes::dynamic_begin_s, "Philips (2005,xxa0)"},
           {&FrameTimes::acquisition_s, "(0008,0032)"},
           {&FrameTimes::trigger_s, "(0018,1060)"},
           {&FrameTimes::content_s, "(0008,0033)"}}) {
    const auto clock = clock_by(attribute, 100);
    ASSERT_TRUE(clock) << source;
    EXPECT_EQ(clock->source, source);
    EXPECT_EQ(clock->times_s, Times(8, 7.5)) << source;
  }
  EXPECT_EQ(clock_by(&FrameTimes::acquisition_s, 86380)->times_s, Times(8, 7.5));
}

TEST(DynamicSeries, TimesAcrossMidnightGoOn) {
  Series series = DynamicSeries(10, 10);
  for (std::size_t n = 0; n < 10; ++n)
    series.volumes[n].times.acquisition_s = std::fmod(86355 + 10.0 * static_cast<double>(n), 86400);
  EXPECT_EQ(AssignRoles(StudyOf({T2Series(), series})).dynamic.times_s, Times(10, 10));
}

TEST(DynamicSeries, TemporalPositionsOrderTheFramesAndWithTheResolutionTimeThem) {
  Series series = DynamicSeries(8, 0);
  for (std::size_t n = 0; n < 8; ++n) {
    series.volumes[n].temporal_position = 8 - static_cast<int>(n);  // stored backwards
    series.volumes[n].times.temporal_resolution_s = 12;
    series.volumes[n].times.content_s = 5000 + 20.0 * static_cast<double>(n);  // as they were reconstructed
  }
  const StudyRoles roles = AssignRoles(StudyOf({T2Series(), series}));
  ASSERT_EQ(roles.dynamic.frames.size(), 8U);
  EXPECT_EQ(roles.dynamic.time_source, "(0020,0110)");
  EXPECT_EQ(roles.dynamic.frames.front().volume, 7U);
  EXPECT_EQ(roles.dynamic.times_s, Times(8, 12));
}

TEST(DynamicSeries, FramesWithoutTimesAreRefusedByName) {
  const StudyRoles roles = AssignRoles(StudyOf({T2Series(), DynamicSeries(30, 0)}));
  EXPECT_EQ(roles.series[1].role, Role::kDce);
  EXPECT_THAT(roles.series[1].channels, IsEmpty());
  ASSERT_EQ(roles.findings.size(), 1U);
  EXPECT_EQ(roles.findings[0].finding.code, "dce_times_unknown");
  EXPECT_THROW(RefuseContradiction(roles, "TTP"), base::Error);
  EXPECT_NO_THROW(RefuseContradiction(roles, "T1C"));
}

TEST(DynamicSeries, AFrameThatIsNoRegularVolumeIsLeftOut) {
  Series series = DynamicSeries(30);
  series.volumes.back().problem = base::Found("repetition_incomplete", "it has 3 slices");
  EXPECT_EQ(AssignRoles(StudyOf({T2Series(), series})).dynamic.frames.size(), 29U);
}

TEST(DynamicSeries, OfADixonAcquisitionTheWaterImagesAreTheFrames) {
  Series series = DynamicSeries(20);
  for (std::size_t n = 0; n < 20; ++n)
    series.volumes[n].image_type = {"DERIVED", "PRIMARY", n % 2 == 0 ? "FAT" : "WATER"};
  const StudyRoles roles = AssignRoles(StudyOf({T2Series(), series}));
  ASSERT_EQ(roles.dynamic.frames.size(), 10U);
  EXPECT_EQ(roles.dynamic.frames.front().volume, 1U);
}

// Every frame a series of its own.
std::vector<Series> FramesApart(int count, double every_s, int first_number = 30) {
  std::vector<Series> series;
  for (int n = 0; n < count; ++n) {
    Series frame = DynamicSeries(1, 0, first_number + n);
    frame.volumes.front().times.acquisition_s = kBegin_s + n * every_s;
    frame.contrast_agent = "Gadovist";
    series.push_back(frame);
  }
  return series;
}

TEST(DynamicSeries, FramesInSeriesOfTheirOwnAreOneAcquisitionAndNotT1c) {
  std::vector<Series> series = FramesApart(20, 12);
  std::reverse(series.begin(), series.end());
  series.push_back(T2Series());
  const StudyRoles roles = AssignRoles(StudyOf(series));
  ASSERT_EQ(roles.dynamic.frames.size(), 20U);
  EXPECT_EQ(roles.dynamic.times_s, Times(20, 12));
  EXPECT_EQ(roles.dynamic.frames.front().series, 19U);
  EXPECT_FALSE(roles.t1c);
  EXPECT_THAT(roles.series[3].channels, Contains("TTP"));
  EXPECT_THAT(roles.series[3].reason, HasSubstr("of the 20 frames of a dynamic acquisition in 20 series"));
}

TEST(DynamicSeries, FramesBeforeItBelongToItAndWhatFollowsIsT1AfterContrastAgent) {
  Series before = DynamicSeries(1, 0, 11);
  before.volumes.front().times.acquisition_s = kBegin_s - 40;
  Series after = DynamicSeries(1, 0, 13);
  after.volumes.front().times.acquisition_s = kBegin_s + 350;
  after.contrast_agent = "Gadovist";
  const StudyRoles roles = AssignRoles(StudyOf({T2Series(), before, DynamicSeries(30), after}));
  ASSERT_EQ(roles.dynamic.frames.size(), 31U);
  EXPECT_EQ(roles.dynamic.times_s[1], 40);
  EXPECT_EQ(roles.series[1].role, Role::kDce);
  ASSERT_TRUE(roles.t1c);
  EXPECT_EQ(roles.t1c->series, 3U);
}

TEST(DynamicSeries, APinSaysWhichIsUsed) {
  const dicom::Study study = StudyOf({T2Series(), DynamicSeries(30, 10, 12), DynamicSeries(20, 10, 13)});
  const StudyRoles pinned = AssignRoles(study, {ParsePin("dce=13")});
  EXPECT_EQ(pinned.dynamic.frames.size(), 20U);
  EXPECT_TRUE(AssignRoles(study, {ParsePin("dce=none")}).dynamic.frames.empty());
  EXPECT_THROW(AssignRoles(study, {ParsePin("dce=4")}), base::Error);
}

}  // namespace
}  // namespace parotis::intake
