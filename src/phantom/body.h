// What one patient's body is like, as drawn from age and sex, and how the average head becomes this patient's: a smooth
// map of space, under which every shape of the anatomy follows.
#pragma once

#include <array>
#include <vector>

#include "base/random.h"
#include "phantom/noise.h"
#include "phantom/priors.h"
#include "phantom/shapes.h"

namespace parotis::phantom {

// Ratios are to the average head, 1 = average. Teeth are counted 0…15 in the upper jaw from the patient's right to
// left, 16…31 in the lower.
struct Body {
  double scale = 1;          // of the whole head
  double neck = 1;           // girth of the neck
  double face_width = 1;     // of the head from side to side
  double face_length = 1;    // from palate to chin
  double bmi_kg_m2 = 25;     // body mass index
  double fat_mm = 6;         // thickness of the subcutaneous fat on the cheek
  double muscle = 1;         // bulk of the muscles of chewing and of the neck
  double parotid = 1;        // size of the glands
  double parotid_fat = 0.3;  // fat fraction of the glands
  double parotid_adc_um2_s = 940;
  double muscle_fat = 0.05;
  double adenoid = 0.2;  // thickness of the lymphoid tissue of the nasopharynx and tonsils, 1 = a young adult's largest
  std::array<bool, 2> accessory_parotid = {};  // right, left: a lobe apart on the masseter
  std::vector<int> missing_teeth;              // all 32: edentulous
  std::vector<int> metal_teeth;                // crowns and large fillings; void of signal
};

Body DrawBody(const NormalPriors& normal, double age_years, bool male, base::Random& random);
// Sizes and fat far beyond what people have, for domain randomisation.
void Exaggerate(Body& body, base::Random& random);

// Head frame → the average head's frame, in which shapes are given. Smooth, and close to the identity at the parotids.
class HeadWarp {
 public:
  HeadWarp(const Body& body, const SmoothNoise& noise);
  Vec operator()(Vec point_head) const;

 private:
  const SmoothNoise* noise_;
  float neck_, width_, length_;
};

}  // namespace parotis::phantom
