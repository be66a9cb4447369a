// Muscles of the neck: in front of the spine, at its sides, and the layers behind it. Left side, millimetres of the
// average head's frame.
#include "phantom/scene.h"

namespace parotis::phantom {
namespace {

// From the mastoid to the sternum; z, x, y, across, along, turn°, bow.
const std::vector<Section> kSternomastoid = {{36, 57, 40, 3, 9, -6},
                                             {22, 57, 38, 5.4f, 14, -8, 0.01f},
                                             {4, 55, 33, 6.8f, 17, -14, 0.01f},
                                             {-16, 52.5f, 27, 7.4f, 18.5f, -22, 0.01f},
                                             {-38, 48.5f, 20, 8, 18.5f, -32, 0.01f},
                                             {-62, 43, 12, 8.4f, 18, -42, 0.01f},
                                             {-100, 32, 0, 9, 16, -48},
                                             {-140, 18, -14, 8, 12, -50}};
const std::vector<Section> kLongusCapitis = {{46, 8.5f, 7, 4.4f, 7, 82},    {32, 10, 13, 5.2f, 8.6f, 78},
                                             {14, 12, 16, 5.6f, 9, 74},     {-8, 14, 18.5f, 5.2f, 8, 66},
                                             {-40, 16, 22, 4.4f, 6.6f, 58}, {-60, 16, 24, 2, 3, 60}};
const std::vector<Section> kLongusColli = {{14, 3.5f, 19.5f, 2, 3, 85},
                                           {-10, 6, 20, 3.4f, 5, 80},
                                           {-50, 8, 20, 4.2f, 6.5f, 78},
                                           {-120, 9, 20.5f, 4.4f, 7, 78}};
const std::vector<Section> kScaleneFront = {{-4, 24, 29, 3, 4, 20},
                                            {-30, 26, 28, 6, 7, 15},
                                            {-60, 29, 26, 7, 8.5f, 12},
                                            {-110, 34, 22, 8, 10, 10},
                                            {-150, 40, 14, 8, 9, 10}};
const std::vector<Section> kScaleneMiddle = {{10, 33, 40, 5, 7, 10},
                                             {-15, 34.5f, 40, 7.5f, 10.5f, 5},
                                             {-60, 38, 38, 9, 12, 0},
                                             {-120, 46, 36, 10, 14, 0},
                                             {-150, 54, 32, 9, 12, 0}};
const std::vector<Section> kLevator = {{18, 40, 40, 4, 7, 0},
                                       {0, 43.5f, 47, 7, 11.5f, -14},
                                       {-30, 45, 54, 8, 14.5f, -24},
                                       {-70, 46, 60, 8.5f, 15, -34},
                                       {-120, 56, 70, 8, 15, -44}};
// Layers from the skin inward: trapezius, splenius, semispinalis, the suboccipital muscles and multifidus.
const std::vector<Section> kTrapezius = {{34, 11, 90, 1.6f, 8, 80},
                                         {10, 14, 86.5f, 2, 12, 74, 0.006f},
                                         {-25, 24, 83, 2.8f, 24, 66, 0.007f},
                                         {-60, 33, 80, 3.4f, 33, 60, 0.006f},
                                         {-120, 52, 72, 5, 48, 55, 0.003f}};
const std::vector<Section> kSplenius = {{34, 47, 56, 4.2f, 13, 26, 0.01f},  {14, 40, 62, 5.6f, 20, 36, 0.01f},
                                        {-10, 32, 67.5f, 6, 23, 46, 0.01f}, {-40, 24, 72, 5.6f, 22, 56, 0.01f},
                                        {-80, 18, 76, 5, 16, 64},           {-120, 13, 78, 3, 10, 70}};
const std::vector<Section> kSemispinalis = {{34, 17, 79, 9, 15.5f, 72},
                                            {14, 17, 74, 9.6f, 16, 64, 0.01f},
                                            {-12, 17.5f, 70, 9.6f, 16, 54, 0.01f},
                                            {-50, 17.5f, 69, 9, 15, 46},
                                            {-120, 16, 70, 8, 14, 45}};
const std::vector<Section> kMultifidus = {{4, 9, 62, 5, 6, 60},
                                          {-14, 15, 58.5f, 8.5f, 10.5f, 44},
                                          {-50, 16.5f, 58.5f, 9, 11.5f, 42},
                                          {-120, 16, 61, 9, 12, 45}};
const std::vector<Section> kLongissimus = {
    {38, 51, 46, 4, 8, -5}, {10, 41, 53, 5.6f, 9.5f, 25}, {-40, 31.5f, 54.5f, 6.6f, 10, 38}, {-110, 28, 58, 6, 8, 40}};
const std::vector<Station> kObliquusLower = {{{6, 61, -4}, 5, 8}, {{20, 52, 5}, 9.5f, 11}, {{36, 41, 14}, 5.5f, 6.5f}};
const std::vector<Station> kObliquusUpper = {{{38, 39, 18}, 5.5f, 6}, {{39, 50, 28}, 9, 9}, {{34, 62, 40}, 7, 4}};
const std::vector<Station> kRectusMajor = {{{7, 66, -2}, 4.5f, 5}, {{17, 62, 14}, 9.5f, 10}, {{24, 67, 34}, 9.5f, 5}};
const std::vector<Station> kRectusMinor = {{{4, 67, 14}, 3, 3}, {{8, 65, 24}, 6, 5.5f}, {{10, 68, 32}, 6, 4}};
const std::vector<Station> kRectusLateral = {{{32, 29, 19}, 5, 4}, {{30, 31, 35}, 6.5f, 5}};
// In front of the larynx, below the hyoid.
const std::vector<Section> kInfrahyoid = {
    {-50, 10, -31, 2, 8, 68}, {-70, 13, -29, 2.4f, 10, 60}, {-110, 15, -26, 2.8f, 11, 62}};

}  // namespace

void PaintNeckMuscles(Scene& scene) {
  base::Random& random = scene.random;
  const auto bulk = static_cast<float>(scene.patient.body.muscle);
  for (const dataset::Side side : kSides) {
    const float sign = SignOf(scene, side);
    const auto loft = [&](std::vector<Section> sections, float share) {
      for (Section& s : sections) s.across *= 1 + share * (bulk - 1);
      return OnSide{Loft(Varied(sections, random)), sign};
    };
    for (const auto* deep : {&kLongusCapitis, &kLongusColli, &kScaleneFront, &kScaleneMiddle, &kMultifidus})
      PaintMuscle(scene, loft(*deep, 0.5f));
    for (const auto* short_one : {&kObliquusLower, &kObliquusUpper, &kRectusMajor, &kRectusMinor, &kRectusLateral})
      PaintMuscle(scene, OnSide{Sweep(Varied(*short_one, random)), sign});
    for (const auto* layer :
         {&kLevator, &kSemispinalis, &kLongissimus, &kSplenius, &kTrapezius, &kSternomastoid, &kInfrahyoid})
      PaintUnderFascia(scene, loft(*layer, 1));
  }
  // The nuchal ligament in the midline.
  const Loft ligament({{28, 0, 84, 0.4f, 8}, {0, 0, 78, 0.5f, 8}, {-40, 0, 77, 0.5f, 6}, {-110, 0, 79, 0.5f, 5}}, 2);
  PaintUnderFascia(scene, ligament, kNerve);
}

}  // namespace parotis::phantom
