// One synthetic patient, as drawn from the priors: demography, body, and every lesion with its true tissue values.
// Depends on the priors, the seed, the patient's index and diagnosis, and on nothing else. Places are in the head
// frame: canonical millimetres of an average head, axes as LPS (x to the patient's left, y to the back, z to the head),
// origin between the parotids; `body.scale` turns them into the patient's own millimetres.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dataset/diagnosis.h"
#include "image/geometry.h"
#include "phantom/body.h"
#include "phantom/diffusion_model.h"
#include "phantom/kinetics.h"
#include "phantom/priors.h"
#include "phantom/tumour.h"

namespace parotis::phantom {

struct Lesion {
  dataset::Side side = dataset::Side::kLeft;
  Site site = Site::kSuperficial;
  Margin margin = Margin::kSmooth;
  Cysts cysts = Cysts::kNone;
  bool capsule = false;      // a thin dark rim
  bool necrosis = false;     // a ragged centre without blood supply
  bool haemorrhage = false;  // a pool of altered blood
  bool infiltrates = false;  // grows through the gland's border into fat and muscle
  image::Vector3 centre_head = {0, 0, 0};
  image::Vector3 radii_mm = {8, 8, 10};  // the patient's own mm
  double size_mm = 20;                   // largest diameter
  // Of the solid part; between the lesions of a patient they differ by a few per cent.
  double adc_um2_s = 1000;
  double t2_ms = 90;
  double t1_ms = 1350;
  double contrast_mmol_l = 0.4;  // four minutes after the injection
  DiffusionModel diffusion;      // its ADC is adc_um2_s
  Kinetics kinetics;             // passes contrast_mmol_l
};

struct Node {
  dataset::Side side = dataset::Side::kLeft;
  image::Vector3 centre_head = {0, 0, 0};
  image::Vector3 radii_mm = {3, 3, 4};
  double adc_um2_s = 1190;
  bool enlarged = false;
};

struct Patient {
  std::uint64_t seed = 0;
  std::int64_t index = 0;
  std::string id;         // "S00001-0001": seed and number
  std::string diagnosis;  // a tumour's name or dataset::kTumourFree
  std::string subtype;    // empty when there is no tumour
  double age_years = 50;
  bool male = false;
  bool smoker = false;
  Body body;
  std::vector<Lesion> lesions;  // largest first
  std::vector<Node> nodes;
};

// `exaggerated`: with a body far beyond what people have (domain randomisation).
Patient DrawPatient(const Priors& priors, std::uint64_t seed, std::int64_t index, const std::string& diagnosis,
                    bool exaggerated = false);

// The head frame's sign of a side: +1 left, −1 right.
double SignOf(dataset::Side side);

}  // namespace parotis::phantom
