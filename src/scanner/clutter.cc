#include "scanner/clutter.h"

#include <algorithm>
#include <cmath>

#include "image/resample.h"

namespace parotis::scanner {
namespace {

using dicom::MrVolume;
using image::Geometry;
using image::Volume;
using physics::Sequence;

Sequence Timed(double tr_ms, double te_ms) {
  Sequence sequence;
  sequence.tr_ms = tr_ms;
  sequence.te_ms = te_ms;
  return sequence;
}

// Square planes through the middle of `volume`.
Geometry PlaneGrid(const Geometry& volume, const image::Matrix3& direction, double pixel_mm, std::int64_t pixels,
                   double slice_mm, std::int64_t slices) {
  image::Vector3 middle{};
  for (int a = 0; a < 3; ++a) middle[a] = 0.5 * static_cast<double>(volume.size[a] - 1);
  const image::Vector3 centre = WorldFromVoxel(volume, middle);
  Geometry grid;
  grid.size = {pixels, pixels, slices};
  grid.spacing_mm = {pixel_mm, pixel_mm, slice_mm};
  grid.direction = direction;
  for (int r = 0; r < 3; ++r) {
    grid.origin_world[r] = centre[r];
    for (int a = 0; a < 3; ++a)
      grid.origin_world[r] -= direction[r][a] * grid.spacing_mm[a] * 0.5 * static_cast<double>(grid.size[a] - 1);
  }
  return grid;
}

constexpr image::Matrix3 kCoronal = {{{1, 0, 0}, {0, 0, 1}, {0, -1, 0}}};
constexpr image::Matrix3 kSagittal = {{{0, 0, -1}, {1, 0, 0}, {0, -1, 0}}};

MrVolume On(const Volume& source, const Geometry& grid) {
  Volume volume = image::Resample(source, grid, image::Interpolation::kLinear);
  for (float& value : volume.voxels) value = std::round(value);
  return NeutralImage(volume);
}

// What a patient who moves looks like: ghosts along phase encoding.
void Ghost(Volume& volume) {
  const std::int64_t columns = volume.geometry.size[0];
  for (std::size_t row = 0; row < volume.voxels.size(); row += static_cast<std::size_t>(columns)) {
    const auto first = volume.voxels.begin() + static_cast<std::ptrdiff_t>(row);
    const std::vector<float> still(first, first + columns);
    for (std::int64_t i = 0; i < columns; ++i) {
      const auto at = [&](std::int64_t shift) {
        return still[static_cast<std::size_t>((i + shift + columns) % columns)];
      };
      volume.voxels[row + static_cast<std::size_t>(i)] = std::round(0.6F * at(0) + 0.25F * at(9) + 0.15F * at(-17));
    }
  }
}

void Stop(Volume& volume) {
  auto& size = volume.geometry.size;
  size[2] = std::max<std::int64_t>(3, size[2] / 3);
  volume.voxels.resize(static_cast<std::size_t>(volume.geometry.voxel_count()));
}

DicomSeries& AddDerived(SeriesBuilder& builder, const char* description, const char* type, MrVolume volume) {
  const double slice_mm = volume.image.geometry.spacing_mm[2];
  DicomSeries& series = builder.Add(SeriesKind::kOther, description, builder.examination().protocol.t1c, slice_mm, 0);
  series.header.echo_train_length = 3;
  series.header.scan_options = {"FS"};
  series.header.acquisition_contrast = "T1";
  volume.image_type = {"DERIVED", "SECONDARY", type};
  series.volumes = {std::move(volume)};
  return series;
}

}  // namespace

Clutter DrawClutter(base::Random& random) {
  Clutter clutter;
  for (const auto& [part, share] : {std::pair{&Clutter::calibration, 0.4},
                                    {&Clutter::t2_fat_suppressed, 0.2},
                                    {&Clutter::stir_coronal, 0.6},
                                    {&Clutter::reformat, 0.3},
                                    {&Clutter::projection, 0.15},
                                    {&Clutter::subtraction, 0.3},
                                    {&Clutter::brain, 0.25},
                                    {&Clutter::spine, 0.2},
                                    {&Clutter::screenshot, 0.2},
                                    {&Clutter::phase, 0.15},
                                    {&Clutter::t2_repeated, 0.2},
                                    {&Clutter::diffusion_repeated, 0.15},
                                    {&Clutter::t1c_repeated, 0.15},
                                    {&Clutter::stopped, 0.5},
                                    {&Clutter::no_localizer, 0.1},
                                    {&Clutter::no_t1, 0.25}})
    clutter.*part = random.Chance(share);
  const double missing = random.Uniform();
  clutter.no_t2 = missing < 0.04;
  clutter.no_t1c = missing >= 0.04 && missing < 0.08;
  clutter.no_diffusion = missing >= 0.08 && missing < 0.12;
  return clutter;
}

void Spoil(DicomSeries& series, bool stopped) {
  series.role.clear();
  for (MrVolume& volume : series.volumes) {
    if (stopped) {
      Stop(volume.image);
    } else {
      Ghost(volume.image);
    }
  }
}

void AddCalibration(SeriesBuilder& builder) {
  const auto& examination = builder.examination();
  DicomSeries& series =
      builder.AddGradientEcho(SeriesKind::kOther, builder.site().names->calibration, Timed(200, 1.2), 8, 5, 10);
  const image::Matrix3 square = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  series.volumes = {On(examination.t2, PlaneGrid(examination.protocol.anatomy_grid, square, 7, 48, 8, 24))};
}

void AddFatSuppressedT2(SeriesBuilder& builder) {
  const auto& examination = builder.examination();
  DicomSeries& series =
      builder.Add(SeriesKind::kOther, builder.site().names->t2_fat_suppressed, examination.protocol.t2, 4, 220);
  series.header.echo_train_length = 15;
  series.header.scan_options = {"FS"};
  series.header.acquisition_contrast = "T2";
  series.volumes = {NeutralImage(examination.t2)};
}

void AddCoronalStir(SeriesBuilder& builder) {
  const auto& examination = builder.examination();
  DicomSeries& series = builder.Add(SeriesKind::kOther, builder.site().names->stir_coronal, Timed(4200, 60), 4, 190);
  series.header.scanning_sequence = {"SE", "IR"};
  series.header.inversion_time_ms = 220;
  series.header.echo_train_length = 12;
  series.header.acquisition_contrast = "STIR";
  series.volumes = {On(examination.t2, PlaneGrid(examination.protocol.anatomy_grid, kCoronal, 0.9, 200, 4, 22))};
}

void AddPhase(SeriesBuilder& builder) {
  const auto& examination = builder.examination();
  DicomSeries& series =
      builder.AddGradientEcho(SeriesKind::kOther, builder.site().names->phase, Timed(488, 7.4), 4, 60, 60);
  series.volumes = {NeutralImage(*examination.t1)};
  series.volumes.front().image_type = {"ORIGINAL", "PRIMARY", "P"};
}

// A slab 90 mm higher.
void AddBrain(SeriesBuilder& builder) {
  const auto& examination = builder.examination();
  DicomSeries& series = builder.Add(SeriesKind::kOther, builder.site().names->brain, Timed(9000, 120), 4, 160);
  series.header.scanning_sequence = {"SE", "IR"};
  series.header.inversion_time_ms = 2500;
  series.header.echo_train_length = 16;
  series.header.acquisition_contrast = "FLUID_ATTENUATED";
  series.volumes = {NeutralImage(examination.t2)};
  auto& grid = series.volumes.front().image.geometry;
  for (int r = 0; r < 3; ++r) grid.origin_world[r] += 90 * grid.direction[r][2];
}

void AddSpine(SeriesBuilder& builder) {
  const auto& examination = builder.examination();
  DicomSeries& series = builder.Add(SeriesKind::kOther, builder.site().names->spine, Timed(3200, 98), 3, 180);
  series.header.body_part = "CSPINE";
  series.header.echo_train_length = 17;
  series.header.acquisition_contrast = "T2";
  series.volumes = {On(examination.t2, PlaneGrid(examination.protocol.anatomy_grid, kSagittal, 0.9, 220, 3, 15))};
}

void AddReformat(SeriesBuilder& builder) {
  const auto& examination = builder.examination();
  AddDerived(builder, builder.site().names->reformat, "MPR",
             On(examination.t1c, PlaneGrid(examination.protocol.anatomy_grid, kCoronal, 0.9, 200, 3, 30)));
}

void AddProjection(SeriesBuilder& builder) {
  const Volume& source = builder.examination().t1c;
  Volume projection = source;
  const auto plane = static_cast<std::size_t>(source.geometry.size[0] * source.geometry.size[1]);
  const std::int64_t slices = source.geometry.size[2];
  for (std::int64_t k = 0; k < slices; ++k) {
    for (std::int64_t near = std::max<std::int64_t>(0, k - 2); near < std::min(slices, k + 3); ++near) {
      for (std::size_t p = 0; p < plane; ++p) {
        float& value = projection.voxels[plane * static_cast<std::size_t>(k) + p];
        value = std::max(value, source.voxels[plane * static_cast<std::size_t>(near) + p]);
      }
    }
  }
  AddDerived(builder, builder.site().names->projection, "MIP", NeutralImage(projection));
}

void AddSubtraction(SeriesBuilder& builder) {
  const auto& examination = builder.examination();
  MrVolume difference = NeutralImage(examination.t1c);
  for (std::size_t v = 0; v < difference.image.voxels.size(); ++v) {
    float& value = difference.image.voxels[v];
    value = std::max(0.0F, value - examination.t1->voxels[v]);
  }
  difference.derivation = "after contrast minus before";
  AddDerived(builder, builder.site().names->subtraction, "SUBTRACTION", std::move(difference));
}

void AddScreenshot(SeriesBuilder& builder) {
  const Volume& source = builder.examination().t1c;
  Volume one = source;
  one.geometry.size[2] = 1;
  one.voxels.resize(static_cast<std::size_t>(one.geometry.voxel_count()));
  DicomSeries& series =
      builder.Add(SeriesKind::kOther, builder.site().names->screenshot, builder.examination().protocol.t1c, 4, 0);
  series.screenshot = true;
  series.enhanced = false;
  series.volumes = {NeutralImage(one)};
}

}  // namespace parotis::scanner
