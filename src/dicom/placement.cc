#include "dicom/placement.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>

namespace parotis::dicom {
namespace {

using image::Vector3;

constexpr std::int64_t kMostPixelsAcross = 16384;
// A direction written in letters must point at least this far (cosine) along its first letter. Oblique planes near 45°
// are labelled either way.
constexpr double kLeastAlongLetter = 0.3;

// The direction that a letter of PatientOrientation names, in LPS.
std::optional<Vector3> DirectionOf(char letter) {
  switch (letter) {
    case 'L': return Vector3{1, 0, 0};
    case 'R': return Vector3{-1, 0, 0};
    case 'P': return Vector3{0, 1, 0};
    case 'A': return Vector3{0, -1, 0};
    case 'H': return Vector3{0, 0, 1};
    case 'F': return Vector3{0, 0, -1};
    default: return std::nullopt;  // not a biped's letter, or none
  }
}

bool Contradicts(const std::string& letters, const Vector3& direction) {
  if (letters.empty()) return false;
  const auto named = DirectionOf(letters.front());
  return named && image::Dot(*named, direction) < kLeastAlongLetter;
}

// (0020,0020) names the direction of rows and of columns by letters of the body, main one first (PS3.3 C.7.6.1.1.1).
base::Finding LettersProblem(const PlaneHeader& plane, const Axes& axes) {
  const auto& letters = plane.patient_orientation;
  if (letters.size() != 2) return {};
  if (!Contradicts(letters[0], axes.row) && !Contradicts(letters[1], axes.column)) return {};
  return base::Found(
      "orientation_contradictory",
      fmt::format("PatientOrientation {}\\{} contradicts ImageOrientationPatient (rows {:.2f} {:.2f} {:.2f}, "
                  "columns {:.2f} {:.2f} {:.2f})",
                  letters[0], letters[1], axes.row[0], axes.row[1], axes.row[2], axes.column[0], axes.column[1],
                  axes.column[2]));
}

}  // namespace

bool AxesOf(const std::array<double, 6>& o, Axes& axes) {
  const Vector3 row = {o[0], o[1], o[2]};
  const Vector3 column = {o[3], o[4], o[5]};
  const double row_length = image::Norm(row);
  const double column_length = image::Norm(column);
  if (std::abs(row_length - 1) > 0.01 || std::abs(column_length - 1) > 0.01) return false;
  axes.row = Scaled(row, 1 / row_length);
  const double overlap = image::Dot(axes.row, column) / column_length;
  if (std::abs(overlap) > kOrthogonality) return false;
  const Vector3 across = Minus(Scaled(column, 1 / column_length), Scaled(axes.row, overlap));
  axes.column = Scaled(across, 1 / image::Norm(across));
  axes.normal = image::Cross(axes.row, axes.column);
  return true;
}

base::Finding PlacementProblem(const PlaneHeader& plane) {
  if (!plane.problem.empty()) return plane.problem;
  const auto unplaced = [](const char* message) { return base::Found("position_missing", message); };
  if (plane.size[0] < 1 || plane.size[1] < 1) return unplaced("its images have no rows or columns");
  if (plane.size[0] > kMostPixelsAcross || plane.size[1] > kMostPixelsAcross)
    return unplaced("its images claim to be impossibly large");
  if (!plane.position_world) return unplaced("its images have no position (ImagePositionPatient)");
  if (!plane.orientation) {
    return base::Found("laterality_unknown",
                       "its images have no orientation (ImageOrientationPatient): left and right are unknown");
  }
  if (!plane.pixel_spacing_mm || (*plane.pixel_spacing_mm)[0] <= 0 || (*plane.pixel_spacing_mm)[1] <= 0) {
    return unplaced("its images have no pixel spacing (PixelSpacing)");
  }
  Axes axes;
  if (!AxesOf(*plane.orientation, axes))
    return base::Found("orientation_invalid", "its ImageOrientationPatient is not two unit vectors at right angles");
  return LettersProblem(plane, axes);
}

Vector3 Scaled(const Vector3& v, double factor) { return {v[0] * factor, v[1] * factor, v[2] * factor}; }
Vector3 Minus(const Vector3& a, const Vector3& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }

}  // namespace parotis::dicom
