// What the synthetic cohort is drawn from: demography, morphology and tissue properties of every class. The compiled
// defaults equal configs/priors.json, whose comments name the source of each value: [s] read in a publication, [r]
// textbook, [p] our working prior where nothing was published. Every image made from these is synthetic; nothing about
// it is clinical.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/random.h"

namespace parotis::phantom {

// Mean and standard deviation of a log-normal variable between patients (of the variable itself).
struct Spread {
  double mean = 0;
  double sd = 0;
  double Draw(base::Random& random) const { return random.LogNormal(mean, sd); }
  double LogDensity(double value) const;
};

enum class Site { kSuperficial, kDeep, kTail };
enum class Margin { kSmooth, kLobulated, kIllDefined };
enum class Cysts { kNone, kProteinaceous, kSerous };

struct Subtype {
  std::string name;
  double weight = 1;
  Spread adc_um2_s;  // solid part
};

struct TumourPriors {
  std::string name;  // the label's name
  std::vector<Subtype> subtypes;
  Spread t2_ms;            // solid part
  Spread t1_ms;            // solid part, before contrast
  Spread contrast_mmol_l;  // gadolinium in the tissue while T1C is acquired
  Spread size_mm;          // largest diameter, kept within size_limits_mm
  std::array<double, 2> size_limits_mm = {10, 42};
  std::array<double, 3> site = {1, 0, 0};      // probability of superficial lobe, deep lobe, tail
  std::array<double, 3> margin = {1, 0, 0};    // probability of smooth, lobulated, ill-defined
  std::array<double, 3> cysts = {1, 0, 0};     // probability of none, proteinaceous or haemorrhagic, serous or necrotic
  double multicentric = 0;                     // probability of two or three lesions in one gland
  double bilateral = 0;                        // probability of a lesion in the other gland, too
  double enlarged_nodes = 0;                   // probability of enlarged nodes beside the tumour
  bool nodes_are_metastatic = false;           // else they are reactive
  std::array<double, 2> age_years = {55, 14};  // normal: mean and SD
  double male = 0.5;
};

struct NormalPriors {
  std::array<double, 2> age_years = {52, 16};
  double male = 0.5;
  std::array<double, 2> parotid_adc_um2_s = {940, 200};
  double parotid_t1_ms = 628;
  double parotid_t2_ms = 81;
  double parotid_fat_at_50 = 0.32;  // fat fraction at 50 years
  double parotid_fat_per_year = 0.006;
  double parotid_fat_sd = 0.09;
  Spread node_adc_um2_s = {1190, 220};
  Spread metastatic_node_adc_um2_s = {850, 270};
  double lesion_adc_sd_um2_s = 150;  // within one lesion
};

struct Priors {
  std::vector<TumourPriors> tumours;  // in the order of the labels: label value = index + 1
  NormalPriors normal;

  // Throws kUsage naming the classes there are.
  std::size_t IndexOf(const std::string& tumour) const;
};

const Priors& DefaultPriors();
// Strict: unknown keys, probabilities outside 0…1 and spreads that are not positive are kInput errors.
Priors ReadPriors(const std::filesystem::path& path);
base::Json ToJson(const Priors& priors);
Priors PriorsFromJson(const base::Json& json, const std::string& name);

}  // namespace parotis::phantom
