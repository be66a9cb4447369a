#include "phantom/glands.h"

#include "phantom/painter.h"

namespace parotis::phantom {
namespace {

using base::Random;

constexpr float kGlandFillet = 9;

float Between(Random& random, double low, double high) { return static_cast<float>(random.Uniform(low, high)); }

Vec ToVec(const image::Vector3& v) {
  return {static_cast<float>(v[0]), static_cast<float>(v[1]), static_cast<float>(v[2])};
}

// Evenly distributed over the sphere.
Vec DrawDirection(Random& random) {
  const float z = Between(random, -1, 1);
  const float angle = Between(random, 0, 2 * 3.14159265);
  const float r = std::sqrt(1 - z * z);
  return {r * std::cos(angle), r * std::sin(angle), z};
}

}  // namespace

Ellipsoid Varied(Ellipsoid shape, Random& random) {
  shape.centre = shape.centre + Vec{Between(random, -1.2, 1.2), Between(random, -1.5, 1.5), Between(random, -2, 2)};
  shape.radii = {shape.radii.x * Between(random, 0.92, 1.08), shape.radii.y * Between(random, 0.92, 1.08),
                 shape.radii.z * Between(random, 0.93, 1.07)};
  return shape;
}

ParotidShape::ParotidShape(const Body& body, dataset::Side side, const SmoothNoise& noise, Random& random)
    : noise_(&noise) {
  const auto sign = static_cast<float>(SignOf(side));
  const auto size = static_cast<float>(body.parotid);
  for (Ellipsoid part : {Ellipsoid{{61, 1, 1}, {8, 18, 27}}, Ellipsoid{{56, 14, 2}, {10, 13, 27}},
                         Ellipsoid{{46, 13, 4}, {9, 7.5f, 15}}, Ellipsoid{{56, 20, -24}, {8, 10, 15}}}) {
    part = Varied(Mirrored(part, sign), random);
    part.radii = size * part.radii;
    parts_.push_back(part);
  }
}

float ParotidShape::operator()(Vec p) const {
  float distance = parts_[0](p);
  for (std::size_t i = 1; i < parts_.size(); ++i) distance = SmoothMin(distance, parts_[i](p), kGlandFillet);
  const Vec q = 0.2f * p;
  return distance + 0.9f * (*noise_)(q.x + 3, q.y, q.z);
}

Box ParotidShape::bounds() const {
  Box box = parts_[0].bounds();
  for (const Ellipsoid& part : parts_) box = Around(box, part.bounds());
  return box.Grown(5);
}

LesionShape::LesionShape(const Lesion& lesion, double scale, const SmoothNoise& noise, Random& random)
    : noise_(&noise) {
  const auto to_head = static_cast<float>(1 / scale);
  core_ = {ToVec(lesion.centre_head), to_head * ToVec(lesion.radii_mm), Between(random, -0.2, 0.2),
           Between(random, -0.2, 0.2)};
  noise_offset_ = {Between(random, 0, 60), Between(random, 0, 60), Between(random, 0, 60)};
  const float size = std::min({core_.radii.x, core_.radii.y, core_.radii.z});
  switch (lesion.margin) {
    case Margin::kSmooth:
      bump_mm_ = 0.03f * size, bump_cell_mm_ = 0.5f * size, edge_mm_ = Painter::kEdgeMm;
      capsule_ = random.Chance(0.3);
      break;
    case Margin::kLobulated:
      bump_mm_ = 0.05f * size, bump_cell_mm_ = 0.35f * size, edge_mm_ = Painter::kEdgeMm;
      capsule_ = random.Chance(0.8);
      break;
    case Margin::kIllDefined:
      bump_mm_ = 0.14f * size, bump_cell_mm_ = 0.3f * size, edge_mm_ = Between(random, 2.5, 4.5);
      break;
  }
  if (lesion.margin == Margin::kLobulated) {
    const std::int64_t count = 6 + random.Integer(5);
    for (std::int64_t n = 0; n < count; ++n) {
      const Vec direction = DrawDirection(random);
      const float share = Between(random, 0.42, 0.6);
      const Vec reach = (1 - share) * core_.radii;
      const Vec offset = {direction.x * reach.x, direction.y * reach.y, direction.z * reach.z};
      lobes_.push_back({core_.centre + offset, share * core_.radii});
    }
    core_.radii = 0.86f * core_.radii;
  }
  if (lesion.cysts != Cysts::kNone) AddCysts(lesion.cysts, random);
}

void LesionShape::AddCysts(Cysts kind, Random& random) {
  const std::int64_t count = kind == Cysts::kProteinaceous ? 1 + random.Integer(3) : 1 + random.Integer(2);
  for (std::int64_t n = 0; n < count; ++n) {
    const Vec direction = DrawDirection(random);
    const float share = Between(random, 0.22, 0.45);
    const float way = Between(random, 0.1, 0.75 - share);
    const Vec offset = {direction.x * core_.radii.x, direction.y * core_.radii.y, direction.z * core_.radii.z};
    cysts_.push_back({core_.centre + way * offset, share * core_.radii});
  }
}

float LesionShape::operator()(Vec p) const {
  float distance = core_(p);
  for (const Ellipsoid& lobe : lobes_) distance = SmoothMin(distance, lobe(p), 1.5f);
  const Vec q = (1 / bump_cell_mm_) * p + noise_offset_;
  return distance + bump_mm_ * (*noise_)(q.x, q.y, q.z);
}

Box LesionShape::bounds() const {
  Box box = core_.bounds();
  for (const Ellipsoid& lobe : lobes_) box = Around(box, lobe.bounds());
  return box.Grown(4 * bump_mm_ + edge_mm_);
}

}  // namespace parotis::phantom
