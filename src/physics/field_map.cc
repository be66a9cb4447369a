#include "physics/field_map.h"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>

#include "phantom/anatomy.h"
#include "physics/line_transform.h"
#include "physics/slab.h"
#include "physics/trilinear.h"

namespace parotis::physics {
namespace {

using image::Volume;

constexpr double kGridMm = 4;
// Wide enough for a head, high enough that what lies beyond hardly matters between the ears and the larynx.
constexpr std::array<std::int64_t, 3> kGridSize = {60, 64, 72};
// Periods of the transform: a head's field has died away before it comes round again.
constexpr std::array<std::int64_t, 3> kPadded = {90, 96, 108};
constexpr double kHzPerTesla = 42.577e6;
constexpr double kShimRadiusMm = 55;

// Transforms all lines along one axis.
void TransformAxis(std::vector<Complex>& values, int axis, bool forward) {
  const std::int64_t count = kPadded[axis];
  const std::int64_t stride = axis == 0 ? 1 : axis == 1 ? kPadded[0] : kPadded[0] * kPadded[1];
  const std::int64_t lines = static_cast<std::int64_t>(values.size()) / count;
  std::vector<Complex> line(static_cast<std::size_t>(count)), out(line.size());
  for (std::int64_t l = 0; l < lines; ++l) {
    const std::int64_t first = l / stride * stride * count + l % stride;
    for (std::int64_t n = 0; n < count; ++n) line[n] = values[first + n * stride];
    forward ? TransformForward(line.data(), out.data(), count) : TransformInverse(line.data(), out.data(), count);
    for (std::int64_t n = 0; n < count; ++n) values[first + n * stride] = out[n];
  }
}

double Frequency(std::int64_t index, std::int64_t count) {
  return static_cast<double>(index <= count / 2 ? index : index - count) / static_cast<double>(count);
}

// The distribution in the padded box, faded from its border to the border on the other side.
std::vector<Complex> Padded(const Volume& volume) {
  const auto& size = volume.geometry.size;
  std::vector<Complex> padded(static_cast<std::size_t>(kPadded[0] * kPadded[1] * kPadded[2]));
  std::array<std::vector<std::int64_t>, 3> source;
  for (int axis = 0; axis < 3; ++axis) {
    const std::int64_t half = size[axis] + (kPadded[axis] - size[axis]) / 2;
    for (std::int64_t n = 0; n < kPadded[axis]; ++n)
      source[axis].push_back(n < size[axis] ? n : n < half ? size[axis] - 1 : 0);
  }
  std::size_t at = 0;
  for (std::int64_t k = 0; k < kPadded[2]; ++k) {
    for (std::int64_t j = 0; j < kPadded[1]; ++j) {
      for (std::int64_t i = 0; i < kPadded[0]; ++i, ++at)
        padded[at] = volume.At(source[0][i], source[1][j], source[2][k]);
    }
  }
  return padded;
}

// Quadratic polynomial terms of a position in decimetres.
Eigen::Matrix<double, 10, 1> Terms(const image::Vector3& mm) {
  const double x = mm[0] / 100, y = mm[1] / 100, z = mm[2] / 100;
  Eigen::Matrix<double, 10, 1> terms;
  terms << 1, x, y, z, x * x, y * y, z * z, x * y, x * z, y * z;
  return terms;
}

template <class Visit>
void ForEachVoxel(const image::Geometry& grid, const Visit& visit) {
  std::size_t at = 0;
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i, ++at)
        visit(at, WorldFromVoxel(grid, {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)}));
    }
  }
}

}  // namespace

Volume SusceptibilityOf(const phantom::TissueMap& map, const std::vector<phantom::Tissue>& tissues) {
  Volume volume(map.grid);
  for (std::size_t v = 0; v < volume.voxels.size(); ++v) {
    const double share = map.fraction[v] / 255.0;
    volume.voxels[v] = static_cast<float>(share * tissues[map.upper[v]].susceptibility_ppm +
                                          (1 - share) * tissues[map.lower[v]].susceptibility_ppm);
  }
  return volume;
}

Volume FieldOf(const Volume& susceptibility_ppm) {
  std::vector<Complex> values = Padded(susceptibility_ppm);
  for (const int axis : {0, 1, 2}) TransformAxis(values, axis, true);
  const image::Vector3& spacing = susceptibility_ppm.geometry.spacing_mm;
  const auto total = static_cast<float>(values.size());
  std::size_t at = 0;
  for (std::int64_t k = 0; k < kPadded[2]; ++k) {
    const double kz = Frequency(k, kPadded[2]) / spacing[2];
    for (std::int64_t j = 0; j < kPadded[1]; ++j) {
      const double ky = Frequency(j, kPadded[1]) / spacing[1];
      for (std::int64_t i = 0; i < kPadded[0]; ++i, ++at) {
        const double kx = Frequency(i, kPadded[0]) / spacing[0];
        const double squared = kx * kx + ky * ky + kz * kz;
        // At k = 0 a constant, which the shim takes away.
        values[at] *= static_cast<float>(squared > 0 ? 1.0 / 3 - kz * kz / squared : 0) / total;
      }
    }
  }
  for (const int axis : {0, 1, 2}) TransformAxis(values, axis, false);
  Volume field(susceptibility_ppm.geometry);
  const auto& size = field.geometry.size;
  at = 0;
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 0; j < size[1]; ++j) {
      for (std::int64_t i = 0; i < size[0]; ++i, ++at)
        field.voxels[at] = values[static_cast<std::size_t>((k * kPadded[1] + j) * kPadded[0] + i)].real();
    }
  }
  return field;
}

void Shim(Volume& field, const Volume& weight) {
  Eigen::Matrix<double, 10, 10> normal = Eigen::Matrix<double, 10, 10>::Identity() * 1e-9;
  Eigen::Matrix<double, 10, 1> right = Eigen::Matrix<double, 10, 1>::Zero();
  ForEachVoxel(field.geometry, [&](std::size_t at, const image::Vector3& world) {
    if (weight.voxels[at] <= 0) return;
    const auto terms = Terms(world);
    normal += weight.voxels[at] * terms * terms.transpose();
    right += weight.voxels[at] * field.voxels[at] * terms;
  });
  const Eigen::Matrix<double, 10, 1> shim = normal.ldlt().solve(right);
  ForEachVoxel(field.geometry, [&](std::size_t at, const image::Vector3& world) {
    field.voxels[at] -= static_cast<float>(shim.dot(Terms(world)));
  });
}

Volume FieldMapHz(const phantom::Patient& patient, const std::vector<phantom::Tissue>& tissues,
                  const phantom::HeadPose& pose, phantom::FieldStrength strength) {
  image::Geometry grid;
  grid.size = kGridSize;
  grid.spacing_mm = {kGridMm, kGridMm, kGridMm};
  for (int axis = 0; axis < 3; ++axis)
    grid.origin_world[axis] = pose.origin_world[axis] - 0.5 * kGridMm * static_cast<double>(kGridSize[axis] - 1);
  const phantom::TissueMap map = phantom::PaintPatient(patient, grid, pose);
  Volume field = FieldOf(SusceptibilityOf(map, tissues));
  Volume watery(grid);
  ForEachVoxel(grid, [&](std::size_t at, const image::Vector3& world) {
    double squared = 0;
    for (int axis = 0; axis < 3; ++axis) squared += std::pow(world[axis] - pose.origin_world[axis], 2);
    const phantom::Tissue& tissue = tissues[map.upper[at]];
    if (squared < kShimRadiusMm * kShimRadiusMm) watery.voxels[at] = static_cast<float>(tissue.water);
  });
  Shim(field, watery);
  const auto hz_per_ppm = static_cast<float>(kHzPerTesla * phantom::TeslaOf(strength) * 1e-6);
  for (float& value : field.voxels) value *= hz_per_ppm;
  return field;
}

std::vector<std::vector<float>> FieldOnSlices(const Volume& field_hz, const image::Geometry& fine,
                                              const image::AffineMap& motion, double factor) {
  const image::AffineMap back = image::Inverse(motion);
  std::vector<std::vector<float>> planes;
  for (std::int64_t slice = 0; slice < fine.size[2] / kSubSlices; ++slice) {
    const double middle = (static_cast<double>(slice) + 0.5) * kSubSlices - 0.5;
    const SourcePlane source(field_hz.geometry, fine, back, middle);
    std::vector<float>& plane = planes.emplace_back();
    plane.reserve(static_cast<std::size_t>(fine.size[0] * fine.size[1]));
    for (std::int64_t j = 0; j < fine.size[1]; ++j) {
      for (std::int64_t i = 0; i < fine.size[0]; ++i)
        plane.push_back(static_cast<float>(factor * source.Around<double>(i, j).Sum(field_hz.voxels)));
    }
  }
  return planes;
}

}  // namespace parotis::physics
