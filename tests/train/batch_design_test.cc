#include "train/batch_design.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "base/error.h"

namespace parotis::train {
namespace {

const std::vector<std::string> kLabels = {"background", "warthin", "pleomorphic"};

plan::BatchPlan Quota(std::map<std::string, int> quota) {
  plan::BatchPlan plan;
  plan.design = plan::BatchDesign::kQuota;
  plan.quota = std::move(quota);
  plan.size = 0;
  for (const auto& [name, count] : plan.quota) plan.size += count;
  return plan;
}

// A random cohort that shows both labels and a slice without any; patients may have several cases.
std::vector<SliceIndex::CaseSlices> RandomCohort() {
  const int patients = *rc::gen::inRange(2, 12);
  std::vector<SliceIndex::CaseSlices> cases;
  for (int patient = 0; patient < patients; ++patient) {
    for (int repeat = *rc::gen::inRange(1, 3); repeat > 0; --repeat) {
      auto slices = *rc::gen::container<std::vector<std::uint64_t>>(6, rc::gen::element<std::uint64_t>(0, 0, 2, 4, 6));
      cases.push_back({"p" + std::to_string(patient), slices});
    }
  }
  cases[0].labels = {0, 2, 4, 6, 0, 2};
  return cases;
}

bool Shows(const SliceIndex& index, const SliceDraw& draw) {
  const std::uint64_t labels = index.cases()[draw.case_index].labels[static_cast<std::size_t>(draw.slice)];
  return draw.wanted == 0 ? labels == 0 : (labels >> draw.wanted & 1) == 1;
}

RC_GTEST_PROP(QuotaBatch, HoldsExactlyTheDeclaredSlicesAndEachShowsWhatItWasDrawnFor, ()) {
  const int warthin = *rc::gen::inRange(0, 5), pleomorphic = *rc::gen::inRange(0, 5), free = *rc::gen::inRange(1, 5);
  const BatchDesigner designer(Quota({{"warthin", warthin}, {"pleomorphic", pleomorphic}, {"tumour_free", free}}),
                               kLabels, SliceIndex(RandomCohort()), *rc::gen::arbitrary<std::uint64_t>());
  const std::vector<SliceDraw> batch = designer.Draw(*rc::gen::inRange(0, 100000));
  const auto drawn_for = [&](int label) {
    return std::count_if(batch.begin(), batch.end(), [&](const SliceDraw& draw) { return draw.wanted == label; });
  };
  RC_ASSERT(drawn_for(1) == warthin);
  RC_ASSERT(drawn_for(2) == pleomorphic);
  RC_ASSERT(drawn_for(0) == free);
  for (const SliceDraw& draw : batch) RC_ASSERT(Shows(designer.index(), draw));
}

RC_GTEST_PROP(QuotaBatch, DealsThePatientsOfALabelEvenlyHoweverManySlicesTheyHave, ()) {
  const BatchDesigner designer(Quota({{"warthin", *rc::gen::inRange(1, 5)}}), kLabels, SliceIndex(RandomCohort()), 7);
  std::set<std::string> eligible;
  for (const auto& examination : designer.index().cases()) {
    if (std::any_of(examination.labels.begin(), examination.labels.end(),
                    [](std::uint64_t l) { return (l & 2) != 0; })) {
      eligible.insert(examination.patient_id);
    }
  }
  std::map<std::string, int> seen;
  for (int iteration = 0; iteration < 50; ++iteration) {
    for (const SliceDraw& draw : designer.Draw(iteration)) ++seen[designer.index().cases()[draw.case_index].patient_id];
  }
  const auto [fewest, most] =
      std::minmax_element(seen.begin(), seen.end(), [](auto& a, auto& b) { return a.second < b.second; });
  RC_ASSERT(seen.size() == eligible.size());
  RC_ASSERT(most->second - fewest->second <= 1);
}

RC_GTEST_PROP(QuotaBatch, SlicesOfOnePatientStandTogetherAndDifferWhileThereAreEnough, ()) {
  plan::BatchPlan plan = Quota({{"warthin", 6}, {"tumour_free", 3}});
  plan.slices_per_patient = 3;
  const BatchDesigner designer(plan, kLabels, SliceIndex(RandomCohort()), *rc::gen::arbitrary<std::uint64_t>());
  const std::vector<SliceDraw> batch = designer.Draw(*rc::gen::inRange(0, 1000));
  const auto& cases = designer.index().cases();
  for (std::size_t first = 0; first < batch.size(); first += 3) {
    const std::string& patient = cases[batch[first].case_index].patient_id;
    std::set<std::pair<std::size_t, std::int64_t>> drawn, eligible;
    for (std::size_t i = first; i < first + 3; ++i) {
      RC_ASSERT(cases[batch[i].case_index].patient_id == patient);
      RC_ASSERT(Shows(designer.index(), batch[i]));
      drawn.insert({batch[i].case_index, batch[i].slice});
    }
    for (std::size_t c = 0; c < cases.size(); ++c) {
      for (std::size_t s = 0; cases[c].patient_id == patient && s < cases[c].labels.size(); ++s) {
        const SliceDraw draw{c, static_cast<std::int64_t>(s), batch[first].wanted};
        if (Shows(designer.index(), draw)) eligible.insert({c, draw.slice});
      }
    }
    RC_ASSERT(drawn.size() == std::min<std::size_t>(3, eligible.size()));
  }
}

RC_GTEST_PROP(SliceIndexProperty, CountsEachPatientOncePerLabel, ()) {
  const SliceIndex index(RandomCohort());
  std::map<std::string, std::uint64_t> shown;
  for (const auto& examination : index.cases()) {
    for (const std::uint64_t labels : examination.labels) shown[examination.patient_id] |= labels;
  }
  const std::vector<std::int64_t> counts = index.PatientsPerLabel(3);
  RC_ASSERT(counts[1] == std::ranges::count_if(shown, [](const auto& p) { return (p.second >> 1 & 1) == 1; }));
  RC_ASSERT(counts[2] == std::ranges::count_if(shown, [](const auto& p) { return (p.second >> 2 & 1) == 1; }));
  RC_ASSERT(counts[0] == std::ranges::count_if(shown, [](const auto& p) { return p.second == 0; }));
}

RC_GTEST_PROP(Batch, IsTheSameWheneverItIsDrawn, ()) {
  plan::BatchPlan plan = Quota({{"warthin", 2}, {"tumour_free", 2}});
  plan.design =
      *rc::gen::element(plan::BatchDesign::kQuota, plan::BatchDesign::kUniform, plan::BatchDesign::kForeground);
  const auto cohort = RandomCohort();
  const BatchDesigner one(plan, kLabels, SliceIndex(cohort), 3), other(plan, kLabels, SliceIndex(cohort), 3);
  const std::int64_t iteration = *rc::gen::inRange(0, 1000);
  for (std::int64_t before = 0; before < *rc::gen::inRange(0, 5); ++before) one.Draw(before);
  RC_ASSERT(one.Draw(iteration) == other.Draw(iteration));
}

TEST(QuotaBatch, AnotherSeedDrawsOtherSlices) {
  const std::vector<SliceIndex::CaseSlices> cohort(9, {"p", std::vector<std::uint64_t>(20, 2)});
  const auto plan = Quota({{"warthin", 8}});
  EXPECT_NE(BatchDesigner(plan, kLabels, SliceIndex(cohort), 1).Draw(0),
            BatchDesigner(plan, kLabels, SliceIndex(cohort), 2).Draw(0));
}

TEST(QuotaBatch, UsesEverySliceOfAPatientThatShowsTheLabel) {
  const BatchDesigner designer(Quota({{"pleomorphic", 4}}), kLabels, SliceIndex({{"p", {0, 4, 2, 6, 4}}}), 1);
  std::set<std::int64_t> slices;
  for (int iteration = 0; iteration < 50; ++iteration) {
    for (const SliceDraw& draw : designer.Draw(iteration)) slices.insert(draw.slice);
  }
  EXPECT_EQ(slices, (std::set<std::int64_t>{1, 3, 4}));
}

TEST(QuotaBatch, ALabelThatNoTrainingCaseShowsIsRefusedByName) {
  try {
    BatchDesigner(Quota({{"warthin", 1}, {"pleomorphic", 1}}), kLabels, SliceIndex({{"p", {0, 2}}}), 1);
    FAIL() << "no complaint";
  } catch (const base::Error& error) {
    EXPECT_NE(std::string(error.what()).find("pleomorphic"), std::string::npos) << error.what();
  }
}

TEST(ForegroundBatch, GuaranteesItsShareOfForeground) {
  plan::BatchPlan plan;
  plan.design = plan::BatchDesign::kForeground;
  plan.size = 12;
  plan.foreground_fraction = 0.25;
  const BatchDesigner designer(plan, kLabels, SliceIndex({{"p", {0, 0, 0, 0, 2}}, {"q", {0, 0, 0, 0, 0}}}), 1);
  for (int iteration = 0; iteration < 20; ++iteration) {
    const auto batch = designer.Draw(iteration);
    EXPECT_EQ(std::count_if(batch.begin(), batch.end(), [](const SliceDraw& draw) { return draw.wanted == 1; }), 3);
    for (const SliceDraw& draw : batch) EXPECT_TRUE(draw.wanted != 1 || (draw.case_index == 0 && draw.slice == 4));
  }
}

TEST(UniformBatch, GivesEverySliceTheSameChance) {
  plan::BatchPlan plan;
  plan.design = plan::BatchDesign::kUniform;
  plan.size = 10;
  const BatchDesigner designer(plan, kLabels, SliceIndex({{"p", {0, 2}}, {"q", {4, 0, 0}}}), 1);
  std::map<std::pair<std::size_t, std::int64_t>, int> seen;
  for (int iteration = 0; iteration < 1000; ++iteration) {
    for (const SliceDraw& draw : designer.Draw(iteration)) ++seen[{draw.case_index, draw.slice}];
  }
  ASSERT_EQ(seen.size(), 5U);
  for (const auto& [slice, count] : seen) EXPECT_NEAR(count, 2000, 200);
}

TEST(DrawHistogram, CountsWhatWasDrawnAndWhatItShowed) {
  const SliceIndex index({{"p", {0, 2}}, {"q", {6}}});
  DrawHistogram histogram(index, kLabels);
  histogram.Add(std::vector<SliceDraw>{{0, 0, 0}, {0, 1, 1}, {1, 0, 1}, {1, 0, 1}});
  const base::Json json = histogram.ToJson();
  EXPECT_EQ(json["drawn_for"]["warthin"], 3);
  EXPECT_EQ(json["drawn_for"]["tumour_free"], 1);
  EXPECT_EQ(json["showing"]["pleomorphic"], 2);
  EXPECT_EQ(json["patients"]["warthin"], (base::Json{{"count", 2}, {"fewest", 1}, {"most", 2}}));
}

}  // namespace
}  // namespace parotis::train
