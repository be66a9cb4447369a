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
#include "phantom/priors.h"

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
  double adc_um2_s = 1000;               // solid part; one value per patient up to a few per cent between lesions
  double t2_ms = 90;
  double t1_ms = 1350;
  double contrast_mmol_l = 0.4;
};

struct Body {
  double scale = 1;          // of the whole head
  double neck = 1;           // girth of the neck
  double fat_mm = 6;         // thickness of the subcutaneous fat
  double parotid = 1;        // size of the glands
  double parotid_fat = 0.3;  // fat fraction of the glands
  double parotid_adc_um2_s = 940;
  double muscle_fat = 0.05;
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
  Body body;
  std::vector<Lesion> lesions;  // largest first
  std::vector<Node> nodes;
};

Patient DrawPatient(const Priors& priors, std::uint64_t seed, std::int64_t index, const std::string& diagnosis);

// What of a tumour is drawn without placing it: enough for the oracle, and the first thing DrawPatient draws.
struct TumourDraw {
  std::string subtype;
  double adc_um2_s = 0;
  double t2_ms = 0;
  double t1_ms = 0;
  double contrast_mmol_l = 0;
  double size_mm = 0;
  Site site = Site::kSuperficial;
  Margin margin = Margin::kSmooth;
  Cysts cysts = Cysts::kNone;
  bool multicentric = false;
  bool bilateral = false;
  bool enlarged_nodes = false;
};
TumourDraw DrawTumour(const TumourPriors& priors, base::Random& random);

std::string NameOf(Site site);      // "superficial", "deep", "tail"
std::string NameOf(Margin margin);  // "smooth", "lobulated", "ill_defined"
std::string NameOf(Cysts cysts);    // "none", "proteinaceous", "serous"

// The head frame's sign of a side: +1 left, −1 right.
double SignOf(dataset::Side side);

}  // namespace parotis::phantom
