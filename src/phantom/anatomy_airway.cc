// Nose, mouth, pharynx and what surrounds them: septum and turbinates, soft palate and uvula, adenoid and tonsils,
// epiglottis, hyoid, the upper larynx, ear canals.
#include "phantom/scene.h"

namespace parotis::phantom {
namespace {

// Wall of the pharynx, outer surface of its muscle; z, x, y, half width, half depth.
const std::vector<Section> kPharynx = {{50, 0, -7, 13, 11},      {40, 0, -4, 18, 14},     {28, 0, -3, 19, 14},
                                       {16, 0, 0, 18.5f, 12.5f}, {2, 0, 2, 18.5f, 11.5f}, {-16, 0, 3, 18, 11.5f},
                                       {-34, 0, 1, 18.5f, 14},   {-50, 0, -2, 19, 17},    {-75, 0, 0, 18, 16},
                                       {-110, 0, 4, 14, 14}};
constexpr float kWallMm = 2.6f, kMucosaMm = 2;

const std::vector<Section> kNasopharynx = {
    {46, 0, -7, 8, 6}, {40, 0, -6, 12, 8.5f}, {30, 0, -6, 13, 8.5f}, {22, 0, -2, 13, 7.5f}};
const std::vector<Station> kRecess = {{{9, 0, 38}, 3, 5}, {{15, 5, 38}, 1.8f, 5}, {{17.5f, 8, 38}, 1, 3.5f}};
const std::vector<Section> kOropharynx = {
    {24, 0, 0, 13, 6.5f}, {12, 0, 4, 12.5f, 5}, {-4, 0, 5.5f, 11, 5}, {-20, 0, 4.5f, 12, 6}, {-34, 0, 1.5f, 13, 7.5f}};
const std::vector<Section> kLaryngealInlet = {{-32, 0, -1, 9, 5},    {-44, 0, -7, 6.5f, 6.5f}, {-60, 0, -11, 5, 8},
                                              {-76, 0, -9, 3.5f, 8}, {-100, 0, -4, 7, 8},      {-205, 0, 10, 8, 8}};
const std::vector<Station> kPiriform = {{{11, 2, -32}, 3, 5}, {{13, 1.5f, -46}, 3, 4.6f}, {{13, 3, -64}, 1.6f, 3}};
const std::vector<Station> kVallecula = {{{3, -9.5f, -35}, 2.6f, 3}, {{9, -7, -36}, 2, 2.6f}};
const std::vector<Station> kTorus = {{{16, -9, 37}, 3, 5}, {{15.5f, -1, 36}, 3.6f, 6}, {{15, 2, 28}, 2.4f, 4}};
// Soft palate, from the hard one back and down to the uvula.
const std::vector<Station> kSoftPalate = {{{0, -31, 20}, 18, 2.6f},
                                          {{0, -18, 20}, 16.5f, 3.8f},
                                          {{0, -6, 13}, 13, 4},
                                          {{0, -2.5f, 3}, 6, 3.4f},
                                          {{0, -2.5f, -8}, 2.6f, 2.6f}};
const std::vector<Section> kTonsil = {{12, 14, -4, 2.4f, 3.5f, -8},
                                      {2, 15, -3, 4.4f, 6.5f, -8},
                                      {-8, 15.3f, -3, 5, 7.5f, -8},
                                      {-17, 15, -4, 3, 4.5f, -8}};
const std::vector<Station> kEpiglottis = {
    {{0, -5.5f, -26}, 6, 1.1f}, {{0, -6.5f, -36}, 8.5f, 1.3f}, {{0, -12, -47}, 6, 1.4f}, {{0, -18, -60}, 2.5f, 1.3f}};
const std::vector<Station> kHyoid = {{{24, 6, -42}, 1.6f, 2.4f},
                                     {{20.5f, -8, -47}, 1.8f, 3.2f},
                                     {{12, -24, -50}, 2.4f, 4.4f},
                                     {{0, -29, -51}, 2.6f, 5.2f}};
const std::vector<Section> kThyroid = {
    {-62, 16, -10, 1.4f, 13, -38}, {-70, 14, -13, 1.7f, 15, -40}, {-88, 13, -12, 1.7f, 14, -38}};

const std::vector<Section> kNasalCavity = {
    {22, 0, -55, 13, 30}, {30, 0, -57, 14, 32}, {40, 0, -56, 12, 32}, {52, 0, -51, 8, 27}, {66, 0, -44, 4.5f, 20}};
const std::vector<Station> kNostril = {
    {{5.5f, -88, 27}, 3.6f, 6}, {{6.5f, -96, 24}, 3.4f, 3.6f}, {{7.5f, -100, 19}, 3.4f, 3.4f}};
const std::vector<Station> kLowerTurbinate = {
    {{7.5f, -76, 30}, 2, 3.5f}, {{8.5f, -60, 30}, 3.4f, 5.6f}, {{8.5f, -40, 31}, 3.6f, 5}, {{8, -29, 31}, 2.6f, 3.6f}};
const std::vector<Station> kMiddleTurbinate = {
    {{5.5f, -70, 44}, 1.6f, 4}, {{6, -54, 43}, 2.4f, 5.4f}, {{6, -37, 42}, 2, 4}};
const std::vector<Station> kEarCanal = {
    {{84, 19, 35}, 5, 6}, {{76, 18.5f, 35}, 3.6f, 4.4f}, {{62, 17.5f, 36}, 3, 3.6f}, {{47, 17, 38.5f}, 2.8f, 3.4f}};

void PaintNose(Scene& scene) {
  base::Random& random = scene.random;
  const Loft cavity(Varied(kNasalCavity, random, 0.5), 3);
  scene.painter.PaintLayers({{kCorticalBone, 0}, {kMucosa, 0.9f}, {kAir, 2.2f}}, cavity.bounds(), cavity);
  const auto lean = static_cast<float>(random.Uniform(-1.6, 1.6));  // few septa are straight
  const Loft septum({{18, 0, -70, 1.5f, 20},
                     {26, 0, -62, 1.5f, 36},
                     {40, lean, -60, 1.4f, 33},
                     {56, 0, -54, 1.4f, 26},
                     {66, 0, -46, 1.3f, 18}},
                    2);
  scene.painter.PaintLayers({{kMucosa, 0}, {kCartilage, 1}}, septum.bounds(), septum);
  for (const dataset::Side side : kSides) {
    const float sign = SignOf(scene, side);
    const OnSide nostril{Sweep(Varied(kNostril, random, 0.4)), sign};
    scene.painter.PaintLayers({{kCartilage, -1}, {kSkin, -0.4f}, {kAir, 0.6f}}, nostril.bounds().Grown(1), nostril);
    // The nasal cycle swells one side at a time.
    const auto swollen = static_cast<float>(random.Uniform(0.8, 1.35));
    for (const auto* turbinate : {&kLowerTurbinate, &kMiddleTurbinate}) {
      std::vector<Station> stations = *turbinate;
      for (Station& s : stations) s.across *= swollen;
      const OnSide shape{Sweep(Varied(stations, random, 0.5)), sign};
      scene.painter.PaintLayers({{kMucosa, 0}, {kCorticalBone, 2.6f}}, shape.bounds(), shape);
    }
  }
}

void PaintMouth(Scene& scene) {
  // Closed: a film of air over the tongue and in the vestibule, thicker behind the front teeth.
  const auto gap = static_cast<float>(scene.random.Uniform(0.2, 1.6));
  const Sweep film({{{0, -74, 4}, 10, 1.2f * gap},
                    {{0, -58, 13.5f}, 14, 0.9f * gap},
                    {{0, -38, 15.5f}, 13, 0.8f * gap},
                    {{0, -22, 13}, 9, 0.6f * gap}});
  scene.painter.Paint(kAir, film);
}

void PaintThroat(Scene& scene) {
  base::Random& random = scene.random;
  const auto lymphoid = static_cast<float>(scene.patient.body.adenoid);
  const auto air = [&](const auto& shape) { PaintSoft(scene, {{kMucosa, -0.8f}, {kAir, 0}}, shape); };
  const Loft nasopharynx(Varied(kNasopharynx, random, 0.5), 4);
  air(nasopharynx);
  for (const dataset::Side side : kSides) air(OnSide{Sweep(Varied(kRecess, random, 0.4)), SignOf(scene, side)});
  air(Loft(Varied(kOropharynx, random, 0.6), 4));
  air(Loft(Varied(kLaryngealInlet, random, 0.4), 3));
  for (const dataset::Side side : kSides) {
    const float sign = SignOf(scene, side);
    air(OnSide{Sweep(Varied(kPiriform, random, 0.5)), sign});
    air(OnSide{Sweep(Varied(kVallecula, random, 0.4)), sign});
    PaintSoft(scene, {{kMucosa, 0}}, OnSide{Sweep(Varied(kTorus, random, 0.5)), sign});
    std::vector<Section> tonsil = kTonsil;
    for (Section& s : tonsil) s.across *= 0.62f + 0.6f * lymphoid, s.along *= 0.75f + 0.35f * lymphoid;
    PaintSoft(scene, {{kLymphoidTissue, 0}}, OnSide{Loft(Varied(tonsil, random), 3), sign});
  }
  const Ellipsoid adenoid = {{0, 5 - 2 * lymphoid, 42 - 2 * lymphoid},
                             {9 + 2 * lymphoid, 2 + 6 * lymphoid, 5 + 6 * lymphoid}};
  PaintSoft(scene, {{kLymphoidTissue, 0}}, adenoid);
  const Sweep palate(Varied(kSoftPalate, random, 0.5));
  scene.painter.PaintLayers({{kMucosa, 0}, {kTongue, 1}}, palate.bounds(), palate);
  const Sweep epiglottis(Varied(kEpiglottis, random, 0.5));
  scene.painter.PaintLayers({{kMucosa, -0.8f}, {kCartilage, 0}}, epiglottis.bounds().Grown(1), epiglottis);
}

}  // namespace

void PaintPharynxWall(Scene& scene) {
  const Loft wall(Varied(kPharynx, scene.random, 0.5), 5);
  PaintSoft(scene, {{kDeepFat, -0.5f}, {kMuscle, 0}, {kMucosa, kWallMm}, {kMuscle, kWallMm + kMucosaMm}}, wall);
}

void PaintAirway(Scene& scene) {
  PaintNose(scene);
  PaintMouth(scene);
  PaintThroat(scene);
  PaintBone(scene, Sweep(Horseshoe(Varied(kHyoid, scene.random, 0.3))), 1, kJawMarrow);
  for (const dataset::Side side : kSides) {
    const float sign = SignOf(scene, side);
    scene.painter.Paint(kCartilage, OnSide{Loft(Varied(kThyroid, scene.random, 0.5), 2), sign});
    const OnSide canal{Sweep(Varied(kEarCanal, scene.random, 0.5)), sign};
    scene.painter.PaintLayers({{kSkin, -1}, {kAir, 0}}, canal.bounds().Grown(1), canal);
  }
}

}  // namespace parotis::phantom
