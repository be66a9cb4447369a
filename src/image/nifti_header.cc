#include "image/nifti_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/error.h"

namespace parotis::image {
namespace {

static_assert(std::endian::native == std::endian::little, "headers are written in this machine's byte order");

constexpr std::uint64_t kMaxVoxels = std::uint64_t{1} << 30;  // of all volumes: 4 GiB in memory
constexpr std::int64_t kMaxVolumes = 1 << 16;
constexpr double kSpacingTolerance = 1e-2;  // relative, between pixdim and sform
constexpr double kFormToleranceMm = 1e-2;
constexpr double kFormTolerancePerMm = 1e-3;

[[noreturn]] void Refuse(const std::string& name, const std::string& fact,
                         const char* remedy = "re-export or convert the file", const char* condition = "") {
  base::Throw(base::ErrorKind::kInput, fmt::format("{} {}; {}", name, fact, remedy), condition);
}

// Fields at fixed offsets of a header in either byte order.
class Fields {
 public:
  Fields(std::span<const std::byte> bytes, bool swapped) : bytes_(bytes), swapped_(swapped) {}

  template <class T>
  T Get(std::size_t offset) const {
    std::array<std::byte, sizeof(T)> raw;
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), sizeof(T), raw.begin());
    if (swapped_) std::reverse(raw.begin(), raw.end());
    return std::bit_cast<T>(raw);
  }
  template <class T, class To, std::size_t N>
  void Get(std::size_t offset, std::array<To, N>& values) const {
    for (std::size_t at = 0; at < N; ++at) values[at] = static_cast<To>(Get<T>(offset + at * sizeof(T)));
  }

 private:
  std::span<const std::byte> bytes_;
  bool swapped_;
};

NiftiType TypeOf(int code, int bits, const std::string& name) {
  constexpr NiftiType kKnown[] = {NiftiType::kUint8,   NiftiType::kInt16, NiftiType::kInt32,  NiftiType::kFloat32,
                                  NiftiType::kFloat64, NiftiType::kInt8,  NiftiType::kUint16, NiftiType::kUint32,
                                  NiftiType::kInt64,   NiftiType::kUint64};
  for (const NiftiType type : kKnown) {
    if (static_cast<int>(type) != code) continue;
    if (bits != 0 && static_cast<std::size_t>(bits) != 8 * SizeOf(type)) {
      Refuse(name, fmt::format("contradicts itself: datatype {} has {} bits, not the {} of bitpix", code,
                               8 * SizeOf(type), bits));
    }
    return type;
  }
  const bool complex = code == 32 || code == 1792 || code == 2048;
  const bool colour = code == 128 || code == 2304;
  Refuse(name,
         fmt::format("holds {} (NIfTI datatype {})",
                     complex  ? "complex numbers"
                     : colour ? "colours"
                              : "an unsupported type of voxel",
                     code),
         "convert it to real numbers");
}

// A header field that counts bytes but is a floating-point number in NIfTI-1.
std::uint64_t OffsetFrom(double value, std::size_t smallest, const std::string& name) {
  if (!(value >= static_cast<double>(smallest) && value <= static_cast<double>(std::uint32_t{1} << 31) &&
        value == std::floor(value))) {
    Refuse(name, fmt::format("says that its voxels start at byte {:g}", value));
  }
  return static_cast<std::uint64_t>(value);
}

NiftiHeader ParseVersion1(const Fields& fields, const std::string& name) {
  NiftiHeader header;
  fields.Get<std::int16_t>(40, header.dim);
  header.type = TypeOf(fields.Get<std::int16_t>(70), fields.Get<std::int16_t>(72), name);
  fields.Get<float>(76, header.pixdim);
  header.voxel_offset = OffsetFrom(fields.Get<float>(108), kNifti1HeaderSize, name);
  header.slope = fields.Get<float>(112);
  header.intercept = fields.Get<float>(116);
  header.length_unit = fields.Get<std::uint8_t>(123) & 7;
  header.qform_code = fields.Get<std::int16_t>(252);
  header.sform_code = fields.Get<std::int16_t>(254);
  fields.Get<float>(256, header.quaternion);
  fields.Get<float>(268, header.qoffset);
  for (std::size_t row = 0; row < 3; ++row) fields.Get<float>(280 + 16 * row, header.sform[row]);
  return header;
}

NiftiHeader ParseVersion2(const Fields& fields, const std::string& name) {
  NiftiHeader header;
  header.type = TypeOf(fields.Get<std::int16_t>(12), fields.Get<std::int16_t>(14), name);
  fields.Get<std::int64_t>(16, header.dim);
  fields.Get<double>(104, header.pixdim);
  header.voxel_offset = OffsetFrom(static_cast<double>(fields.Get<std::int64_t>(168)), kNifti2HeaderSize, name);
  header.slope = fields.Get<double>(176);
  header.intercept = fields.Get<double>(184);
  header.qform_code = fields.Get<std::int32_t>(344);
  header.sform_code = fields.Get<std::int32_t>(348);
  fields.Get<double>(352, header.quaternion);
  fields.Get<double>(376, header.qoffset);
  for (std::size_t row = 0; row < 3; ++row) fields.Get<double>(400 + 32 * row, header.sform[row]);
  header.length_unit = fields.Get<std::int32_t>(500) & 7;
  return header;
}

// Extents beyond dim[0] are 1, whatever the file says there.
void CheckDimensions(NiftiHeader& header, const std::string& name) {
  const std::int64_t count = header.dim[0];
  if (count < 1 || count > 7) Refuse(name, fmt::format("says that it has {} dimensions", count));
  for (std::size_t axis = 1; axis < 8; ++axis) {
    if (static_cast<std::int64_t>(axis) > count) header.dim[axis] = 1;
    if (header.dim[axis] < 1)
      Refuse(name, fmt::format("says that its dimension {} has {} entries", axis, header.dim[axis]));
    if (axis > 4 && header.dim[axis] != 1)
      Refuse(name, fmt::format("has {} dimensions, and only 3 and 4 are supported", count));
  }
  if (header.dim[4] > kMaxVolumes) Refuse(name, fmt::format("says that it holds {} volumes", header.dim[4]));
  header.volumes = header.dim[4];
}

void CheckScaling(NiftiHeader& header, const std::string& name) {
  if (header.slope == 0 || !std::isfinite(header.slope)) {  // nifti1.h: a slope of zero means "not scaled"
    header.slope = 1;
    header.intercept = 0;
  }
  if (!std::isfinite(header.intercept)) Refuse(name, "has an intercept (scl_inter) that is not a number");
}

double MillimetresPer(int length_unit, const std::string& name) {
  switch (length_unit) {
    case 0:  // unknown; every writer in use means millimetres
    case 2: return 1;
    case 1: return 1000;
    case 3: return 1e-3;
    default: Refuse(name, fmt::format("gives lengths in the unknown unit {}", length_unit));
  }
}

using Affine = std::array<std::array<double, 4>, 3>;

// nifti1.h, "METHOD 2".
Affine QformOf(const NiftiHeader& header, const std::string& name) {
  const auto [b, c, d] = header.quaternion;
  const double squares = b * b + c * c + d * d;
  if (!(squares <= 1 + 1e-4)) Refuse(name, "has a qform whose quaternion is not a rotation");
  // nifti1_io.c: below 1e-7 the rest is rounding, and the rotation is by half a turn.
  const double rest = 1 - squares;
  const double a = rest < 1e-7 ? 0 : std::sqrt(rest);
  const double norm = rest < 1e-7 ? std::sqrt(squares) : 1;
  const double x = b / norm;
  const double y = c / norm;
  const double z = d / norm;
  const Matrix3 rotation = {{{a * a + x * x - y * y - z * z, 2 * (x * y - a * z), 2 * (x * z + a * y)},
                             {2 * (x * y + a * z), a * a + y * y - x * x - z * z, 2 * (y * z - a * x)},
                             {2 * (x * z - a * y), 2 * (y * z + a * x), a * a + z * z - x * x - y * y}}};
  const double handedness = header.pixdim[0] < 0 ? -1 : 1;
  Affine affine{};
  for (int row = 0; row < 3; ++row) {
    for (int axis = 0; axis < 3; ++axis) {
      affine[row][axis] =
          rotation[row][axis] * header.pixdim[static_cast<std::size_t>(axis) + 1] * (axis == 2 ? handedness : 1);
    }
    affine[row][3] = header.qoffset[row];
  }
  return affine;
}

Geometry FromRas(Affine affine, const NiftiHeader& header, const std::string& name) {
  const double scale = MillimetresPer(header.length_unit, name);
  for (int row = 0; row < 3; ++row) {
    for (double& value : affine[row]) value *= row < 2 ? -scale : scale;
  }
  return GeometryFromAffine(affine, {header.dim[1], header.dim[2], header.dim[3]}, name);
}

void CheckFormsAgree(const Geometry& sform, const Geometry& qform, const std::string& name) {
  double squared_diagonal = 0;
  for (int axis = 0; axis < 3; ++axis) {
    squared_diagonal += std::pow(static_cast<double>(sform.size[axis]) * sform.spacing_mm[axis], 2);
  }
  if (!SameGrid(sform, qform, kFormToleranceMm + kFormTolerancePerMm * std::sqrt(squared_diagonal))) {
    Refuse(name, "places the patient twice, and the two places (sform and qform) contradict each other",
           "remove the wrong one with the tool that made the file", "orientation_contradictory");
  }
}

void CheckSpacingAgrees(const Geometry& sform, const NiftiHeader& header, const std::string& name) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double pixdim_mm = header.pixdim[axis + 1] * MillimetresPer(header.length_unit, name);
    if (!(std::abs(pixdim_mm - sform.spacing_mm[axis]) <= kSpacingTolerance * sform.spacing_mm[axis])) {
      Refuse(name,
             fmt::format("contradicts itself: along axis {} voxels are {:g} mm wide by pixdim, {:g} mm by sform", axis,
                         pixdim_mm, sform.spacing_mm[axis]),
             "remove the wrong one with the tool that made the file", "orientation_contradictory");
    }
  }
}

template <class T>
void Put(std::string& header, std::size_t offset, T value) {
  std::memcpy(header.data() + offset, &value, sizeof(T));
}

struct Quaternion {
  double a, b, c, d;
};

// Of a proper rotation; the largest component is computed first, which keeps all four accurate (Shepperd 1978). a ≥ 0.
Quaternion QuaternionOf(const Matrix3& r) {
  const std::array<double, 4> squares = {1 + r[0][0] + r[1][1] + r[2][2], 1 + r[0][0] - r[1][1] - r[2][2],
                                         1 - r[0][0] + r[1][1] - r[2][2],
                                         1 - r[0][0] - r[1][1] + r[2][2]};  // 4a², 4b², 4c², 4d²
  const auto largest = std::max_element(squares.begin(), squares.end()) - squares.begin();
  const double s = std::sqrt(squares[static_cast<std::size_t>(largest)]) / 2;
  Quaternion q{};
  const double x = (r[2][1] - r[1][2]) / (4 * s);
  const double y = (r[0][2] - r[2][0]) / (4 * s);
  const double z = (r[1][0] - r[0][1]) / (4 * s);
  const double xy = (r[0][1] + r[1][0]) / (4 * s);
  const double xz = (r[0][2] + r[2][0]) / (4 * s);
  const double yz = (r[1][2] + r[2][1]) / (4 * s);
  switch (largest) {
    case 0: q = {s, x, y, z}; break;
    case 1: q = {x, s, xy, xz}; break;
    case 2: q = {y, xy, s, yz}; break;
    default: q = {z, xz, yz, s}; break;
  }
  return q.a < 0 ? Quaternion{-q.a, -q.b, -q.c, -q.d} : q;
}

void PutForms(std::string& header, const Geometry& geometry) {
  auto ras = AffineOf(geometry);
  Matrix3 axes = NearestOrthonormal(geometry.direction);
  for (int row = 0; row < 2; ++row) {
    for (double& value : ras[row]) value = -value;
    for (double& value : axes[row]) value = -value;
  }
  const double handedness = Determinant(axes) < 0 ? -1 : 1;
  for (int row = 0; row < 3; ++row) {
    axes[row][2] *= handedness;
    Put(header, 268 + 4 * static_cast<std::size_t>(row), static_cast<float>(ras[row][3]));
    for (std::size_t column = 0; column < 4; ++column) {
      Put(header, 280 + 16 * static_cast<std::size_t>(row) + 4 * column, static_cast<float>(ras[row][column]));
    }
  }
  const Quaternion q = QuaternionOf(axes);
  Put(header, 76, static_cast<float>(handedness));
  Put(header, 256, static_cast<float>(q.b));
  Put(header, 260, static_cast<float>(q.c));
  Put(header, 264, static_cast<float>(q.d));
  Put<std::int16_t>(header, 252, 1);  // NIFTI_XFORM_SCANNER_ANAT
  Put<std::int16_t>(header, 254, 1);
}

}  // namespace

std::size_t SizeOf(NiftiType type) {
  switch (type) {
    case NiftiType::kUint8:
    case NiftiType::kInt8: return 1;
    case NiftiType::kInt16:
    case NiftiType::kUint16: return 2;
    case NiftiType::kInt32:
    case NiftiType::kUint32:
    case NiftiType::kFloat32: return 4;
    case NiftiType::kFloat64:
    case NiftiType::kInt64:
    case NiftiType::kUint64: return 8;
  }
  base::Throw(base::ErrorKind::kInternal, "a NIfTI type without a size");
}

NiftiHeader ParseNiftiHeader(std::span<const std::byte> bytes, const std::string& name) {
  if (bytes.size() < kNifti1HeaderSize)
    Refuse(name, fmt::format("is no NIfTI file: it has {} bytes", bytes.size()), "check the file");
  const auto size = Fields(bytes, false).Get<std::uint32_t>(0);
  const std::uint32_t other_order = Fields(bytes, true).Get<std::uint32_t>(0);
  const bool swapped = other_order == kNifti1HeaderSize || other_order == kNifti2HeaderSize;
  const bool version_2 = (swapped ? other_order : size) == kNifti2HeaderSize;
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::string_view magic = version_2 ? text.substr(4, 3) : text.substr(344, 3);
  if ((!swapped && size != kNifti1HeaderSize && !version_2) ||
      (magic != "n+1" && magic != "n+2" && magic != "ni1" && magic != "ni2")) {
    Refuse(name, "is no NIfTI file: its first bytes are not those of one", "check the file");
  }
  if (magic.substr(0, 2) != "n+" || (magic[2] == '2') != version_2) {
    Refuse(name, "is one half of a NIfTI pair (.hdr and .img)", "convert the pair to one .nii.gz");
  }
  if (version_2 && bytes.size() < kNifti2HeaderSize) Refuse(name, "ends within its header", "copy it again");
  const Fields fields(bytes, swapped);
  NiftiHeader header = version_2 ? ParseVersion2(fields, name) : ParseVersion1(fields, name);
  header.swapped = swapped;
  CheckDimensions(header, name);
  CheckScaling(header, name);
  return header;
}

Geometry GeometryOf(const NiftiHeader& header, const std::string& name) {
  if (header.sform_code <= 0 && header.qform_code <= 0) {
    Refuse(name,
           "does not say where it lies in the patient (neither qform nor sform is set), so left and right are unknown",
           "convert it again from its source with the orientation kept", "laterality_unknown");
  }
  if (header.sform_code <= 0) return FromRas(QformOf(header, name), header, name);
  const Geometry sform = FromRas(header.sform, header, name);
  CheckSpacingAgrees(sform, header, name);
  if (header.qform_code > 0) CheckFormsAgree(sform, FromRas(QformOf(header, name), header, name), name);
  return sform;
}

std::uint64_t ExpectedSize(const NiftiHeader& header, const std::string& name) {
  std::uint64_t voxels = 1;
  for (std::size_t axis = 1; axis <= 4; ++axis) {
    const auto extent = static_cast<std::uint64_t>(header.dim[axis]);
    if (extent > kMaxVoxels / voxels) Refuse(name, "says that it holds more voxels than this program reads");
    voxels *= extent;
  }
  return header.voxel_offset + voxels * SizeOf(header.type);
}

std::string MakeNiftiHeader(const Geometry& geometry, NiftiType type, std::int64_t volumes) {
  constexpr std::size_t kWithExtension = kNifti1HeaderSize + 4;
  std::string header(kWithExtension, '\0');
  Put<std::int32_t>(header, 0, kNifti1HeaderSize);
  const std::array<std::int64_t, 8> dim = {
      volumes > 1 ? 4 : 3, geometry.size[0], geometry.size[1], geometry.size[2], volumes, 1, 1, 1};
  for (std::size_t axis = 0; axis < dim.size(); ++axis) {
    if (dim[axis] > std::numeric_limits<std::int16_t>::max()) {
      base::Throw(base::ErrorKind::kInput,
                  fmt::format("an image with {} entries along one axis does not fit into NIfTI-1", dim[axis]));
    }
    Put(header, 40 + 2 * axis, static_cast<std::int16_t>(dim[axis]));
  }
  Put(header, 70, static_cast<std::int16_t>(type));
  Put(header, 72, static_cast<std::int16_t>(8 * SizeOf(type)));
  for (std::size_t axis = 0; axis < 3; ++axis)
    Put(header, 80 + 4 * axis, static_cast<float>(geometry.spacing_mm[axis]));
  Put(header, 108, static_cast<float>(kWithExtension));
  Put(header, 112, 1.0F);
  Put(header, 123, std::uint8_t{2});  // millimetres
  PutForms(header, geometry);
  std::memcpy(header.data() + 148, "parotis", 7);
  std::memcpy(header.data() + 344, "n+1", 3);
  return header;
}

}  // namespace parotis::image
