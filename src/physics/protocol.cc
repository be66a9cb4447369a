#include "physics/protocol.h"

#include <cmath>
#include <numbers>

#include "phantom/streams.h"
#include "physics/acquire.h"
#include "physics/faults.h"
#include "physics/randomise.h"

namespace parotis::physics {
namespace {

using base::Random;
using image::Geometry;
using image::Matrix3;
using image::Vector3;

constexpr std::int64_t kAnatomyMatrix = 240;
constexpr double kAnatomyMm = 0.8;
constexpr std::int64_t kDiffusionMatrix = 120;
constexpr double kDiffusionMm = 1.7;
constexpr double kSliceMm = 4;
constexpr std::int64_t kDynamicMatrix = 128;
// Of a 0.8-mm pixel: 200 to 290 Hz of a 0.5-mm one, as in clinical protocols [r].
constexpr std::array<double, 2> kReadBandwidthHz = {320, 460};
constexpr double kBiasCorrected = 0.5;   // share of scanners that correct the coils' sensitivity [p]
constexpr double kSummedSquares = 0.25;  // share of scanners that sum the channels' squares in diffusion images [p]
constexpr double kDirections = 0.4;      // share of examinations that keep the directions of diffusion
// From perfusion to kurtosis.
constexpr double kManyBValues[] = {0, 20, 50, 100, 200, 400, 800, 1000, 1500, 2000};

double Draw(const std::array<double, 2>& range, Random& random) { return random.Uniform(range[0], range[1]); }

Matrix3 Product(const Matrix3& a, const Matrix3& b) {
  Matrix3 c{};
  for (int r = 0; r < 3; ++r) {
    for (int k = 0; k < 3; ++k) c[r][k] = a[r][0] * b[0][k] + a[r][1] * b[1][k] + a[r][2] * b[2][k];
  }
  return c;
}

// Turn by `degrees` about an axis (0: x, nodding; 1: y, tilting to a shoulder; 2: z, looking aside).
Matrix3 Turn(int axis, double degrees) {
  const double angle = degrees * std::numbers::pi / 180;
  const int a = (axis + 1) % 3, b = (axis + 2) % 3;
  Matrix3 m{};
  m[axis][axis] = 1;
  m[a][a] = m[b][b] = std::cos(angle);
  m[a][b] = -std::sin(angle);
  m[b][a] = std::sin(angle);
  return m;
}

Geometry GridAround(const Vector3& centre_world, const Matrix3& direction, std::array<std::int64_t, 3> size,
                    Vector3 spacing_mm) {
  Geometry grid;
  grid.size = size;
  grid.spacing_mm = spacing_mm;
  grid.direction = direction;
  for (int r = 0; r < 3; ++r) {
    grid.origin_world[r] = centre_world[r];
    for (int a = 0; a < 3; ++a) {
      grid.origin_world[r] -= direction[r][a] * spacing_mm[a] * 0.5 * static_cast<double>(size[a] - 1);
    }
    // Scanners write six decimals or so.
    grid.origin_world[r] = std::round(grid.origin_world[r] * 1e4) / 1e4;
  }
  return grid;
}

void DrawSequences(Protocol& protocol, Random& random) {
  const bool high_field = protocol.field == phantom::FieldStrength::k3T;
  Sequence& t2 = protocol.t2;
  t2.kind = SequenceKind::kTurboSpinEcho;
  t2.tr_ms = random.Uniform(3600, 4800), t2.te_ms = random.Uniform(80, 100);
  t2.echo_train = 15, t2.echo_spacing_ms = random.Uniform(9, 11);
  t2.read_bandwidth_hz = Draw(kReadBandwidthHz, random);
  t2.phase_lines = static_cast<int>(kAnatomyMatrix * random.Uniform(0.8, 1));
  Sequence& t1c = protocol.t1c;
  t1c.kind = SequenceKind::kTurboSpinEcho;
  t1c.tr_ms = random.Uniform(560, 720), t1c.te_ms = random.Uniform(9, 13);
  t1c.echo_train = 3, t1c.echo_spacing_ms = t1c.te_ms;
  t1c.fat_left = random.Uniform(0.05, 0.16);
  t1c.after_injection_s = random.Uniform(180, 300);
  t1c.read_bandwidth_hz = Draw(kReadBandwidthHz, random);
  t1c.phase_lines = static_cast<int>(kAnatomyMatrix * random.Uniform(0.8, 1));
  protocol.t1 = t1c;
  protocol.t1.after_injection_s = -1;
  protocol.t1.fat_left = 1;
  Sequence& diffusion = protocol.diffusion;
  diffusion.kind = SequenceKind::kEchoPlanar;
  diffusion.tr_ms = random.Uniform(4500, 6500);
  diffusion.te_ms = random.Uniform(58, 72) + (high_field ? 0 : 14);
  diffusion.fat_left = random.Uniform(0.02, 0.08);
  diffusion.acceleration = 2;
  diffusion.polarity = random.Chance(0.5) ? 1 : -1;
  protocol.localizer.tr_ms = 480, protocol.localizer.te_ms = 5;
  protocol.localizer.read_bandwidth_hz = 400;
}

void DrawReceiver(Protocol& protocol, const phantom::AcquisitionPriors& priors, Random& random) {
  const double field_factor = protocol.field == phantom::FieldStrength::k3T ? 1 : priors.snr_at_15t;
  protocol.diffusion.echo_spacing_ms = Draw(priors.echo_spacing_ms, random);
  protocol.snr_t2 = field_factor * Draw(priors.snr_t2, random);
  protocol.snr_t1c = field_factor * Draw(priors.snr_t1c, random);
  protocol.snr_b0 = field_factor * Draw(priors.snr_b0, random);
  protocol.snr_b1000 = field_factor * Draw(priors.snr_b1000, random);
  protocol.snr_dynamic = field_factor * Draw(priors.snr_dynamic, random);
  protocol.gain_t2 = 110 * random.Uniform(0.7, 1.5);
  protocol.gain_t1c = 110 * random.Uniform(0.7, 1.5);
  protocol.gain_diffusion = 130 * random.Uniform(0.7, 1.5);
  // Surface coils hear the outside better; the rest is patient and position.
  for (double& term : protocol.bias) term = random.Normal(0, 0.06);
  protocol.bias[3] += random.Uniform(0.05, 0.3);
  protocol.bias[4] += random.Uniform(0.05, 0.3);
  protocol.bias[5] -= random.Uniform(0.05, 0.25);
  protocol.bias_corrected = random.Chance(kBiasCorrected);
  if (random.Chance(kSummedSquares)) protocol.diffusion_channels = 4;
}

void DrawSetting(Protocol& protocol, const phantom::Patient& patient, const phantom::AcquisitionPriors& priors,
                 const ScanOptions& options) {
  Random random(patient.seed, {phantom::kSettingStream, static_cast<std::uint64_t>(patient.index)});
  const bool high_field = random.Chance(priors.share_at_3t);
  protocol.field = options.field.value_or(high_field ? phantom::FieldStrength::k3T : phantom::FieldStrength::k15T);
  const Vendor drawn = kVendors[static_cast<std::size_t>(random.Integer(kVendors.size()))];
  protocol.vendor = options.vendor.value_or(drawn);
  if (random.Chance(kDirections)) protocol.directions_world = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
}

// Many b-values, and a dynamic series of 10-s frames from half a minute before the injection to five and a half after.
void Extend(Protocol& protocol, const Vector3& centre_world, const Matrix3& slices, Random& random) {
  protocol.b_values_s_mm2.assign(std::begin(kManyBValues), std::end(kManyBValues));
  // The anatomy's field of view and slices.
  const Geometry& anatomy = protocol.anatomy_grid;
  const double pixel_mm = anatomy.spacing_mm[0] * static_cast<double>(anatomy.size[0]) / kDynamicMatrix;
  protocol.dynamic_grid = GridAround(centre_world, slices, {kDynamicMatrix, kDynamicMatrix, anatomy.size[2]},
                                     {pixel_mm, pixel_mm, anatomy.spacing_mm[2]});
  Sequence& dynamic = protocol.dynamic;
  dynamic.kind = SequenceKind::kGradientEcho;
  dynamic.tr_ms = random.Uniform(4, 5.5), dynamic.te_ms = random.Uniform(1.2, 2), dynamic.flip_deg = 12;
  dynamic.fat_left = 0.1;
  dynamic.read_bandwidth_hz = 450;
  protocol.injection_s = 30;
  for (int frame = 0; frame < 37; ++frame) protocol.frame_times_s.push_back(10.0 * frame + 5);
}

// Five thick slices in each plane, square to the magnet.
std::vector<Geometry> LocalizerGrids(const Vector3& centre_world) {
  const Matrix3 coronal = {{{1, 0, 0}, {0, 0, 1}, {0, -1, 0}}};
  const Matrix3 sagittal = {{{0, 0, -1}, {1, 0, 0}, {0, -1, 0}}};
  std::vector<Geometry> grids;
  for (const Matrix3& direction : {Turn(0, 0), coronal, sagittal}) {
    grids.push_back(GridAround(centre_world, direction, {160, 160, 5}, {1.6, 1.6, 8}));
  }
  return grids;
}

// Nothing but the tissues.
void MakeIdeal(Protocol& protocol) {
  protocol.exact = true;
  protocol.faults = {};
  for (Sequence* sequence : {&protocol.t2, &protocol.t1, &protocol.t1c}) {
    sequence->phase_lines = 0;
    sequence->echo_spacing_ms = 0;
  }
}

}  // namespace

std::string NameOf(Vendor vendor) {
  switch (vendor) {
    case Vendor::kStandard: return "standard";
    case Vendor::kSiemens: return "siemens";
    case Vendor::kGe: return "ge";
    case Vendor::kPhilips: return "philips";
    case Vendor::kUih: break;
  }
  return "uih";
}

std::string NameOf(Unusable unusable) {
  switch (unusable) {
    case Unusable::kNo: return "no";
    case Unusable::kDistorted: return "distorted";
    case Unusable::kGhosted: return "ghosted";
    case Unusable::kNoisy: return "noisy";
    case Unusable::kDropouts: return "dropouts";
    case Unusable::kFat: break;
  }
  return "fat";
}

double Protocol::SnrAt(double b_s_mm2) const {
  const auto signal = [&](double b) { return ReferenceSignal(field, diffusion, b); };
  // Averages at b = 1000 that give the drawn ratio; in between their logarithm follows b, beyond it stays.
  const double averages = std::pow(snr_b1000 * signal(0) / (snr_b0 * signal(1000)), 2);
  return snr_b0 * signal(b_s_mm2) / signal(0) * std::pow(averages, 0.5 * std::min(1.0, b_s_mm2 / 1000));
}

Protocol DrawProtocol(const phantom::Patient& patient, const phantom::AcquisitionPriors& priors,
                      const ScanOptions& options) {
  Random random(patient.seed, {phantom::kProtocolStream, static_cast<std::uint64_t>(patient.index)});
  Protocol protocol;
  DrawSetting(protocol, patient, priors, options);
  protocol.pose.scale = patient.body.scale;
  protocol.pose.origin_world = {random.Uniform(-8, 8), random.Uniform(-12, 12), random.Uniform(-40, 40)};
  const double nod = random.Normal(0, 4);
  protocol.pose.rotation =
      Product(Product(Turn(2, random.Normal(0, 2.5)), Turn(1, random.Normal(0, 2.5))), Turn(0, nod));
  // Two in five technologists angle the slices to the jaw.
  const bool oblique = random.Chance(0.4);
  const Matrix3 slices =
      oblique ? Product(Turn(0, nod + random.Normal(0, 4)), Turn(1, random.Normal(0, 1))) : Turn(0, 0);
  const Vector3 centre_head = {random.Normal(0, 2), random.Normal(-1, 3), random.Normal(-3, 4)};
  const Vector3 centre_world = phantom::WorldFromHead(protocol.pose, centre_head);
  const std::int64_t slice_count = 20 + random.Integer(5);
  protocol.anatomy_grid = GridAround(centre_world, slices, {kAnatomyMatrix, kAnatomyMatrix, slice_count},
                                     {kAnatomyMm, kAnatomyMm, kSliceMm});
  protocol.diffusion_grid = GridAround(centre_world, slices, {kDiffusionMatrix, kDiffusionMatrix, slice_count},
                                       {kDiffusionMm, kDiffusionMm, kSliceMm});
  protocol.localizer_grids = LocalizerGrids(protocol.pose.origin_world);
  DrawSequences(protocol, random);
  DrawReceiver(protocol, priors, random);
  if (options.randomised) RandomiseProtocol(patient, protocol);
  if (options.kind == ProtocolKind::kExtended) Extend(protocol, centre_world, slices, random);
  protocol.faults = DrawFaults(patient, priors, protocol);
  if (options.ideal) MakeIdeal(protocol);
  return protocol;
}

}  // namespace parotis::physics
