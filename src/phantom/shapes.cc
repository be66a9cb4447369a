#include "phantom/shapes.h"

namespace parotis::phantom {

Box Around(const Box& a, const Box& b) {
  return {{std::min(a.low.x, b.low.x), std::min(a.low.y, b.low.y), std::min(a.low.z, b.low.z)},
          {std::max(a.high.x, b.high.x), std::max(a.high.y, b.high.y), std::max(a.high.z, b.high.z)}};
}

Box MirroredX(const Box& box) { return {{-box.high.x, box.low.y, box.low.z}, {-box.low.x, box.high.y, box.high.z}}; }

Box Extent::Between(float z_low, float z_high) const {
  if (slabs_.empty()) return whole_;
  const float first_z = whole_.low.z + grown_;
  const auto last = static_cast<float>(slabs_.size() - 1);
  const auto slab = [&](float z) {
    return static_cast<std::size_t>(std::clamp(std::floor((z - first_z) / kSlabMm), 0.0f, last));
  };
  Box box = slabs_[slab(z_low - grown_)];
  for (std::size_t n = slab(z_low - grown_) + 1; n <= slab(z_high + grown_); ++n) box = Around(box, slabs_[n]);
  return box.Grown(grown_);
}

Extent Extent::Grown(float by) const {
  Extent grown = *this;
  grown.whole_ = whole_.Grown(by);
  grown.grown_ += by;
  return grown;
}

Extent Extent::MirroredX() const {
  Extent mirrored = *this;
  mirrored.whole_ = phantom::MirroredX(whole_);
  for (Box& slab : mirrored.slabs_) slab = phantom::MirroredX(slab);
  return mirrored;
}

// Closest point by the centre of curvature of the last guess: two steps are good to a tenth of a millimetre in the
// worst place (deep inside a thin plate), and it cannot diverge.
float EllipseDistance(float u, float v, float a, float b) {
  if (std::abs(a - b) < 0.04f * b) return std::sqrt(u * u + v * v) - 0.5f * (a + b);
  const float pu = std::abs(u), pv = std::abs(v);
  const float inverse_a = 1 / a, inverse_b = 1 / b;
  const float evolute_u = (a * a - b * b) * inverse_a, evolute_v = (b * b - a * a) * inverse_b;
  float tu = 0.70710678f, tv = 0.70710678f;
  for (int step = 0; step < 2; ++step) {
    const float eu = evolute_u * tu * tu * tu, ev = evolute_v * tv * tv * tv;
    const float ru = a * tu - eu, rv = b * tv - ev;
    const float qu = pu - eu, qv = pv - ev;
    const float ratio = std::sqrt((ru * ru + rv * rv) / std::max(qu * qu + qv * qv, 1e-9f));
    tu = std::clamp((qu * ratio + eu) * inverse_a, 0.0f, 1.0f);
    tv = std::clamp((qv * ratio + ev) * inverse_b, 0.0f, 1.0f);
    const float inverse_length = 1 / std::sqrt(std::max(tu * tu + tv * tv, 1e-12f));
    tu *= inverse_length, tv *= inverse_length;
  }
  const float du = pu - a * tu, dv = pv - b * tv;
  const float distance = std::sqrt(du * du + dv * dv);
  const float level_u = pu * inverse_a, level_v = pv * inverse_b;
  return level_u * level_u + level_v * level_v < 1 ? -distance : distance;
}

Box Ellipsoid::bounds() const {
  const Vec reach = {radii.x + std::abs(tilt_xz) * radii.z, radii.y + std::abs(tilt_yz) * radii.z, radii.z};
  return {centre - reach, centre + reach};
}

}  // namespace parotis::phantom
