#include "phantom/tissue.h"

namespace parotis::phantom {
namespace {

constexpr std::size_t kLesionParts = 4;

// Rows: water, fat, T1 ms, T2 ms, ADC µm²/s, contrast mmol/l, then textures of fat, T2 (relative), ADC, contrast
// (relative).
std::vector<Tissue> NormalTissues() {
  std::vector<Tissue> t(kFirstOwnTissue);
  t[kSkin] = {0.62, 0.10, 1000, 42, 1000, 0.15, 0.02, 0, 0, 0};
  t[kSubcutaneousFat] = {0.06, 0.90, 1000, 45, 900, 0.03, 0.03, 0, 0, 0};
  t[kDeepFat] = {0.13, 0.80, 1100, 50, 1000, 0.06, 0.06, 0, 0, 0};
  t[kMuscle] = {0.86, 0.04, 1412, 50, 1200, 0.08, 0.02, 0.06, 90, 0.1};
  t[kTongue] = {0.78, 0.16, 1300, 58, 1150, 0.13, 0.07, 0.06, 90, 0.1};
  t[kCorticalBone] = {0.05, 0.01, 1000, 12, 400, 0, 0, 0, 0, 0};
  t[kJawMarrow] = {0.18, 0.72, 1100, 55, 600, 0.06, 0.06, 0, 60, 0};
  t[kVertebralMarrow] = {0.36, 0.40, 1000, 55, 480, 0.10, 0.05, 0.05, 60, 0.1};
  t[kDisc] = {0.60, 0.02, 1300, 65, 1300, 0.03, 0, 0.1, 100, 0};
  t[kCsf] = {1.00, 0, 4000, 1500, 3000, 0, 0, 0, 0, 0};
  t[kCord] = {0.80, 0, 1000, 76, 900, 0, 0, 0.03, 60, 0};
  t[kBrain] = {0.82, 0, 1250, 88, 780, 0.02, 0, 0.08, 70, 0};
  t[kMastoid] = {0.10, 0.04, 1200, 45, 900, 0.03, 0.04, 0.1, 0, 0};
  t[kTooth] = {0.01, 0, 1000, 5, 500, 0, 0, 0, 0, 0};
  t[kMucosa] = {0.92, 0, 1300, 92, 1350, 0.45, 0, 0.08, 150, 0.15};
  t[kLymphoidTissue] = {0.93, 0, 1250, 92, 880, 0.34, 0, 0.07, 90, 0.12};
  t[kArtery] = {0.03, 0, 1900, 140, 2500, 0, 0, 0, 0, 0};
  t[kVein] = {0.14, 0, 1900, 110, 2300, 0.5, 0, 0, 0, 0};
  t[kSubmandibularGland] = {0.84, 0.10, 950, 84, 1250, 0.38, 0.05, 0.06, 110, 0.12};
  t[kCapsule] = {0.62, 0.05, 1100, 38, 900, 0.35, 0, 0, 0, 0};
  return t;
}

Tissue ParotidTissue(const Patient& patient, const NormalPriors& normal) {
  Tissue t;
  const double fat = patient.body.parotid_fat;
  t.water = 0.93 * (1 - fat);
  t.fat = 0.93 * fat;
  t.t1_ms = normal.parotid_t1_ms;
  t.t2_ms = normal.parotid_t2_ms;
  t.adc_um2_s = patient.body.parotid_adc_um2_s;
  t.contrast_mmol_l = 0.30;
  t.fat_texture = 0.09;
  t.t2_texture = 0.05;
  t.adc_texture_um2_s = 110;
  t.contrast_texture = 0.12;
  return t;
}

Tissue NodeTissueOf(const Node& node) {
  return {0.92, node.enlarged ? 0.0 : 0.05, 1250, 84, node.adc_um2_s, 0.32, 0.02, 0.06, 90, 0.1};
}

Tissue Solid(const Lesion& lesion, const NormalPriors& normal) {
  return {0.94,
          0,
          lesion.t1_ms,
          lesion.t2_ms,
          lesion.adc_um2_s,
          lesion.contrast_mmol_l,
          0,
          0.10,
          normal.lesion_adc_sd_um2_s,
          0.15};
}

// Proteinaceous and haemorrhagic fluid has a short T1 and T2 [s, r]; serous or necrotic fluid long ones [r]. No
// enhancement.
Tissue Cyst(const Lesion& lesion) {
  if (lesion.cysts == Cysts::kProteinaceous) return {0.90, 0, 620, 48, 1250, 0.02, 0, 0.08, 120, 0};
  return {0.97, 0, 2200, 210, 2050, 0.03, 0, 0.08, 150, 0};
}

// Liquefied tumour: free water, no enhancement [r].
constexpr Tissue kNecrotic = {0.96, 0, 1900, 170, 1900, 0.03, 0, 0.12, 200, 0};
// Extracellular methaemoglobin: short T1, long T2 [r].
constexpr Tissue kAlteredBlood = {0.92, 0, 560, 110, 1300, 0.02, 0, 0.15, 150, 0};

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
    tissues.push_back(kNecrotic);
    tissues.push_back(kAlteredBlood);
  }
  if (field == FieldStrength::k15T) MoveTo15T(tissues);
  return tissues;
}

}  // namespace parotis::phantom
