// What is drawn of a tumour without placing it: enough for the oracle, and the first thing that a patient draws.
#pragma once

#include <string>

#include "base/random.h"
#include "phantom/diffusion_model.h"
#include "phantom/kinetics.h"
#include "phantom/priors.h"

namespace parotis::phantom {

struct TumourDraw {
  std::string subtype;
  double adc_um2_s = 0;
  double perfusion_fraction = 0;
  double pseudo_diffusion_um2_s = 0;
  double kurtosis = 0;
  double t2_ms = 0;
  double t1_ms = 0;
  double contrast_mmol_l = 0;
  double washout_percent = 0;
  double time_to_peak_s = 0;
  double size_mm = 0;
  Site site = Site::kSuperficial;
  Margin margin = Margin::kSmooth;
  Cysts cysts = Cysts::kNone;
  bool capsule = false;
  bool necrosis = false;
  bool haemorrhage = false;
  bool infiltrates = false;
  bool multicentric = false;
  bool bilateral = false;
  bool enlarged_nodes = false;
  bool nodes_are_metastatic = false;
};
TumourDraw DrawTumour(const TumourPriors& priors, base::Random& random);

// The physics that goes with the drawn numbers.
DiffusionModel DiffusionOf(const TumourDraw& draw);
Kinetics KineticsOf(const TumourDraw& draw);

std::string NameOf(Site site);      // "superficial", "deep", "tail"
std::string NameOf(Margin margin);  // "smooth", "lobulated", "ill_defined"
std::string NameOf(Cysts cysts);    // "none", "proteinaceous", "serous"

}  // namespace parotis::phantom
