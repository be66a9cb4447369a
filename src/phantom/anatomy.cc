#include "phantom/anatomy.h"

#include <cmath>

#include "phantom/glands.h"
#include "phantom/streams.h"
#include "phantom/tissue.h"

namespace parotis::phantom {
namespace {

using base::Random;
using dataset::Side;

constexpr double kDeformationMm = 1.7;
constexpr Side kSides[] = {Side::kLeft, Side::kRight};
// A column through the whole field of view.
constexpr float kEndless = 400;

struct Scene {
  const Patient& patient;
  Painter& painter;
  const SmoothNoise& noise;
  Random random;
  std::vector<LesionShape> lesions;  // [lesion]
};

float Sign(Side side) { return static_cast<float>(SignOf(side)); }

// The outside of head and neck; tumours near the skin bulge it.
class BodyShape {
 public:
  BodyShape(const Body& body, const std::vector<LesionShape>& lesions) : lesions_(&lesions) {
    const auto neck = static_cast<float>(body.neck);
    head_ = {{0, 2, 24}, {78, 97, 118}};
    neck_ = {{0, 26, -70}, {67 * neck, 60 * neck, 170}, 0, -0.08f};
    jaw_ = {{0, -48, -20}, {50, 47, 40}};
    nose_ = {{0, -96, 24}, {13, 15, 22}};
  }
  float operator()(Vec p) const {
    float distance = SmoothMin(SmoothMin(head_(p), neck_(p), 18), jaw_(p), 16);
    if (p.y < -75) distance = SmoothMin(distance, nose_(p), 8);
    if (distance < -12 || distance > 25) return distance;
    for (const LesionShape& lesion : *lesions_) distance = SmoothMin(distance, lesion(p) - 6, 10);
    return distance;
  }
  Box bounds() const { return {{-110, -125, -200}, {110, 115, 150}}; }

 private:
  Ellipsoid head_, neck_, jaw_, nose_;
  const std::vector<LesionShape>* lesions_;
};

void PaintBody(Scene& scene, const BodyShape& body) {
  const auto fat_mm = static_cast<float>(scene.patient.body.fat_mm);
  // The thin dark line between the subcutaneous and the deep fat is the superficial fascia.
  scene.painter.PaintLayers({{kSkin, 0}, {kSubcutaneousFat, 1.8f}, {kMuscle, fat_mm + 1.8f}, {kDeepFat, fat_mm + 2.6f}},
                            body.bounds(), body);
  for (const Side side : kSides) {
    scene.painter.Paint(kSkin,
                        Varied(Mirrored(Ellipsoid{{77, 22, 34}, {3.5f, 13, 22}, 0.15f, 0}, Sign(side)), scene.random));
  }
}

// What is bone and brain above the pharynx: clivus, petrous bones, mastoids, occiput and cerebellum.
void PaintSkullBase(Scene& scene) {
  Random& random = scene.random;
  const Ellipsoid skull = Varied({{0, 50, 84}, {58, 44, 54}}, random);
  scene.painter.PaintLayers(
      {{kCorticalBone, 0}, {kVertebralMarrow, 1.5f}, {kCorticalBone, 4}, {kCsf, 5.5f}, {kBrain, 8}}, skull.bounds(),
      skull);
  const Ellipsoid clivus = Varied({{0, 12, 54}, {16, 13, 13}}, random);
  scene.painter.PaintLayers({{kCorticalBone, 0}, {kVertebralMarrow, 1.4f}}, clivus.bounds(), clivus);
  for (const Side side : kSides) {
    const auto paint = [&](const Ellipsoid& shape, std::uint8_t inside, float inset_mm) {
      const Ellipsoid bone = Varied(Mirrored(shape, Sign(side)), random);
      scene.painter.PaintLayers({{kCorticalBone, 0}, {inside, inset_mm}}, bone.bounds(), bone);
    };
    paint({{36, 18, 60}, {24, 13, 14}}, kMastoid, 3);         // petrous bone
    paint({{54, 37, 46}, {12, 16, 24}}, kMastoid, 2);         // mastoid
    paint({{22, -22, 34}, {2.6f, 9, 15}}, kCorticalBone, 1);  // pterygoid plates
    paint({{54, -48, 46}, {13, 9, 10}}, kJawMarrow, 1.6f);    // zygoma
    paint({{66, -22, 46}, {3, 24, 4}}, kJawMarrow, 1.4f);     // zygomatic arch
  }
}

void PaintGlands(Scene& scene, const BodyShape& body) {
  const float cover_mm = 1.8f + 0.8f * static_cast<float>(scene.patient.body.fat_mm);
  for (const Side side : kSides) {
    const ParotidShape gland(scene.patient.body, side, scene.noise, scene.random);
    Box box = gland.bounds();
    std::vector<const LesionShape*> own;
    for (std::size_t l = 0; l < scene.lesions.size(); ++l) {
      if (scene.patient.lesions[l].side != side) continue;
      own.push_back(&scene.lesions[l]);
      box = Around(box, scene.lesions[l].bounds().Grown(3));
    }
    // The gland closes around its tumours and stays under the skin.
    scene.painter.Paint(kParotid, box, [&](Vec p) {
      float distance = gland(p);
      for (const LesionShape* lesion : own) distance = SmoothMin(distance, (*lesion)(p)-1.5f, 6);
      return distance > 2 ? distance : std::max(distance, body(p) + cover_mm);
    });
    for (const Ellipsoid& shape : {Ellipsoid{{30, -12, -40}, {9, 16, 12}}, Ellipsoid{{14, -52, -27}, {5, 14, 7}}}) {
      scene.painter.Paint(kSubmandibularGland, Varied(Mirrored(shape, Sign(side)), scene.random));
    }
  }
}

// Of the left side; centre, radii, tilts, power.
const std::vector<Ellipsoid>& PairedMuscles() {
  static const std::vector<Ellipsoid> muscles = {
      {{57, -21, -2}, {7.5f, 19, 34}, 0.1f, 0, 4},  // masseter
      {{37, -6, 0}, {6.5f, 15, 27}, -0.15f, 0, 4},  // medial pterygoid
      {{37, -12, 32}, {13, 18, 8}},                 // lateral pterygoid
      {{57, -26, 54}, {7, 24, 30}},                 // temporalis
      {{49, 27, -15}, {7.5f, 17, 70}, 0.2f, 0.3f},  // sternocleidomastoid
      {{12, 74, -10}, {12, 13, 110}, 0, 0, 4},      // semispinalis
      {{33, 67, -8}, {9, 15, 110}, -0.05f, 0, 4},   // splenius
      {{11, 58, -20}, {9, 5, 70}, 0, 0, 4},         // multifidus
      {{37, 47, -45}, {9, 12, 75}, 0, 0, 4},        // levator scapulae
      {{29, 32, -60}, {8, 9, 62}, 0, 0, 4},         // scalenes
      {{24, 83, -30}, {27, 4, 90}, 0, 0, 4},        // trapezius
      {{9, 16.5f, -10}, {9, 4.5f, 90}, 0, 0, 4},    // longus colli and capitis
      {{24, 54, 14}, {17, 8, 13}},                  // obliquus capitis
      {{20, 66, 30}, {18, 8, 14}},                  // rectus capitis
      {{42, -50, -4}, {2.2f, 21, 16}, 0, 0, 4},     // buccinator
      {{7, -50, -34}, {6.5f, 27, 12}},              // genioglossus and geniohyoid
      {{23, -40, -34}, {5, 30, 10}, 0.4f, 0},       // mylohyoid and hyoglossus
      {{18, 4, -18}, {4, 8, 45}, 0, 0, 4},          // pharyngeal constrictor
      {{0, -86, -6}, {24, 3.5f, 14}, 0, 0, 4},      // orbicularis oris
      {{29, 8, 6}, {3, 4, 26}, 0.15f, -0.25f},      // styloid muscles
  };
  return muscles;
}

void PaintMuscles(Scene& scene, const BodyShape& body) {
  const float cover_mm = 3 + 0.6f * static_cast<float>(scene.patient.body.fat_mm);
  scene.painter.Paint(kTongue, Varied({{0, -38, -9}, {25, 35, 22}}, scene.random));
  for (const Side side : kSides) {
    for (const Ellipsoid& muscle : PairedMuscles()) {
      const Ellipsoid shape = Varied(Mirrored(muscle, Sign(side)), scene.random);
      // Fascia lets no muscle through the fat under the skin.
      scene.painter.Paint(kMuscle, shape.bounds(), [&](Vec p) {
        const float distance = shape(p);
        return distance > 1 ? distance : std::max(distance, body(p) + cover_mm);
      });
    }
    scene.painter.Paint(kMuscle, Mirrored(Tube{{{51, 36, 30}, {42, 15, -8}, {28, -14, -38}}, 4, 3.5f}, Sign(side)));
    scene.painter.Paint(kLymphoidTissue,
                        Varied(Mirrored(Ellipsoid{{15, -1, -4}, {6, 8, 11}}, Sign(side)), scene.random));
  }
}

void PaintVessels(Scene& scene) {
  Random& random = scene.random;
  const auto vary = [&](float radius) { return radius * static_cast<float>(random.Uniform(0.85, 1.2)); };
  for (const Side side : kSides) {
    const Tube internal_carotid = {{{25, 14, -75}, {26, 12, -30}, {25, 15, 0}, {24, 15, 60}}, vary(2.8f), vary(2.6f)};
    const Tube external_carotid = {{{29, 8, -42}, {41, 5, -14}, {50, 7, 10}, {52, 5, 34}}, vary(2), vary(1.5f)};
    const Tube jugular = {{{34, 21, -75}, {33, 23, -20}, {29, 25, 10}, {28, 26, 60}}, vary(5.2f), vary(4)};
    const Tube retromandibular = {{{51, 7, 38}, {54.5f, 11, 10}, {53.5f, 15, -14}, {48, 13, -36}}, vary(1.7f), vary(2)};
    const Tube vertebral = {{{24, 35, -80}, {24, 35, 14}}, vary(1.7f), vary(1.7f)};
    for (const Tube& artery : {internal_carotid, external_carotid, vertebral})
      scene.painter.Paint(kArtery, Mirrored(artery, Sign(side)));
    for (const Tube& vein : {jugular, retromandibular}) scene.painter.Paint(kVein, Mirrored(vein, Sign(side)));
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
    scene.painter.Paint(NodeTissue(patient, n), Ellipsoid{centre, to_head * radii});
  }
}

void PaintLesions(Scene& scene) {
  for (std::size_t l = 0; l < scene.lesions.size(); ++l) {
    const LesionShape& lesion = scene.lesions[l];
    const std::uint8_t solid = LesionTissue(scene.patient, l, LesionPart::kSolid);
    if (lesion.has_capsule()) {
      scene.painter.PaintLayers({{kCapsule, 0}, {solid, 0.9f}}, lesion.bounds(), lesion);
    } else {
      scene.painter.Paint(solid, lesion.bounds(), lesion, lesion.edge_mm());
    }
    for (const Ellipsoid& cyst : lesion.cysts()) {
      scene.painter.Paint(LesionTissue(scene.patient, l, LesionPart::kCyst), cyst.bounds(),
                          [&](Vec p) { return std::max(cyst(p), lesion(p) + 1.5f); });
    }
  }
}

void PaintJaw(Scene& scene) {
  for (const Side side : kSides) {
    const float sign = Sign(side);
    const Ellipsoid ramus = Varied(Mirrored(Ellipsoid{{46, -15, 4}, {5, 15, 39}, 0.1f, 0, 4}, sign), scene.random);
    const Ellipsoid condyle = Mirrored(Ellipsoid{{50, 4, 43}, {9, 5, 8}}, sign);
    const Tube body = Mirrored(
        Tube{{{46, -10, -26}, {42, -35, -33}, {28, -66, -37}, {12, -82, -38}, {0, -85, -38}}, 5.5f, 6.5f, 1.9f}, sign);
    scene.painter.PaintLayers({{kCorticalBone, 0}, {kJawMarrow, 1.9f}}, ramus.bounds(), ramus);
    scene.painter.PaintLayers({{kCorticalBone, 0}, {kJawMarrow, 1.6f}}, condyle.bounds(), condyle);
    scene.painter.PaintLayers({{kCorticalBone, 0}, {kJawMarrow, 2.2f}}, body.bounds(), body);
    for (const float z : {-18.0f, 4.0f}) {
      const Tube gum = Mirrored(Tube{{{32, -38, z}, {27, -60, z}, {13, -75, z}, {0, -78, z}}, 5, 4.5f, 1.9f}, sign);
      scene.painter.PaintLayers({{kMucosa, 0}, {kTooth, 1.5f}}, gum.bounds(), gum);
    }
  }
  const Ellipsoid maxilla = Varied({{0, -54, 15}, {33, 28, 8}}, scene.random);
  scene.painter.PaintLayers({{kCorticalBone, 0}, {kJawMarrow, 1.6f}}, maxilla.bounds(), maxilla);
  scene.painter.Paint(kCorticalBone, Varied({{0, -50, 23}, {27, 30, 2.5f}}, scene.random));
}

void PaintAirway(Scene& scene) {
  const Ellipsoid nose = Varied({{0, -60, 39}, {14, 37, 14}}, scene.random);
  scene.painter.PaintLayers({{kCorticalBone, 0}, {kMucosa, 1}, {kAir, 2.5f}}, nose.bounds(), nose);
  scene.painter.Paint(kMucosa, Varied({{0, -60, 39}, {1.3f, 36, 13}}, scene.random));
  for (const Side side : kSides) {
    const float sign = Sign(side);
    scene.painter.Paint(kMucosa, Varied(Mirrored(Ellipsoid{{6.5f, -58, 34}, {2.6f, 24, 4}}, sign), scene.random));
    const Ellipsoid sinus = Varied(Mirrored(Ellipsoid{{28, -58, 42}, {14, 17, 15}}, sign), scene.random);
    scene.painter.PaintLayers({{kCorticalBone, 0}, {kMucosa, 1}, {kAir, 1.9f}}, sinus.bounds(), sinus);
    scene.painter.Paint(kAir, Mirrored(Tube{{{82, 18, 36}, {62, 17, 37}}, 3.2f, 2.6f}, sign));
  }
  for (const Ellipsoid& shape : {Ellipsoid{{0, -3, 38}, {15, 11, 13}}, Ellipsoid{{0, 3, 0}, {13, 7.5f, 32}},
                                 Ellipsoid{{0, 7, -45}, {15, 7, 26}}}) {
    const Ellipsoid pharynx = Varied(shape, scene.random);
    scene.painter.PaintLayers({{kMucosa, 0}, {kAir, 2.6f}}, pharynx.bounds(), pharynx);
  }
  scene.painter.Paint(kMucosa, Varied({{0, -9, 15}, {12, 9, 4}}, scene.random));
  scene.painter.Paint(kAir, Varied({{0, -42, 13}, {17, 24, 1.8f}}, scene.random));
}

void PaintSpine(Scene& scene) {
  const auto shift = static_cast<float>(scene.random.Uniform(-6, 6));
  const Ellipsoid bodies = {{0, 31, 0}, {12, 8.5f, kEndless}};
  scene.painter.PaintLayers({{kCorticalBone, 0}, {kVertebralMarrow, 1.3f}}, {{-14, 20, -kEndless}, {14, 42, 34}},
                            [&](Vec p) { return std::max(bodies(p), p.z - 32); });
  for (float z = -78 + shift; z < 6; z += 17.5f) {
    scene.painter.Paint(kDisc, Ellipsoid{{0, 30, z}, {12, 8.5f, 2.4f}});
    const Ellipsoid spinous = Varied({{0, 66, z - 10}, {3.5f, 10, 5}}, scene.random);
    scene.painter.PaintLayers({{kCorticalBone, 0}, {kVertebralMarrow, 1.4f}}, spinous.bounds(), spinous);
    for (const Side side : kSides) {
      for (const Ellipsoid& shape :
           {Ellipsoid{{11, 56, z - 8}, {8, 4, 6}, 0, -0.2f}, Ellipsoid{{17, 42, z - 4}, {6, 6.5f, 7}}}) {
        const Ellipsoid arch = Varied(Mirrored(shape, Sign(side)), scene.random);
        scene.painter.PaintLayers({{kCorticalBone, 0}, {kVertebralMarrow, 1.3f}}, arch.bounds(), arch);
      }
    }
  }
  const Ellipsoid canal = {{0, 48, 0}, {12, 9.5f, kEndless}};
  const Box column = {{-14, 36, -kEndless}, {14, 60, 70}};
  scene.painter.PaintLayers({{kCapsule, 0}, {kDeepFat, 0.6f}, {kCsf, 1.6f}}, column, canal);
  scene.painter.Paint(kCord, column, Ellipsoid{{0, 48, 0}, {6.3f, 4.3f, kEndless}});
}

void MarkLesions(Scene& scene) {
  const std::vector<std::uint8_t> not_tumour = {kAir, kCorticalBone, kJawMarrow, kVertebralMarrow, kMastoid, kTooth};
  for (std::size_t l = 0; l < scene.lesions.size(); ++l) {
    scene.painter.Mark(static_cast<std::uint8_t>(l + 1), not_tumour, scene.lesions[l].bounds(), scene.lesions[l]);
  }
}

}  // namespace

TissueMap PaintPatient(const Patient& patient, const image::Geometry& grid, const HeadPose& pose) {
  const auto index = static_cast<std::uint64_t>(patient.index);
  Random texture(patient.seed, {kTextureStream, index});
  const SmoothNoise noise(texture);
  Painter painter(grid, pose, noise, kDeformationMm);
  Scene scene{patient, painter, noise, Random(patient.seed, {kAnatomyStream, index}), {}};
  for (const Lesion& lesion : patient.lesions)
    scene.lesions.emplace_back(lesion, patient.body.scale, noise, scene.random);
  const BodyShape body(patient.body, scene.lesions);
  PaintBody(scene, body);
  PaintGlands(scene, body);
  PaintMuscles(scene, body);
  PaintVessels(scene);
  PaintNodes(scene);
  PaintLesions(scene);
  PaintSkullBase(scene);
  PaintJaw(scene);
  PaintAirway(scene);
  PaintSpine(scene);
  MarkLesions(scene);
  return painter.Finish();
}

}  // namespace parotis::phantom
