#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <functional>

#include "base/files.h"
#include "tests/plan/example_plan.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace parotis::plan {
namespace {

using test::ErrorOf;
using testing::HasSubstr;
using testing::StartsWith;

struct Contradiction {
  const char* path;
  std::function<void(Plan&)> make;
};

void ExpectRefused(const std::vector<Contradiction>& contradictions) {
  for (const Contradiction& contradiction : contradictions) {
    Plan plan = ParotidPlan();
    contradiction.make(plan);
    EXPECT_THAT(ErrorOf([&] { CheckPlan(plan, "plan.json"); }),
                StartsWith(std::string("plan.json: ") + contradiction.path));
  }
}

TEST(CheckPlan, TheParotidPlanIsSound) { EXPECT_NO_THROW(CheckPlan(ParotidPlan(), "plan.json")); }

RC_GTEST_PROP(CheckPlan, AcceptsEveryPlanWithinItsRanges, ()) { CheckPlan(RandomPlan(), "plan.json"); }

TEST(CheckPlan, LabelsAndChannelsMustBeDistinctNames) {
  ExpectRefused({{"labels[0]", [](Plan& p) { p.labels[0] = "air"; }},
                 {"labels[0]", [](Plan& p) { p.labels.clear(); }},
                 {"labels", [](Plan& p) { p.labels = {"background"}; }},
                 {"labels holds \"warthin\" twice", [](Plan& p) { p.labels[2] = "warthin"; }},
                 {"labels holds an empty name", [](Plan& p) { p.labels[2].clear(); }},
                 {"labels must not hold \"tumour_free\"", [](Plan& p) { p.labels[3] = "tumour_free"; }},
                 {"labels", [](Plan& p) { p.labels.resize(257, "x"); }},
                 {"channels must name", [](Plan& p) { p.channels.clear(); }},
                 {"channels holds \"T2\" twice", [](Plan& p) { p.channels[1].name = "T2"; }},
                 {"channels[4].scale is 0", [](Plan& p) { p.channels[4].scale = 0; }},
                 {"channels[4].scale", [](Plan& p) { p.channels[4].scale = -600; }},
                 {"channels[4].offset", [](Plan& p) { p.channels[4].offset = NAN; }}});
}

TEST(CheckPlan, ContrastSetsNameChannelsThatExist) {
  ExpectRefused({{"contrast_sets.t2 must name", [](Plan& p) { p.contrast_sets["t2"].clear(); }},
                 {"contrast_sets.new holds \"FLAIR\"", [](Plan& p) { p.contrast_sets["new"] = {"T2", "FLAIR"}; }},
                 {"contrast_sets.new holds \"T2\" twice", [](Plan& p) { p.contrast_sets["new"] = {"T2", "T2"}; }},
                 {"contrast_sets must not hold an empty name", [](Plan& p) { p.contrast_sets[""] = {"T2"}; }},
                 {"contrast_sets.ADC has a channel's name", [](Plan& p) { p.contrast_sets["ADC"] = {"ADC", "T2"}; }}});
}

TEST(CheckPlan, TheBatchFitsItsQuotaAndItsPatchTheNetwork) {
  ExpectRefused(
      {{"batch.quota sums to 16, but batch.size is 17", [](Plan& p) { p.batch.size = 17; }},
       {"batch.quota sums to 0", [](Plan& p) { p.batch.quota.clear(); }},
       {"batch.quota.background", [](Plan& p) { p.batch.quota["background"] = 0; }},
       {"batch.quota.lymphoma", [](Plan& p) { p.batch.quota["lymphoma"] = 1; }},
       {"batch.quota.warthin is -4", [](Plan& p) { p.batch.quota["warthin"] = -4, p.batch.quota["malignant"] = 12; }},
       {"batch.patch[0] is 120; 5 network levels need a multiple of 16", [](Plan& p) { p.batch.patch[0] = 120; }},
       {"batch.patch[1]", [](Plan& p) { p.batch.patch[1] = 0; }},
       {"batch.size is 0", [](Plan& p) { p.batch.size = 0; }},
       {"batch.foreground_fraction", [](Plan& p) { p.batch.foreground_fraction = 1.5; }},
       {"network.widths", [](Plan& p) { p.network.widths.clear(); }},
       {"network.widths[1] is 0", [](Plan& p) { p.network.widths[1] = 0; }},
       {"network.convolutions_per_level", [](Plan& p) { p.network.convolutions_per_level = 0; }},
       {"network.neighbour_slices", [](Plan& p) { p.network.neighbour_slices = -1; }}});
}

TEST(CheckPlan, BatchNormalisationNeedsABatch) {
  Plan plan = ParotidPlan();
  plan.batch.design = BatchDesign::kUniform;
  plan.batch.size = 1;
  EXPECT_NO_THROW(CheckPlan(plan, "plan.json"));
  plan.network.norm = NetworkNorm::kBatch;
  EXPECT_THAT(ErrorOf([&] { CheckPlan(plan, "plan.json"); }),
              HasSubstr("batch.size is 1, but network.norm is \"batch\""));
}

TEST(CheckPlan, OtherDesignsMayKeepAQuotaForLater) {
  Plan plan = ParotidPlan();
  plan.batch.design = BatchDesign::kUniform;
  plan.batch.size = 24;
  EXPECT_NO_THROW(CheckPlan(plan, "plan.json"));
}

TEST(CheckPlan, NumbersLieInTheirRanges) {
  ExpectRefused({{"preparation.spacing_mm[2] is 0", [](Plan& p) { p.preparation.spacing_mm[2] = 0; }},
                 {"preparation.spacing_mm[0]", [](Plan& p) { p.preparation.spacing_mm[0] = NAN; }},
                 {"preparation.slice_axis is 3", [](Plan& p) { p.preparation.slice_axis = 3; }},
                 {"preparation.crop_margin_mm", [](Plan& p) { p.preparation.crop_margin_mm = -1; }},
                 {"augmentation.rotation_degrees", [](Plan& p) { p.augmentation.rotation_degrees = 200; }},
                 {"augmentation.noise", [](Plan& p) { p.augmentation.noise = -0.1; }},
                 {"augmentation.probability", [](Plan& p) { p.augmentation.probability = 1.1; }},
                 {"optimiser.learning_rate", [](Plan& p) { p.optimiser.learning_rate = 0; }},
                 {"optimiser.momentum", [](Plan& p) { p.optimiser.momentum = 1; }},
                 {"optimiser.iterations", [](Plan& p) { p.optimiser.iterations = 0; }},
                 {"optimiser.warmup_iterations is 3000", [](Plan& p) { p.optimiser.warmup_iterations = 3000; }},
                 {"optimiser.gradient_clip", [](Plan& p) { p.optimiser.gradient_clip = INFINITY; }},
                 {"optimiser.ema_decay", [](Plan& p) { p.optimiser.ema_decay = 1; }},
                 {"loss has neither", [](Plan& p) { p.loss.dice = p.loss.cross_entropy = 0; }},
                 {"loss.class_weights.lymphoma is no label", [](Plan& p) { p.loss.class_weights["lymphoma"] = 2; }},
                 {"loss.class_weights.background", [](Plan& p) { p.loss.class_weights["background"] = -1; }},
                 {"training.checkpoint_every", [](Plan& p) { p.training.checkpoint_every = 0; }},
                 {"training.precision is \"half\"", [](Plan& p) { p.training.precision = "half"; }},
                 {"inference.batch", [](Plan& p) { p.inference.batch = 0; }}});
}

TEST(CheckPlan, TheDiagnosisRuleSpeaksOfTumoursAndProbabilities) {
  ExpectRefused(
      {{"diagnosis.voxel_threshold", [](Plan& p) { p.diagnosis.voxel_threshold = 2; }},
       {"diagnosis.min_volume_ml", [](Plan& p) { p.diagnosis.min_volume_ml = -1; }},
       {"diagnosis.min_peak_probability", [](Plan& p) { p.diagnosis.min_peak_probability = -0.1; }},
       {"diagnosis.temperature is 0", [](Plan& p) { p.diagnosis.temperature = 0; }},
       {"diagnosis.min_class_probability", [](Plan& p) { p.diagnosis.min_class_probability = NAN; }},
       {"diagnosis.decisive_classes.background", [](Plan& p) { p.diagnosis.decisive_classes["background"] = 0.5; }},
       {"diagnosis.decisive_classes.malignant is 0", [](Plan& p) { p.diagnosis.decisive_classes["malignant"] = 0; }}});
}

TEST(CheckPlan, AContradictoryPlanIsNeverWritten) {
  const test::TemporaryFolder folder;
  Plan plan = ParotidPlan();
  plan.batch.size = 3;
  EXPECT_THAT(ErrorOf([&] { WritePlan(folder.path() / "plan.json", plan); }), HasSubstr("batch.quota"));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace parotis::plan
