#include "phantom/patient.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "dataset/participants.h"
#include "phantom/streams.h"

namespace parotis::phantom {
namespace {

using base::Random;
using dataset::Side;
using image::Vector3;

double ClampedNormal(Random& random, double mean, double sd, double low, double high) {
  return std::clamp(random.Normal(mean, sd), low, high);
}

// Where a tumour of this site may have its centre, before it is kept clear of the bone.
Vector3 DrawCentre(Site site, double sign, Random& random) {
  switch (site) {
    case Site::kSuperficial: return {sign * random.Uniform(53, 59), random.Uniform(3, 16), random.Uniform(-12, 16)};
    case Site::kDeep: return {sign * random.Uniform(42, 48), random.Uniform(10, 16), random.Uniform(-2, 14)};
    case Site::kTail: break;
  }
  return {sign * random.Uniform(48, 55), random.Uniform(12, 20), random.Uniform(-33, -19)};
}

// Large tumours grow away from the mandible, the vertebra and the airway.
void KeepClearOfBone(Lesion& lesion, double scale) {
  const double sign = SignOf(lesion.side);
  const double radius_head = 0.5 * (lesion.radii_mm[0] + lesion.radii_mm[1]) / scale;
  const double growth = std::max(0.0, radius_head - 7);
  if (lesion.site == Site::kDeep) {
    lesion.centre_head[0] = sign * std::clamp(std::abs(lesion.centre_head[0]) - 0.3 * growth, 33.0, 48.0);
    lesion.centre_head[1] += 0.1 * growth;
  } else {
    lesion.centre_head[0] += sign * 0.2 * growth;
    lesion.centre_head[1] += 0.4 * growth;
  }
}

Vector3 DrawRadii(const Lesion& lesion, Random& random) {
  const double half_mm = lesion.size_mm / 2;
  const bool ovoid = lesion.margin == Margin::kSmooth;
  const double flat = random.Uniform(ovoid ? 0.68 : 0.75, 0.9);
  const double middle = random.Uniform(flat, 1);
  // Longest along the gland's own long axis, head to foot, more often than not.
  if (random.Chance(0.6)) return {flat * half_mm, middle * half_mm, half_mm};
  return {flat * half_mm, half_mm, middle * half_mm};
}

double DistanceHead(const Lesion& a, const Lesion& b) {
  return std::hypot(a.centre_head[0] - b.centre_head[0], a.centre_head[1] - b.centre_head[1],
                    a.centre_head[2] - b.centre_head[2]);
}

// Tries a few places until the lesion is clear of the others; false when there is no room.
bool Place(Lesion& lesion, const std::vector<Lesion>& others, double scale, Random& random) {
  for (int attempt = 0; attempt < 40; ++attempt) {
    lesion.centre_head = DrawCentre(lesion.site, SignOf(lesion.side), random);
    KeepClearOfBone(lesion, scale);
    const bool clear = std::all_of(others.begin(), others.end(), [&](const Lesion& other) {
      return DistanceHead(lesion, other) * scale > 0.5 * (lesion.size_mm + other.size_mm) + 3;
    });
    if (clear) return true;
  }
  return false;
}

Lesion LesionOf(const TumourDraw& draw, Side side) {
  Lesion lesion;
  lesion.side = side;
  lesion.site = draw.site;
  lesion.margin = draw.margin;
  lesion.cysts = draw.cysts;
  lesion.size_mm = draw.size_mm;
  lesion.adc_um2_s = draw.adc_um2_s;
  lesion.t2_ms = draw.t2_ms;
  lesion.t1_ms = draw.t1_ms;
  lesion.contrast_mmol_l = draw.contrast_mmol_l;
  lesion.diffusion = DiffusionOf(draw);
  lesion.kinetics = KineticsOf(draw);
  lesion.capsule = draw.capsule;
  lesion.necrosis = draw.necrosis;
  lesion.haemorrhage = draw.haemorrhage;
  lesion.infiltrates = draw.infiltrates;
  return lesion;
}

// A further lesion of the same tumour: smaller, elsewhere, nearly the same tissue.
Lesion Sibling(const Lesion& first, const LesionPriors& priors, Side side, Random& random) {
  Lesion lesion = first;
  lesion.side = side;
  lesion.site = static_cast<Site>(random.Weighted({priors.site.begin(), priors.site.end()}));
  lesion.size_mm = std::max(priors.size_limits_mm[0], first.size_mm * random.Uniform(0.5, 0.95));
  if (random.Chance(0.5)) lesion.cysts = Cysts::kNone;
  lesion.necrosis = lesion.haemorrhage = false;
  lesion.adc_um2_s *= random.Uniform(0.95, 1.05);
  lesion.t2_ms *= random.Uniform(0.95, 1.05);
  lesion.contrast_mmol_l *= random.Uniform(0.95, 1.05);
  lesion.diffusion = ModelWithAdc(lesion.adc_um2_s, first.diffusion.perfusion_fraction,
                                  first.diffusion.pseudo_diffusion_um2_s, first.diffusion.kurtosis);
  lesion.kinetics.contrast_mmol_l = lesion.contrast_mmol_l;
  return lesion;
}

std::vector<Lesion> DrawLesions(const LesionPriors& priors, const TumourDraw& draw, double scale, Random& random) {
  const Side side = random.Chance(0.5) ? Side::kLeft : Side::kRight;
  std::vector<Lesion> lesions = {LesionOf(draw, side)};
  lesions[0].radii_mm = DrawRadii(lesions[0], random);
  Place(lesions[0], {}, scale, random);
  std::vector<Side> further;
  if (draw.multicentric) further.assign(random.Chance(0.3) ? 2 : 1, side);
  if (draw.bilateral) further.push_back(side == Side::kLeft ? Side::kRight : Side::kLeft);
  for (const Side where : further) {
    Lesion sibling = Sibling(lesions[0], priors, where, random);
    sibling.radii_mm = DrawRadii(sibling, random);
    // A crowded gland leaves room for a small one at most.
    for (int shrink = 0; shrink < 3; ++shrink) {
      if (Place(sibling, lesions, scale, random)) {
        lesions.push_back(sibling);
        break;
      }
      sibling.size_mm *= 0.75;
      for (double& radius : sibling.radii_mm) radius *= 0.75;
    }
  }
  return lesions;
}

Node DrawNode(const NormalPriors& normal, Side side, bool intraparotid, Random& random) {
  Node node;
  node.side = side;
  const double short_mm = intraparotid ? random.Uniform(1.5, 2.8) : random.Uniform(2, 4.2);
  node.radii_mm = {short_mm, short_mm * random.Uniform(1, 1.4), short_mm * random.Uniform(1.2, 2)};
  node.centre_head = intraparotid ? Vector3{random.Uniform(55, 61), random.Uniform(2, 15), random.Uniform(-18, 14)}
                                  : Vector3{random.Uniform(33, 47), random.Uniform(8, 28), random.Uniform(-46, -14)};
  node.centre_head[0] *= SignOf(side);
  node.adc_um2_s = std::clamp(normal.node_adc_um2_s.Draw(random), 600.0, 2000.0);
  return node;
}

std::vector<Node> DrawNodes(const NormalPriors& normal, Random& random) {
  std::vector<Node> nodes;
  for (const Side side : {Side::kLeft, Side::kRight}) {
    const std::int64_t count = 2 + random.Integer(4);
    for (std::int64_t n = 0; n < count; ++n)
      nodes.push_back(DrawNode(normal, side, n == 0 && random.Chance(0.6), random));
  }
  return nodes;
}

// Two nodes below the gland on the tumour's side, large enough to be seen.
void EnlargeNodes(const NormalPriors& normal, bool metastatic, Side side, std::vector<Node>& nodes, Random& random) {
  for (int n = 0; n < 2; ++n) {
    Node node = DrawNode(normal, side, false, random);
    node.centre_head[2] = random.Uniform(-42, -24);
    const double short_mm = random.Uniform(5, 7.5);
    node.radii_mm = {short_mm, short_mm * random.Uniform(1, 1.2), short_mm * random.Uniform(1, 1.5)};
    node.enlarged = true;
    if (metastatic) node.adc_um2_s = std::clamp(normal.metastatic_node_adc_um2_s.Draw(random), 450.0, 1800.0);
    nodes.push_back(node);
  }
}

}  // namespace

Patient DrawPatient(const Priors& priors, std::uint64_t seed, std::int64_t index, const std::string& diagnosis,
                    bool exaggerated) {
  Random random(seed, {kPatientStream, static_cast<std::uint64_t>(index)});
  Patient patient;
  patient.seed = seed;
  patient.index = index;
  patient.id = fmt::format("S{:05d}-{:04d}", seed, index + 1);
  patient.diagnosis = diagnosis;
  const bool tumour_free = diagnosis == dataset::kTumourFree;
  const TumourPriors* tumour = tumour_free ? nullptr : &priors.tumours[priors.IndexOf(diagnosis)];
  const TumourDraw draw = tumour ? DrawTumour(*tumour, random) : TumourDraw{};
  const Demography& demography = tumour ? tumour->demography : priors.normal.demography;
  patient.male = random.Chance(demography.male);
  const auto& age = patient.male ? demography.age_years_male : demography.age_years_female;
  patient.age_years = std::round(ClampedNormal(random, age[0], age[1], 18, 92));
  patient.smoker = random.Chance(patient.male ? demography.smoker_male : demography.smoker_female);
  patient.body = DrawBody(priors.normal, patient.age_years, patient.male, random);
  Random wild(seed, {kWildStream, static_cast<std::uint64_t>(index), 2});
  if (exaggerated) Exaggerate(patient.body, wild);
  patient.nodes = DrawNodes(priors.normal, random);
  if (tumour) {
    patient.subtype = draw.subtype;
    patient.lesions = DrawLesions(tumour->lesion, draw, patient.body.scale, random);
    if (draw.enlarged_nodes) {
      EnlargeNodes(priors.normal, draw.nodes_are_metastatic, patient.lesions[0].side, patient.nodes, random);
    }
  }
  return patient;
}

double SignOf(Side side) { return side == Side::kRight ? -1.0 : 1.0; }

}  // namespace parotis::phantom
