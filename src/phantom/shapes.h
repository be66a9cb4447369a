// Smooth shapes as signed distances in the head frame: negative inside, in canonical millimetres, exact near the
// surface and of the right sign everywhere. Each shape says in which box it lies.
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
inline float Length(Vec a) { return std::sqrt(Dot(a, a)); }

struct Box {
  Vec low, high;
  Box Grown(float by) const { return {{low.x - by, low.y - by, low.z - by}, {high.x + by, high.y + by, high.z + by}}; }
};
Box Around(const Box& a, const Box& b);

// Ellipsoid; `power` 2 is the ellipsoid proper, 4 approaches a box with round edges. Turned by `tilt_xz` about y (moves
// the top to +x) and `tilt_yz` about x (moves the top to +y), in radians.
struct Ellipsoid {
  Vec centre, radii;
  float tilt_xz = 0, tilt_yz = 0;
  int power = 2;

  float operator()(Vec p) const {
    Vec q = p - centre;
    q = {q.x - tilt_xz * q.z, q.y - tilt_yz * q.z, q.z};  // a shear: smooth, cheap, and right for small angles
    const Vec n = {q.x / radii.x, q.y / radii.y, q.z / radii.z};
    const Vec s = {n.x * n.x, n.y * n.y, n.z * n.z};
    const float level =
        power == 2 ? std::sqrt(s.x + s.y + s.z) : std::sqrt(std::sqrt(s.x * s.x + s.y * s.y + s.z * s.z));
    const float slope = Length({n.x / radii.x, n.y / radii.y, n.z / radii.z});
    const float round = std::sqrt(s.x + s.y + s.z);
    if (slope < 1e-6f) return -std::min({radii.x, radii.y, radii.z});
    return round * (level - 1) / slope;
  }
  Box bounds() const;
};

// A tube of constant or changing radius along a line of points; its section is an ellipse stretched along z by `tall`.
struct Tube {
  std::vector<Vec> points;
  float radius_begin = 2, radius_end = 2;
  float tall = 1;

  float operator()(Vec p) const;
  Box bounds() const;
};

// Union with a fillet of about `k` mm (polynomial smooth minimum).
inline float SmoothMin(float a, float b, float k) {
  const float h = std::max(k - std::abs(a - b), 0.0f) / k;
  return std::min(a, b) - h * h * k * 0.25f;
}

// The same shape on the other side of the head.
Ellipsoid Mirrored(Ellipsoid shape, float sign);
Tube Mirrored(Tube shape, float sign);

}  // namespace parotis::phantom
