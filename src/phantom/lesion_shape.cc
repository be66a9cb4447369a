#include "phantom/lesion_shape.h"

#include <numbers>

namespace parotis::phantom {
namespace {

using base::Random;

constexpr float kNowhere = 1e3f;
constexpr float kSharpMm = 0.9f;

float Between(Random& random, double low, double high) { return static_cast<float>(random.Uniform(low, high)); }

Vec ToVec(const image::Vector3& v) {
  return {static_cast<float>(v[0]), static_cast<float>(v[1]), static_cast<float>(v[2])};
}

// Evenly distributed over the sphere.
Vec DrawDirection(Random& random) {
  const float z = Between(random, -1, 1);
  const float angle = Between(random, 0, 2 * std::numbers::pi);
  const float r = std::sqrt(1 - z * z);
  return {r * std::cos(angle), r * std::sin(angle), z};
}

}  // namespace

LesionShape::LesionShape(const Lesion& lesion, Vec centre, double scale, const SmoothNoise& noise, Random& random)
    : noise_(&noise), capsule_(lesion.capsule) {
  const auto to_head = static_cast<float>(1 / scale);
  core_ = {centre, to_head * ToVec(lesion.radii_mm), Between(random, -0.2, 0.2), Between(random, -0.2, 0.2)};
  noise_offset_ = {Between(random, 0, 60), Between(random, 0, 60), Between(random, 0, 60)};
  const float size = std::min({core_.radii.x, core_.radii.y, core_.radii.z});
  edge_mm_ = kSharpMm;
  switch (lesion.margin) {
    case Margin::kSmooth: bump_mm_ = 0.03f * size, bump_cell_mm_ = 0.7f * size; break;
    case Margin::kLobulated: bump_mm_ = 0.04f * size, bump_cell_mm_ = 0.45f * size; break;
    case Margin::kIllDefined:
      bump_mm_ = 0.13f * size, bump_cell_mm_ = 0.4f * size;
      edge_mm_ = Between(random, 2.5, 4.5);
      break;
  }
  if (lesion.infiltrates) spikes_mm_ = Between(random, 1.2, 2.2);
  push_ = lesion.margin == Margin::kIllDefined ? 0.35f : 0.6f;
  reach_mm_ = 2.3f * std::cbrt(core_.radii.x * core_.radii.y * core_.radii.z);
  if (lesion.margin == Margin::kLobulated) AddLobes(random);
  if (lesion.cysts != Cysts::kNone) AddCysts(lesion.cysts, random);
  const auto inner = [&](double low, double high, double off) {
    const Vec d = DrawDirection(random);
    const float share = Between(random, low, high);
    const auto way = static_cast<float>(random.Uniform(0, off));
    return Ellipsoid{core_.centre + way * Vec{d.x * core_.radii.x, d.y * core_.radii.y, d.z * core_.radii.z},
                     share * core_.radii};
  };
  necrotic_ = lesion.necrosis, bloody_ = lesion.haemorrhage;
  if (necrotic_) necrosis_ = inner(0.35, 0.6, 0.15);
  if (bloody_) blood_ = inner(0.3, 0.45, 0.35);
}

// Lobes sit on the core's surface, so that furrows lie between them.
void LesionShape::AddLobes(Random& random) {
  const std::int64_t count = 6 + random.Integer(5);
  for (std::int64_t n = 0; n < count; ++n) {
    const Vec direction = DrawDirection(random);
    const float share = Between(random, 0.42, 0.6);
    const Vec reach = (1 - share) * core_.radii;
    lobes_.push_back(
        {core_.centre + Vec{direction.x * reach.x, direction.y * reach.y, direction.z * reach.z}, share * core_.radii});
  }
  core_.radii = 0.84f * core_.radii;
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

float LesionShape::Envelope(Vec p) const {
  float distance = core_(p);
  for (const Ellipsoid& lobe : lobes_) distance = SmoothMin(distance, lobe(p), 1.5f);
  return distance;
}

float LesionShape::operator()(Vec p) const {
  const float distance = Envelope(p), rough_mm = bump_mm_ + spikes_mm_;
  // Far away the roughness does not matter.
  const float near = SmoothStep(9 * rough_mm + 2, 3.5f * rough_mm + 1, distance);
  if (near == 0) return distance;
  const Vec q = (1 / bump_cell_mm_) * p + noise_offset_;
  float rough = bump_mm_ * (*noise_)(q.x, q.y, q.z);
  if (spikes_mm_ > 0) {
    const Vec s = 0.3f * p + noise_offset_;
    rough -= spikes_mm_ * std::max(0.0f, (*noise_)(s.x + 13, s.y + 31, s.z + 5));
  }
  return distance + near * rough;
}

float LesionShape::Cyst(Vec p) const {
  float distance = kNowhere;
  for (const Ellipsoid& cyst : cysts_) distance = SmoothMin(distance, cyst(p), 1.0f);
  return distance;
}

float LesionShape::Necrosis(Vec p) const {
  if (!necrotic_) return kNowhere;
  const Vec q = 0.28f * p + noise_offset_;
  const float size = std::min({necrosis_.radii.x, necrosis_.radii.y, necrosis_.radii.z});
  return necrosis_(p) + 0.22f * size * (*noise_)(q.x + 40, q.y, q.z + 17);
}

// The patient lies on the back: blood settles behind (+y).
float LesionShape::Blood(Vec p) const {
  if (!bloody_) return kNowhere;
  return std::max(blood_(p), blood_.centre.y - 0.15f * blood_.radii.y - p.y);
}

Vec LesionShape::Unpushed(Vec p) const {
  const Vec off = p - core_.centre;
  const float squared = Dot(off, off);
  if (squared >= reach_mm_ * reach_mm_) return p;
  const float left = 1 - std::sqrt(squared) / reach_mm_;
  return core_.centre + (1 - push_ * left * left) * off;
}

Box LesionShape::bounds() const {
  Box box = core_.bounds();
  for (const Ellipsoid& lobe : lobes_) box = Around(box, lobe.bounds());
  return box.Grown(3.5f * (bump_mm_ + spikes_mm_) + edge_mm_);
}

}  // namespace parotis::phantom
