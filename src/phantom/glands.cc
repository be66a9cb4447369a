#include "phantom/glands.h"

#include "phantom/noise.h"

namespace parotis::phantom {
namespace {

constexpr float kFilletMm = 7;
// About the middle of the gland, from which it is larger or smaller than the average.
constexpr Vec kCentre = {56, 6, 0};

// z, x, y, across, along, turn°, bow.
const std::vector<Section> kSuperficial = {{37, 62.5f, 2, 3, 5, -6},
                                           {28, 62, -1, 5, 13, -8, 0.006f},
                                           {14, 61, -3, 6, 20, -11, 0.007f},
                                           {0, 59.5f, -2, 6.4f, 22, -13, 0.007f},
                                           {-13, 57, 3, 6.6f, 20, -15, 0.007f},
                                           {-26, 54, 11, 6, 13, -18, 0.006f},
                                           {-37, 51, 16, 4.4f, 7.5f, -20},
                                           {-43, 49.5f, 17, 2.4f, 4, -20}};
const std::vector<Section> kRetromandibularPart = {{34, 55, 9, 4, 5, 0},
                                                   {22, 53, 9.5f, 8, 8, 0},
                                                   {6, 52, 10.5f, 9, 9.5f, 0},
                                                   {-12, 51.5f, 12.5f, 8.6f, 9.5f, 0},
                                                   {-26, 50.5f, 15, 6, 7, 0}};
const std::vector<Section> kDeepLobe = {{27, 46, 9, 4, 4, 10},
                                        {16, 43.5f, 9.5f, 8.4f, 5.6f, 12},
                                        {2, 42.5f, 10, 9.4f, 6, 12},
                                        {-9, 44, 11.5f, 7, 5.6f, 12},
                                        {-18, 46, 13, 3.6f, 4, 10}};
constexpr Ellipsoid kAccessory = {{62.5f, -31, 14.5f}, {3.2f, 7, 5}, 0, 0};

}  // namespace

ParotidShape::ParotidShape(const Body& body, dataset::Side side, const SmoothNoise& noise, base::Random& random)
    : noise_(&noise), sign_(static_cast<float>(SignOf(side))), size_(static_cast<float>(body.parotid)) {
  for (const auto* part : {&kSuperficial, &kRetromandibularPart, &kDeepLobe})
    parts_.emplace_back(Varied(*part, random, 1.2), 5);
  if (body.accessory_parotid[side == dataset::Side::kLeft ? 1 : 0]) accessory_ = Varied(kAccessory, random, 1.5);
  Box box = parts_[0].bounds().whole();
  for (const Loft& part : parts_) box = Around(box, part.bounds().whole());
  if (accessory_) box = Around(box, accessory_->bounds());
  box = {kCentre + size_ * (box.low - kCentre), kCentre + size_ * (box.high - kCentre)};
  box_ = sign_ > 0 ? box.Grown(4) : MirroredX(box.Grown(4));
}

float ParotidShape::operator()(Vec p) const {
  const Vec left = {sign_ * p.x, p.y, p.z};
  const Vec q = kCentre + (1 / size_) * (left - kCentre);
  float distance = parts_[0](q);
  for (std::size_t i = 1; i < parts_.size(); ++i) distance = SmoothMin(distance, parts_[i](q), kFilletMm);
  if (accessory_) distance = SmoothMin(distance, (*accessory_)(q), 2);
  distance *= size_;
  if (distance > 8) return distance;
  const Vec n = 0.16f * p;  // the border is finely lobed
  return distance + 0.7f * SmoothStep(8, 3, distance) * (*noise_)(n.x + 3, n.y, n.z);
}

float AboveFacialNerve(Vec p, dataset::Side side) {
  const float x = static_cast<float>(SignOf(side)) * p.x;
  // Across the vein at x = 54.6, y = 10; 48 at the foramen (y = 26); 62 on the masseter (y = −16).
  const float front = p.y - 10;
  const float lateral =
      front < 0 ? 54.2f - 0.4f * front - 0.004f * front * front : 54.2f - 0.3f * front - 0.006f * front * front;
  const float lower = std::min(0.0f, p.z + 8);  // the vein goes inward below
  return (x - lateral - 0.12f * lower) * 0.92f;
}

}  // namespace parotis::phantom
