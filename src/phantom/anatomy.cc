#include "phantom/anatomy.h"

#include "phantom/scene.h"
#include "phantom/streams.h"

namespace parotis::phantom {

void PaintSurface(Scene& scene) {
  const HeadSurface& surface = scene.surface;
  // Tumours near the skin bulge it, more than by what they push aside.
  const auto bulged = [&](Vec p, float distance) {
    if (distance < -16 || distance > 25) return distance;
    for (const LesionShape& lesion : scene.lesions) distance = SmoothMin(distance, lesion.Envelope(p) - 5, 8);
    return distance;
  };
  scene.painter.PaintLayers(
      {{kSkin, 0}, {kSubcutaneousFat, HeadSurface::kSkinMm}}, surface.bounds(),
      [&](Vec p) { return bulged(p, surface.Skin(scene.Soft(p))); }, scene.lesions.empty() ? Brush{} : kPushedBrush);
  // The thin dark line between the subcutaneous and the deep fat is the superficial fascia.
  PaintSoft(scene, {{kNerve, 0}, {kDeepFat, 0.7f}}, surface.bounds(), [&](Vec p) { return surface.Fascia(p); });
  for (const dataset::Side side : kSides) {
    const OnSide auricle{surface.auricle(), static_cast<float>(SignOf(side))};
    scene.painter.PaintLayers({{kSkin, 0}, {kCartilage, 1.3f}}, auricle.bounds(), auricle);
  }
}

TissueMap PaintPatient(const Patient& patient, const image::Geometry& grid, const HeadPose& pose) {
  const auto index = static_cast<std::uint64_t>(patient.index);
  base::Random texture(patient.seed, {kTextureStream, index});
  const SmoothNoise noise(texture);
  const HeadWarp warp(patient.body, noise);
  Painter painter(grid, pose, warp, noise);
  base::Random shapes(patient.seed, {kAnatomyStream, index});
  std::vector<LesionShape> lesions;
  for (const Lesion& lesion : patient.lesions) {
    const auto& c = lesion.centre_head;
    const Vec centre = warp({static_cast<float>(c[0]), static_cast<float>(c[1]), static_cast<float>(c[2])});
    lesions.emplace_back(lesion, centre, patient.body.scale, noise, shapes);
  }
  HeadSurface surface(patient.body, shapes);
  Scene scene{patient, painter, noise, shapes, std::move(surface), std::move(lesions)};
  for (const auto paint : {PaintSurface, PaintGlands, PaintMuscles, PaintNeckMuscles, PaintTongue, PaintPharynxWall,
                           PaintVessels, PaintDucts, PaintNodes, PaintLesions, PaintSkull, PaintJaws, PaintTeeth,
                           PaintSpine, PaintAirway, MarkGlands, MarkLesions}) {
    paint(scene);
  }
  return painter.Finish();
}

}  // namespace parotis::phantom
