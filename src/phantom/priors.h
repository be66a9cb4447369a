// What the synthetic cohort is drawn from: demography, morphology and tissue properties of every class, and what goes
// wrong in scanners. The defaults are configs/priors.json itself, compiled in; its comments name the source of each
// value: [s] read in a publication, [r] textbook, [p] our working prior where nothing was published. Every image made
// from these is synthetic; nothing about it is clinical.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"
#include "phantom/spread.h"

namespace parotis::phantom {

enum class Site { kSuperficial, kDeep, kTail };
enum class Margin { kSmooth, kLobulated, kIllDefined };
enum class Cysts { kNone, kProteinaceous, kSerous };

// Of the solid part of a tumour, before contrast unless said otherwise, and of its shape and spread.
struct LesionPriors {
  Spread adc_um2_s;                                        // from b = 0 and 1000 s/mm²
  std::array<double, 2> perfusion_fraction = {0.1, 0.18};  // f: uniform from … to
  Spread pseudo_diffusion_um2_s;                           // D*
  Spread kurtosis;
  Spread t2_ms, t1_ms;
  Spread contrast_mmol_l;                  // gadolinium in the tissue four minutes after the injection
  Spread washout_percent, time_to_peak_s;  // of its curve (phantom/kinetics.h)
  Spread size_mm;                          // largest diameter, kept within size_limits_mm
  std::array<double, 2> size_limits_mm = {10, 42};
  std::array<double, 3> site = {1, 0, 0};         // probability of superficial lobe, deep lobe, tail
  std::array<double, 3> margin = {1, 0, 0};       // probability of smooth, lobulated, ill-defined
  std::array<double, 3> capsule = {0.3, 0.8, 0};  // probability of a visible capsule with each of these margins
  std::array<double, 3> cysts = {1, 0, 0};        // probability of none, proteinaceous, serous
  double necrosis = 0;                            // probability of a ragged necrotic centre
  double haemorrhage = 0;                         // probability of a pool of altered blood
  double infiltrates = 0;                         // probability that an ill-defined tumour leaves the gland
  double multicentric = 0;                        // probability of two or three lesions in one gland
  double bilateral = 0;                           // probability of a lesion in the other gland, too
  double enlarged_nodes = 0;                      // probability of enlarged nodes beside the tumour
  bool nodes_are_metastatic = false;              // else they are reactive
};

struct Subtype {
  std::string name;
  double weight = 1;
  LesionPriors lesion;  // the class's, and what the subtype has of its own
};

// Sex is drawn first, then age and smoking for that sex.
struct Demography {
  double male = 0.5;
  std::array<double, 2> age_years_male = {52, 16}, age_years_female = {52, 16};  // normal: mean and SD
  double smoker_male = 0.3, smoker_female = 0.2;
};

struct TumourPriors {
  std::string name;  // the label's name
  std::vector<Subtype> subtypes;
  Demography demography;
  LesionPriors lesion;  // what subtypes start from
};

struct NormalPriors {
  Demography demography;
  std::array<double, 2> parotid_adc_um2_s = {940, 200};  // normal: mean and SD
  double parotid_t1_ms = 628;
  double parotid_t2_ms = 81;
  double parotid_fat_at_50 = 0.32;  // fat fraction at 50 years
  double parotid_fat_per_year = 0.006;
  double parotid_fat_sd = 0.09;
  Spread node_adc_um2_s = {1190, 220};
  Spread metastatic_node_adc_um2_s = {850, 270};
  double lesion_adc_sd_um2_s = 150;  // within one lesion
};

// Ranges are uniform.
struct AcquisitionPriors {
  double share_at_3t = 0.5;
  std::array<double, 2> snr_t2 = {28, 45}, snr_t1c = {24, 40};  // of an average tumour at 3 T
  std::array<double, 2> snr_b0 = {32, 64}, snr_b1000 = {12, 22};
  std::array<double, 2> snr_dynamic = {18, 30};
  double snr_at_15t = 0.85;                             // against 3 T
  std::array<double, 2> ghost = {0.01, 0.05};           // N/2 ghost against the image
  Spread motion_mm = {0.8, 0.7};                        // between series, length of the shift
  Spread motion_deg = {0.8, 0.7};                       // about a random axis
  double swallowing = 0.35;                             // probability, during T2 and T1C
  double unusable_diffusion = 0.18;                     // probability
  double failed_fat_suppression = 0.08;                 // probability, T1C, in a part of the image
  std::array<double, 2> echo_spacing_ms = {0.5, 0.75};  // of the echo-planar readout, before acceleration
};

struct Priors {
  std::vector<TumourPriors> tumours;  // in the order of the labels: label value = index + 1
  NormalPriors normal;
  AcquisitionPriors acquisition;

  // Throws kUsage naming the classes there are.
  std::size_t IndexOf(const std::string& tumour) const;
};

const Priors& DefaultPriors();
// Strict: unknown keys, probabilities outside 0…1 and spreads that are not positive are kInput errors.
Priors ReadPriors(const std::filesystem::path& path);
Priors PriorsFromJson(const base::Json& json, const std::string& name);
// Every value, those that a subtype shares with its class too.
base::Json ToJson(const Priors& priors);

}  // namespace parotis::phantom
