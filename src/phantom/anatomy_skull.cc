// Skull base and what lies in it: occiput, clivus, petrous bones and mastoids with their cells, sphenoid, cheek bones,
// styloid processes; cerebellum, brain stem and temporal lobes above them.
#include "phantom/scene.h"

namespace parotis::phantom {
namespace {

// Outer table of the brain case above the level of the foramen magnum: z, x, y, half width, half depth.
const std::vector<Section> kVault = {
    {142, 0, 12, 8, 10}, {136, 0, 12, 32, 42}, {118, 0, 10, 55, 72}, {98, 0, 9, 65, 84},  {76, 0, 17, 68, 80},
    {62, 0, 30, 65, 64}, {50, 0, 46, 60, 49},  {40, 0, 56, 51, 38},  {32, 0, 62, 40, 29}, {25, 0, 66, 26, 18}};
constexpr float kTableMm = 5.5f;  // both tables with the diploe

const std::vector<Station> kClivus = {
    {{0, 30, 33}, 7, 3}, {{0, 20, 41}, 11, 4.5f}, {{0, 9, 54}, 13, 6}, {{0, 3, 66}, 12, 8}};
const std::vector<Section> kSphenoid = {
    {50, 0, -12, 12, 9}, {58, 0, -12, 15, 13}, {70, 0, -13, 15, 14}, {78, 0, -12, 12, 11}};
const std::vector<Section> kSphenoidSinus = {
    {54, 4, -14, 5, 6}, {60, 5.5f, -14, 7.5f, 9}, {70, 5, -14, 7, 9.5f}, {74, 5, -13, 4, 6}};

const std::vector<Station> kPetrous = {
    {{52, 33, 46}, 11, 11}, {{38, 24, 47}, 9, 9}, {{24, 15, 50}, 6.5f, 6.5f}, {{13, 7, 54}, 3.5f, 4}};
const std::vector<Section> kMastoidProcess = {{16, 54.5f, 34, 2.5f, 3, -12},
                                              {22, 55.5f, 35, 6, 8, -14},
                                              {32, 56.5f, 36, 9.5f, 13, -16},
                                              {44, 57.5f, 37, 11.5f, 17, -16},
                                              {56, 59, 36, 9, 17, -14}};
const Ellipsoid kAntrum = {{50, 30, 45}, {5, 5, 6}};
const Ellipsoid kTympanum = {{44.5f, 17.5f, 38.5f}, {2.4f, 4, 6}};
const std::vector<Station> kStyloid = {
    {{40.5f, 19, 32}, 2, 2}, {{38, 15.5f, 20}, 1.5f, 1.5f}, {{34.5f, 10.5f, 5}, 0.8f, 0.8f}};
const std::vector<Station> kTympanicPlate = {{{66, 14, 31}, 2, 3.6f}, {{54, 13, 31}, 2.2f, 4.4f}, {{44, 12, 33}, 2, 4}};
const Ellipsoid kTmjRoof = {{51, 2, 53}, {13, 13, 4}};

// The lesser wing, pterygoid plates and the cheek.
const std::vector<Section> kPterygoidLateral = {
    {14, 23, -17, 0.8f, 3, -20}, {24, 22, -20, 1, 7, -22}, {38, 19, -23, 1.4f, 9, -18}, {50, 16, -22, 3.5f, 9, -10}};
const std::vector<Section> kPterygoidMedial = {{14, 14.5f, -20, 0.8f, 2, 0},
                                               {24, 14.5f, -22, 0.9f, 6, 0},
                                               {38, 14.5f, -23, 1, 8, 0},
                                               {48, 14.5f, -23, 2.6f, 8, 0}};
const std::vector<Section> kGreaterWing = {
    {50, 36, -16, 17, 3.4f, -8}, {60, 38, -26, 18, 4, -14}, {74, 42, -36, 12, 4, -20}};
const std::vector<Section> kZygoma = {{30, 46, -57, 3.4f, 5, -45},
                                      {40, 50, -54, 4.6f, 10, -42},
                                      {50, 52.5f, -52, 4.2f, 9.5f, -38},
                                      {62, 53.5f, -50, 2.8f, 5, -30}};
const std::vector<Station> kArch = {{{56, -47, 45}, 2.4f, 4},
                                    {{64, -34, 46}, 2, 3.6f},
                                    {{67.5f, -16, 48}, 1.8f, 3.2f},
                                    {{67, 0, 50}, 2.4f, 3.2f},
                                    {{61, 10, 51}, 4, 3.4f}};

// Cerebellum, brain stem above the canal, temporal lobes are what is left inside the vault; fluid lies around them.
const std::vector<Station> kStem = {
    {{0, 44, 36}, 8, 6.5f}, {{0, 36, 46}, 10, 8}, {{0, 27, 60}, 15, 13}, {{0, 22, 74}, 15, 12}};
const Ellipsoid kCerebellum = {{22, 60, 52}, {32, 30, 24}, 0.1f};
const Ellipsoid kVermis = {{0, 66, 53}, {9, 22, 19}};

void PaintVault(Scene& scene) {
  const Loft vault(Varied(kVault, scene.random, 0.6), 6);
  scene.painter.PaintLayers({{kCorticalBone, 0},
                             {kVertebralMarrow, 1.6f},
                             {kCorticalBone, 4},
                             {kCapsule, kTableMm - 0.3f},
                             {kCsf, kTableMm + 0.4f},
                             {kBrain, kTableMm + 2.6f}},
                            vault.bounds(), vault);
  const auto fossa = [&](Vec p) { return vault(p) + kTableMm + 0.4f; };
  // Fluid below and between cerebellum and stem; the tent divides the posterior fossa from the lobes.
  const Box box = {{-60, -8, 24}, {60, 96, 74}};
  scene.painter.Paint(kCsf, box,
                      [&](Vec p) { return std::max(fossa(p), p.z - 72 + 0.35f * std::abs(p.x) + 0.15f * p.y); });
  for (const dataset::Side side : kSides) {
    const OnSide lobe{Varied(kCerebellum, scene.random, 0.6), SignOf(scene, side)};
    scene.painter.Paint(kBrain, box, [&](Vec p) {
      const float folia = 0.35f * std::sin(1.6f * p.z + 0.06f * p.y * p.y * 0.1f);
      return SmoothMax(lobe(p) + folia, fossa(p) + 1.4f, 2);
    });
  }
  scene.painter.Paint(kBrain, kVermis);
  const Sweep stem(kStem);
  scene.painter.PaintLayers({{kCsf, -2.5f}, {kCord, 0}}, stem.bounds().Grown(3),
                            [&](Vec p) { return std::max(stem(p), fossa(p) - 8); });
  scene.painter.Paint(kCsf, Ellipsoid{{0, 40, 56}, {7, 4, 8}});  // fourth ventricle
}

// Air cells in thin walls of bone: a pattern, not a distance.
void PaintCells(Scene& scene, const Extent& extent, const auto& inside) {
  scene.painter.ForEachInside(extent, inside, [&](std::size_t v, float share) {
    const Vec q = 0.42f * scene.painter.PointOf(v);
    const float cell = scene.noise(q.x + 9, q.y + 3, q.z + 50);
    if (cell > -0.25f) scene.painter.Cover(v, cell > 0.1f ? kAir : kMastoid, share);
  });
}

void PaintEarBones(Scene& scene, float sign) {
  base::Random& random = scene.random;
  const OnSide petrous{Sweep(Varied(kPetrous, random, 0.5)), sign};
  const OnSide mastoid{Loft(Varied(kMastoidProcess, random, 0.8), 4), sign};
  PaintBone(scene, petrous, 4, kVertebralMarrow);
  PaintBone(scene, mastoid, 2, kMastoid);
  PaintCells(scene, mastoid.bounds(), [&](Vec p) { return mastoid(p) + 2.2f; });
  PaintBone(scene, OnSide{Sweep(kTympanicPlate), sign}, 3, kMastoid);
  scene.painter.Paint(kMastoid, OnSide{kAntrum, sign});
  scene.painter.Paint(kAir, OnSide{kTympanum, sign});
  PaintBone(scene, OnSide{Sweep(Varied(kStyloid, random, 0.8)), sign}, 1.3f, kVertebralMarrow);
}

void PaintCheekBones(Scene& scene, float sign) {
  base::Random& random = scene.random;
  PaintBone(scene, OnSide{kTmjRoof, sign}, 1.5f, kVertebralMarrow);
  PaintBone(scene, OnSide{Loft(kGreaterWing), sign}, 1.5f, kVertebralMarrow);
  for (const auto* plate : {&kPterygoidLateral, &kPterygoidMedial})
    PaintBone(scene, OnSide{Loft(Varied(*plate, random, 0.5), 2), sign}, 2, kVertebralMarrow);
  PaintBone(scene, OnSide{Loft(Varied(kZygoma, random, 0.6)), sign}, 1.3f, kJawMarrow);
  PaintBone(scene, OnSide{Sweep(Varied(kArch, random, 0.6)), sign}, 1.2f, kJawMarrow);
}

// A cone of fat with globe, nerve and the thin walls around it.
void PaintOrbit(Scene& scene, float sign) {
  const OnSide cone{Sweep({{{32, -78, 58}, 19, 17}, {{28, -58, 59}, 17, 15}, {{18, -34, 61}, 5, 5}}), sign};
  scene.painter.PaintLayers({{kCorticalBone, -1}, {kDeepFat, 0}}, cone.bounds().Grown(1), [&](Vec p) {
    const float distance = cone(p);
    return distance > 3 ? distance : SmoothMax(distance, scene.surface.Fascia(p) + 2, 3);
  });
  scene.painter.Paint(kNerve,
                      OnSide{Sweep({{{31, -62, 58}, 2.2f, 2.2f}, {{25, -45, 60}, 2, 2}, {{16, -30, 62}, 2, 2}}), sign});
  for (const float out : {-11.0f, 11.0f})
    scene.painter.Paint(
        kMuscle,
        OnSide{Sweep({{{31 + out, -70, 58}, 1, 4}, {{27 + 0.8f * out, -52, 59}, 2, 4.5f}, {{19, -35, 61}, 1, 2}}),
               sign});
  const OnSide globe{Ellipsoid{{32, -74, 58}, {12, 12, 12}}, sign};
  scene.painter.PaintLayers({{kCapsule, 0}, {kCsf, 1}}, globe.bounds(), globe);
}

}  // namespace

void PaintSkull(Scene& scene) {
  PaintVault(scene);
  const Sweep clivus(Varied(kClivus, scene.random, 0.5));
  PaintBone(scene, clivus, 1.2f, kVertebralMarrow);
  PaintBone(scene, Loft(kSphenoid, 5), 1.5f, kVertebralMarrow);
  for (const dataset::Side side : kSides) {
    const float sign = SignOf(scene, side);
    PaintCheekBones(scene, sign);
    PaintEarBones(scene, sign);
    PaintOrbit(scene, sign);
    const OnSide sinus{Loft(Varied(kSphenoidSinus, scene.random, 1), 4), sign};
    scene.painter.PaintLayers({{kMucosa, 0}, {kAir, 0.7f}}, sinus.bounds(), sinus);
  }
}

}  // namespace parotis::phantom
