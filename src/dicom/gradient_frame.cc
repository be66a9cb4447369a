#include "dicom/gradient_frame.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dicom/placement.h"

namespace parotis::dicom {
namespace {

using image::Vector3;

constexpr double kShortest = 1e-3;
constexpr double kOneAxis = 0.8;  // share of the trace
constexpr int kIterations = 100;

Vector3 Along(const Axes& axes, double row, double column, double normal) {
  Vector3 sum{};
  for (std::size_t d = 0; d < 3; ++d) sum[d] = row * axes.row[d] + column * axes.column[d] + normal * axes.normal[d];
  return sum;
}

bool IsColumn(const std::string& phase_encoding) { return phase_encoding == "COL" || phase_encoding == "COLUMN"; }

// Frequency, phase, slice. With phase encoding along columns they run against rows, against columns and along the
// normal; along rows, the first two change places and one of them its sign. Coronal planes count the phase axis the
// other way round.
std::optional<Vector3> FromFrequency(const Vector3& g, const Axes& axes, const std::string& phase_encoding) {
  const bool rows = phase_encoding == "ROW";
  if (!rows && !IsColumn(phase_encoding)) return std::nullopt;
  const double along_row = rows ? g[1] : g[0];
  double along_column = rows ? -g[0] : g[1];
  const bool coronal =
      std::abs(axes.normal[1]) > std::abs(axes.normal[0]) && std::abs(axes.normal[1]) > std::abs(axes.normal[2]);
  if (coronal) along_column = -along_column;
  return Along(axes, -along_row, -along_column, g[2]);
}

}  // namespace

std::optional<Vector3> DirectionInPatient(const Vector3& direction, GradientFrame frame, const ImageAxes& axes) {
  const double length = image::Norm(direction);
  if (!(length > kShortest)) return std::nullopt;
  const Vector3 g = Scaled(direction, 1 / length);
  if (frame == GradientFrame::kPatient) return g;
  Axes image_axes;
  if (!axes.orientation || !AxesOf(*axes.orientation, image_axes)) return std::nullopt;
  if (frame == GradientFrame::kImage) return Along(image_axes, g[0], g[1], g[2]);
  if (frame == GradientFrame::kFrequency) return FromFrequency(g, image_axes, axes.phase_encoding);
  // Found by comparing the remarks of a classic series with (0018,9089) of the same scan as an enhanced one, with phase
  // encoding along columns; unknown for the other way.
  if (!IsColumn(axes.phase_encoding)) return std::nullopt;
  return Along(image_axes, -g[1], -g[0], g[2]);
}

std::optional<Vector3> DirectionOfBMatrix(const std::array<double, 6>& b) {
  const double trace = b[0] + b[3] + b[5];
  if (!(trace > 0)) return std::nullopt;
  const std::array<Vector3, 3> rows = {Vector3{b[0], b[1], b[2]}, Vector3{b[1], b[3], b[4]}, Vector3{b[2], b[4], b[5]}};
  // Power iteration, started at the longest row: one axis dominates or the answer is not wanted.
  Vector3 axis = *std::max_element(rows.begin(), rows.end(),
                                   [](const Vector3& a, const Vector3& c) { return image::Norm(a) < image::Norm(c); });
  double eigenvalue = image::Norm(axis);
  if (!(eigenvalue > 0)) return std::nullopt;
  axis = Scaled(axis, 1 / eigenvalue);
  for (int i = 0; i < kIterations; ++i) {
    const Vector3 next = {image::Dot(rows[0], axis), image::Dot(rows[1], axis), image::Dot(rows[2], axis)};
    eigenvalue = image::Norm(next);
    if (!(eigenvalue > 0)) return std::nullopt;
    axis = Scaled(next, 1 / eigenvalue);
  }
  return eigenvalue >= kOneAxis * trace ? std::make_optional(axis) : std::nullopt;
}

double AngleBetweenAxesDegrees(const Vector3& a, const Vector3& b) {
  const double cosine = std::abs(image::Dot(a, b)) / (image::Norm(a) * image::Norm(b));
  return std::acos(std::min(1.0, cosine)) * 180 / std::numbers::pi;
}

}  // namespace parotis::dicom
