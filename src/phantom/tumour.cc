#include "phantom/tumour.h"

#include <algorithm>
#include <cmath>

namespace parotis::phantom {
namespace {

using base::Random;

// Between fat and free water.
constexpr double kLowestAdc = 350;
constexpr double kHighestAdc = 2900;
// Curves that wash out have peaked early: correlation of the two normal scores [p].
constexpr double kWashoutAgainstTime = -0.5;

template <class Choice>
Choice Choose(const std::array<double, 3>& probabilities, Random& random) {
  return static_cast<Choice>(random.Weighted({probabilities.begin(), probabilities.end()}));
}

void DrawTissue(const LesionPriors& priors, TumourDraw& draw, Random& random) {
  draw.adc_um2_s = std::clamp(priors.adc_um2_s.Draw(random), kLowestAdc, kHighestAdc);
  draw.perfusion_fraction = random.Uniform(priors.perfusion_fraction[0], priors.perfusion_fraction[1]);
  draw.pseudo_diffusion_um2_s = std::clamp(priors.pseudo_diffusion_um2_s.Draw(random), 5000.0, 150000.0);
  draw.kurtosis = std::clamp(priors.kurtosis.Draw(random), 0.1, 2.0);
  draw.t2_ms = std::clamp(priors.t2_ms.Draw(random), 40.0, 300.0);
  draw.t1_ms = std::clamp(priors.t1_ms.Draw(random), 700.0, 2400.0);
  draw.contrast_mmol_l = std::clamp(priors.contrast_mmol_l.Draw(random), 0.05, 1.5);
  const double washout = random.Normal();
  const double rest = std::sqrt(1 - kWashoutAgainstTime * kWashoutAgainstTime);
  draw.washout_percent = std::min(80.0, priors.washout_percent.At(washout));
  const double late = kWashoutAgainstTime * washout + rest * random.Normal();
  draw.time_to_peak_s = std::clamp(priors.time_to_peak_s.At(late), 15.0, 300.0);
}

void DrawShape(const LesionPriors& priors, TumourDraw& draw, Random& random) {
  draw.size_mm = std::clamp(priors.size_mm.Draw(random), priors.size_limits_mm[0], priors.size_limits_mm[1]);
  draw.site = Choose<Site>(priors.site, random);
  draw.margin = Choose<Margin>(priors.margin, random);
  draw.cysts = Choose<Cysts>(priors.cysts, random);
  draw.capsule = random.Chance(priors.capsule[static_cast<std::size_t>(draw.margin)]);
  draw.necrosis = random.Chance(priors.necrosis);
  draw.haemorrhage = random.Chance(priors.haemorrhage);
  draw.infiltrates = draw.margin == Margin::kIllDefined && random.Chance(priors.infiltrates);
  draw.multicentric = random.Chance(priors.multicentric);
  draw.bilateral = random.Chance(priors.bilateral);
  draw.enlarged_nodes = random.Chance(priors.enlarged_nodes);
  draw.nodes_are_metastatic = priors.nodes_are_metastatic;
}

}  // namespace

TumourDraw DrawTumour(const TumourPriors& priors, Random& random) {
  std::vector<double> weights;
  weights.reserve(priors.subtypes.size());
  for (const Subtype& subtype : priors.subtypes) weights.push_back(subtype.weight);
  const Subtype& subtype = priors.subtypes[random.Weighted(weights)];
  TumourDraw draw;
  draw.subtype = subtype.name;
  DrawTissue(subtype.lesion, draw, random);
  DrawShape(subtype.lesion, draw, random);
  return draw;
}

DiffusionModel DiffusionOf(const TumourDraw& draw) {
  return ModelWithAdc(draw.adc_um2_s, draw.perfusion_fraction, draw.pseudo_diffusion_um2_s, draw.kurtosis);
}

Kinetics KineticsOf(const TumourDraw& draw) {
  return KineticsWith({draw.time_to_peak_s, draw.washout_percent}, draw.contrast_mmol_l);
}

std::string NameOf(Site site) {
  switch (site) {
    case Site::kSuperficial: return "superficial";
    case Site::kDeep: return "deep";
    case Site::kTail: break;
  }
  return "tail";
}

std::string NameOf(Margin margin) {
  switch (margin) {
    case Margin::kSmooth: return "smooth";
    case Margin::kLobulated: return "lobulated";
    case Margin::kIllDefined: break;
  }
  return "ill_defined";
}

std::string NameOf(Cysts cysts) {
  switch (cysts) {
    case Cysts::kNone: return "none";
    case Cysts::kProteinaceous: return "proteinaceous";
    case Cysts::kSerous: break;
  }
  return "serous";
}

}  // namespace parotis::phantom
