#include "phantom/shapes.h"

namespace parotis::phantom {

Box Around(const Box& a, const Box& b) {
  return {{std::min(a.low.x, b.low.x), std::min(a.low.y, b.low.y), std::min(a.low.z, b.low.z)},
          {std::max(a.high.x, b.high.x), std::max(a.high.y, b.high.y), std::max(a.high.z, b.high.z)}};
}

Box Ellipsoid::bounds() const {
  const Vec reach = {radii.x + std::abs(tilt_xz) * radii.z, radii.y + std::abs(tilt_yz) * radii.z, radii.z};
  return {centre - reach, centre + reach};
}

float Tube::operator()(Vec p) const {
  float best = 1e9f;
  const auto segments = static_cast<float>(points.size() - 1);
  for (std::size_t s = 0; s + 1 < points.size(); ++s) {
    Vec along = points[s + 1] - points[s];
    Vec from = p - points[s];
    along.z /= tall, from.z /= tall;
    const float t = std::clamp(Dot(from, along) / Dot(along, along), 0.0f, 1.0f);
    const float way = (static_cast<float>(s) + t) / segments;
    best = std::min(best, Length(from - t * along) - (radius_begin + (radius_end - radius_begin) * way));
  }
  return best;
}

Box Tube::bounds() const {
  Box box = {points[0], points[0]};
  for (const Vec& point : points) box = Around(box, {point, point});
  const float radius = std::max(radius_begin, radius_end);
  return {box.low - Vec{radius, radius, radius * tall}, box.high + Vec{radius, radius, radius * tall}};
}

Ellipsoid Mirrored(Ellipsoid shape, float sign) {
  shape.centre.x *= sign;
  shape.tilt_xz *= sign;
  return shape;
}

Tube Mirrored(Tube shape, float sign) {
  for (Vec& point : shape.points) point.x *= sign;
  return shape;
}

}  // namespace parotis::phantom
