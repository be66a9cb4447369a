// Tumours as distances in the average head's frame: ovoid, lobulated, irregular; what is inside them; and how they push
// soft tissue aside.
#pragma once

#include <vector>

#include "phantom/noise.h"
#include "phantom/patient.h"
#include "phantom/shapes.h"

namespace parotis::phantom {

class LesionShape {
 public:
  // `centre` in the average head's frame; `scale` of the patient's head.
  LesionShape(const Lesion& lesion, Vec centre, double scale, const SmoothNoise& noise, base::Random& random);
  float operator()(Vec p) const;
  float Envelope(Vec p) const;  // the same without the roughness of its surface
  Box bounds() const;
  // Width of the zone in which tumour and surroundings mix.
  float edge_mm() const { return edge_mm_; }
  bool has_capsule() const { return capsule_; }
  Box reach() const { return Box{core_.centre, core_.centre}.Grown(reach_mm_); }

  // Parts within the tumour, each negative inside.
  float Cyst(Vec p) const;      // smooth-walled
  float Necrosis(Vec p) const;  // ragged centre
  float Blood(Vec p) const;     // pool with a level: lies at the back of a hollow
  // Where the tissue that is now at p would lie without the tumour.
  Vec Unpushed(Vec p) const;

 private:
  void AddLobes(base::Random& random);
  void AddCysts(Cysts kind, base::Random& random);

  Ellipsoid core_;
  std::vector<Ellipsoid> lobes_, cysts_;
  Ellipsoid necrosis_, blood_;
  bool necrotic_ = false, bloody_ = false;
  const SmoothNoise* noise_;
  Vec noise_offset_;
  float bump_mm_ = 0, bump_cell_mm_ = 10, edge_mm_ = 1;
  float spikes_mm_ = 0;  // of an infiltrating border
  float push_ = 0, reach_mm_ = 0;
  bool capsule_ = false;
};

}  // namespace parotis::phantom
