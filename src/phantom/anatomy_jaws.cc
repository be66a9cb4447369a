// Mandible, maxilla with its sinuses, and the teeth, each by itself.
#include <algorithm>
#include <cmath>

#include "phantom/scene.h"

namespace parotis::phantom {
namespace {

constexpr float kCortex = 1.9f;

// Left half of the mandible. The ramus leans outward behind; above the notch it ends in coronoid and condyle.
const std::vector<Section> kRamus = {{-31, 44.5f, -9, 2, 7, -15},         {-24, 44.2f, -13, 3.4f, 13.5f, -15},
                                     {-10, 44.2f, -15.5f, 3.4f, 17, -14}, {6, 45.2f, -15.5f, 3, 17, -13},
                                     {18, 46.8f, -15, 2.6f, 17, -11},     {25, 47.8f, -14.5f, 2.2f, 16, -10}};
const std::vector<Station> kCoronoid = {
    {{46.6f, -27, 20}, 2.2f, 5}, {{48, -31, 30}, 1.9f, 4.2f}, {{49.5f, -33, 40}, 1.2f, 2}};
const std::vector<Station> kCondylarNeck = {
    {{48.5f, -3, 22}, 2.4f, 4.6f}, {{49.5f, 0, 33}, 2.6f, 3.6f}, {{50.5f, 2.5f, 41}, 5, 3.4f}};
const Ellipsoid kCondyle = {{51, 3, 43.5f}, {9.5f, 4.4f, 4.6f}, 0, -0.1f};
const std::vector<Station> kBody = {{{43.5f, -17, -21}, 3.6f, 11},    {{40, -33, -25.5f}, 5, 13},
                                    {{34, -52, -29}, 5.8f, 15.5f},    {{25, -68, -31.5f}, 5.4f, 17},
                                    {{13, -78.5f, -32.5f}, 5.2f, 18}, {{0, -82, -32.5f}, 5.6f, 18.5f}};
const std::vector<Station> kCanal = {
    {{45, -12, -4}, 1.2f, 1.2f}, {{43, -27, -24}, 1.3f, 1.3f}, {{34, -52, -34}, 1.2f, 1.2f}};

// Left half of the upper alveolar ridge, the palate's plate, and the walls of the sinuses.
const std::vector<Station> kUpperRidge = {{{29, -34, 9}, 5.4f, 7},
                                          {{28, -48, 9}, 5.6f, 8},
                                          {{21.5f, -65, 9}, 5, 8},
                                          {{10, -75, 9}, 4.6f, 8},
                                          {{0, -78, 9}, 4.4f, 8}};
const std::vector<Station> kLowerGum = {{{31.5f, -36, -14}, 4.8f, 5.5f},
                                        {{29.3f, -48, -14.5f}, 5.8f, 6},
                                        {{22, -66, -15}, 5.4f, 6},
                                        {{11, -76, -15}, 4.8f, 6.5f},
                                        {{0, -79, -15}, 4.4f, 6.5f}};
const std::vector<Section> kPalate = {{17.5f, 0, -52, 24, 25}, {21.5f, 0, -51, 25, 25}};
const std::vector<Section> kMaxilla = {{12, 26, -52, 7, 15, -10},     {22, 28, -52, 11, 17, -14},
                                       {32, 29, -52, 14.5f, 19, -18}, {44, 28, -53, 16, 20, -20},
                                       {54, 26, -54, 13, 16, -20},    {60, 24, -55, 6, 8, -20}};
constexpr float kSinusWall = 1.3f;

// Crowns and roots along the arches, from the midline back: width on the arch, thickness across, height of the crown,
// length of the root in mm (averages of Wheeler's Dental Anatomy, rounded) [r].
struct ToothSize {
  float width, thickness, crown, root;
  int roots;
};
constexpr ToothSize kUpperTeeth[8] = {{8.5f, 7, 10, 12, 1}, {6.5f, 6, 9, 12, 1}, {7.5f, 8, 10, 16, 1},
                                      {7, 9, 8, 13, 1},     {7, 9, 8, 13, 1},    {10, 11, 7, 12, 2},
                                      {9.5f, 11, 7, 11, 2}, {8.5f, 10, 6, 10, 2}};
constexpr ToothSize kLowerTeeth[8] = {{5, 6, 9, 12, 1},      {5.5f, 6, 9, 13, 1}, {7, 7.5f, 10, 15, 1},
                                      {7, 7.5f, 8, 14, 1},   {7, 8, 8, 14, 1},    {11, 10.5f, 7, 13, 2},
                                      {10.5f, 10, 7, 12, 2}, {10, 9.5f, 7, 11, 2}};
constexpr float kOcclusionZ = -6;

// The arch of the teeth is a parabola-like curve: the point `arc` mm from the midline, and its direction.
struct OnArch {
  float x, y, tangent_x, tangent_y;
};
OnArch ArchAt(float arc, float half_width, float front_y) {
  // x = w·(1 − e^{−s/18}), walked in small steps.
  OnArch at = {0, front_y, 1, 0};
  constexpr float kStep = 0.5f;
  for (float s = 0; s < arc; s += kStep) {
    const float dx = half_width / 17.5f * std::exp(-s / 21.0f);
    at.tangent_x = std::min(0.999f, dx);
    at.tangent_y = std::sqrt(1 - at.tangent_x * at.tangent_x);
    at.x += kStep * at.tangent_x;
    at.y += kStep * at.tangent_y;
  }
  return at;
}

bool Has(const std::vector<int>& teeth, int tooth) {
  return std::find(teeth.begin(), teeth.end(), tooth) != teeth.end();
}

// `up` is +1 in the upper jaw (roots above), −1 in the lower.
void PaintTooth(Scene& scene, const ToothSize& size, const OnArch& at, float sign, float up, bool metal) {
  const float neck_z = kOcclusionZ + up * (0.6f + size.crown), root_z = neck_z + up * size.root;
  const auto half = [](float mm) { return 0.5f * mm - 0.25f; };
  const float turn = std::atan2(at.tangent_y, at.tangent_x) * 57.29578f;
  const float x = sign * at.x, turn_deg = sign * turn;
  const Loft crown({{kOcclusionZ + 0.5f * up, x, at.y, half(size.width) * 0.9f, half(size.thickness) * 0.75f, turn_deg},
                    {kOcclusionZ + 3 * up, x, at.y, half(size.width), half(size.thickness), turn_deg},
                    {neck_z, x, at.y, half(size.width) * 0.8f, half(size.thickness) * 0.8f, turn_deg}},
                   1.6f);
  scene.painter.Paint(metal ? kMetal : kTooth, crown);
  for (int n = 0; n < size.roots; ++n) {
    const float off = size.roots == 1 ? 0 : (n == 0 ? -0.24f : 0.24f) * size.width;
    const float rx = x + sign * off * at.tangent_x, ry = at.y + off * at.tangent_y;
    const float share = size.roots == 1 ? 0.75f : 0.42f;
    const Loft root(
        {{neck_z - up, rx, ry, half(size.width) * share, half(size.thickness) * 0.75f, turn_deg},
         {0.5f * (neck_z + root_z), rx, ry, half(size.width) * share * 0.85f, half(size.thickness) * 0.6f, turn_deg},
         {root_z, rx, ry, 1, 1.1f, turn_deg}},
        1.6f);
    scene.painter.Paint(kTooth, root);
  }
}

}  // namespace

void PaintJaws(Scene& scene) {
  base::Random& random = scene.random;
  const bool edentulous = scene.patient.body.missing_teeth.size() >= 32;
  const Loft palate(Varied(kPalate, random, 0.4), 2);
  PaintBone(scene, palate, 1.2f, kJawMarrow);
  // Ridges shrink where the teeth are gone.
  const auto ridge = [&](std::vector<Station> stations, float up) {
    for (Station& s : stations) {
      s.tall *= edentulous ? 0.72f : 1.0f;
      s.at.z += edentulous ? up * 0.28f * s.tall : 0.0f;
    }
    return Sweep(Horseshoe(Varied(stations, random, 0.4)));
  };
  const Sweep upper = ridge(kUpperRidge, 1), body = ridge(kBody, -1), gum = ridge(kLowerGum, -1);
  scene.painter.PaintLayers({{kMucosa, -1.4f}, {kCorticalBone, 0}, {kJawMarrow, 1.3f}}, upper.bounds().Grown(2), upper);
  scene.painter.Paint(kMucosa, gum);
  scene.painter.PaintLayers({{kCorticalBone, 0}, {kJawMarrow, kCortex + 0.3f}}, body.bounds(), body);
  for (const dataset::Side side : kSides) {
    const float sign = SignOf(scene, side);
    const OnSide maxilla{Loft(Varied(kMaxilla, random, 0.8), 5), sign};
    scene.painter.PaintLayers({{kCorticalBone, 0}, {kMucosa, kSinusWall}, {kAir, kSinusWall + 0.8f}}, maxilla.bounds(),
                              maxilla);
    for (const auto* process : {&kCoronoid, &kCondylarNeck})
      PaintBone(scene, OnSide{Sweep(*process), sign}, 1.3f, kJawMarrow);
    PaintBone(scene, OnSide{Loft(Varied(kRamus, random, 0.4), 4), sign}, 1.5f, kJawMarrow);
    PaintBone(scene, OnSide{Varied(kCondyle, random, 0.4), sign}, 1.2f, kJawMarrow);
    scene.painter.Paint(kNerve, OnSide{Sweep(kCanal), sign});
  }
}

void PaintTeeth(Scene& scene) {
  const Body& body = scene.patient.body;
  for (int jaw = 0; jaw < 2; ++jaw) {
    for (int half = 0; half < 2; ++half) {  // 0: the patient's right
      float arc = 0;
      for (int n = 0; n < 8; ++n) {
        const ToothSize& size = jaw == 0 ? kUpperTeeth[n] : kLowerTeeth[n];
        const OnArch at = jaw == 0 ? ArchAt(arc + size.width / 2, 27, -81) : ArchAt(arc + size.width / 2, 25.5f, -79);
        arc += size.width;
        const int tooth = 16 * jaw + (half == 0 ? 7 - n : 8 + n);
        if (Has(body.missing_teeth, tooth)) continue;
        PaintTooth(scene, size, at, half == 0 ? -1.0f : 1.0f, jaw == 0 ? 1.0f : -1.0f, Has(body.metal_teeth, tooth));
      }
    }
  }
}

}  // namespace parotis::phantom
