#include "audit/lesion_measurement.h"

#include <algorithm>
#include <cmath>

#include "image/resample.h"
#include "maps/decay.h"
#include "maps/dynamic.h"
#include "phantom/anatomy.h"
#include "physics/acquire.h"
#include "physics/field_map.h"

namespace parotis::audit {
namespace {

using image::Geometry;
using image::LabelVolume;
using image::Vector3;
using image::Volume;
using physics::Protocol;

constexpr std::int64_t kFiner = 2;  // map pixels per image pixel
constexpr double kMarginMm = 8;
constexpr double kFirstEchoMs = 50, kSecondEchoMs = 100;

// The part of the diffusion images' grid around the lesion.
Geometry AroundLesion(const phantom::Lesion& lesion, const Protocol& protocol) {
  const Geometry& whole = protocol.diffusion_grid;
  const Vector3 centre = image::VoxelFromWorld(whole, phantom::WorldFromHead(protocol.pose, lesion.centre_head));
  std::array<std::int64_t, 3> first{}, size{};
  for (int axis = 0; axis < 3; ++axis) {
    const double reach = (0.5 * lesion.size_mm + kMarginMm) / whole.spacing_mm[axis];
    first[axis] = static_cast<std::int64_t>(std::floor(centre[axis] - reach));
    size[axis] = static_cast<std::int64_t>(std::ceil(2 * reach)) + 1;
  }
  return image::CroppedGrid(whole, first, size);
}

// The map's grid: sub-slices, and finer pixels around the same centre.
Geometry MapGrid(const Geometry& grid) {
  Geometry fine = physics::FineGrid(grid);
  for (int axis = 0; axis < 2; ++axis) {
    fine.size[axis] *= kFiner;
    fine.spacing_mm[axis] /= kFiner;
    const double back_mm = 0.5 * (grid.spacing_mm[axis] - fine.spacing_mm[axis]);
    for (int r = 0; r < 3; ++r) fine.origin_world[r] -= back_mm * grid.direction[r][axis];
  }
  return fine;
}

// 1 where the voxel and a rim of so many map voxels around it hold nothing but `tissue`.
LabelVolume PureVoxels(const phantom::TissueMap& map, const Geometry& grid, std::uint8_t tissue, std::int64_t rim) {
  const auto pure = [&](std::int64_t i, std::int64_t j, std::int64_t k) {
    const auto& size = map.grid.size;
    if (i < 0 || j < 0 || k < 0 || i >= size[0] || j >= size[1] || k >= size[2]) return false;
    const auto v = static_cast<std::size_t>((k * size[1] + j) * size[0] + i);
    return (map.upper[v] == tissue && map.fraction[v] > 250) ||
           (map.lower[v] == tissue && map.upper[v] != tissue && map.fraction[v] < 5);
  };
  LabelVolume mask(grid);
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i) {
        bool all = true;
        for (std::int64_t c = -rim; c < physics::kSubSlices + rim && all; ++c) {
          for (std::int64_t b = -rim; b < kFiner + rim && all; ++b) {
            for (std::int64_t a = -rim; a < kFiner + rim && all; ++a)
              all = pure(kFiner * i + a, kFiner * j + b, physics::kSubSlices * k + c);
          }
        }
        mask.At(i, j, k) = all ? 1 : 0;
      }
    }
  }
  return mask;
}

double MeanIn(const Volume& volume, const LabelVolume& mask) {
  double sum = 0, count = 0;
  for (std::size_t v = 0; v < mask.voxels.size(); ++v) {
    if (mask.voxels[v] != 0) sum += volume.voxels[v], ++count;
  }
  return sum / count;
}

double SdIn(const Volume& volume, const LabelVolume& mask, double mean) {
  double sum = 0, count = 0;
  for (std::size_t v = 0; v < mask.voxels.size(); ++v) {
    if (mask.voxels[v] != 0) sum += std::pow(volume.voxels[v] - mean, 2), ++count;
  }
  return std::sqrt(sum / count);
}

// Takes images of one painted map.
class Camera {
 public:
  Camera(const phantom::Patient& patient, const phantom::Priors& priors, const Protocol& protocol, const Geometry& grid)
      : protocol_(&protocol),
        grid_(grid),
        map_(phantom::PaintPatient(patient, MapGrid(grid_), protocol.pose)),
        tissues_(phantom::TissuesOf(patient, priors.normal, protocol.field)) {}

  const phantom::TissueMap& map() const { return map_; }
  const Geometry& grid() const { return grid_; }
  Volume Take(const physics::Sequence& sequence, double b_s_mm2 = 0) const {
    return Acquire(map_, tissues_, {sequence, b_s_mm2, 1000, 1}, *protocol_, grid_, base::Random(0));
  }

 private:
  const Protocol* protocol_;
  Geometry grid_;
  phantom::TissueMap map_;
  std::vector<phantom::Tissue> tissues_;
};

void MeasureDiffusion(const Camera& camera, const Protocol& protocol, const LabelVolume& solid,
                      LesionMeasurement& measured) {
  std::vector<Volume> images;
  images.reserve(protocol.b_values_s_mm2.size());
  for (const double b : protocol.b_values_s_mm2) images.push_back(camera.Take(protocol.diffusion, b));
  const auto at = [&](double b) -> const Volume& {
    const auto found = std::find(protocol.b_values_s_mm2.begin(), protocol.b_values_s_mm2.end(), b);
    return images[static_cast<std::size_t>(found - protocol.b_values_s_mm2.begin())];
  };
  const Volume adc = physics::AdcMap(at(0), at(1000), 1000, 0, true);
  measured.adc_um2_s = MeanIn(adc, solid);
  measured.adc_sd_um2_s = SdIn(adc, solid, measured.adc_um2_s);
  std::vector<const Volume*> pointers;
  pointers.reserve(images.size());
  for (const Volume& image : images) pointers.push_back(&image);
  maps::DecayOptions options;
  options.mask = &solid;
  options.threads = 1;
  options.hold_slow_part = false;  // nothing is noisy here
  const maps::DecayMaps fit = maps::FitIvimKurtosis(pointers, protocol.b_values_s_mm2, options);
  measured.d_um2_s = MeanIn(fit.d_um2_s, solid);
  measured.kurtosis = MeanIn(fit.kurtosis, solid);
  measured.perfusion_fraction = MeanIn(fit.perfusion, solid);
  measured.dstar_um2_s = MeanIn(fit.dstar_um2_s, solid);
}

void MeasureDynamic(const Camera& camera, const Protocol& protocol, const LabelVolume& solid,
                    LesionMeasurement& measured) {
  std::vector<Volume> frames;
  for (const double time_s : protocol.frame_times_s) {
    physics::Sequence sequence = protocol.dynamic;
    sequence.after_injection_s = time_s - protocol.injection_s;
    frames.push_back(camera.Take(sequence));
  }
  std::vector<const Volume*> pointers;
  pointers.reserve(frames.size());
  for (const Volume& frame : frames) pointers.push_back(&frame);
  maps::DynamicOptions options;
  options.mask = &solid;
  options.threads = 1;
  options.arrival_s = protocol.injection_s - protocol.frame_times_s.front();
  const maps::DynamicMaps fit = maps::FitDynamic(pointers, protocol.frame_times_s, options);
  measured.washout_percent = MeanIn(fit.wash_out_percent, solid);
  measured.time_to_peak_s = MeanIn(fit.time_to_peak_s, solid);
}

void MeasureRelaxation(const Camera& camera, const Protocol& protocol, const LabelVolume& solid,
                       LesionMeasurement& measured) {
  physics::Sequence echo = protocol.t2;
  echo.kind = physics::SequenceKind::kSpinEcho;
  echo.te_ms = kFirstEchoMs;
  // A gain is for a sequence's own average tumour: it is divided out.
  const auto signal = [&](const physics::Sequence& sequence) {
    return MeanIn(camera.Take(sequence), solid) * physics::ReferenceSignal(protocol.field, sequence, 0);
  };
  const double first = signal(echo);
  echo.te_ms = kSecondEchoMs;
  measured.t2_ms = (kSecondEchoMs - kFirstEchoMs) / std::log(first / signal(echo));
  measured.enhancement = signal(protocol.t1c) / signal(protocol.t1) - 1;
}

}  // namespace

std::optional<LesionMeasurement> MeasureLargestLesion(const phantom::Patient& patient, const phantom::Priors& priors) {
  if (patient.lesions.empty()) return std::nullopt;
  const Protocol protocol = physics::DrawProtocol(
      patient, priors.acquisition,
      {.field = phantom::FieldStrength::k3T, .kind = physics::ProtocolKind::kExtended, .ideal = true});
  const Camera camera(patient, priors, protocol, AroundLesion(patient.lesions[0], protocol));
  const std::uint8_t tissue = phantom::LesionTissue(patient, 0, phantom::LesionPart::kSolid);
  // A rim as far as slice profile and readout reach; small lesions have no such voxel, and are measured without it.
  LabelVolume solid = PureVoxels(camera.map(), camera.grid(), tissue, 1);
  LesionMeasurement measured;
  measured.voxels = std::count(solid.voxels.begin(), solid.voxels.end(), 1);
  if (measured.voxels == 0) {
    solid = PureVoxels(camera.map(), camera.grid(), tissue, 0);
    measured.voxels = std::count(solid.voxels.begin(), solid.voxels.end(), 1);
  }
  if (measured.voxels == 0) return std::nullopt;
  MeasureDiffusion(camera, protocol, solid, measured);
  MeasureDynamic(camera, protocol, solid, measured);
  MeasureRelaxation(camera, protocol, solid, measured);
  return measured;
}

std::optional<LesionDistortion> MeasureDistortion(const phantom::Patient& patient, const phantom::Priors& priors) {
  if (patient.lesions.empty()) return std::nullopt;
  const Protocol protocol = physics::DrawProtocol(patient, priors.acquisition, {});
  const auto tissues = phantom::TissuesOf(patient, priors.normal, protocol.field);
  const Volume field = physics::FieldMapHz(patient, tissues, protocol.pose, protocol.field);
  const phantom::Lesion& lesion = patient.lesions[0];
  // Around the centre, half the lesion wide.
  Geometry inside;
  inside.size = {5, 5, 5};
  for (int axis = 0; axis < 3; ++axis) inside.spacing_mm[axis] = 0.125 * lesion.size_mm;
  const Vector3 centre = phantom::WorldFromHead(protocol.pose, lesion.centre_head);
  for (int axis = 0; axis < 3; ++axis) inside.origin_world[axis] = centre[axis] - 2 * inside.spacing_mm[axis];
  const Volume here = image::Resample(field, inside, image::Interpolation::kLinear);
  LesionDistortion distortion;
  const double pixel_mm = protocol.diffusion_grid.spacing_mm[1];
  const double hz_per_pixel =
      physics::EchoPlanarBandwidthHz(protocol.diffusion, static_cast<int>(protocol.diffusion_grid.size[1]));
  for (const float hz : here.voxels) {
    const auto count = static_cast<double>(here.voxels.size());
    distortion.field_hz += hz / count;
    distortion.shift_mm += std::abs(protocol.faults.field_factor * hz / hz_per_pixel) * pixel_mm / count;
  }
  return distortion;
}

}  // namespace parotis::audit
