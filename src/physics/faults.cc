#include "physics/faults.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "phantom/streams.h"

namespace parotis::physics {
namespace {

using base::Random;
using image::AffineMap;
using image::Vector3;

constexpr double kLargestMm = 6, kLargestDeg = 6;

Vector3 DrawDirection(Random& random) {
  Vector3 direction = {random.Normal(), random.Normal(), random.Normal()};
  const double length = image::Norm(direction);
  for (double& each : direction) each /= length;
  return direction;
}

AffineMap DrawMotion(const phantom::AcquisitionPriors& priors, const Vector3& centre_world, Random& random) {
  const Vector3 axis = DrawDirection(random);
  const double degrees = std::min(kLargestDeg, priors.motion_deg.Draw(random));
  Vector3 shift_mm = DrawDirection(random);
  const double length_mm = std::min(kLargestMm, priors.motion_mm.Draw(random));
  for (double& each : shift_mm) each *= length_mm;
  return RigidMotion(axis, degrees, centre_world, shift_mm);
}

// Beside the glands, where the field is worst.
FatFailure DrawFatFailure(const Protocol& protocol, Random& random) {
  FatFailure failure;
  const double side = random.Chance(0.5) ? 1 : -1;
  failure.centre_world = phantom::WorldFromHead(
      protocol.pose, {side * random.Uniform(40, 75), random.Uniform(-30, 40), random.Uniform(-50, 20)});
  failure.radius_mm = random.Uniform(30, 55);
  failure.left = random.Uniform(0.6, 1);
  return failure;
}

// Slices lost to motion while diffusion was encoded.
std::vector<float> DrawDropouts(std::int64_t slices, Random& random) {
  std::vector<float> left(static_cast<std::size_t>(slices), 1.0f);
  for (float& each : left) {
    if (random.Chance(0.45)) each = static_cast<float>(random.Uniform(0.1, 0.6));
  }
  return left;
}

void Spoil(Faults& faults, const Protocol& protocol, Random& random) {
  constexpr Unusable kinds[] = {Unusable::kDistorted, Unusable::kGhosted, Unusable::kNoisy, Unusable::kDropouts,
                                Unusable::kFat};
  faults.unusable = kinds[random.Integer(std::size(kinds))];
  switch (faults.unusable) {
    case Unusable::kDistorted: faults.field_factor = random.Uniform(4, 7); break;
    case Unusable::kGhosted:
      faults.ghost = random.Uniform(0.3, 0.6);
      faults.ghost_slope = random.Normal(0, 0.3);
      break;
    case Unusable::kDropouts: faults.dropouts = DrawDropouts(protocol.diffusion_grid.size[2], random); break;
    case Unusable::kFat:
      faults.diffusion_fat = DrawFatFailure(protocol, random);
      faults.diffusion_fat->radius_mm *= 2.5;
      break;
    case Unusable::kNoisy:  // the protocol's ratios are lowered where they are used
    case Unusable::kNo: break;
  }
}

}  // namespace

Faults DrawFaults(const phantom::Patient& patient, const phantom::AcquisitionPriors& priors, const Protocol& protocol) {
  Random random(patient.seed, {phantom::kFaultStream, static_cast<std::uint64_t>(patient.index)});
  Faults faults;
  const Vector3& centre_world = protocol.pose.origin_world;
  for (AffineMap* motion : {&faults.diffusion_motion, &faults.t1_motion, &faults.t1c_motion, &faults.dynamic_motion})
    *motion = DrawMotion(priors, centre_world, random);
  faults.swallowing_mm = random.Chance(priors.swallowing) ? random.Uniform(0.5, 2.5) : 0;
  faults.ghost = random.Uniform(priors.ghost[0], priors.ghost[1]);
  faults.ghost_slope = random.Normal(0, 0.02);
  if (random.Chance(priors.failed_fat_suppression)) faults.t1c_fat = DrawFatFailure(protocol, random);
  if (random.Chance(priors.unusable_diffusion)) Spoil(faults, protocol, random);
  return faults;
}

AffineMap RigidMotion(const Vector3& axis, double degrees, const Vector3& centre_world, const Vector3& shift_mm) {
  const double angle = degrees * std::numbers::pi / 180;
  const double c = std::cos(angle), s = std::sin(angle);
  AffineMap motion;
  // Rodrigues' formula.
  const image::Matrix3 cross = {{{0, -axis[2], axis[1]}, {axis[2], 0, -axis[0]}, {-axis[1], axis[0], 0}}};
  for (int r = 0; r < 3; ++r) {
    for (int k = 0; k < 3; ++k) motion.matrix[r][k] = (r == k ? c : 0) + s * cross[r][k] + (1 - c) * axis[r] * axis[k];
  }
  const Vector3 turned = image::Mapped({motion.matrix, {0, 0, 0}}, centre_world);
  for (int r = 0; r < 3; ++r) motion.shift_mm[r] = centre_world[r] - turned[r] + shift_mm[r];
  return motion;
}

}  // namespace parotis::physics
