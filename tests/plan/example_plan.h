// Plans to test with: the parotid example, and random valid ones.
#pragma once

#include <rapidcheck.h>

#include "plan/default_plan.h"
#include "plan/plan.h"

namespace parotis::plan {

inline Plan ParotidPlan() {
  Plan plan;
  plan.name = "parotid";
  plan.dataset = "parotid";
  plan.labels = {"background", "warthin", "pleomorphic", "malignant"};
  for (const char* channel : {"T2", "T1C", "B0", "B1000", "ADC"}) plan.channels.push_back(DefaultChannel(channel));
  plan.contrast_sets = DefaultContrastSets({"T2", "T1C", "B0", "B1000", "ADC"});
  plan.batch.quota = EqualQuota(plan.labels, plan.batch.size);
  plan.diagnosis.decisive_classes = DefaultDecisiveClasses(plan.labels);
  return plan;
}

// A number with many digits between `low` and `high`.
inline double RandomBetween(double low, double high) {
  return low + (high - low) * *rc::gen::inRange(0, 1'000'003) / 1'000'003.0;
}

// Every field is drawn within what CheckPlan allows.
inline Plan RandomPlan() {
  Plan plan = ParotidPlan();
  plan.name = *rc::gen::string<std::string>();
  for (char& c : plan.name) c = static_cast<char>(c & 0x7f);  // JSON holds UTF-8 only
  for (ChannelPlan& channel : plan.channels) {
    channel.normalisation = *rc::gen::element(Normalisation::kRobust, Normalisation::kPhysical, Normalisation::kNone);
    channel.offset = RandomBetween(-1e6, 1e6);
    channel.scale = RandomBetween(1e-9, 1e6);
  }
  for (double& spacing : plan.preparation.spacing_mm) spacing = RandomBetween(0.05, 10);
  plan.preparation.slice_axis = *rc::gen::inRange(0, 3);
  plan.preparation.crop = *rc::gen::element(CropRule::kBody, CropRule::kNonzero, CropRule::kNone);
  plan.network.widths =
      *rc::gen::container<std::vector<int>>(*rc::gen::inRange<std::size_t>(1, 7), rc::gen::inRange(1, 300));
  plan.network.norm = *rc::gen::element(NetworkNorm::kInstance, NetworkNorm::kBatch, NetworkNorm::kGroup);
  plan.network.deep_supervision = *rc::gen::arbitrary<bool>();
  plan.network.patient_head = *rc::gen::arbitrary<bool>();
  const int multiple = 1 << (plan.network.widths.size() - 1);
  plan.batch.design = *rc::gen::element(BatchDesign::kQuota, BatchDesign::kUniform, BatchDesign::kForeground);
  plan.batch.size = *rc::gen::inRange(2, 100);
  plan.batch.quota = EqualQuota(plan.labels, plan.batch.size);
  plan.batch.patch = {multiple * *rc::gen::inRange(1, 20), multiple * *rc::gen::inRange(1, 20)};
  plan.augmentation.flip_left_right = *rc::gen::arbitrary<bool>();
  plan.augmentation.noise = RandomBetween(0, 3);
  plan.augmentation.channel_dropout = RandomBetween(0, 0.9);
  plan.optimiser.kind = *rc::gen::element(OptimiserKind::kAdamW, OptimiserKind::kSgd);
  plan.optimiser.learning_rate = RandomBetween(1e-12, 1);
  plan.loss.class_weights = {{"malignant", RandomBetween(0, 10)}};
  plan.training.precision = *rc::gen::element<std::string>("auto", "float32", "bfloat16");
  plan.diagnosis.temperature = RandomBetween(0.01, 20);
  plan.diagnosis.decisive_classes = {{"warthin", RandomBetween(0.01, 1)}};
  if (plan.network.patient_head) plan.diagnosis.inputs = {"patient_head", "age_years"};
  if (*rc::gen::arbitrary<bool>()) {
    plan.diagnosis.fusion.offsets = {RandomBetween(-1, 1), 0, RandomBetween(-1, 1)};
    plan.diagnosis.fusion.inputs = {
        {"age_years", RandomBetween(0, 90), RandomBetween(1, 9), {0.5, -0.25, 0}, {0, 1.5, -1}}};
  }
  plan.diagnosis.choose = {RandomBetween(0, 2), "malignant", RandomBetween(0, 1), RandomBetween(0.01, 1)};
  plan.transfer.channels =
      *rc::gen::element(ChannelTransfer::kByName, ChannelTransfer::kAverage, ChannelTransfer::kFresh);
  plan.transfer.classes = *rc::gen::element(ClassTransfer::kByName, ClassTransfer::kFresh);
  if (*rc::gen::arbitrary<bool>()) {
    plan.transfer.frozen = {"encoder_0", "decoder"};
    plan.transfer.freeze_iterations = *rc::gen::element(-1, 1, 500);
  }
  plan.transfer.learning_rate_factors = {{"encoder", RandomBetween(0, 1)}, {"head_0", RandomBetween(0, 100)}};
  plan.transfer.level_decay = RandomBetween(0.001, 1);
  return plan;
}

}  // namespace parotis::plan
