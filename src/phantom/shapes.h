// Smooth shapes as signed distances in the head frame: negative inside, in canonical millimetres, true near the
// surface, never larger than the true distance by more than a few per cent, so that painting may step over empty space.
// Each shape says in which box it lies. Shapes with long lists of sections are in loft.h.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace parotis::phantom {

struct Vec {
  float x = 0, y = 0, z = 0;
};
inline Vec operator-(Vec a, Vec b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
inline Vec operator+(Vec a, Vec b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
inline Vec operator*(float s, Vec a) { return {s * a.x, s * a.y, s * a.z}; }
inline float Dot(Vec a, Vec b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
inline Vec Cross(Vec a, Vec b) { return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x}; }
inline float Length(Vec a) { return std::sqrt(Dot(a, a)); }

struct Box {
  Vec low, high;
  Box Grown(float by) const { return {{low.x - by, low.y - by, low.z - by}, {high.x + by, high.y + by, high.z + by}}; }
  bool Overlaps(const Box& b) const {
    return low.x <= b.high.x && b.low.x <= high.x && low.y <= b.high.y && b.low.y <= high.y && low.z <= b.high.z &&
           b.low.z <= high.z;
  }
  // 0 inside.
  float DistanceTo(Vec p) const {
    const Vec out = {std::max({low.x - p.x, p.x - high.x, 0.0f}), std::max({low.y - p.y, p.y - high.y, 0.0f}),
                     std::max({low.z - p.z, p.z - high.z, 0.0f})};
    return Length(out);
  }
};
Box Around(const Box& a, const Box& b);
Box MirroredX(const Box& box);

// Where a shape is: one box, and optionally what of it lies in each of many thin slabs of z, so that slanting shapes
// are found quickly.
class Extent {
 public:
  Extent(const Box& whole) : whole_(whole) {}  // NOLINT(google-explicit-constructor): a box is an extent
  // slabs[n] encloses the part with z in [low + n·kSlabMm, low + (n+1)·kSlabMm].
  Extent(const Box& whole, std::vector<Box> slabs) : whole_(whole), slabs_(std::move(slabs)) {}

  const Box& whole() const { return whole_; }
  Box Between(float z_low, float z_high) const;
  Extent Grown(float by) const;
  Extent MirroredX() const;

  static constexpr float kSlabMm = 4;

 private:
  Box whole_;
  std::vector<Box> slabs_;
  float grown_ = 0;  // of the slabs
};

// Signed distance from (u, v) to the ellipse with these half axes about the origin.
float EllipseDistance(float u, float v, float a, float b);

// Union with a fillet of about `k` mm (polynomial smooth minimum), and intersection with a rounded edge.
inline float SmoothMin(float a, float b, float k) {
  const float h = std::max(k - std::abs(a - b), 0.0f) / k;
  return std::min(a, b) - h * h * k * 0.25f;
}
inline float SmoothMax(float a, float b, float k) { return -SmoothMin(-a, -b, k); }

// 0 below `low`, 1 above `high`, smooth between; `low` may be the larger.
inline float SmoothStep(float low, float high, float x) {
  const float t = std::clamp((x - low) / (high - low), 0.0f, 1.0f);
  return t * t * (3 - 2 * t);
}

struct Ellipsoid {
  Vec centre, radii;
  float tilt_xz = 0, tilt_yz = 0;  // radians: moves the top to +x, to +y

  float operator()(Vec p) const {
    Vec q = p - centre;
    q = {q.x - tilt_xz * q.z, q.y - tilt_yz * q.z, q.z};  // a shear: smooth, cheap, and right for small angles
    const Vec n = {q.x / radii.x, q.y / radii.y, q.z / radii.z};
    const float level = Length(n);
    const float slope = Length({n.x / radii.x, n.y / radii.y, n.z / radii.z});
    const float bound = (level - 1) * std::min({radii.x, radii.y, radii.z});
    if (slope < 1e-6f) return bound;
    const float first_order = level * (level - 1) / slope;
    // Within, far from the surface, the first-order distance is too long.
    return level < 1 ? std::max(first_order, bound - 0.6f) : first_order;
  }
  Box bounds() const;
};

// A shape given on the left side, on the side of `sign` (+1 left, −1 right).
template <class Shape>
struct OnSide {
  Shape shape;
  float sign = 1;
  float operator()(Vec p) const { return shape({sign * p.x, p.y, p.z}); }
  Extent bounds() const { return sign > 0 ? Extent(shape.bounds()) : Extent(shape.bounds()).MirroredX(); }
};
template <class Shape>
OnSide(Shape, float) -> OnSide<Shape>;

}  // namespace parotis::phantom
