// The outside of head and neck, and the fascia under the subcutaneous fat. The fascia is the average person's; fat
// makes the skin move outward.
#pragma once

#include "phantom/body.h"
#include "phantom/loft.h"

namespace parotis::phantom {

class HeadSurface {
 public:
  HeadSurface(const Body& body, base::Random& random);

  float Skin(Vec p) const { return At(p).skin; }
  float Fascia(Vec p) const { return At(p).fascia; }
  // Auricles, of skin and cartilage, are not part of Skin.
  const Loft& auricle() const { return auricle_; }
  Box bounds() const;

  static constexpr float kSkinMm = 1.8f;

 private:
  struct Distances {
    float skin = 0, fascia = 0;
  };
  // Both surfaces are asked for often and are smooth: exact on a lattice, linear between.
  static constexpr float kStepMm = 3;
  static constexpr int kSize[3] = {36, 84, 62};
  static constexpr Vec kLow = {0, -132, -78};

  Distances At(Vec p) const;
  Distances Exact(Vec p) const;
  float Average(Vec p) const;  // skin of a person of average fat

  Loft head_, neck_, nose_, auricle_;
  Ellipsoid chin_;
  float fat_mm_;
  std::vector<Distances> lattice_;  // [z, y, |x|]
};

}  // namespace parotis::phantom
