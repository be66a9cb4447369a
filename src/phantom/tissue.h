// What a voxel is made of, as the signal equations see it.
#pragma once

#include <cstdint>
#include <vector>

#include "phantom/diffusion_model.h"
#include "phantom/kinetics.h"
#include "phantom/patient.h"

namespace parotis::phantom {

// Tissues every patient has; those of the patient's own nodes and lesions follow behind kFirstOwnTissue.
enum NormalTissue : std::uint8_t {
  kAir,
  kSkin,
  kSubcutaneousFat,
  kDeepFat,
  kMuscle,
  kTongue,
  kCorticalBone,
  kJawMarrow,
  kVertebralMarrow,
  kDisc,
  kCsf,
  kCord,
  kBrain,
  kMastoid,
  kTooth,
  kMucosa,
  kLymphoidTissue,
  kArtery,
  kVein,
  kParotid,
  kSubmandibularGland,
  kCapsule,
  kSaliva,  // in ducts
  kNerve,   // and other thin dark strands
  kCartilage,
  kMetal,  // of crowns and fillings
  kFirstOwnTissue
};

// Relaxation at the field of the scan, before contrast. The textures are the standard deviations of smooth variation
// within the tissue.
struct Tissue {
  double water = 0;     // proton density of the watery part, 1 = free water
  double fat = 0;       // proton density of the fatty part
  double t1_ms = 1000;  // of the watery part, as all below
  double t2_ms = 50;
  DiffusionModel diffusion{};
  Kinetics kinetics{};             // of the contrast agent
  double fat_texture = 0;          // moves proton density between water and fat
  double t2_texture = 0;           // relative
  double diffusivity_texture = 0;  // relative
  double contrast_texture = 0;     // relative
  double flow = 0;                 // share of the water that leaves the slice before a spin echo
  double susceptibility_ppm = 0;   // volume susceptibility against water's −9.05 ppm (SI)
};

// The fatty part, everywhere the same.
struct Fat {
  double t1_ms, t2_ms;
  double t2_echo_train_ms;  // apparent T2 in a fast-spin-echo train, longer because J-coupling is quenched [r]
  double adc_um2_s;
};

enum class FieldStrength { k15T, k3T };
double TeslaOf(FieldStrength field);

Fat FatAt(FieldStrength field);

// Indices of a patient's own tissues in the table.
std::uint8_t NodeTissue(const Patient& patient, std::size_t node);
enum class LesionPart { kSolid, kCyst, kNecrosis, kHaemorrhage };
std::uint8_t LesionTissue(const Patient& patient, std::size_t lesion, LesionPart part);

// [tissue index] for this patient. Values that no source in configs/priors.json gives are textbook-like priors [p].
std::vector<Tissue> TissuesOf(const Patient& patient, const NormalPriors& normal, FieldStrength field);

}  // namespace parotis::phantom
