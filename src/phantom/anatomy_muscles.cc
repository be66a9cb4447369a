// Muscles of chewing, of the cheek and of the floor of the mouth, and what hangs on the styloid process. All tables are
// of the left side, in millimetres of the average head's frame.
#include "phantom/scene.h"

namespace parotis::phantom {
namespace {

// z, x, y, across, along, turn°, bow. From the zygomatic arch to the angle of the jaw, parallel to the ramus.
const std::vector<Section> kMasseter = {{47, 62, -30, 3.4f, 13, -10},
                                        {36, 60, -29, 5.2f, 16, -11},
                                        {20, 57, -26, 5.8f, 18, -13, 0.004f},
                                        {4, 54.2f, -24, 6.1f, 18.5f, -14, 0.004f},
                                        {-12, 52.3f, -21, 5.8f, 17.5f, -15, 0.004f},
                                        {-24, 50.2f, -17, 4.4f, 15, -16},
                                        {-32, 48.5f, -13, 2.6f, 10, -16}};
// From the pterygoid fossa to the inner face of the angle.
const std::vector<Section> kMedialPterygoid = {{34, 21.5f, -19, 4, 8, -20},      {22, 25.5f, -17.5f, 6.6f, 12, -24},
                                               {8, 30, -15.5f, 8, 15, -28},      {-6, 34, -13, 7.8f, 16, -28},
                                               {-17, 37.5f, -11, 6.2f, 15, -26}, {-28, 41, -9, 3.2f, 11, -22}};
// From the temporal fossa, deep to the arch, to the coronoid process.
const std::vector<Section> kTemporalis = {{112, 66, 6, 2, 26, 0, 0.002f},   {95, 68.5f, -2, 3, 44, 0, 0.0025f},
                                          {76, 68, -10, 5, 42, -2, 0.003f}, {60, 62.5f, -22, 7.6f, 25, -8, 0.006f},
                                          {48, 56.5f, -27, 8.4f, 17, -10},  {36, 52, -30, 6.6f, 12, -12},
                                          {24, 47.8f, -33, 4, 7.5f, -12},   {10, 43, -35, 2, 4, -12}};
// Two heads that run outward and backward to the neck of the condyle.
const std::vector<Station> kLateralPterygoidUpper = {
    {{25, -27, 45}, 5, 4.5f}, {{37, -14, 43}, 5.5f, 5}, {{46, -1, 41}, 3.4f, 3.4f}};
const std::vector<Station> kLateralPterygoidLower = {
    {{23, -28, 30}, 6, 10}, {{34, -15, 32}, 8, 10.5f}, {{46, -1, 37}, 4, 5}};

const std::vector<Station> kBuccinator = {{{29, -27, -2}, 1, 9},
                                          {{34.5f, -37, -4}, 1.4f, 12.5f},
                                          {{35.5f, -52, -5}, 1.7f, 14.5f},
                                          {{30, -71, -5}, 1.8f, 13},
                                          {{22, -84, -5}, 2, 8}};
const std::vector<Station> kLips = {
    {{24, -82, -5}, 2.4f, 9}, {{13, -87.5f, -5}, 3.6f, 11.5f}, {{0, -89.5f, -5}, 3.8f, 12.5f}};
// Lift and tense the soft palate, between pterygoid plates and pharynx.
const std::vector<Station> kTensorPalati = {
    {{22, -9, 44}, 1.6f, 3}, {{19, -14, 33}, 1.8f, 4.5f}, {{17, -19, 21}, 1.4f, 3}};
const std::vector<Station> kLevatorPalati = {
    {{24, 3, 44}, 2.4f, 2.4f}, {{18.5f, -3, 33}, 3, 3}, {{12, -8, 21}, 2.6f, 2.6f}};
const std::vector<Station> kZygomaticus = {
    {{53, -56, 42}, 1.4f, 2.2f}, {{45, -67, 20}, 1.5f, 2.4f}, {{26, -84, 0}, 1.2f, 2}};
const std::vector<Station> kDepressor = {
    {{24, -78, -36}, 1.4f, 3}, {{25, -82, -20}, 1.3f, 2.6f}, {{23, -84, -8}, 1, 2}};

// The digastric: from the mastoid notch to its sling at the hyoid, and on to the chin.
const std::vector<Station> kDigastricBack = {{{48, 37, 26}, 3.2f, 4.6f},
                                             {{45.5f, 27, 9}, 3.8f, 5},
                                             {{41, 15, -12}, 3.6f, 4.4f},
                                             {{34, -2, -34}, 2.6f, 3},
                                             {{25, -16, -49}, 1.4f, 1.5f}};
const std::vector<Station> kDigastricFront = {{{24, -18, -50}, 1.8f, 1.8f},
                                              {{17.5f, -36, -51.5f}, 6.6f, 4},
                                              {{11, -56, -51}, 7.4f, 4.4f},
                                              {{7, -72, -47}, 4.4f, 3}};
const std::vector<Station> kStylohyoid = {
    {{37, 15, 16}, 1.6f, 1.6f}, {{36, 6, -12}, 2, 2}, {{26, -12, -46}, 1.4f, 1.4f}};
const std::vector<Station> kStyloglossus = {
    {{33, 10, 10}, 1.8f, 2}, {{28, -2, -6}, 2.2f, 2.6f}, {{22.5f, -22, -14}, 2, 3}, {{20, -44, -16}, 1.4f, 2.2f}};
const std::vector<Station> kStylopharyngeus = {
    {{31, 12, 16}, 2, 2}, {{23, 7, -6}, 2.4f, 3}, {{18, 4, -26}, 1.6f, 2.4f}};

// The floor of the mouth: a sling from the jaw's inner face to the midline and the hyoid.
const std::vector<Section> kMylohyoid = {{-21, 28, -48, 1.6f, 23, -27, -0.004f},
                                         {-28, 24, -47, 2.2f, 25, -25, -0.004f},
                                         {-36, 18, -45, 3, 25, -18, -0.003f},
                                         {-43, 9, -44, 6, 25, -10},
                                         {-47, 4, -42, 6, 21, 0}};
const std::vector<Section> kHyoglossus = {{-12, 21.5f, -28, 1.2f, 9, -8},
                                          {-26, 20.5f, -27, 1.8f, 11, -8},
                                          {-40, 18.5f, -24, 1.8f, 9, -8},
                                          {-50, 17, -20, 1.4f, 6, -8}};
const std::vector<Station> kGeniohyoid = {
    {{4.4f, -74, -37}, 3.4f, 3.4f}, {{6, -50, -39.5f}, 5.4f, 4.8f}, {{6.4f, -28, -46}, 4.6f, 3.8f}};
const std::vector<Station> kGenioglossus = {
    {{3, -72, -32}, 2, 3}, {{4.6f, -58, -26}, 3.6f, 9}, {{5.2f, -40, -22}, 4.2f, 15}, {{5, -24, -26}, 3.4f, 13}};

const std::vector<Section> kTongueBody = {{12, 0, -38, 15, 22},  {6, 0, -41, 23, 31},      {-3, 0, -43, 25.5f, 35},
                                          {-13, 0, -42, 26, 35}, {-22, 0, -37, 22.5f, 33}, {-33, 0, -29, 18, 24},
                                          {-42, 0, -24, 14, 15}};

std::vector<Section> Bulk(std::vector<Section> sections, double muscle) {
  for (Section& s : sections) s.across *= static_cast<float>(muscle);
  return sections;
}

}  // namespace

void PaintMuscles(Scene& scene) {
  base::Random& random = scene.random;
  PaintSoft(scene, {{kMucosa, -1.2f}, {kMuscle, 0}}, Sweep(Horseshoe(Varied(kLips, random, 0.3))));
  for (const dataset::Side side : kSides) {
    const float sign = SignOf(scene, side);
    const auto sweep = [&](const std::vector<Station>& stations) {
      return OnSide{Sweep(Varied(stations, random)), sign};
    };
    const auto loft = [&](const std::vector<Section>& sections) {
      return OnSide{Loft(Varied(Bulk(sections, scene.patient.body.muscle), random)), sign};
    };
    for (const auto* deep : {&kLateralPterygoidUpper, &kLateralPterygoidLower, &kTensorPalati, &kLevatorPalati})
      PaintMuscle(scene, sweep(*deep));
    PaintMuscle(scene, loft(kMedialPterygoid));
    PaintUnderFascia(scene, loft(kTemporalis));
    PaintUnderFascia(scene, loft(kMasseter), kMuscle, 2);
    for (const auto* strand : {&kStylohyoid, &kStyloglossus, &kStylopharyngeus, &kDigastricBack})
      PaintMuscle(scene, sweep(*strand));
    // The cheek's mucosa lies against the teeth.
    std::vector<Station> mucosa = kBuccinator;
    for (Station& s : mucosa) s.at.x -= 2.6f;
    PaintSoft(scene, {{kMucosa, 0}}, sweep(mucosa));
    for (const auto* strand : {&kBuccinator, &kDigastricFront}) PaintUnderFascia(scene, sweep(*strand));
    for (const auto* strand : {&kZygomaticus, &kDepressor}) PaintSoft(scene, {{kMuscle, 0}}, sweep(*strand));
  }
}

void PaintTongue(Scene& scene) {
  base::Random& random = scene.random;
  const Loft tongue(Varied(kTongueBody, random, 1), 8);
  scene.painter.PaintLayers({{kMucosa, -1}, {kTongue, 0}}, tongue.bounds(), tongue);
  for (const dataset::Side side : kSides) {
    const float sign = SignOf(scene, side);
    const auto on_side = [&](const auto& shape) { return OnSide{shape, sign}; };
    PaintMuscle(scene, on_side(Sweep(Varied(kGenioglossus, random, 0.4))));
    PaintMuscle(scene, on_side(Sweep(Varied(kGeniohyoid, random, 0.4))));
    PaintMuscle(scene, on_side(Loft(Varied(kHyoglossus, random))));
    PaintMuscle(scene, on_side(Loft(Varied(kMylohyoid, random, 0.5), 2)));
  }
  // The fatty septum between the two halves.
  const Loft septum({{8, 0, -40, 0.3f, 14}, {-10, 0, -42, 0.5f, 24}, {-30, 0, -38, 0.6f, 22}, {-40, 0, -36, 0.4f, 16}},
                    2);
  scene.painter.Paint(kDeepFat, septum);
}

}  // namespace parotis::phantom
