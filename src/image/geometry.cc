#include "image/geometry.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace parotis::image {
namespace {

constexpr double kOrthonormalTolerance = 1e-3;
constexpr double kTieTolerance = 1e-3;
constexpr std::int64_t kMaxSize = 1 << 15;
constexpr std::int64_t kMaxVoxels = std::int64_t{1} << 30;
constexpr double kMinSpacingMm = 1e-4;
constexpr double kMaxSpacingMm = 1e3;
constexpr double kMaxOriginMm = 1e5;

Vector3 Column(const Matrix3& matrix, int column) { return {matrix[0][column], matrix[1][column], matrix[2][column]}; }

void SetColumn(Matrix3& matrix, int column, const Vector3& values) {
  for (int row = 0; row < 3; ++row) matrix[row][column] = values[row];
}

// Rows are the cross products of columns: inverse · determinant.
Matrix3 Adjugate(const Matrix3& matrix) {
  const Vector3 a = Column(matrix, 0);
  const Vector3 b = Column(matrix, 1);
  const Vector3 c = Column(matrix, 2);
  return {Cross(b, c), Cross(c, a), Cross(a, b)};
}

[[noreturn]] void Refuse(const std::string& name, const std::string& fact) {
  base::Throw(base::ErrorKind::kInput, fmt::format("{}: {}; correct or re-export the file", name, fact));
}

void CheckSize(const std::array<std::int64_t, 3>& size, const std::string& name) {
  std::int64_t count = 1;
  for (const std::int64_t n : size) {
    if (n < 1 || n > kMaxSize) Refuse(name, fmt::format("the grid has {} x {} x {} voxels", size[0], size[1], size[2]));
    count *= n;
  }
  if (count > kMaxVoxels)
    Refuse(name, fmt::format("the grid has {} voxels, more than the {} supported", count, kMaxVoxels));
}

}  // namespace

Vector3 Cross(const Vector3& a, const Vector3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
double Dot(const Vector3& a, const Vector3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
double Norm(const Vector3& a) { return std::hypot(a[0], a[1], a[2]); }
double Determinant(const Matrix3& matrix) { return Dot(matrix[0], Cross(matrix[1], matrix[2])); }

Vector3 WorldFromVoxel(const Geometry& geometry, const Vector3& index_voxel) {
  Vector3 world = geometry.origin_world;
  for (int row = 0; row < 3; ++row) {
    for (int axis = 0; axis < 3; ++axis) {
      world[row] += geometry.direction[row][axis] * geometry.spacing_mm[axis] * index_voxel[axis];
    }
  }
  return world;
}

Vector3 VoxelFromWorld(const Geometry& geometry, const Vector3& point_world) {
  const Vector3 offset = {point_world[0] - geometry.origin_world[0], point_world[1] - geometry.origin_world[1],
                          point_world[2] - geometry.origin_world[2]};
  const Matrix3 adjugate = Adjugate(geometry.direction);
  const double determinant = Determinant(geometry.direction);
  Vector3 index = {0, 0, 0};
  for (int axis = 0; axis < 3; ++axis)
    index[axis] = Dot(adjugate[axis], offset) / (determinant * geometry.spacing_mm[axis]);
  return index;
}

std::array<std::array<double, 4>, 3> AffineOf(const Geometry& geometry) {
  std::array<std::array<double, 4>, 3> affine{};
  for (int row = 0; row < 3; ++row) {
    for (int axis = 0; axis < 3; ++axis) affine[row][axis] = geometry.direction[row][axis] * geometry.spacing_mm[axis];
    affine[row][3] = geometry.origin_world[row];
  }
  return affine;
}

Geometry GeometryFromAffine(const std::array<std::array<double, 4>, 3>& world_from_voxel,
                            const std::array<std::int64_t, 3>& size, const std::string& name) {
  Geometry geometry;
  geometry.size = size;
  for (int axis = 0; axis < 3; ++axis) {
    Vector3 column = {world_from_voxel[0][axis], world_from_voxel[1][axis], world_from_voxel[2][axis]};
    const double length = Norm(column);
    if (!std::isfinite(length) || length <= 0)
      Refuse(name, fmt::format("its orientation gives voxel axis {} no length", axis));
    for (double& value : column) value /= length;
    geometry.spacing_mm[axis] = length;
    SetColumn(geometry.direction, axis, column);
    geometry.origin_world[axis] = world_from_voxel[axis][3];
  }
  CheckGeometry(geometry, name);
  geometry.direction = NearestOrthonormal(geometry.direction);
  return geometry;
}

Matrix3 NearestOrthonormal(const Matrix3& matrix) {
  Matrix3 result = matrix;
  // Newton's iteration X ← (X + X⁻ᵀ)/2 for the polar factor (Higham 1986); it converges quadratically.
  constexpr int kIterations = 20;
  for (int iteration = 0; iteration < kIterations; ++iteration) {
    const double determinant = Determinant(result);
    if (!std::isfinite(determinant) || determinant == 0) {
      base::Throw(base::ErrorKind::kInternal, "a singular matrix has no nearest orthonormal one");
    }
    const Matrix3 adjugate = Adjugate(result);
    double change = 0;
    for (int row = 0; row < 3; ++row) {
      for (int column = 0; column < 3; ++column) {
        const double next = (result[row][column] + adjugate[column][row] / determinant) / 2;
        change = std::max(change, std::abs(next - result[row][column]));
        result[row][column] = next;
      }
    }
    if (change < 1e-15) break;
  }
  return result;
}

void CheckGeometry(const Geometry& geometry, const std::string& name) {
  CheckSize(geometry.size, name);
  for (int a = 0; a < 3; ++a) {
    const double spacing = geometry.spacing_mm[a];
    if (!(spacing >= kMinSpacingMm && spacing <= kMaxSpacingMm)) {
      Refuse(name, fmt::format("its voxel spacing along axis {} is {:g} mm", a, spacing));
    }
    if (!(std::abs(geometry.origin_world[a]) <= kMaxOriginMm)) {
      Refuse(name, fmt::format("its origin lies at {:g} mm along world axis {}", geometry.origin_world[a], a));
    }
    for (int b = a; b < 3; ++b) {
      const double product = Dot(Column(geometry.direction, a), Column(geometry.direction, b));
      if (!(std::abs(product - (a == b ? 1 : 0)) <= kOrthonormalTolerance)) {
        Refuse(name, fmt::format("its voxel axes {} and {} are not unit vectors at right angles (product {:g})", a, b,
                                 product));
      }
    }
  }
}

bool SameGrid(const Geometry& a, const Geometry& b, double tolerance_mm) {
  if (a.size != b.size) return false;
  for (int corner = 0; corner < 8; ++corner) {
    Vector3 index = {-0.5, -0.5, -0.5};
    for (int axis = 0; axis < 3; ++axis) {
      if (corner >> axis & 1) index[axis] += static_cast<double>(a.size[axis]);
    }
    const Vector3 p = WorldFromVoxel(a, index);
    const Vector3 q = WorldFromVoxel(b, index);
    if (!(Norm({p[0] - q[0], p[1] - q[1], p[2] - q[2]}) <= tolerance_mm)) return false;
  }
  return true;
}

CanonicalAxes CanonicalAxesOf(const Geometry& geometry) {
  CanonicalAxes best;
  double best_sum = -1;
  std::array<int, 3> axis = {0, 1, 2};
  do {
    double sum = 0;
    for (int w = 0; w < 3; ++w) sum += std::abs(geometry.direction[w][axis[w]]);
    if (sum <= best_sum + 1e-9) continue;  // ties: the pairing nearest to the identity
    best_sum = sum;
    best.axis = axis;
  } while (std::next_permutation(axis.begin(), axis.end()));
  for (int w = 0; w < 3; ++w) best.flipped[w] = geometry.direction[w][best.axis[w]] < 0;
  return best;
}

Geometry CanonicalGrid(const Geometry& geometry) {
  const CanonicalAxes axes = CanonicalAxesOf(geometry);
  Geometry canonical = PermutedGrid(geometry, axes.axis);
  Vector3 first_voxel = {0, 0, 0};
  for (int w = 0; w < 3; ++w) {
    if (!axes.flipped[w]) continue;
    first_voxel[w] = static_cast<double>(canonical.size[w] - 1);
  }
  canonical.origin_world = WorldFromVoxel(canonical, first_voxel);
  for (auto& row : canonical.direction) {
    for (int w = 0; w < 3; ++w) row[w] *= axes.flipped[w] ? -1 : 1;
  }
  return canonical;
}

Geometry PermutedGrid(const Geometry& geometry, const std::array<int, 3>& order) {
  Geometry permuted = geometry;
  for (int axis = 0; axis < 3; ++axis) {
    permuted.size[axis] = geometry.size[order[axis]];
    permuted.spacing_mm[axis] = geometry.spacing_mm[order[axis]];
    for (int row = 0; row < 3; ++row) permuted.direction[row][axis] = geometry.direction[row][order[axis]];
  }
  return permuted;
}

Geometry CroppedGrid(const Geometry& geometry, const std::array<std::int64_t, 3>& first,
                     const std::array<std::int64_t, 3>& size) {
  Geometry cropped = geometry;
  cropped.size = size;
  cropped.origin_world = WorldFromVoxel(
      geometry, {static_cast<double>(first[0]), static_cast<double>(first[1]), static_cast<double>(first[2])});
  return cropped;
}

std::string OrientationOf(const Geometry& geometry) {
  const CanonicalAxes axes = CanonicalAxesOf(geometry);
  std::string letters = "???";
  for (int w = 0; w < 3; ++w) letters[static_cast<std::size_t>(axes.axis[w])] = (axes.flipped[w] ? "RAI" : "LPS")[w];
  return letters;
}

int SliceAxis(const Vector3& spacing_mm) {
  const double coarsest = *std::max_element(spacing_mm.begin(), spacing_mm.end());
  for (int axis = 2; axis > 0; --axis) {
    if (spacing_mm[axis] >= coarsest * (1 - kTieTolerance)) return axis;
  }
  return 0;
}

}  // namespace parotis::image
