// Arteries and veins of the parotid's neighbourhood, ducts of the glands, nodes. Left side, millimetres of the average
// head's frame.
#include "phantom/scene.h"

namespace parotis::phantom {
namespace {

const std::vector<Station> kInternalCarotid = {{{27, 12, -52}, 3.6f, 3.6f},
                                               {{25.5f, 14, -30}, 2.6f, 2.6f},
                                               {{24.5f, 15, -5}, 2.5f, 2.5f},
                                               {{25, 15, 20}, 2.5f, 2.5f},
                                               {{25.5f, 14, 40}, 2.5f, 2.5f}};
const std::vector<Station> kCommonCarotid = {
    {{22, 14, -205}, 3.6f, 3.6f}, {{25, 12, -100}, 3.5f, 3.5f}, {{27, 12, -52}, 3.8f, 3.8f}};
const std::vector<Station> kExternalCarotid = {{{28, 9, -48}, 2.3f, 2.3f},
                                               {{31, 4, -32}, 2, 2},
                                               {{38, 6, -14}, 1.9f, 1.9f},
                                               {{45.5f, 8.5f, 2}, 1.8f, 1.8f},
                                               {{48.5f, 6.5f, 20}, 1.7f, 1.7f},
                                               {{52, 6, 36}, 1.3f, 1.3f},
                                               {{62, 6, 58}, 1, 1}};
const std::vector<Station> kMaxillaryArtery = {
    {{49, 6, 27}, 1.4f, 1.4f}, {{44, -6, 27}, 1.3f, 1.3f}, {{36, -20, 29}, 1.2f, 1.2f}};
const std::vector<Station> kFacialArtery = {{{30, 0, -30}, 1.2f, 1.2f},
                                            {{38, -14, -34}, 1.2f, 1.2f},
                                            {{47, -28, -38}, 1.2f, 1.2f},
                                            {{46, -46, -18}, 1.1f, 1.1f},
                                            {{36, -68, 0}, 0.9f, 0.9f}};
const std::vector<Station> kLingualArtery = {
    {{28, 4, -40}, 1.1f, 1.1f}, {{18, -14, -42}, 1.1f, 1.1f}, {{13, -44, -32}, 1, 1}};
const std::vector<Station> kVertebralArtery = {{{24, 33.5f, -205}, 1.8f, 1.8f}, {{23, 34, -60}, 1.7f, 1.7f},
                                               {{23, 34, 0}, 1.7f, 1.7f},       {{29, 36, 14}, 1.7f, 1.7f},
                                               {{24, 46, 23}, 1.7f, 1.7f},      {{9, 40, 30}, 1.6f, 1.6f}};
const std::vector<Station> kJugular = {{{33, 14, -205}, 6, 5},        {{36, 16, -80}, 6, 4.6f},
                                       {{35, 19, -45}, 5.4f, 4.2f},   {{33, 22.5f, -15}, 4.8f, 3.6f},
                                       {{30.5f, 24.5f, 10}, 4, 3.4f}, {{29, 25, 40}, 4, 3.4f}};
// Through the gland, lateral to the external carotid.
const std::vector<Station> kRetromandibular = {
    {{57, 6, 52}, 1.2f, 1.2f},   {{52.5f, 7, 34}, 1.7f, 1.7f}, {{52.5f, 9, 16}, 2.1f, 2.1f}, {{52, 10, 0}, 2.2f, 2.2f},
    {{50.5f, 11.5f, -18}, 2, 2}, {{46, 8, -36}, 1.8f, 1.8f},   {{39, 8, -52}, 1.8f, 1.8f}};
const std::vector<Station> kExternalJugular = {
    {{51, 13, -20}, 1.3f, 1.3f}, {{56, 22, -36}, 1.7f, 1.7f}, {{55, 30, -70}, 1.8f, 1.8f}, {{54, 34, -140}, 2, 2}};
const std::vector<Station> kFacialVein = {
    {{38, -68, 4}, 1, 1}, {{47, -42, -16}, 1.3f, 1.3f}, {{47, -24, -40}, 1.4f, 1.4f}, {{39, 4, -50}, 1.6f, 1.6f}};
const std::vector<Station> kAnteriorJugular = {{{9, -40, -58}, 1.2f, 1.2f}, {{9, -36, -130}, 1.5f, 1.5f}};

// Stensen's duct: from the front of the gland over the masseter, through the buccinator, to the second upper molar.
const std::vector<Station> kStensen = {{{60.5f, -14, 12}, 1, 1},
                                       {{62.8f, -26, 11}, 1, 1},
                                       {{60.5f, -39, 9}, 0.9f, 0.9f},
                                       {{52, -49, 6}, 0.9f, 0.9f},
                                       {{40, -53, 3}, 0.8f, 0.8f}};
const std::vector<Station> kDuctTree[] = {
    {{{60.5f, -14, 12}, 0.9f, 0.9f}, {{59.5f, 0, 10}, 0.8f, 0.8f}, {{56, 10, 7}, 0.7f, 0.7f}},
    {{{59.8f, -4, 10.5f}, 0.7f, 0.7f}, {{59.5f, 6, -4}, 0.7f, 0.7f}, {{56.5f, 14, -18}, 0.5f, 0.5f}},
    {{{59.5f, 0, 10}, 0.6f, 0.6f}, {{59, 6, 19}, 0.5f, 0.5f}, {{57, 8, 26}, 0.4f, 0.4f}}};
const std::vector<Station> kWharton = {
    {{31, -20, -34}, 0.8f, 0.8f}, {{20, -42, -26}, 0.8f, 0.8f}, {{8, -66, -20}, 0.7f, 0.7f}};

}  // namespace

void PaintVessels(Scene& scene) {
  base::Random& random = scene.random;
  for (const dataset::Side side : kSides) {
    const float sign = SignOf(scene, side);
    const auto paint = [&](std::uint8_t tissue, const std::vector<Station>& stations) {
      PaintSoft(scene, {{kDeepFat, -0.5f}, {tissue, 0}}, OnSide{Sweep(Varied(stations, random, 0.6)), sign});
    };
    // Veins differ more from side to side than arteries; one jugular is usually the larger.
    const auto dominant = static_cast<float>(random.Uniform(0.75, 1.25));
    std::vector<Station> jugular = kJugular;
    for (Station& s : jugular) s.across *= dominant, s.tall *= dominant;
    paint(kVein, jugular);
    for (const auto* vein : {&kExternalJugular, &kFacialVein, &kAnteriorJugular}) paint(kVein, *vein);
    for (const auto* artery :
         {&kCommonCarotid, &kInternalCarotid, &kMaxillaryArtery, &kFacialArtery, &kLingualArtery, &kVertebralArtery})
      paint(kArtery, *artery);
    PaintSoft(scene, {{kArtery, 0}}, OnSide{Sweep(Varied(kExternalCarotid, random, 0.5)), sign});
    PaintSoft(scene, {{kVein, 0}}, OnSide{Sweep(Varied(kRetromandibular, random, 0.5)), sign});
  }
}

void PaintDucts(Scene& scene) {
  for (const dataset::Side side : kSides) {
    const float sign = SignOf(scene, side);
    const auto lift = static_cast<float>(scene.random.Uniform(-3, 3));
    const auto paint = [&](std::vector<Station> stations) {
      for (Station& s : stations) s.at.z += lift;
      PaintSoft(scene, {{kCapsule, -0.3f}, {kSaliva, 0.3f}}, OnSide{Sweep(stations), sign});
    };
    paint(kStensen);
    for (const auto& branch : kDuctTree) PaintSoft(scene, {{kSaliva, 0.25f}}, OnSide{Sweep(branch), sign});
    PaintSoft(scene, {{kSaliva, 0.2f}}, OnSide{Sweep(kWharton), sign});
  }
}

void PaintNodes(Scene& scene) {
  const Patient& patient = scene.patient;
  const auto to_head = static_cast<float>(1 / patient.body.scale);
  for (std::size_t n = 0; n < patient.nodes.size(); ++n) {
    const Node& node = patient.nodes[n];
    const Vec centre = {static_cast<float>(node.centre_head[0]), static_cast<float>(node.centre_head[1]),
                        static_cast<float>(node.centre_head[2])};
    const Vec radii = {static_cast<float>(node.radii_mm[0]), static_cast<float>(node.radii_mm[1]),
                       static_cast<float>(node.radii_mm[2])};
    const Ellipsoid shape{centre, to_head * radii};
    PaintSoft(scene, {{kDeepFat, -0.5f}, {NodeTissue(patient, n), 0}}, shape);
    // A small node that is not enlarged keeps the fat of its hilum.
    if (!node.enlarged && radii.x > 2.6f) {
      const float inward = centre.x > 0 ? -0.4f : 0.4f;
      PaintSoft(scene, {{kSubcutaneousFat, 0}},
                Ellipsoid{centre + Vec{inward * shape.radii.x, 0, 0}, 0.38f * shape.radii});
    }
  }
}

}  // namespace parotis::phantom
