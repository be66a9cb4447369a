#include "plan/default_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>

#include "dataset/participants.h"

namespace parotis::plan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(DefaultPlan, AdcKeepsItsUnitAndNothingElseHasOne) {
  const ChannelPlan adc = DefaultChannel("ADC");
  EXPECT_EQ(adc.normalisation, Normalisation::kPhysical);
  EXPECT_DOUBLE_EQ((1800 - adc.offset) / adc.scale, 1) << "1800 µm²/s, a pleomorphic adenoma";
  EXPECT_DOUBLE_EQ((600 - adc.offset) / adc.scale, -1);
  for (const char* channel : {"T2", "T1C", "B0", "B1000", "MRI"})
    EXPECT_EQ(DefaultChannel(channel).normalisation, Normalisation::kRobust);
}

TEST(DefaultPlan, FittedMapsKeepTheirUnitsAndTumoursLieWithinTwoScalesOfTheCentre) {
  const auto place = [](const char* channel, double value) {
    const ChannelPlan plan = DefaultChannel(channel);
    EXPECT_EQ(plan.normalisation, Normalisation::kPhysical) << channel;
    return std::abs((value - plan.offset) / plan.scale);
  };
  EXPECT_LE(place("D", 850), 1);
  EXPECT_LE(place("F", 0.05), 1);
  EXPECT_LE(place("DSTAR", 59000), 1);
  EXPECT_LE(place("K", 1), 1);
  EXPECT_LE(place("WASHIN", 12), 1);
  EXPECT_LE(place("TTP", 58), 1);
  EXPECT_LE(place("WASHOUT", 44), 1);
}

TEST(DefaultPlan, TheFiveContrastSetsOfTheStudy) {
  EXPECT_THAT(DefaultContrastSets({"T2", "T1C", "B0", "B1000", "ADC"}),
              ElementsAre(Pair("diffusion", ElementsAre("B0", "B1000", "ADC")),
                          Pair("diffusion+t1c", ElementsAre("B0", "B1000", "ADC", "T1C")),
                          Pair("structural", ElementsAre("T2", "T1C")), Pair("t1c", ElementsAre("T1C")),
                          Pair("t2", ElementsAre("T2"))));
}

TEST(DefaultPlan, ASetNeedsAllItsChannels) {
  EXPECT_THAT(DefaultContrastSets({"ADC", "B0", "T2"}), ElementsAre(Pair("t2", ElementsAre("T2"))));
  EXPECT_THAT(DefaultContrastSets({"MRI"}), IsEmpty());
}

TEST(DefaultPlan, OnlyADatasetWithMalignantTumoursHasADecisiveClass) {
  EXPECT_THAT(DefaultDecisiveClasses({"background", "benign", "malignant"}), ElementsAre(Pair("malignant", 0.5)));
  EXPECT_THAT(DefaultDecisiveClasses({"background", "anterior"}), IsEmpty());
}

RC_GTEST_PROP(DefaultPlan, QuotasSumToTheBatchAndDifferByAtMostOne, ()) {
  std::vector<std::string> labels = {"background"};
  const int tumours = *rc::gen::inRange(1, 12);
  for (int c = 0; c < tumours; ++c) labels.push_back("tumour " + std::to_string(c));
  const int size = *rc::gen::inRange(1, 200);
  const auto quota = EqualQuota(labels, size);
  RC_ASSERT(quota.size() == labels.size());
  RC_ASSERT(quota.contains(dataset::kTumourFree) && !quota.contains("background"));
  const int sum =
      std::accumulate(quota.begin(), quota.end(), 0, [](int s, const auto& share) { return s + share.second; });
  RC_ASSERT(sum == size);
  for (const auto& [label, share] : quota)
    RC_ASSERT(share == size / (tumours + 1) || share == size / (tumours + 1) + 1);
}

}  // namespace
}  // namespace parotis::plan
