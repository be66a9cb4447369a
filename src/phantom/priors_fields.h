// The keys of configs/priors.json, once for reading and writing: `visit(key, value)` is called for every field.
#pragma once

#include "phantom/priors.h"

namespace parotis::phantom {

// A probability, as opposed to other numbers: both directions check it.
struct Chance {
  double* value;
};
// Probabilities of alternatives, which add up to 1.
struct Choice {
  std::array<double, 3>* values;
};
// Three probabilities of their own.
struct Chances {
  std::array<double, 3>* values;
};
// [low, high], low < high, both positive.
struct Interval {
  std::array<double, 2>* values;
};
struct MeanSd {
  std::array<double, 2>* values;
};

template <class Visit>
void VisitFields(LesionPriors& p, Visit&& visit) {
  visit("adc_um2_s", p.adc_um2_s);
  visit("perfusion_fraction", Interval{&p.perfusion_fraction});
  visit("pseudo_diffusion_um2_s", p.pseudo_diffusion_um2_s);
  visit("kurtosis", p.kurtosis);
  visit("t2_ms", p.t2_ms);
  visit("t1_ms", p.t1_ms);
  visit("contrast_mmol_l", p.contrast_mmol_l);
  visit("washout_percent", p.washout_percent);
  visit("time_to_peak_s", p.time_to_peak_s);
  visit("size_mm", p.size_mm);
  visit("size_limits_mm", Interval{&p.size_limits_mm});
  visit("site", Choice{&p.site});
  visit("margin", Choice{&p.margin});
  visit("capsule", Chances{&p.capsule});
  visit("cysts", Choice{&p.cysts});
  visit("necrosis", Chance{&p.necrosis});
  visit("haemorrhage", Chance{&p.haemorrhage});
  visit("infiltrates", Chance{&p.infiltrates});
  visit("multicentric", Chance{&p.multicentric});
  visit("bilateral", Chance{&p.bilateral});
  visit("enlarged_nodes", Chance{&p.enlarged_nodes});
  visit("nodes_are_metastatic", p.nodes_are_metastatic);
}

template <class Visit>
void VisitFields(Demography& p, Visit&& visit) {
  visit("male", Chance{&p.male});
  visit("age_years_male", MeanSd{&p.age_years_male});
  visit("age_years_female", MeanSd{&p.age_years_female});
  visit("smoker_male", Chance{&p.smoker_male});
  visit("smoker_female", Chance{&p.smoker_female});
}

template <class Visit>
void VisitFields(NormalPriors& p, Visit&& visit) {
  visit("parotid_adc_um2_s", MeanSd{&p.parotid_adc_um2_s});
  visit("parotid_t1_ms", p.parotid_t1_ms);
  visit("parotid_t2_ms", p.parotid_t2_ms);
  visit("parotid_fat_at_50", Chance{&p.parotid_fat_at_50});
  visit("parotid_fat_per_year", p.parotid_fat_per_year);
  visit("parotid_fat_sd", p.parotid_fat_sd);
  visit("node_adc_um2_s", p.node_adc_um2_s);
  visit("metastatic_node_adc_um2_s", p.metastatic_node_adc_um2_s);
  visit("lesion_adc_sd_um2_s", p.lesion_adc_sd_um2_s);
}

template <class Visit>
void VisitFields(AcquisitionPriors& p, Visit&& visit) {
  visit("share_at_3t", Chance{&p.share_at_3t});
  visit("snr_t2", Interval{&p.snr_t2});
  visit("snr_t1c", Interval{&p.snr_t1c});
  visit("snr_b0", Interval{&p.snr_b0});
  visit("snr_b1000", Interval{&p.snr_b1000});
  visit("snr_dynamic", Interval{&p.snr_dynamic});
  visit("snr_at_15t", Chance{&p.snr_at_15t});
  visit("ghost", Interval{&p.ghost});
  visit("motion_mm", p.motion_mm);
  visit("motion_deg", p.motion_deg);
  visit("swallowing", Chance{&p.swallowing});
  visit("unusable_diffusion", Chance{&p.unusable_diffusion});
  visit("failed_fat_suppression", Chance{&p.failed_fat_suppression});
  visit("echo_spacing_ms", Interval{&p.echo_spacing_ms});
}

}  // namespace parotis::phantom
