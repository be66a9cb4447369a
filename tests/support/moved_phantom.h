// A synthetic patient who moved between two series: every contrast is painted anew in its own pose, so nothing is
// interpolated and the true motion is exactly known.
#pragma once

#include <cmath>
#include <numbers>

#include "base/random.h"
#include "image/warp.h"
#include "phantom/anatomy.h"
#include "physics/acquire.h"
#include "physics/scan.h"

namespace parotis::test {

enum class Contrast { kT2, kT1, kT1c, kB0 };

struct MovedPatient {
  phantom::Priors priors;
  phantom::Patient patient;
  physics::Protocol protocol;

  MovedPatient(std::uint64_t seed, std::int64_t index, const std::string& diagnosis = "warthin")
      : priors(phantom::DefaultPriors()),
        patient(phantom::DrawPatient(priors, seed, index, diagnosis)),
        protocol(physics::DrawProtocol(patient, {}, {.field = phantom::FieldStrength::k3T})) {
    // Fat that is shifted against water is a motion of its own.
    for (physics::Sequence* sequence : {&protocol.t2, &protocol.t1, &protocol.t1c}) sequence->read_bandwidth_hz = 1e9;
  }

  image::Volume Scan(Contrast contrast, const image::AffineMap& motion = {}) const {
    phantom::HeadPose pose = protocol.pose;
    for (int r = 0; r < 3; ++r) {
      for (int c = 0; c < 3; ++c) {
        pose.rotation[r][c] = 0;
        for (int n = 0; n < 3; ++n) pose.rotation[r][c] += motion.matrix[r][n] * protocol.pose.rotation[n][c];
      }
    }
    pose.origin_world = Mapped(motion, protocol.pose.origin_world);
    const image::Geometry& anatomy = protocol.anatomy_grid;
    const phantom::TissueMap map = phantom::PaintPatient(patient, physics::FineGrid(anatomy), pose);
    const auto tissues = phantom::TissuesOf(patient, priors.normal, protocol.field);
    const base::Random noise(patient.seed, {99, static_cast<std::uint64_t>(contrast)});
    const auto acquire = [&](const physics::Sequence& sequence, double gain, double snr, const image::Geometry& grid) {
      return physics::Acquire(map, tissues, {sequence, 0, gain, snr}, protocol, grid, noise);
    };
    switch (contrast) {
      case Contrast::kT2: return acquire(protocol.t2, protocol.gain_t2, protocol.snr_t2, anatomy);
      case Contrast::kT1: return acquire(protocol.t1, 0.6 * protocol.gain_t1c, protocol.snr_t1c, anatomy);
      case Contrast::kT1c: return acquire(protocol.t1c, protocol.gain_t1c, protocol.snr_t1c, anatomy);
      case Contrast::kB0: break;
    }
    return acquire(protocol.diffusion, protocol.gain_diffusion, protocol.snr_b0, protocol.diffusion_grid);
  }
};

// A turn by up to `most_deg` about a random axis through `centre`, and a shift by up to `most_mm` in a random
// direction.
inline image::AffineMap RandomMotion(base::Random& random, const image::Vector3& centre, double most_mm,
                                     double most_deg) {
  const auto direction = [&] {
    image::Vector3 axis = {random.Normal(), random.Normal(), random.Normal()};
    const double length = image::Norm(axis);
    for (double& each : axis) each /= length;
    return axis;
  };
  const image::Vector3 k = direction();
  const double angle = random.Uniform(0, most_deg) * std::numbers::pi / 180;
  const image::Matrix3 cross = {{{0, -k[2], k[1]}, {k[2], 0, -k[0]}, {-k[1], k[0], 0}}};
  image::AffineMap motion;
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) {
      double square = 0;
      for (int n = 0; n < 3; ++n) square += cross[r][n] * cross[n][c];
      motion.matrix[r][c] += std::sin(angle) * cross[r][c] + (1 - std::cos(angle)) * square;
    }
  }
  const image::Vector3 along = direction();
  const double shift_mm = random.Uniform(0, most_mm);
  const image::Vector3 turned = image::Mapped({motion.matrix, {0, 0, 0}}, centre);
  for (int r = 0; r < 3; ++r) motion.shift_mm[r] = centre[r] - turned[r] + shift_mm * along[r];
  return motion;
}

}  // namespace parotis::test
