#include "phantom/scan.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "phantom/anatomy.h"
#include "phantom/streams.h"

namespace parotis::phantom {
namespace {

using base::Random;
using image::Geometry;
using image::Matrix3;
using image::Vector3;
using image::Volume;

constexpr std::int64_t kAnatomyMatrix = 240;
constexpr double kAnatomyMm = 0.8;
constexpr std::int64_t kDiffusionMatrix = 112;
constexpr double kDiffusionMm = 1.8;
constexpr double kSliceMm = 4;
constexpr int kSubSlices = 2;  // samples across a slice
constexpr double kLargestStored = 4095;

// A tumour between the classes, to which gains and signal-to-noise ratios refer.
const Tissue kReference = {0.94, 0, 1350, 100, 1100, 0.42, 0, 0, 0, 0};

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

Geometry FineGrid(const Geometry& slices) {
  Geometry fine = slices;
  fine.size[2] *= kSubSlices;
  fine.spacing_mm[2] /= kSubSlices;
  const double back_mm = 0.5 * (slices.spacing_mm[2] - fine.spacing_mm[2]);
  for (int r = 0; r < 3; ++r) fine.origin_world[r] -= back_mm * slices.direction[r][2];
  return fine;
}

double TissueSignal(const Tissue& tissue, const Sequence& sequence, double b_s_mm2) {
  const double contrast = sequence.contrast ? tissue.contrast_mmol_l : 0;
  return tissue.water *
         SpinEcho(RelaxedByContrast(tissue.t1_ms, kR1, contrast), RelaxedByContrast(tissue.t2_ms, kR2, contrast),
                  sequence.tr_ms, sequence.te_ms) *
         DiffusionDecay(b_s_mm2, tissue.adc_um2_s);
}

double BiasAt(const std::array<double, 9>& c, double u, double v, double w) {
  return 1 + c[0] * u + c[1] * v + c[2] * w + c[3] * u * u + c[4] * v * v + c[5] * w * w + c[6] * u * v + c[7] * u * w +
         c[8] * v * w;
}

// Multiplies by the receive field and the gain, adds noise, rounds. `signal` holds noise-free signals.
Volume Receive(std::vector<float> signal, const Geometry& grid, const Protocol& protocol, double gain, double sigma,
               Random random) {
  Volume volume;
  volume.geometry = grid;
  volume.voxels = std::move(signal);
  const auto unit = [&](int axis, std::int64_t index) {
    return (2.0 * static_cast<double>(index) + 1) / static_cast<double>(grid.size[axis]) - 1;
  };
  std::size_t at = 0;
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i, ++at) {
        const double received = gain * volume.voxels[at] * BiasAt(protocol.bias, unit(0, i), unit(1, j), unit(2, k));
        volume.voxels[at] =
            static_cast<float>(std::clamp(std::round(AddRicianNoise(received, sigma, random)), 0.0, kLargestStored));
      }
    }
  }
  return volume;
}

// Noise-free signal of one slice on the fine in-plane grid: the mean over the slice's samples.
void SliceSignal(const TissueMap& map, const SignalTables& tables, std::int64_t slice, float* signal) {
  const auto plane = static_cast<std::size_t>(map.grid.size[0] * map.grid.size[1]);
  std::fill(signal, signal + plane, 0.0f);
  for (int s = 0; s < kSubSlices; ++s) {
    const std::size_t start = plane * static_cast<std::size_t>(slice * kSubSlices + s);
    for (std::size_t p = 0; p < plane; ++p) {
      const std::size_t v = start + p;
      const float upper = tables.At(map.upper[v], map.texture_a[v], map.texture_b[v]);
      const float share = static_cast<float>(map.fraction[v]) * (1.0f / 255);
      const float lower = map.fraction[v] == 255 ? 0 : tables.At(map.lower[v], map.texture_a[v], map.texture_b[v]);
      signal[p] += (share * upper + (1 - share) * lower) * (1.0f / kSubSlices);
    }
  }
}

std::vector<float> AnatomySignal(const TissueMap& map, const SignalTables& tables, const Geometry& grid) {
  std::vector<float> signal(static_cast<std::size_t>(grid.voxel_count()));
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    SliceSignal(map, tables, k, signal.data() + k * grid.size[0] * grid.size[1]);
  }
  return signal;
}

// Which fine samples, with which weights, make one coarse pixel along an axis (concentric grids, box profile).
struct Footprint {
  std::int64_t first = 0;
  std::vector<float> weights;
};

std::vector<Footprint> Footprints(std::int64_t fine, double fine_mm, std::int64_t coarse, double coarse_mm) {
  std::vector<Footprint> footprints(static_cast<std::size_t>(coarse));
  for (std::int64_t c = 0; c < coarse; ++c) {
    const double low = (static_cast<double>(c) - 0.5 * static_cast<double>(coarse)) * coarse_mm / fine_mm +
                       0.5 * static_cast<double>(fine);
    const double high = low + coarse_mm / fine_mm;
    Footprint& footprint = footprints[static_cast<std::size_t>(c)];
    footprint.first = std::clamp<std::int64_t>(std::llround(std::floor(low)), 0, fine);
    for (std::int64_t f = footprint.first; f < fine && static_cast<double>(f) < high; ++f) {
      const double overlap = std::min(high, static_cast<double>(f + 1)) - std::max(low, static_cast<double>(f));
      footprint.weights.push_back(static_cast<float>(std::max(0.0, overlap) * fine_mm / coarse_mm));
    }
  }
  return footprints;
}

std::vector<float> DiffusionSignal(const TissueMap& map, const SignalTables& tables, const Geometry& grid) {
  const auto& fine = map.grid.size;
  const auto columns = Footprints(fine[0], map.grid.spacing_mm[0], grid.size[0], grid.spacing_mm[0]);
  const auto rows = Footprints(fine[1], map.grid.spacing_mm[1], grid.size[1], grid.spacing_mm[1]);
  std::vector<float> signal(static_cast<std::size_t>(grid.voxel_count()), 0.0f);
  std::vector<float> plane(static_cast<std::size_t>(fine[0] * fine[1]));
  std::vector<float> narrow(static_cast<std::size_t>(grid.size[0] * fine[1]));  // [fine rows, coarse columns]
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    SliceSignal(map, tables, k, plane.data());
    for (std::int64_t j = 0; j < fine[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i) {
        const Footprint& column = columns[static_cast<std::size_t>(i)];
        float sum = 0;
        for (std::size_t n = 0; n < column.weights.size(); ++n)
          sum += column.weights[n] * plane[j * fine[0] + column.first + n];
        narrow[j * grid.size[0] + i] = sum;
      }
    }
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      const Footprint& row = rows[static_cast<std::size_t>(j)];
      float* out = signal.data() + (k * grid.size[1] + j) * grid.size[0];
      for (std::size_t n = 0; n < row.weights.size(); ++n) {
        const float* in = narrow.data() + (row.first + static_cast<std::int64_t>(n)) * grid.size[0];
        for (std::int64_t i = 0; i < grid.size[0]; ++i) out[i] += row.weights[n] * in[i];
      }
    }
  }
  return signal;
}

image::LabelVolume LesionsOn(const TissueMap& map, const Geometry& grid) {
  image::LabelVolume lesions(grid);
  const auto plane = static_cast<std::size_t>(grid.size[0] * grid.size[1]);
  for (std::size_t v = 0; v < lesions.voxels.size(); ++v) {
    const std::size_t first = v / plane * plane * kSubSlices + v % plane;
    int occupied = 0;
    std::uint8_t lesion = 0;
    for (int s = 0; s < kSubSlices; ++s) {
      const std::size_t sample = first + plane * static_cast<std::size_t>(s);
      occupied += map.occupancy[sample];
      lesion = std::max(lesion, map.lesion[sample]);
    }
    if (2 * occupied >= 255 * kSubSlices) lesions.voxels[v] = lesion;
  }
  return lesions;
}

// Vendors blank what is too dark for an ADC; so does this scanner.
Volume AdcMap(const Volume& b0, const Volume& b_high, double b_high_s_mm2, double darkest) {
  Volume adc(b0.geometry);
  for (std::size_t v = 0; v < adc.voxels.size(); ++v) {
    if (b0.voxels[v] < darkest) continue;
    adc.voxels[v] = static_cast<float>(
        std::round(std::min(kLargestStored, AdcFrom(b0.voxels[v], b_high.voxels[v], 0, b_high_s_mm2))));
  }
  return adc;
}

void DrawSequences(Protocol& protocol, Random& random) {
  const bool high_field = protocol.field == FieldStrength::k3T;
  protocol.t2 = {random.Uniform(3600, 4800), random.Uniform(80, 100), 1, true, false};
  protocol.t1c = {random.Uniform(560, 720), random.Uniform(9, 13), random.Uniform(0.05, 0.16), false, true};
  protocol.diffusion = {random.Uniform(4500, 6500), random.Uniform(58, 72) + (high_field ? 0 : 14),
                        random.Uniform(0.02, 0.08), false, false};
  const double field_factor = high_field ? 1 : 0.75;
  protocol.snr_t2 = field_factor * random.Uniform(28, 45);
  protocol.snr_t1c = field_factor * random.Uniform(24, 40);
  protocol.snr_b0 = field_factor * random.Uniform(20, 40);
  protocol.snr_b1000 = field_factor * random.Uniform(8, 15);
  protocol.gain_t2 = 110 * random.Uniform(0.7, 1.5);
  protocol.gain_t1c = 110 * random.Uniform(0.7, 1.5);
  protocol.gain_diffusion = 130 * random.Uniform(0.7, 1.5);
}

}  // namespace

Protocol DrawProtocol(const Patient& patient, const ScanOptions& options) {
  Random random(patient.seed, {kProtocolStream, static_cast<std::uint64_t>(patient.index)});
  Protocol protocol;
  protocol.field = options.field;
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
  const Vector3 centre_world = WorldFromHead(protocol.pose, centre_head);
  const std::int64_t slice_count = 20 + random.Integer(5);
  protocol.anatomy_grid = GridAround(centre_world, slices, {kAnatomyMatrix, kAnatomyMatrix, slice_count},
                                     {kAnatomyMm, kAnatomyMm, kSliceMm});
  protocol.diffusion_grid = GridAround(centre_world, slices, {kDiffusionMatrix, kDiffusionMatrix, slice_count},
                                       {kDiffusionMm, kDiffusionMm, kSliceMm});
  DrawSequences(protocol, random);
  // Surface coils see the outside better; the rest is patient and position.
  for (int term = 0; term < 9; ++term) protocol.bias[term] = random.Normal(0, 0.06);
  protocol.bias[3] += random.Uniform(0.05, 0.3);
  protocol.bias[4] += random.Uniform(0.05, 0.3);
  protocol.bias[5] -= random.Uniform(0.05, 0.25);
  return protocol;
}

Examination Scan(const Patient& patient, const Priors& priors, const ScanOptions& options) {
  Examination examination;
  examination.patient = patient;
  const Protocol protocol = examination.protocol = DrawProtocol(patient, options);
  const TissueMap map = PaintPatient(patient, FineGrid(protocol.anatomy_grid), protocol.pose);
  const std::vector<Tissue> tissues = TissuesOf(patient, priors.normal, options.field);
  const Fat fat = FatAt(options.field);
  const auto noise = [&](std::uint64_t volume) {
    return Random(patient.seed, {kNoiseStream, static_cast<std::uint64_t>(patient.index), volume});
  };
  const auto anatomy = [&](const Sequence& sequence, double gain, double snr, std::uint64_t volume) {
    const double scale = gain / TissueSignal(kReference, sequence, 0);
    return Receive(AnatomySignal(map, MakeTables(tissues, fat, sequence, 0), protocol.anatomy_grid),
                   protocol.anatomy_grid, protocol, scale, gain / snr, noise(volume));
  };
  examination.t2 = anatomy(protocol.t2, protocol.gain_t2, protocol.snr_t2, 0);
  examination.t1c = anatomy(protocol.t1c, protocol.gain_t1c, protocol.snr_t1c, 1);
  const double scale = protocol.gain_diffusion / TissueSignal(kReference, protocol.diffusion, 0);
  const auto diffusion = [&](double b_s_mm2, double snr, std::uint64_t volume) {
    const double reference = scale * TissueSignal(kReference, protocol.diffusion, b_s_mm2);
    return Receive(DiffusionSignal(map, MakeTables(tissues, fat, protocol.diffusion, b_s_mm2), protocol.diffusion_grid),
                   protocol.diffusion_grid, protocol, scale, reference / snr, noise(volume));
  };
  examination.b0 = diffusion(0, protocol.snr_b0, 2);
  examination.b1000 = diffusion(protocol.b_high_s_mm2, protocol.snr_b1000, 3);
  examination.adc = AdcMap(examination.b0, examination.b1000, protocol.b_high_s_mm2, 0.12 * protocol.gain_diffusion);
  examination.lesions = LesionsOn(map, protocol.anatomy_grid);
  return examination;
}

}  // namespace parotis::phantom
