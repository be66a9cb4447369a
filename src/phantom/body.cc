#include "phantom/body.h"

#include <algorithm>
#include <cmath>

namespace parotis::phantom {
namespace {

using base::Random;

constexpr float kBendMm = 1.3f;    // standard deviation of the smooth displacement along each axis
constexpr float kBendCellMm = 26;  // it changes over about two of these
constexpr float kPalateZ = 20;
constexpr float kNeckAxisY = 26;
constexpr int kTeeth = 32;

double ClampedNormal(Random& random, double mean, double sd, double low, double high) {
  return std::clamp(random.Normal(mean, sd), low, high);
}

// Third molars are often out, others lost with age; one patient in four above 75 has none [r]. Every fifth adult shows
// metal, mostly crowns and fillings of molars [r].
void DrawTeeth(Body& body, double age_years, Random& random) {
  const bool edentulous = random.Chance(0.25 * std::clamp((age_years - 55) / 20, 0.0, 1.3));
  const double lost = std::clamp(0.02 + 0.004 * (age_years - 35), 0.01, 0.25);
  for (int tooth = 0; tooth < kTeeth; ++tooth) {
    const int from_end = std::min(tooth % 16, 15 - tooth % 16);
    if (edentulous || random.Chance(from_end == 0 ? 0.65 : lost)) body.missing_teeth.push_back(tooth);
  }
  const bool metal = random.Chance(age_years < 35 ? 0.08 : 0.22);
  const std::int64_t crowns = 1 + random.Integer(4);
  if (!metal || edentulous) return;
  for (std::int64_t n = 0; n < crowns; ++n) {
    const auto from_end = static_cast<int>(1 + random.Integer(4)), jaw = static_cast<int>(random.Integer(2));
    body.metal_teeth.push_back(16 * jaw + (random.Chance(0.5) ? from_end : 15 - from_end));
  }
}

}  // namespace

Body DrawBody(const NormalPriors& normal, double age_years, bool male, Random& random) {
  Body body;
  body.scale = ClampedNormal(random, male ? 1.02 : 0.97, 0.03, 0.9, 1.1);
  const double corpulence = random.Normal();
  body.bmi_kg_m2 = std::clamp(25.5 + 4 * corpulence + 0.03 * (age_years - 50), 17.0, 42.0);
  body.neck = std::clamp((male ? 1.04 : 0.95) + 0.025 * corpulence + random.Normal(0, 0.03), 0.85, 1.16);
  body.face_width = ClampedNormal(random, 1, 0.02, 0.95, 1.05);
  body.face_length = ClampedNormal(random, male ? 1.01 : 0.99, 0.02, 0.95, 1.05);
  body.fat_mm = std::clamp((male ? 5.6 : 6.4) + 2 * corpulence, 2.5, 12.0);
  body.muscle = ClampedNormal(random, (male ? 1.05 : 0.96) - 0.002 * (age_years - 50), 0.05, 0.82, 1.18);
  body.parotid = ClampedNormal(random, 1, 0.07, 0.82, 1.2);
  const double fat = normal.parotid_fat_at_50 + normal.parotid_fat_per_year * (age_years - 50) +
                     normal.parotid_fat_sd * (0.6 * corpulence + 0.8 * random.Normal());
  body.parotid_fat = std::clamp(fat, 0.08, 0.65);
  // The gland's ADC falls with its fat; the rest of the published spread is the patient's own.
  const double residual = random.Normal(0, 0.9 * normal.parotid_adc_um2_s[1]);
  const double from_fat = -0.44 * normal.parotid_adc_um2_s[1] * (fat - normal.parotid_fat_at_50) / 0.13;
  body.parotid_adc_um2_s = std::clamp(normal.parotid_adc_um2_s[0] + from_fat + residual, 450.0, 1600.0);
  body.muscle_fat = std::clamp(0.03 + 0.001 * (age_years - 40) + 0.02 * corpulence, 0.01, 0.15);
  body.adenoid = std::clamp(0.9 - 0.016 * (age_years - 18) + random.Normal(0, 0.15), 0.05, 1.0);
  // About one gland in five has an accessory lobe (Toh et al., Ann Anat 1993) [r].
  for (bool& accessory : body.accessory_parotid) accessory = random.Chance(0.21);
  DrawTeeth(body, age_years, random);
  return body;
}

void Exaggerate(Body& body, Random& random) {
  body.scale = random.Uniform(0.8, 1.18);
  body.neck = random.Uniform(0.78, 1.25);
  body.face_width = random.Uniform(0.88, 1.12);
  body.face_length = random.Uniform(0.88, 1.12);
  body.fat_mm = random.Uniform(2, 15);
  body.muscle = random.Uniform(0.7, 1.3);
  body.parotid = random.Uniform(0.65, 1.35);
  body.parotid_fat = random.Uniform(0.03, 0.75);
  body.muscle_fat = random.Uniform(0, 0.3);
}

HeadWarp::HeadWarp(const Body& body, const SmoothNoise& noise)
    : noise_(&noise),
      neck_(static_cast<float>(body.neck)),
      width_(static_cast<float>(body.face_width)),
      length_(static_cast<float>(body.face_length)) {}

Vec HeadWarp::operator()(Vec p) const {
  const float girth = 1 + (neck_ - 1) * SmoothStep(0, -50, p.z);
  Vec q = {p.x / (girth * width_), kNeckAxisY + (p.y - kNeckAxisY) / girth, p.z};
  // Slopes from 1 to that of the lower face, so that no bone has a kink.
  const float below = std::max(0.0f, kPalateZ - p.z);
  q.z = p.z + below * below / (below + 15) * (1 - 1 / length_);
  const Vec n = (1 / kBendCellMm) * p;
  return q + kBendMm * Vec{(*noise_)(n.x, n.y, n.z), (*noise_)(n.x + 21, n.y + 5, n.z + 40),
                           (*noise_)(n.x + 43, n.y + 30, n.z + 17)};
}

}  // namespace parotis::phantom
