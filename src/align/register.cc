#include "align/register.h"

#include <cmath>
#include <functional>
#include <limits>

#include "align/minimise.h"
#include "align/mutual_information.h"
#include "align/samples.h"

namespace parotis::align {
namespace {

using image::AffineMap;
using image::Matrix3;
using image::Vector3;
using image::Volume;
using Parameters = std::vector<double>;

// A parameter's unit is the displacement in mm that it makes at about a head's radius, so that all weigh alike.
constexpr double kHeadRadius_mm = 80;
constexpr double kHeadMargin_mm = 6;
constexpr double kSmallestOverlap = 0.5;  // of the samples; a motion with less is no answer

struct Level {
  double spacing_mm;
  std::size_t samples;
  double longest_step_mm;
};
constexpr std::array<Level, 3> kLevels = {{{6, 8000, 4}, {3.5, 20000, 2}, {2, 50000, 1}}};

struct Linear {
  Matrix3 matrix{};
  std::vector<Matrix3> slopes;  // by parameter
};

Matrix3 Product(const Matrix3& a, const Matrix3& b) {
  Matrix3 product{};
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) {
      for (int n = 0; n < 3; ++n) product[r][c] += a[r][n] * b[n][c];
    }
  }
  return product;
}

// Rotation about axis `axis` and its derivative with respect to the angle.
std::array<Matrix3, 2> Turn(int axis, double angle) {
  const int a = (axis + 1) % 3, b = (axis + 2) % 3;
  const double c = std::cos(angle), s = std::sin(angle);
  Matrix3 turn{}, slope{};
  turn[axis][axis] = 1;
  turn[a][a] = turn[b][b] = c;
  turn[a][b] = -s;
  turn[b][a] = s;
  slope[a][a] = slope[b][b] = -s;
  slope[a][b] = -c;
  slope[b][a] = c;
  return {turn, slope};
}

// Rz · Ry · Rx.
Linear RigidPart(const Parameters& p) {
  std::array<std::array<Matrix3, 2>, 3> turns;
  for (int a = 0; a < 3; ++a) turns[a] = Turn(a, p[3 + a] / kHeadRadius_mm);
  Linear linear{Product(turns[2][0], Product(turns[1][0], turns[0][0])), {}};
  for (int a = 0; a < 3; ++a) {
    Matrix3 slope = Product(turns[2][a == 2 ? 1 : 0], Product(turns[1][a == 1 ? 1 : 0], turns[0][a == 0 ? 1 : 0]));
    for (auto& row : slope) {
      for (double& entry : row) entry /= kHeadRadius_mm;
    }
    linear.slopes.push_back(slope);
  }
  return linear;
}

Linear AffinePart(const Parameters& p) {
  Linear linear;
  for (int n = 0; n < 9; ++n) {
    linear.matrix[n / 3][n % 3] = (n % 4 == 0 ? 1 : 0) + p[3 + n] / kHeadRadius_mm;
    Matrix3 slope{};
    slope[n / 3][n % 3] = 1 / kHeadRadius_mm;
    linear.slopes.push_back(slope);
  }
  return linear;
}

Vector3 Times(const Matrix3& matrix, const Vector3& vector) {
  Vector3 product{};
  for (int r = 0; r < 3; ++r) product[r] = image::Dot(matrix[r], vector);
  return product;
}

// x ↦ M (x − centre) + centre + t.
AffineMap MapOf(const Matrix3& matrix, const Vector3& centre, const Parameters& p) {
  AffineMap map{matrix, {}};
  const Vector3 turned = Times(matrix, centre);
  for (int r = 0; r < 3; ++r) map.shift_mm[r] = centre[r] - turned[r] + p[r];
  return map;
}

Vector3 CentreOf(const std::vector<Vector3>& points) {
  Vector3 centre{};
  for (const Vector3& point : points) {
    for (int r = 0; r < 3; ++r) centre[r] += point[r] / static_cast<double>(points.size());
  }
  return centre;
}

// Minus the mutual information at one resolution, as a function of the parameters.
class Dissimilarity {
 public:
  using Part = Linear (*)(const Parameters&);

  Dissimilarity(const Volume& moving, Samples samples, const Vector3& centre, Part part)
      : sampler_(moving),
        samples_(std::move(samples)),
        centre_(centre),
        part_(part),
        information_(samples_.values, RangeOf(samples_.values), RangeOf(moving.voxels)),
        values_(samples_.values.size()),
        derivatives_(values_.size()),
        gradients_(values_.size()),
        inside_(values_.size()) {}

  double operator()(const Parameters& p, Parameters& gradient) {
    const Linear linear = part_(p);
    const AffineMap map = MapOf(linear.matrix, centre_, p);
    std::size_t count = 0;
    Sampler::Value value;
    for (std::size_t n = 0; n < values_.size(); ++n) {
      inside_[n] = sampler_.At(Mapped(map, samples_.points_world[n]), value) ? 1 : 0;
      if (inside_[n] == 0) continue;
      ++count;
      values_[n] = static_cast<float>(value.value);
      gradients_[n] = value.gradient_per_mm;
    }
    if (static_cast<double>(count) < kSmallestOverlap * static_cast<double>(values_.size()) || count == 0)
      return std::numeric_limits<double>::infinity();
    const double information = information_.Evaluate(values_, inside_, derivatives_);
    std::fill(gradient.begin(), gradient.end(), 0.0);
    for (std::size_t n = 0; n < values_.size(); ++n) {
      if (derivatives_[n] == 0) continue;
      AddSlope(n, linear, gradient);
    }
    return -information;
  }

 private:
  void AddSlope(std::size_t n, const Linear& linear, Parameters& gradient) const {
    Vector3 pull{}, from_centre{};
    for (int r = 0; r < 3; ++r) {
      pull[r] = derivatives_[n] * gradients_[n][r];
      from_centre[r] = samples_.points_world[n][r] - centre_[r];
      gradient[r] -= pull[r];
    }
    for (std::size_t s = 0; s < linear.slopes.size(); ++s)
      gradient[3 + s] -= image::Dot(pull, Times(linear.slopes[s], from_centre));
  }

  Sampler sampler_;
  Samples samples_;
  Vector3 centre_;
  Part part_;
  MutualInformation information_;
  std::vector<float> values_, derivatives_;
  std::vector<Vector3> gradients_;
  std::vector<std::uint8_t> inside_;
};

// The affine parameters that say the same as rigid ones.
Parameters AsAffine(const Parameters& rigid) {
  const Matrix3 matrix = RigidPart(rigid).matrix;
  Parameters affine(12);
  for (int r = 0; r < 3; ++r) affine[r] = rigid[r];
  for (int n = 0; n < 9; ++n) affine[3 + n] = (matrix[n / 3][n % 3] - (n % 4 == 0 ? 1 : 0)) * kHeadRadius_mm;
  return affine;
}

}  // namespace

AffineMap Register(const Volume& reference, const Volume& moving, Motion motion, std::uint64_t seed) {
  Parameters rigid(6, 0.0), affine;
  Vector3 centre{};
  for (std::size_t l = 0; l < kLevels.size(); ++l) {
    const Level& level = kLevels[l];
    const Volume coarse = AtResolution(reference, level.spacing_mm);
    const Volume coarse_moving = AtResolution(moving, level.spacing_mm);
    Samples samples = DrawSamples(coarse, HeadOf(coarse, kHeadMargin_mm), level.samples, seed + l);
    if (samples.values.empty()) return {};
    if (l == 0) centre = CentreOf(samples.points_world);
    MinimiseOptions options;
    options.longest_step = level.longest_step_mm;
    const bool last = l + 1 == kLevels.size();
    const auto minimum = [&](Dissimilarity::Part part, Parameters start) {
      Dissimilarity dissimilarity(coarse_moving, samples, centre, part);
      Parameters slope(start.size());
      if (!std::isfinite(dissimilarity(start, slope))) return start;
      return Minimise(std::ref(dissimilarity), std::move(start), options).x;
    };
    rigid = minimum(RigidPart, std::move(rigid));
    if (last && motion == Motion::kAffine) affine = minimum(AffinePart, AsAffine(rigid));
  }
  return affine.empty() ? MapOf(RigidPart(rigid).matrix, centre, rigid)
                        : MapOf(AffinePart(affine).matrix, centre, affine);
}

}  // namespace parotis::align
