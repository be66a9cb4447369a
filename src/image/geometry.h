// Where a voxel grid lies in the patient. The one world frame of the project is DICOM's: LPS millimetres (x to the
// patient's left, y to the back, z to the head), as in ITK. NIfTI's RAS is converted when files are read and written.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace parotis::image {

using Vector3 = std::array<double, 3>;
using Matrix3 = std::array<std::array<double, 3>, 3>;  // [row][column]

struct Geometry {
  std::array<std::int64_t, 3> size = {0, 0, 0};  // voxels along i, j, k; i varies fastest in memory
  Vector3 spacing_mm = {1, 1, 1};
  Vector3 origin_world = {0, 0, 0};                         // LPS mm, the centre of voxel (0, 0, 0)
  Matrix3 direction = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};  // column a: unit vector of index axis a in LPS

  std::int64_t voxel_count() const { return size[0] * size[1] * size[2]; }
  double voxel_volume_mm3() const { return spacing_mm[0] * spacing_mm[1] * spacing_mm[2]; }
};

// Continuous voxel index ↔ world point (LPS mm); index (0,0,0) is the centre of the first voxel.
Vector3 WorldFromVoxel(const Geometry& geometry, const Vector3& index_voxel);
Vector3 VoxelFromWorld(const Geometry& geometry, const Vector3& point_world);

// The 3×4 affine of both, rows first: world = A[:, :3] · index + A[:, 3].
std::array<std::array<double, 4>, 3> AffineOf(const Geometry& geometry);
// Splits an affine into spacing, direction and origin. Throws kInput when it is singular, sheared by more than 1e-3
// (the cosine between two axes), or not finite. A smaller shear is rounding: the nearest orthonormal axes are taken.
Geometry GeometryFromAffine(const std::array<std::array<double, 4>, 3>& world_from_voxel,
                            const std::array<std::int64_t, 3>& size, const std::string& name);

// The orthonormal matrix nearest to `matrix` (polar factor); a reflection stays one. Exact for signed permutations.
Matrix3 NearestOrthonormal(const Matrix3& matrix);
double Determinant(const Matrix3& matrix);

// Throws kInput, naming `name`: non-positive or absurd size or spacing, direction not orthonormal, values not finite.
void CheckGeometry(const Geometry& geometry, const std::string& name);

// Same size, and every outer corner of one grid within `tolerance_mm` of the other's.
bool SameGrid(const Geometry& a, const Geometry& b, double tolerance_mm = 1e-2);

// Three letters, where the index axes point to, as DICOM would say it: "LPS" for the identity.
std::string OrientationOf(const Geometry& geometry);

// Which index axis runs nearest to L, P and S: index axis `axis[w]` is nearest to world axis w, and runs against it
// when `flipped[w]`. A permutation always: the pairing with the largest sum of cosines.
struct CanonicalAxes {
  std::array<int, 3> axis = {0, 1, 2};
  std::array<bool, 3> flipped = {false, false, false};
};
CanonicalAxes CanonicalAxesOf(const Geometry& geometry);
// The same voxel centres, index axes permuted and flipped so that they run nearest to L, P and S.
Geometry CanonicalGrid(const Geometry& geometry);
// The same voxel centres; index axis a of the result is index axis order[a] of `geometry`.
Geometry PermutedGrid(const Geometry& geometry, const std::array<int, 3>& order);
// `size` voxels from voxel `first` on; both may reach beyond the grid.
Geometry CroppedGrid(const Geometry& geometry, const std::array<std::int64_t, 3>& first,
                     const std::array<std::int64_t, 3>& size);

// The index axis along which slices are stacked: coarsest spacing, ties (within 0.1 %): the last.
int SliceAxis(const Vector3& spacing_mm);

Vector3 Cross(const Vector3& a, const Vector3& b);
double Dot(const Vector3& a, const Vector3& b);
double Norm(const Vector3& a);

}  // namespace parotis::image
