#include "phantom/tissue.h"

namespace parotis::phantom {
namespace {

constexpr std::size_t kLesionParts = 4;

// What a tissue's blood and interstitium do with the contrast agent, but for how much of it there is.
constexpr Kinetics kAvascular = {0.2, 0, 0, 0};
constexpr Kinetics kSlow = {0.35, 0.05, 5, 0};       // muscle, fat, marrow [p]
constexpr Kinetics kGlandular = {0.65, 0.05, 4, 0};  // glands, mucosa, nodes: early, then a plateau [p]
constexpr Kinetics kArterial = {1, 1, 0, 0};
constexpr Kinetics kVenous = {1, 1, 9, 0};

// Perfusion and kurtosis of vascular soft tissue [p]; those of tumours are drawn.
constexpr double kPerfusionFraction = 0.06;
constexpr double kPseudoDiffusion_um2_s = 18000;
constexpr double kSoftTissueKurtosis = 0.6;

// One line of the table below.
struct Row {
  double water, fat, t1_ms, t2_ms, adc_um2_s, contrast_mmol_l;
  Kinetics kinetics;
  double fat_texture = 0, t2_texture = 0, adc_texture_um2_s = 0, contrast_texture = 0;
  double flow = 0, susceptibility_ppm = 0;
};

Tissue Made(const Row& row, bool perfused = true) {
  Tissue t;
  t.water = row.water, t.fat = row.fat, t.t1_ms = row.t1_ms, t.t2_ms = row.t2_ms;
  t.diffusion = perfused ? ModelWithAdc(row.adc_um2_s, kPerfusionFraction, kPseudoDiffusion_um2_s, kSoftTissueKurtosis)
                         : ModelWithAdc(row.adc_um2_s, 0, kPseudoDiffusion_um2_s, 0);
  t.kinetics = row.kinetics;
  t.kinetics.contrast_mmol_l = row.contrast_mmol_l;
  t.fat_texture = row.fat_texture, t.t2_texture = row.t2_texture;
  t.diffusivity_texture = row.adc_texture_um2_s / row.adc_um2_s;
  t.contrast_texture = row.contrast_texture;
  t.flow = row.flow, t.susceptibility_ppm = row.susceptibility_ppm;
  return t;
}
Tissue Fluid(const Row& row) { return Made(row, false); }

// Susceptibilities: air, bone and fat from Schenck, Med Phys 1996;23:815.
constexpr double kAirPpm = 9.4;
constexpr double kBonePpm = -2.3;
constexpr double kFatPpm = 0.65;
// Of crowns and fillings: alloys reach from −30 (gold) to some hundred (cobalt–chromium) [r]; one value [p].
constexpr double kMetalPpm = 90;

// Values that configs/priors.json does not give are textbook-like priors [p].
std::vector<Tissue> NormalTissues() {
  std::vector<Tissue> t(kFirstOwnTissue);
  t[kAir].susceptibility_ppm = kAirPpm;
  t[kSkin] = Made({0.62, 0.10, 1000, 42, 1000, 0.15, kSlow, 0.02});
  t[kSubcutaneousFat] = Made({0.06, 0.90, 1000, 45, 900, 0.03, kSlow, 0.03, 0, 0, 0, 0, kFatPpm});
  t[kDeepFat] = Made({0.13, 0.80, 1100, 50, 1000, 0.06, kSlow, 0.06, 0, 0, 0, 0, kFatPpm});
  t[kMuscle] = Made({0.86, 0.04, 1412, 50, 1200, 0.08, kSlow, 0.02, 0.06, 90, 0.1});
  t[kTongue] = Made({0.78, 0.16, 1300, 58, 1150, 0.13, kSlow, 0.07, 0.06, 90, 0.1});
  t[kCorticalBone] = Fluid({0.05, 0.01, 1000, 12, 400, 0, kAvascular, 0, 0, 0, 0, 0, kBonePpm});
  t[kJawMarrow] = Made({0.18, 0.72, 1100, 55, 600, 0.06, kSlow, 0.06, 0, 60, 0, 0, 0.5 * kFatPpm});
  t[kVertebralMarrow] = Made({0.36, 0.40, 1000, 55, 480, 0.10, kSlow, 0.05, 0.05, 60, 0.1});
  t[kDisc] = Fluid({0.60, 0.02, 1300, 65, 1300, 0.03, kAvascular, 0, 0.1, 100});
  t[kCsf] = Fluid({1.00, 0, 4000, 1500, 3000, 0, kAvascular});
  t[kCord] = Made({0.80, 0, 1000, 76, 900, 0, kAvascular, 0, 0.03, 60});
  t[kBrain] = Made({0.82, 0, 1250, 88, 780, 0.02, kSlow, 0, 0.08, 70});
  t[kMastoid] = Fluid({0.10, 0.04, 1200, 45, 900, 0.03, kSlow, 0.04, 0.1, 0, 0, 0, 0.6 * kAirPpm});
  t[kTooth] = Fluid({0.01, 0, 1000, 5, 500, 0, kAvascular, 0, 0, 0, 0, 0, kBonePpm});
  t[kMucosa] = Made({0.92, 0, 1300, 92, 1350, 0.45, kGlandular, 0, 0.08, 150, 0.15});
  t[kLymphoidTissue] = Made({0.93, 0, 1250, 92, 880, 0.34, kGlandular, 0, 0.07, 90, 0.12});
  t[kArtery] = Fluid({0.88, 0, 1900, 140, 2500, 0.9, kArterial, 0, 0, 0, 0, 0.97});
  t[kVein] = Fluid({0.88, 0, 1900, 110, 2300, 0.9, kVenous, 0, 0, 0, 0, 0.84});
  t[kSubmandibularGland] = Made({0.84, 0.10, 950, 84, 1250, 0.38, kGlandular, 0.05, 0.06, 110, 0.12});
  t[kCapsule] = Made({0.62, 0.05, 1100, 38, 900, 0.35, kSlow});
  t[kSaliva] = Fluid({0.98, 0, 2600, 320, 2200, 0.05, kAvascular});
  t[kNerve] = Made({0.70, 0.10, 1200, 48, 1000, 0.10, kSlow});
  t[kCartilage] = Made({0.55, 0.05, 1100, 36, 1100, 0.05, kSlow, 0.03, 0.05, 80});
  t[kMetal].susceptibility_ppm = kMetalPpm;
  return t;
}

Tissue ParotidTissue(const Patient& patient, const NormalPriors& normal) {
  const double fat = patient.body.parotid_fat;
  return Made({0.93 * (1 - fat), 0.93 * fat, normal.parotid_t1_ms, normal.parotid_t2_ms, patient.body.parotid_adc_um2_s,
               0.30, kGlandular, 0.09, 0.05, 110, 0.12, 0, fat * kFatPpm});
}

Tissue NodeTissueOf(const Node& node) {
  return Made({0.92, node.enlarged ? 0.0 : 0.05, 1250, 84, node.adc_um2_s, 0.32, kGlandular, 0.02, 0.06, 90, 0.1});
}

Tissue Solid(const Lesion& lesion, const NormalPriors& normal) {
  Tissue t;
  t.water = 0.94;
  t.t1_ms = lesion.t1_ms;
  t.t2_ms = lesion.t2_ms;
  t.diffusion = lesion.diffusion;
  t.kinetics = lesion.kinetics;
  t.t2_texture = 0.10;
  t.diffusivity_texture = normal.lesion_adc_sd_um2_s / lesion.adc_um2_s;
  t.contrast_texture = 0.15;
  return t;
}

// Proteinaceous and haemorrhagic fluid has a short T1 and T2 [s, r]; serous fluid long ones [r]. No enhancement.
Tissue Cyst(const Lesion& lesion) {
  if (lesion.cysts == Cysts::kProteinaceous) return Fluid({0.90, 0, 620, 48, 1250, 0.02, kSlow, 0, 0.08, 120});
  return Fluid({0.97, 0, 2200, 210, 2050, 0.03, kSlow, 0, 0.08, 150});
}

// Liquefied tumour: free water, no enhancement [r].
Tissue Necrotic() { return Fluid({0.96, 0, 1900, 170, 1900, 0.03, kSlow, 0, 0.12, 200}); }
// Extracellular methaemoglobin: short T1, long T2 [r].
Tissue AlteredBlood() { return Fluid({0.92, 0, 560, 110, 1300, 0.02, kSlow, 0, 0.15, 150}); }

// Relaxation at 1.5 T: published for muscle and fat; others follow muscle's T1 half way, and keep their T2 [p].
void MoveTo15T(std::vector<Tissue>& tissues) {
  for (Tissue& tissue : tissues) tissue.t1_ms *= 0.85;
  tissues[kMuscle].t1_ms = 1010;
  tissues[kMuscle].t2_ms = 44;
  tissues[kCsf].t1_ms = 4000;
}

}  // namespace

double TeslaOf(FieldStrength field) { return field == FieldStrength::k3T ? 3.0 : 1.5; }

Fat FatAt(FieldStrength field) { return field == FieldStrength::k3T ? Fat{382, 68, 145, 250} : Fat{343, 58, 130, 250}; }

std::uint8_t NodeTissue(const Patient&, std::size_t node) { return static_cast<std::uint8_t>(kFirstOwnTissue + node); }

std::uint8_t LesionTissue(const Patient& patient, std::size_t lesion, LesionPart part) {
  return static_cast<std::uint8_t>(kFirstOwnTissue + patient.nodes.size() + kLesionParts * lesion +
                                   static_cast<std::size_t>(part));
}

std::vector<Tissue> TissuesOf(const Patient& patient, const NormalPriors& normal, FieldStrength field) {
  std::vector<Tissue> tissues = NormalTissues();
  tissues[kParotid] = ParotidTissue(patient, normal);
  tissues[kMuscle].fat = patient.body.muscle_fat;
  tissues[kMuscle].water = 0.90 - patient.body.muscle_fat;
  for (const Node& node : patient.nodes) tissues.push_back(NodeTissueOf(node));
  for (const Lesion& lesion : patient.lesions) {
    tissues.push_back(Solid(lesion, normal));
    tissues.push_back(Cyst(lesion));
    tissues.push_back(Necrotic());
    tissues.push_back(AlteredBlood());
  }
  if (field == FieldStrength::k15T) MoveTo15T(tissues);
  return tissues;
}

}  // namespace parotis::phantom
