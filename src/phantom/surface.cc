#include "phantom/surface.h"

namespace parotis::phantom {
namespace {

// z, x, y, half width, half depth. Lips at y = −93, occiput at y = 100, chin at z = −50.
const std::vector<Section> kHead = {{132, 0, 10, 16, 22},     {120, 0, 9, 48, 64},   {100, 0, 7, 66, 86},
                                    {78, 0, 5, 74, 97},       {58, 0, 4, 75.5f, 98}, {40, 0, 2, 74.5f, 96},
                                    {22, 0, -1, 73, 93.5f},   {2, 0, -4, 71.8f, 90}, {-16, 0, -9, 68, 84.5f},
                                    {-30, 0, -17, 61.5f, 75}, {-42, 0, -26, 52, 63}, {-52, 0, -34, 42, 52},
                                    {-60, 0, -38, 29, 38},    {-66, 0, -40, 14, 20}};

const std::vector<Section> kNeck = {
    {44, 0, 46, 54, 47},  {20, 0, 40, 60, 52},   {0, 0, 34, 62.5f, 56}, {-20, 0, 28, 62, 60},   {-45, 0, 24, 60, 63},
    {-70, 0, 24, 60, 63}, {-100, 0, 26, 64, 62}, {-130, 0, 30, 84, 62}, {-165, 0, 34, 125, 66}, {-205, 0, 36, 160, 74}};

const std::vector<Section> kNose = {{72, 0, -86, 9, 10},     {58, 0, -89, 9, 12},  {46, 0, -94, 10, 14},
                                    {34, 0, -98, 12.5f, 16}, {25, 0, -98, 15, 15}, {18, 0, -92, 14, 9}};

// The left auricle: a leaf that stands off the head, its free border behind.
const std::vector<Section> kAuricle = {
    {64, 75.5f, 24, 2.2f, 6, -20},       {54, 77.5f, 27, 2.4f, 14, -24}, {42, 77.5f, 27, 2.4f, 16.5f, -26, 0.008f},
    {28, 76, 24, 2.6f, 15, -24, 0.008f}, {14, 73.5f, 19, 2.8f, 9, -16},  {5, 71.5f, 16, 2.4f, 4, -10}};

constexpr float kAverageFatMm = 6;

// Thickness of the fat, 1 = on the cheek.
float FatShare(Vec p) {
  float share = 0.78f;
  share += 0.55f * SmoothStep(34, 8, std::abs(p.y + 50)) * SmoothStep(46, 10, std::abs(p.z + 6));  // cheek
  share -= 0.45f * SmoothStep(-70, -92, p.y) * SmoothStep(-36, -20, p.z);                          // lips
  share += 0.5f * SmoothStep(45, 80, p.y) * SmoothStep(40, 10, p.z);                               // nape
  share += 0.5f * SmoothStep(-36, -52, p.z) * SmoothStep(-10, -40, p.y);                           // under the chin
  share -= 0.3f * SmoothStep(40, 66, p.z);                                                         // scalp
  return share;
}

}  // namespace

HeadSurface::HeadSurface(const Body& body, base::Random& random)
    : head_(kHead, 6),
      neck_(kNeck, 6),
      nose_(Varied(kNose, random, 1.5), 5),
      auricle_(Varied(kAuricle, random, 1.5)),
      chin_(Varied(Ellipsoid{{0, -78, -40}, {19, 12, 12}}, random, 2)),
      fat_mm_(static_cast<float>(body.fat_mm)) {
  lattice_.reserve(static_cast<std::size_t>(kSize[0] * kSize[1] * kSize[2]));
  for (int k = 0; k < kSize[2]; ++k) {
    for (int j = 0; j < kSize[1]; ++j) {
      for (int i = 0; i < kSize[0]; ++i) {
        const Vec steps = {static_cast<float>(i), static_cast<float>(j), static_cast<float>(k)};
        lattice_.push_back(Exact(kLow + kStepMm * steps));
      }
    }
  }
}

HeadSurface::Distances HeadSurface::At(Vec p) const {
  const Vec at = (1 / kStepMm) * (Vec{std::abs(p.x), p.y, p.z} - kLow);
  const auto i = static_cast<int>(at.x), j = static_cast<int>(std::floor(at.y)), k = static_cast<int>(std::floor(at.z));
  if (j < 0 || k < 0 || i + 1 >= kSize[0] || j + 1 >= kSize[1] || k + 1 >= kSize[2]) return Exact(p);
  const float u = at.x - static_cast<float>(i), v = at.y - static_cast<float>(j), w = at.z - static_cast<float>(k);
  const Distances* corner = &lattice_[static_cast<std::size_t>((k * kSize[1] + j) * kSize[0] + i)];
  const auto mix = [](const Distances& a, const Distances& b, float t) {
    return Distances{a.skin + (b.skin - a.skin) * t, a.fascia + (b.fascia - a.fascia) * t};
  };
  const auto plane = [&](const Distances* c) {
    return mix(mix(c[0], c[1], u), mix(c[kSize[0]], c[kSize[0] + 1], u), v);
  };
  return mix(plane(corner), plane(corner + kSize[0] * kSize[1]), w);
}

HeadSurface::Distances HeadSurface::Exact(Vec p) const {
  const float average = Average({std::abs(p.x), p.y, p.z}), share = FatShare(p);
  return {average - (fat_mm_ - kAverageFatMm) * share, average + kSkinMm + kAverageFatMm * share};
}

float HeadSurface::Average(Vec p) const {
  float distance = SmoothMin(head_(p), neck_(p), 16);
  if (p.y < -40 && p.y * p.y > p.x * p.x) {
    distance = SmoothMin(distance, chin_(p), 10);
    if (p.y < -70 && p.z > 0) distance = SmoothMin(distance, nose_(p), 13);
  }
  return distance;
}

Box HeadSurface::bounds() const {
  return Around(Around(head_.bounds().whole(), neck_.bounds().whole()), nose_.bounds().whole()).Grown(16);
}

}  // namespace parotis::phantom
