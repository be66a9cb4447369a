// What the painters of one patient's anatomy share: the canvas, the patient, the stream of random shapes, and the few
// ways in which tissue is put on. Private to src/phantom/anatomy*.cc and glands.cc.
#pragma once

#include <algorithm>
#include <vector>

#include "phantom/lesion_shape.h"
#include "phantom/loft.h"
#include "phantom/painter.h"
#include "phantom/patient.h"
#include "phantom/surface.h"
#include "phantom/tissue.h"

namespace parotis::phantom {

inline constexpr dataset::Side kSides[] = {dataset::Side::kLeft, dataset::Side::kRight};

struct Scene {
  const Patient& patient;
  Painter& painter;
  const SmoothNoise& noise;
  base::Random random;
  HeadSurface surface;
  std::vector<LesionShape> lesions;  // [lesion]

  // Soft tissue gives way to tumours; bone does not.
  Vec Soft(Vec p) const {
    for (const LesionShape& lesion : lesions) p = lesion.Unpushed(p);
    return p;
  }
  bool Moves(const Box& box) const {
    return std::any_of(lesions.begin(), lesions.end(),
                       [&](const LesionShape& lesion) { return lesion.reach().Overlaps(box); });
  }
};

inline float SignOf(const Scene&, dataset::Side side) { return static_cast<float>(SignOf(side)); }

inline constexpr Brush kPushedBrush = {0.9f, 1.7f};
inline constexpr float kPlaneMm = 0.6f;    // of fat, between muscles
inline constexpr float kPushReachMm = 14;  // no soft tissue moves farther

// Paints soft tissue: where tumours push it, it is drawn where it came to lie. `distance` takes a point before the
// push.
template <class Distance>
void PaintSoft(Scene& scene, std::initializer_list<Layer> layers, const Extent& extent, const Distance& distance) {
  if (!scene.Moves(extent.whole())) {
    scene.painter.PaintLayers(layers, extent, distance);
    return;
  }
  scene.painter.PaintLayers(
      layers, extent.Grown(kPushReachMm), [&](Vec p) { return distance(scene.Soft(p)); }, kPushedBrush);
}
template <class Shape>
void PaintSoft(Scene& scene, std::initializer_list<Layer> layers, const Shape& shape) {
  PaintSoft(scene, layers, shape.bounds(), shape);
}

// A muscle, or whatever is bedded in a thin plane of fat.
template <class Shape>
void PaintMuscle(Scene& scene, const Shape& shape, std::uint8_t tissue = kMuscle) {
  PaintSoft(scene, {{kDeepFat, -kPlaneMm}, {tissue, 0}}, shape);
}

// The same, kept under the superficial fascia.
template <class Shape>
void PaintUnderFascia(Scene& scene, const Shape& shape, std::uint8_t tissue = kMuscle, float depth_mm = 1.4f) {
  PaintSoft(scene, {{kDeepFat, -kPlaneMm}, {tissue, 0}}, shape.bounds(), [&](Vec p) {
    const float distance = shape(p);
    return distance > 3 ? distance : SmoothMax(distance, scene.surface.Fascia(p) + depth_mm, 2);
  });
}

template <class Shape>
void PaintBone(Scene& scene, const Shape& shape, float cortex_mm, std::uint8_t inside) {
  scene.painter.PaintLayers({{kCorticalBone, 0}, {inside, cortex_mm}}, shape.bounds(), shape);
}

// In painting order: what comes later lies on top where shapes touch.
void PaintSurface(Scene& scene);
void PaintGlands(Scene& scene);
void PaintMuscles(Scene& scene);
void PaintNeckMuscles(Scene& scene);
void PaintTongue(Scene& scene);
void PaintPharynxWall(Scene& scene);
void PaintVessels(Scene& scene);
void PaintDucts(Scene& scene);
void PaintNodes(Scene& scene);
void PaintLesions(Scene& scene);
void PaintSkull(Scene& scene);
void PaintJaws(Scene& scene);
void PaintTeeth(Scene& scene);
void PaintSpine(Scene& scene);
void PaintAirway(Scene& scene);
void MarkGlands(Scene& scene);
void MarkLesions(Scene& scene);

}  // namespace parotis::phantom
