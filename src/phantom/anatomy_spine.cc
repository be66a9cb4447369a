// Cervical spine with its canal: atlas, axis, three more vertebrae and their discs, cord, fluid and dura.
#include "phantom/scene.h"

namespace parotis::phantom {
namespace {

constexpr float kCanalY = 48;
constexpr float kAxisBottom = -11.5f;  // lower end plate of C2
constexpr float kPitch = 17.5f;        // from disc to disc
constexpr int kLower = 5;              // vertebrae below the axis
constexpr float kCortex = 1.2f;

// Atlas, left half: arches, lateral mass, transverse process.
const std::vector<Station> kAtlasFront = {
    {{0, 20.5f, 18}, 2.6f, 5}, {{9, 22.5f, 18}, 2.6f, 4.5f}, {{15, 28, 17}, 3.5f, 5}};
const std::vector<Station> kAtlasBack = {
    {{19, 40, 17}, 2.6f, 3.6f}, {{20, 54, 16}, 2.4f, 3.4f}, {{11, 64.5f, 15.5f}, 2.6f, 4}, {{0, 67, 15}, 2.8f, 4.5f}};
const std::vector<Station> kAtlasWing = {{{23, 33, 17}, 3, 4}, {{31, 33, 16}, 2.2f, 3}, {{39, 35, 15}, 2.6f, 3.2f}};
const Ellipsoid kAtlasMass = {{18.5f, 32.5f, 18}, {8, 9.5f, 8.5f}, 0.15f};

// Axis: dens and body in one, its joints, arch and forked spinous process.
const std::vector<Section> kAxis = {{30, 0, 28, 2.6f, 2.6f},       {24, 0, 27.5f, 5, 5.2f}, {14, 0, 27.5f, 5.2f, 5.4f},
                                    {7, 0, 28.5f, 6, 6},           {1, 0, 29.5f, 9, 7.5f},  {-6, 0, 29.5f, 9.5f, 8.3f},
                                    {kAxisBottom, 0, 29.5f, 10, 9}};
const Ellipsoid kAxisJoint = {{15, 33, 5}, {6.5f, 8, 5.5f}, -0.2f};
const std::vector<Station> kAxisArch = {{{15, 40, 0}, 3.6f, 6},
                                        {{15, 52, -2}, 3, 6.5f},
                                        {{7, 61, -3}, 3, 6},
                                        {{3, 70, -6}, 3.4f, 4.4f},
                                        {{5, 76, -9}, 2.6f, 3}};

void PaintHalves(Scene& scene, const std::vector<Station>& stations) {
  for (const dataset::Side side : kSides)
    PaintBone(scene, OnSide{Sweep(Varied(stations, scene.random, 0.4)), SignOf(scene, side)}, kCortex,
              kVertebralMarrow);
}

void PaintAtlasAndAxis(Scene& scene) {
  PaintHalves(scene, kAtlasBack);
  PaintHalves(scene, kAtlasWing);
  PaintHalves(scene, kAtlasFront);
  PaintHalves(scene, kAxisArch);
  for (const dataset::Side side : kSides) {
    for (const Ellipsoid& block : {kAxisJoint, kAtlasMass})
      PaintBone(scene, OnSide{Varied(block, scene.random, 0.4), SignOf(scene, side)}, 1, kVertebralMarrow);
  }
  PaintBone(scene, Loft(kAxis, 3), 1.1f, kVertebralMarrow);
}

// One of C3 to C7; `top` is the upper end plate.
void PaintVertebra(Scene& scene, float top, float lower) {
  const float wide = 9.5f + 0.4f * lower, bottom = top - kPitch + 4.2f;
  const float y = 29.5f - 0.15f * lower;
  for (const dataset::Side side : kSides) {
    const float sign = SignOf(scene, side);
    const auto sweep = [&](const std::vector<Station>& stations) {
      PaintBone(scene, OnSide{Sweep(Varied(stations, scene.random, 0.4)), sign}, 1, kVertebralMarrow);
    };
    sweep({{{8, y + 6, top - 6}, 2.6f, 3.2f},
           {{14, y + 10, top - 7}, 2.6f, 3.2f},
           {{19, y + 13, top - 8}, 4, 4}});  // pedicle
    sweep({{{9, y + 1, top - 7}, 2, 3},
           {{17, y + 1, top - 8}, 1.6f, 2.6f},
           {{25, y + 5, top - 10}, 2.2f, 2.4f}});  // transverse process
    sweep({{{21, 45, top + 1}, 5.4f, 5},
           {{21, 46.5f, top - 8}, 6, 6},
           {{20.5f, 49, top - 16}, 5.2f, 5}});  // pillar of joints
    sweep({{{18, 50, top - 9}, 2.4f, 5.5f},
           {{10, 57.5f, top - 10}, 2.2f, 5.5f},
           {{2, 62.5f, top - 11}, 2.6f, 5}});  // lamina
    sweep({{{1, 62, top - 11}, 2, 4.6f},
           {{1.4f, 69 + lower, top - 14}, 1.8f, 3.6f},
           {{3, 73 + 1.6f * lower, top - 16}, 1.8f, 2.4f}});  // spinous process
  }
  PaintBone(
      scene,
      Loft({{top, 0, y, wide, 8.2f}, {top - 6, 0, y, wide - 0.9f, 7.8f}, {bottom, 0, y, wide + 0.4f, 8.4f}}, 2.4f),
      1.1f, kVertebralMarrow);
}

void PaintCanal(Scene& scene) {
  const Loft sac({{33, 0, kCanalY - 1, 13, 11.5f},
                  {26, 0, kCanalY - 0.5f, 12.5f, 10.5f},
                  {8, 0, kCanalY, 11.5f, 8.6f},
                  {-15, 0, kCanalY - 0.5f, 11, 7.6f},
                  {-60, 0, kCanalY - 1, 11.4f, 7.2f},
                  {-140, 0, kCanalY + 3, 11.4f, 7.4f},
                  {-210, 0, kCanalY + 12, 11, 7.4f}},
                 1);
  scene.painter.PaintLayers({{kDeepFat, -1.1f}, {kCapsule, 0}, {kCsf, 0.7f}}, sac.bounds().Grown(1), sac);
  const Loft cord({{46, 0, 44, 9, 7.5f},
                   {34, 0, 45.5f, 7.4f, 6.4f},
                   {20, 0, 46.8f, 6.2f, 4.8f},
                   {-10, 0, 47.3f, 6.4f, 4},
                   {-50, 0, 46.8f, 6.8f, 4},
                   {-140, 0, 50, 6.6f, 4},
                   {-210, 0, 60, 5, 4}},
                  1);
  scene.painter.Paint(kCord, cord);
  for (float z = 12; z > -120; z -= kPitch) {  // roots leave through the foramina, in fat
    for (const dataset::Side side : kSides) {
      const OnSide root{
          Sweep({{{10.5f, 45.5f, z}, 1, 1}, {{17, 39.5f, z - 2}, 1.8f, 1.8f}, {{27, 37, z - 5}, 1.1f, 1.1f}}),
          SignOf(scene, side)};
      scene.painter.PaintLayers({{kDeepFat, -1}, {kNerve, 0}}, root.bounds().Grown(1), root);
    }
  }
}

}  // namespace

void PaintSpine(Scene& scene) {
  const Loft column(
      {{4, 0, 29.8f, 9, 7.4f}, {-60, 0, 29.2f, 10.5f, 7.4f}, {kAxisBottom - kLower * kPitch - 16, 0, 29, 11.5f, 7.6f}},
      2);
  scene.painter.PaintLayers({{kCapsule, -0.8f}, {kDisc, 0}}, column.bounds().Grown(1), column);  // ligaments, discs
  PaintAtlasAndAxis(scene);
  for (int n = 0; n < kLower; ++n)
    PaintVertebra(scene, kAxisBottom - 4.2f - static_cast<float>(n) * kPitch, static_cast<float>(n));
  PaintCanal(scene);
}

}  // namespace parotis::phantom
