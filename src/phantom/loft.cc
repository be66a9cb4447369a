#include "phantom/loft.h"

#include <numbers>

namespace parotis::phantom {
namespace {

using base::Random;

constexpr float kThinnest = 0.25f;
constexpr int kKnotsPerStation = 4;

// Cubic through b and c at t in [0, 1], with slopes from their neighbours (Catmull and Rom 1974), which are `before`
// and `after` such intervals away.
float Cubic(float a, float b, float c, float d, float t, float before, float after) {
  const float slope_b = before > 0 ? (c - a) / (1 + before) : c - b;
  const float slope_c = after > 0 ? (d - b) / (1 + after) : c - b;
  const float t2 = t * t, t3 = t2 * t;
  return (2 * t3 - 3 * t2 + 1) * b + (t3 - 2 * t2 + t) * slope_b + (3 * t2 - 2 * t3) * c + (t3 - t2) * slope_c;
}

Section At(const std::vector<Section>& s, float z) {
  std::size_t i = 0;
  while (i + 2 < s.size() && z > s[i + 1].z) ++i;
  const Section& a = s[i > 0 ? i - 1 : i];
  const Section &b = s[i], &c = s[i + 1];
  const Section& d = s[i + 2 < s.size() ? i + 2 : i + 1];
  const float gap = c.z - b.z;
  const float t = std::clamp((z - b.z) / gap, 0.0f, 1.0f), before = (b.z - a.z) / gap, after = (d.z - c.z) / gap;
  const auto blend = [&](float Section::* part) { return Cubic(a.*part, b.*part, c.*part, d.*part, t, before, after); };
  return {z,
          blend(&Section::x),
          blend(&Section::y),
          std::max(kThinnest, blend(&Section::across)),
          std::max(kThinnest, blend(&Section::along)),
          blend(&Section::turn_deg),
          blend(&Section::bow)};
}

float Between(Random& random, double low, double high) { return static_cast<float>(random.Uniform(low, high)); }

Vec DrawShift(Random& random, double shift_mm) {
  return {Between(random, -shift_mm, shift_mm), Between(random, -shift_mm, shift_mm),
          Between(random, -1.5 * shift_mm, 1.5 * shift_mm)};
}

// Of a chain of boxes, where neighbours in the list are neighbours in space.
Extent ExtentOf(const std::vector<Box>& chain) {
  Box whole = chain[0];
  for (const Box& box : chain) whole = Around(whole, box);
  const auto count = static_cast<std::size_t>(std::floor((whole.high.z - whole.low.z) / Extent::kSlabMm)) + 1;
  const Box nothing = {{1e9f, 1e9f, 1e9f}, {-1e9f, -1e9f, -1e9f}};
  std::vector<Box> slabs(count, nothing);
  for (std::size_t n = 0; n + 1 < chain.size(); ++n) {
    const Box link = Around(chain[n], chain[n + 1]);
    const auto slab = [&](float z) {
      return std::min(count - 1, static_cast<std::size_t>(std::max(0.0f, (z - whole.low.z) / Extent::kSlabMm)));
    };
    for (std::size_t s = slab(link.low.z); s <= slab(link.high.z); ++s) slabs[s] = Around(slabs[s], link);
  }
  return {whole, slabs};
}

Vec Unit(Vec v) { return (1 / std::max(Length(v), 1e-6f)) * v; }

}  // namespace

Loft::Loft(const std::vector<Section>& given, float rounding) : rounding_(rounding) {
  std::vector<Section> sections = given;
  if (sections.front().z > sections.back().z) std::reverse(sections.begin(), sections.end());
  low_ = sections.front().z, high_ = sections.back().z;
  const auto count = static_cast<int>(std::ceil((high_ - low_) / kStepMm)) + 1;
  std::vector<Box> boxes;  // of each level
  for (int n = 0; n < count + 1; ++n) {
    const Section s = At(sections, std::min(high_, low_ + static_cast<float>(n) * kStepMm));
    const float turn = s.turn_deg * std::numbers::pi_v<float> / 180;
    const Level level = {s.x, s.y, s.across, s.along, std::cos(turn), std::sin(turn), s.bow};
    levels_.push_back(level);
    const float u = s.across + std::abs(s.bow) * s.along * s.along, v = s.along;
    const float reach_x = std::abs(level.cosine) * u + std::abs(level.sine) * v;
    const float reach_y = std::abs(level.sine) * u + std::abs(level.cosine) * v;
    boxes.push_back({{s.x - reach_x, s.y - reach_y, s.z}, {s.x + reach_x, s.y + reach_y, s.z}});
  }
  extent_ = ExtentOf(boxes);
}

float Loft::operator()(Vec p) const {
  const float at = std::clamp((p.z - low_) / kStepMm, 0.0f, static_cast<float>(levels_.size()) - 1.001f);
  const auto n = static_cast<std::size_t>(at);
  const float t = at - static_cast<float>(n);
  const Level &a = levels_[n], &b = levels_[n + 1];
  const auto mix = [t](float from, float to) { return from + (to - from) * t; };
  const float across = mix(a.across, b.across), along = mix(a.along, b.along);
  const float cosine = mix(a.cosine, b.cosine), sine = mix(a.sine, b.sine), bow = mix(a.bow, b.bow);
  const float dx = p.x - mix(a.x, b.x), dy = p.y - mix(a.y, b.y);
  const float v = cosine * dy - sine * dx;
  const float u = cosine * dx + sine * dy + bow * std::min(v * v, 4 * along * along);
  float flat = EllipseDistance(u, v, across, along);
  // The section drifts and swells with height: what is `flat` in the plane is nearer in space.
  const float nu = u / (across * across), nv = v / (along * along);
  const float norm = std::max(std::sqrt(nu * nu + nv * nv), 1e-6f);
  const float drift_x = (b.x - a.x) / kStepMm, drift_y = (b.y - a.y) / kStepMm;
  // Of the nearest point of the surface, not of p, which may be far away.
  const float outward = std::max(1.0f, std::sqrt(u * nu + v * nv)) * kStepMm;
  const float swell = (nu * u * (b.across - a.across) / across + nv * v * (b.along - a.along) / along) / outward;
  const float slant =
      ((cosine * drift_x + sine * drift_y) * nu + (cosine * drift_y - sine * drift_x) * nv + swell) / norm;
  const float shear = 2 * bow * std::clamp(v, -2 * along, 2 * along);
  flat /= std::sqrt(1 + slant * slant + shear * shear);
  const float beyond = std::abs(p.z - 0.5f * (low_ + high_)) - 0.5f * (high_ - low_);
  return SmoothMax(flat, beyond, rounding_);
}

Sweep::Sweep(const std::vector<Station>& stations) {
  const auto last = stations.size() - 1;
  const auto at = [&](std::size_t i, float t) {
    const Station &a = stations[i > 0 ? i - 1 : i], &b = stations[i], &c = stations[i + 1],
                  &d = stations[i + 2 <= last ? i + 2 : i + 1];
    const float before = i > 0 ? 1.0f : 0.0f, after = i + 2 <= last ? 1.0f : 0.0f;
    const auto blend = [&](float ka, float kb, float kc, float kd) { return Cubic(ka, kb, kc, kd, t, before, after); };
    Station s;
    s.at = {blend(a.at.x, b.at.x, c.at.x, d.at.x), blend(a.at.y, b.at.y, c.at.y, d.at.y),
            blend(a.at.z, b.at.z, c.at.z, d.at.z)};
    s.across = std::max(kThinnest, blend(a.across, b.across, c.across, d.across));
    s.tall = std::max(kThinnest, blend(a.tall, b.tall, c.tall, d.tall));
    return s;
  };
  std::vector<Station> fine;
  for (std::size_t i = 0; i < last; ++i) {
    for (int n = 0; n < kKnotsPerStation; ++n) fine.push_back(at(i, static_cast<float>(n) / kKnotsPerStation));
  }
  fine.push_back(stations.back());
  std::vector<Box> boxes;
  for (std::size_t i = 0; i < fine.size(); ++i) {
    const Vec tangent = Unit(fine[std::min(i + 1, fine.size() - 1)].at - fine[i > 0 ? i - 1 : 0].at);
    Vec side = Cross(tangent, {0, 0, 1});
    side = Length(side) > 0.15f ? Unit(side) : Unit(Cross(tangent, {0, 1, 0}));
    knots_.push_back({fine[i].at, side, Cross(side, tangent), fine[i].across, fine[i].tall});
    const float reach = std::max(fine[i].across, fine[i].tall);
    boxes.push_back(Box{fine[i].at, fine[i].at}.Grown(reach));
  }
  extent_ = ExtentOf(boxes);
}

float Sweep::operator()(Vec p) const {
  float best = 1e18f, best_t = 0;
  std::size_t nearest = 0;
  for (std::size_t s = 0; s + 1 < knots_.size(); ++s) {
    const Vec along = knots_[s + 1].at - knots_[s].at, from = p - knots_[s].at;
    const float t = std::clamp(Dot(from, along) / Dot(along, along), 0.0f, 1.0f);
    const Vec off = from - t * along;
    const float squared = Dot(off, off);
    if (squared < best) best = squared, best_t = t, nearest = s;
  }
  const Knot &a = knots_[nearest], &b = knots_[nearest + 1];
  const auto mix = [&](float from, float to) { return from + (to - from) * best_t; };
  const Vec off = p - a.at - best_t * (b.at - a.at);
  const Vec side = a.side + best_t * (b.side - a.side), up = a.up + best_t * (b.up - a.up);
  const float v = Dot(off, up), u_signed = Dot(off, side);
  // Beyond the ends, what is left along the curve counts as across it.
  const float u = std::sqrt(std::max(best - v * v, u_signed * u_signed));
  return EllipseDistance(u, v, mix(a.across, b.across), mix(a.tall, b.tall));
}

std::vector<Station> Horseshoe(const std::vector<Station>& left_half) {
  std::vector<Station> all = left_half;
  for (std::size_t i = left_half.size() - 1; i-- > 0;) {
    all.push_back(left_half[i]);
    all.back().at.x = -all.back().at.x;
  }
  return all;
}

std::vector<Section> Varied(std::vector<Section> sections, Random& random, double shift_mm) {
  const Vec shift = DrawShift(random, shift_mm);
  const float across = Between(random, 0.92, 1.08), along = Between(random, 0.95, 1.05);
  for (Section& s : sections) {
    s.x += shift.x, s.y += shift.y, s.z += shift.z;
    s.across *= across, s.along *= along;
  }
  return sections;
}

std::vector<Station> Varied(std::vector<Station> stations, Random& random, double shift_mm) {
  const Vec shift = DrawShift(random, shift_mm);
  const float wide = Between(random, 0.9, 1.1);
  for (Station& s : stations) {
    s.at = s.at + shift;
    s.across *= wide, s.tall *= wide;
  }
  return stations;
}

Ellipsoid Varied(Ellipsoid shape, Random& random, double shift_mm) {
  shape.centre = shape.centre + DrawShift(random, shift_mm);
  shape.radii = {shape.radii.x * Between(random, 0.92, 1.08), shape.radii.y * Between(random, 0.92, 1.08),
                 shape.radii.z * Between(random, 0.93, 1.07)};
  return shape;
}

}  // namespace parotis::phantom
