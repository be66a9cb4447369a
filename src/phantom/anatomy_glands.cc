// The salivary glands with their fat, the facial nerve in the parotid, the tumours, and the marks of where they are.
#include <array>

#include "phantom/glands.h"
#include "phantom/scene.h"

namespace parotis::phantom {
namespace {

using dataset::Side;

// z, x, y, across, along, turn°. The submandibular gland folds around the hind edge of the mylohyoid.
const std::vector<Section> kSubmandibular = {{-23, 33, -13, 4.5f, 7, -20},
                                             {-32, 34, -15, 8.5f, 13, -22},
                                             {-41, 34, -17, 10, 16, -24},
                                             {-50, 32, -18, 8.5f, 14, -24},
                                             {-57, 30, -18, 5, 8, -24}};
const std::vector<Station> kSublingual = {
    {{25, -44, -24}, 2.6f, 4}, {{20, -57, -24}, 3.6f, 6.5f}, {{11, -69, -24}, 3, 5}};
const std::vector<Section> kBuccalFat = {
    {34, 44, -42, 5, 8, -20}, {18, 43, -43, 6, 9, -20}, {2, 45, -46, 6, 10, -22}, {-14, 46, -48, 5, 8, -22}};

constexpr float kNerveShare = 0.3f;

// Share of the gland's fat that lies in visible septa and lobules; the rest is mixed with the parenchyma.
float LobuleThreshold(double fat) { return 2.3f - 2.6f * static_cast<float>(fat); }

// Share of fat at p in septa and lobules: where a fine random field is high, and along the zero crossings of a coarser
// one.
float LobuleShare(const Scene& scene, Vec p) {
  const auto fat = static_cast<float>(scene.patient.body.parotid_fat);
  const float lobule = scene.noise(0.31f * p.x + 7, 0.31f * p.y + 21, 0.22f * p.z + 3);
  const float septum = std::abs(scene.noise(0.16f * p.x + 33, 0.16f * p.y, 0.12f * p.z + 9));
  return std::clamp(std::max(0.8f * (lobule - LobuleThreshold(fat)), 0.55f * fat * (1 - 5 * septum)), 0.0f, 1.0f);
}

void PaintParotid(Scene& scene, Side side) {
  const ParotidShape gland(scene.patient.body, side, scene.noise, scene.random);
  Box box = gland.bounds();
  std::vector<const LesionShape*> own;
  for (std::size_t l = 0; l < scene.lesions.size(); ++l) {
    if (scene.patient.lesions[l].side != side) continue;
    own.push_back(&scene.lesions[l]);
    box = Around(box, scene.lesions[l].bounds().Grown(3));
  }
  const bool moves = scene.Moves(box);
  const Brush brush = moves ? kPushedBrush : Brush{};
  if (moves) box = box.Grown(kPushReachMm);
  // The gland closes around its tumours and stays under the fascia.
  const auto closed = [&](Vec p) {
    const Vec q = scene.Soft(p);
    float distance = gland(q);
    for (const LesionShape* lesion : own) distance = SmoothMin(distance, lesion->Envelope(p) - 1.5f, 5);
    return distance > 3 ? distance : SmoothMax(distance, scene.surface.Fascia(q) + 0.8f, 2);
  };
  scene.painter.PaintLayers({{kDeepFat, -0.5f}, {kCapsule, -0.1f}, {kParotid, 0.35f}}, box, closed, brush);
  const int first = static_cast<int>(side == Side::kRight ? GlandRegion::kParotidRightSuperficial
                                                          : GlandRegion::kParotidLeftSuperficial);
  const auto fill = [&](std::size_t v, float share) {
    const Vec p = scene.painter.PointOf(v);
    const float above_nerve = AboveFacialNerve(scene.Soft(p), side);
    if (share >= 0.5f) scene.painter.map().gland[v] = static_cast<std::uint8_t>(first + (above_nerve < 0 ? 1 : 0));
    if (share < 1) return;
    const float fatty = LobuleShare(scene, p);
    if (fatty > 0.02f) scene.painter.Cover(v, kSubcutaneousFat, fatty);
    // The nerve's branches fill their surface only here and there: a faint sheet.
    const float nerve = kNerveShare - std::abs(above_nerve) / Brush{}.edge_mm;
    if (nerve > 0.02f) scene.painter.Cover(v, kNerve, nerve);
  };
  scene.painter.ForEachInside(box, closed, fill, brush);
}

void PaintSmallGlands(Scene& scene, Side side) {
  base::Random& random = scene.random;
  const float sign = SignOf(scene, side);
  PaintMuscle(scene, OnSide{Sweep(Varied(kSublingual, random, 0.6)), sign}, kSubmandibularGland);
  const OnSide submandibular{Loft(Varied(kSubmandibular, random, 1), 4), sign};
  PaintUnderFascia(scene, submandibular, kSubmandibularGland);
  const auto region = side == Side::kRight ? GlandRegion::kSubmandibularRight : GlandRegion::kSubmandibularLeft;
  scene.painter.ForEachInside(
      submandibular.bounds().Grown(kPushReachMm),
      [&](Vec p) {
        const Vec q = scene.Soft(p);
        return std::max(submandibular(q), scene.surface.Fascia(q) + 1);
      },
      [&](std::size_t v, float share) {
        if (share >= 0.5f) scene.painter.map().gland[v] = static_cast<std::uint8_t>(region);
      },
      kPushedBrush);
}

}  // namespace

void PaintGlands(Scene& scene) {
  for (const Side side : kSides) {
    PaintSoft(scene, {{kSubcutaneousFat, 0}}, OnSide{Loft(Varied(kBuccalFat, scene.random)), SignOf(scene, side)});
    PaintParotid(scene, side);
    PaintSmallGlands(scene, side);
  }
}

void PaintLesions(Scene& scene) {
  for (std::size_t l = 0; l < scene.lesions.size(); ++l) {
    const LesionShape& lesion = scene.lesions[l];
    const auto part = [&](LesionPart which) { return LesionTissue(scene.patient, l, which); };
    const Brush brush = {lesion.edge_mm(), 1.5f};
    if (lesion.has_capsule()) {
      scene.painter.PaintLayers({{kCapsule, 0}, {part(LesionPart::kSolid), 0.9f}}, lesion.bounds(), lesion, brush);
    } else {
      scene.painter.Paint(part(LesionPart::kSolid), lesion.bounds(), lesion, brush);
    }
    const auto within = [&](LesionPart which, float depth_mm, auto shape) {
      scene.painter.Paint(
          part(which), lesion.bounds(), [&](Vec p) { return std::max(shape(p), lesion(p) + depth_mm); },
          Brush{0.9f, 1.6f});
    };
    within(LesionPart::kNecrosis, 2, [&](Vec p) { return lesion.Necrosis(p); });
    within(LesionPart::kCyst, 1.5f, [&](Vec p) { return lesion.Cyst(p); });
    within(LesionPart::kHaemorrhage, 1.5f, [&](Vec p) { return lesion.Blood(p); });
  }
}

// What lies in the region and is no part of the gland, its fat, vessels, nodes or tumours was painted over it.
void MarkGlands(Scene& scene) {
  constexpr std::uint8_t kForeign[] = {kAir,          kSkin,      kDeepFat,         kMuscle,   kTongue,
                                       kCorticalBone, kJawMarrow, kVertebralMarrow, kMastoid,  kTooth,
                                       kMetal,        kMucosa,    kLymphoidTissue,  kCartilage};
  std::array<bool, 256> foreign{};
  for (const std::uint8_t tissue : kForeign) foreign[tissue] = true;
  std::vector<std::uint8_t>& gland = scene.painter.map().gland;
  for (std::size_t v = 0; v < gland.size(); ++v) {
    if (gland[v] != 0 && foreign[scene.painter.MainTissue(v)]) gland[v] = 0;
  }
}

// A tumour is where its tissue is: bone, teeth and air that were painted over its shape bound it.
void MarkLesions(Scene& scene) {
  constexpr std::uint8_t kHard[] = {kAir, kCorticalBone, kJawMarrow, kVertebralMarrow, kMastoid, kTooth, kMetal, kSkin};
  std::array<bool, 256> hard{};
  for (const std::uint8_t tissue : kHard) hard[tissue] = true;
  TissueMap& map = scene.painter.map();
  for (std::size_t l = 0; l < scene.lesions.size(); ++l) {
    const LesionShape& lesion = scene.lesions[l];
    scene.painter.ForEachInside(
        lesion.bounds(), lesion,
        [&](std::size_t v, float share) {
          const std::uint8_t code = Painter::CodeOf(share);
          if (hard[scene.painter.MainTissue(v)] || code < map.occupancy[v]) return;
          map.lesion[v] = static_cast<std::uint8_t>(l + 1);
          map.occupancy[v] = code;
        },
        Brush{0.9f, 1.5f});
  }
}

}  // namespace parotis::phantom
