// The parotid glands and the tumours in them, as distances in the head frame.
#pragma once

#include <vector>

#include "phantom/noise.h"
#include "phantom/patient.h"
#include "phantom/shapes.h"

namespace parotis::phantom {

// Superficial lobe, retromandibular part, deep lobe and tail in one smooth shape.
class ParotidShape {
 public:
  ParotidShape(const Body& body, dataset::Side side, const SmoothNoise& noise, base::Random& random);
  float operator()(Vec p) const;
  Box bounds() const;

 private:
  std::vector<Ellipsoid> parts_;
  const SmoothNoise* noise_;
};

// A tumour: ovoid, lobulated or irregular.
class LesionShape {
 public:
  LesionShape(const Lesion& lesion, double scale, const SmoothNoise& noise, base::Random& random);
  float operator()(Vec p) const;
  Box bounds() const;
  // Width of the zone in which tumour and surroundings mix.
  float edge_mm() const { return edge_mm_; }
  bool has_capsule() const { return capsule_; }
  // Cysts, all within the tumour.
  const std::vector<Ellipsoid>& cysts() const { return cysts_; }

 private:
  void AddCysts(Cysts kind, base::Random& random);

  Ellipsoid core_;
  std::vector<Ellipsoid> lobes_, cysts_;
  const SmoothNoise* noise_;
  Vec noise_offset_;
  float bump_mm_ = 0, bump_cell_mm_ = 10, edge_mm_ = 1;
  bool capsule_ = false;
};

// `shape` with its centre and radii varied as between people.
Ellipsoid Varied(Ellipsoid shape, base::Random& random);

}  // namespace parotis::phantom
