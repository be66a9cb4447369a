#include "physics/scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "dataset/participants.h"
#include "image/resample.h"
#include "phantom/anatomy.h"
#include "physics/acquire.h"
#include "physics/contact_sheet.h"
#include "physics/faults.h"
#include "physics/field_map.h"

namespace parotis::physics {
namespace {

using dataset::Side;

Examination ScanOf(std::int64_t index, const std::string& diagnosis, std::uint64_t seed = 21) {
  return Scan(phantom::DrawPatient(phantom::DefaultPriors(), seed, index, diagnosis), phantom::DefaultPriors(), {});
}

double MedianIn(const image::Volume& volume, const image::LabelVolume& mask) {
  std::vector<float> values;
  for (std::size_t v = 0; v < mask.voxels.size(); ++v) {
    if (mask.voxels[v] == 1) values.push_back(volume.voxels[v]);
  }
  EXPECT_FALSE(values.empty());
  std::nth_element(values.begin(), values.begin() + static_cast<std::int64_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

TEST(Scan, IsTheSameWhateverElseIsScannedBesideIt) {
  const Examination alone = ScanOf(2, "warthin");
  std::vector<Examination> crowd(4);
  base::ParallelFor(4, 4, [&](std::int64_t k) { crowd[static_cast<std::size_t>(k)] = ScanOf(k, "warthin"); });
  EXPECT_EQ(alone.t2.voxels, crowd[2].t2.voxels);
  EXPECT_EQ(alone.TraceAt(1000).voxels, crowd[2].TraceAt(1000).voxels);
  EXPECT_EQ(alone.lesions.voxels, crowd[2].lesions.voxels);
  EXPECT_NE(alone.t2.voxels, crowd[1].t2.voxels);
}

TEST(Scan, LeftLesionsLieToTheLeftOfTheMidline) {
  for (int k = 0; k < 6; ++k) {
    const Examination examination = ScanOf(k, k % 2 == 0 ? "pleomorphic" : "malignant");
    for (std::size_t v = 0; v < examination.lesions.voxels.size(); ++v) {
      const std::uint8_t lesion = examination.lesions.voxels[v];
      if (lesion == 0) continue;
      const auto& size = examination.lesions.geometry.size;
      const auto at = static_cast<std::int64_t>(v);
      const image::Vector3 index = {static_cast<double>(at % size[0]), static_cast<double>(at / size[0] % size[1]),
                                    static_cast<double>(at / (size[0] * size[1]))};
      const image::Vector3 world = WorldFromVoxel(examination.lesions.geometry, index);
      // LPS: +x is the patient's left.
      const double from_midline_mm = world[0] - examination.protocol.pose.origin_world[0];
      const bool left = examination.patient.lesions[lesion - 1].side == Side::kLeft;
      ASSERT_GT(left ? from_midline_mm : -from_midline_mm, 5);
    }
  }
}

TEST(Scan, EveryLesionIsInTheTruthAtItsDrawnPlaceAndSize) {
  for (int k = 0; k < 8; ++k) {
    const Examination examination = ScanOf(k, "warthin");
    const auto& grid = examination.lesions.geometry;
    for (std::size_t l = 0; l < examination.patient.lesions.size(); ++l) {
      const phantom::Lesion& lesion = examination.patient.lesions[l];
      const auto count = std::count(examination.lesions.voxels.begin(), examination.lesions.voxels.end(), l + 1);
      const double volume_mm3 = static_cast<double>(count) * grid.voxel_volume_mm3();
      const double drawn_mm3 = 4.0 / 3 * 3.14159 * lesion.radii_mm[0] * lesion.radii_mm[1] * lesion.radii_mm[2];
      EXPECT_GT(volume_mm3, 0.5 * drawn_mm3) << "patient " << k << " lesion " << l;
      EXPECT_LT(volume_mm3, 1.6 * drawn_mm3) << "patient " << k << " lesion " << l;
      const auto centre = VoxelFromWorld(grid, phantom::WorldFromHead(examination.protocol.pose, lesion.centre_head));
      EXPECT_EQ(examination.lesions.At(std::llround(centre[0]), std::llround(centre[1]), std::llround(centre[2])),
                l + 1);
    }
  }
}

// The gland closes around its tumours: just outside a tumour lies gland more often than anything else but fat.
TEST(Scan, TumoursLieInTheGland) {
  for (int k = 0; k < 4; ++k) {
    phantom::Patient patient = phantom::DrawPatient(phantom::DefaultPriors(), 31, k, "pleomorphic");
    const Protocol protocol = DrawProtocol(patient, {}, {});
    patient.lesions.clear();
    const phantom::TissueMap healthy = phantom::PaintPatient(patient, protocol.anatomy_grid, protocol.pose);
    const phantom::Lesion lesion = phantom::DrawPatient(phantom::DefaultPriors(), 31, k, "pleomorphic").lesions[0];
    double nearest_mm = 1e9;
    const auto& size = healthy.grid.size;
    for (std::int64_t z = 0; z < size[2]; ++z) {
      for (std::int64_t y = 0; y < size[1]; ++y) {
        for (std::int64_t x = 0; x < size[0]; ++x) {
          const auto v = static_cast<std::size_t>((z * size[1] + y) * size[0] + x);
          if (healthy.upper[v] != phantom::kParotid || healthy.fraction[v] < 128) continue;
          const auto head =
              phantom::HeadFromWorld(protocol.pose, WorldFromVoxel(healthy.grid, {double(x), double(y), double(z)}));
          nearest_mm = std::min(nearest_mm, std::hypot(head[0] - lesion.centre_head[0], head[1] - lesion.centre_head[1],
                                                       head[2] - lesion.centre_head[2]));
        }
      }
    }
    EXPECT_LT(nearest_mm, 0.5 * lesion.size_mm) << "patient " << k;
  }
}

TEST(Scan, MeasuredAdcIsTheDrawnOne) {
  for (const auto& [k, diagnosis] : {std::pair{1, "warthin"}, {2, "pleomorphic"}, {3, "malignant"}}) {
    phantom::Patient patient = phantom::DrawPatient(phantom::DefaultPriors(), 8, k, diagnosis);
    patient.lesions.resize(1);
    patient.lesions[0].cysts = phantom::Cysts::kNone;
    const Examination examination = Scan(patient, phantom::DefaultPriors(), {.ideal = true});
    const dataset::Case as_case = ToCase(examination, phantom::DefaultPriors());
    EXPECT_NEAR(MedianIn(*as_case.Find(dataset::kAdc), examination.lesions) / patient.lesions[0].adc_um2_s, 1, 0.12)
        << diagnosis;
  }
}

TEST(Scan, SignalFallsWithDiffusionWeighting) {
  const Examination examination = ScanOf(4, "malignant");
  const dataset::Case as_case = ToCase(examination, phantom::DefaultPriors());
  const double b0 = MedianIn(*as_case.Find(dataset::kB0), examination.lesions);
  const double b1000 = MedianIn(*as_case.Find(dataset::kB1000), examination.lesions);
  EXPECT_LT(b1000, 0.75 * b0);
  EXPECT_GT(b1000, 0.05 * b0);
}

TEST(Scan, DiffusionSharesSlicesWithTheAnatomyOnACoarserGrid) {
  const Protocol protocol = DrawProtocol(phantom::DrawPatient(phantom::DefaultPriors(), 1, 0, "tumour_free"), {}, {});
  EXPECT_EQ(protocol.anatomy_grid.size[2], protocol.diffusion_grid.size[2]);
  EXPECT_GT(protocol.diffusion_grid.spacing_mm[0], 2 * protocol.anatomy_grid.spacing_mm[0]);
  const auto middle = [](const image::Geometry& grid) {
    return WorldFromVoxel(
        grid, {(double(grid.size[0]) - 1) / 2, (double(grid.size[1]) - 1) / 2, (double(grid.size[2]) - 1) / 2});
  };
  for (int axis = 0; axis < 3; ++axis)
    EXPECT_NEAR(middle(protocol.anatomy_grid)[axis], middle(protocol.diffusion_grid)[axis], 1e-3);
}

TEST(Scan, SomeExaminationsAreOblique) {
  int oblique = 0;
  for (int k = 0; k < 50; ++k) {
    const auto& direction = DrawProtocol(phantom::DrawPatient(phantom::DefaultPriors(), 1, k, "tumour_free"), {}, {})
                                .anatomy_grid.direction;
    oblique += direction[2][2] < 0.99999 ? 1 : 0;
  }
  EXPECT_GT(oblique, 8);
  EXPECT_LT(oblique, 35);
}

TEST(Scan, ACaseCarriesFiveChannelsAndItsClassAsLabel) {
  const dataset::Case as_case = ToCase(ScanOf(5, "malignant"), phantom::DefaultPriors());
  dataset::CheckCase(as_case);
  EXPECT_THAT(as_case.channel_names, testing::ElementsAre("T2", "T1C", "B0", "B1000", "ADC"));
  EXPECT_EQ(*std::max_element(as_case.truth->voxels.begin(), as_case.truth->voxels.end()), 3);
  EXPECT_EQ(phantom::DefaultPriors().tumours[2].name, "malignant");
  const dataset::Case warthin = ToCase(ScanOf(5, "warthin"), phantom::DefaultPriors());
  EXPECT_EQ(*std::max_element(warthin.truth->voxels.begin(), warthin.truth->voxels.end()), 1);
}

TEST(Scan, ATumourFreePatientHasAnEmptyTruthAndNoLesionValues) {
  const Examination examination = ScanOf(6, dataset::kTumourFree);
  EXPECT_EQ(std::count(examination.lesions.voxels.begin(), examination.lesions.voxels.end(), 0),
            examination.lesions.geometry.voxel_count());
  const dataset::Participant participant = ToParticipant(examination);
  EXPECT_EQ(participant.diagnosis, dataset::kTumourFree);
  EXPECT_EQ(participant.columns.at("lesion_adc_um2_s"), "");
}

TEST(Scan, ParticipantsNameWhatWasDrawn) {
  const Examination examination = ScanOf(7, "pleomorphic");
  const auto columns = ToParticipant(examination).columns;
  const phantom::Lesion& lesion = examination.patient.lesions[0];
  EXPECT_NEAR(std::stod(columns.at("lesion_adc_um2_s")), lesion.adc_um2_s, 0.06);
  EXPECT_NEAR(std::stod(columns.at("size_mm")), lesion.size_mm, 0.06);
  EXPECT_EQ(columns.at("side"), dataset::NameOf(lesion.side));
  EXPECT_EQ(columns.at("n_lesions"), std::to_string(examination.patient.lesions.size()));
}

TEST(Scan, LowerFieldHasMoreNoise) {
  const phantom::Patient patient = phantom::DrawPatient(phantom::DefaultPriors(), 1, 0, "tumour_free");
  EXPECT_LT(DrawProtocol(patient, {}, {.field = phantom::FieldStrength::k15T}).snr_b0,
            DrawProtocol(patient, {}, {.field = phantom::FieldStrength::k3T}).snr_b0);
}

double Correlation(const image::Volume& a, const image::Volume& b) {
  double sum_a = 0, sum_b = 0, aa = 0, bb = 0, ab = 0;
  const auto n = static_cast<double>(a.voxels.size());
  for (std::size_t v = 0; v < a.voxels.size(); ++v) {
    const double x = a.voxels[v], y = b.voxels[v];
    sum_a += x, sum_b += y, aa += x * x, bb += y * y, ab += x * y;
  }
  return (ab - sum_a * sum_b / n) / std::sqrt((aa - sum_a * sum_a / n) * (bb - sum_b * sum_b / n));
}

// A patient who moved is the patient painted where he then lay.
TEST(Scan, MotionBetweenSeriesIsTheOneThatIsStated) {
  const phantom::Patient patient = phantom::DrawPatient(phantom::DefaultPriors(), 12, 1, "warthin");
  const Protocol protocol = DrawProtocol(patient, {}, {.field = phantom::FieldStrength::k3T, .ideal = true});
  const auto tissues = phantom::TissuesOf(patient, phantom::DefaultPriors().normal, protocol.field);
  const image::Geometry& grid = protocol.anatomy_grid;
  const image::AffineMap motion = RigidMotion({0.6, 0, 0.8}, 4, protocol.pose.origin_world, {2, -3, 1});
  const auto take = [&](const phantom::HeadPose& pose, const Conditions& conditions) {
    const phantom::TissueMap map = phantom::PaintPatient(patient, FineGrid(grid), pose);
    return Acquire(map, tissues, {protocol.t2, 0, 1000, 1}, protocol, grid, base::Random(1), conditions);
  };
  phantom::HeadPose moved = protocol.pose;
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) {
      moved.rotation[r][c] = 0;
      for (int n = 0; n < 3; ++n) moved.rotation[r][c] += motion.matrix[r][n] * protocol.pose.rotation[n][c];
    }
  }
  moved.origin_world = Mapped(motion, protocol.pose.origin_world);
  const image::Volume painted = take(moved, {});
  EXPECT_GT(Correlation(take(protocol.pose, {.motion = motion}), painted), 0.985);
  EXPECT_LT(Correlation(take(protocol.pose, {}), painted), 0.95);
}

// The distorted image is the still one, moved by the field that the examination says it had.
TEST(Scan, TheStatedFieldExplainsTheDistortion) {
  const phantom::Patient patient = phantom::DrawPatient(phantom::DefaultPriors(), 14, 2, "pleomorphic");
  Protocol protocol = DrawProtocol(patient, {}, {.field = phantom::FieldStrength::k3T, .ideal = true});
  const auto tissues = phantom::TissuesOf(patient, phantom::DefaultPriors().normal, protocol.field);
  const phantom::TissueMap map = phantom::PaintPatient(patient, FineGrid(protocol.anatomy_grid), protocol.pose);
  const image::Volume field = FieldMapHz(patient, tissues, protocol.pose, protocol.field);
  const image::Geometry& grid = protocol.diffusion_grid;
  const auto take = [&](const Conditions& conditions) {
    return Acquire(map, tissues, {protocol.diffusion, 0, 1000, 1}, protocol, grid, base::Random(1), conditions);
  };
  image::Volume still = take({});
  const auto on_slices = FieldOnSlices(field, map.grid, {}, 1);
  const image::Volume bent = take({.field_hz = on_slices});
  // I(y) = I'(y + d(y)) · (1 + d'(y)), d the field over the bandwidth of a pixel.
  const double pixels_per_hz = 1 / EchoPlanarBandwidthHz(protocol.diffusion, static_cast<int>(grid.size[1]));
  const image::Volume here = image::Resample(field, grid, image::Interpolation::kLinear);
  image::Volume restored(grid), beside = bent;
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 1; j + 1 < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i) {
        const double shift = pixels_per_hz * here.At(i, j, k);
        const double stretch = 1 + pixels_per_hz * 0.5 * (here.At(i, j + 1, k) - here.At(i, j - 1, k));
        // Beside metal and sinuses the image folds, and no field brings it back; of air nothing is known.
        if (stretch < 0.6 || stretch > 1.5 || still.At(i, j, k) < 50) {
          still.At(i, j, k) = beside.At(i, j, k) = 0;
          continue;
        }
        const double at = std::clamp(static_cast<double>(j) + shift, 0.0, static_cast<double>(grid.size[1]) - 1.001);
        const auto low = static_cast<std::int64_t>(at);
        const double way = at - static_cast<double>(low);
        restored.At(i, j, k) =
            static_cast<float>(stretch * ((1 - way) * bent.At(i, low, k) + way * bent.At(i, low + 1, k)));
      }
    }
  }
  EXPECT_GT(Correlation(restored, still), 0.95) << "1 but for the interpolation between pixels of 1.7 mm";
  EXPECT_GT(Correlation(restored, still), Correlation(beside, still) + 0.02);
}

// What D, K and wash-out maps of a noisy extended examination show in a tumour is what the tumour has, within the
// scatter that the noise leaves in a mean over its voxels.
TEST(Scan, FittedMapsAgreeWithTheTruth) {
  phantom::Priors priors = phantom::DefaultPriors();
  priors.acquisition.unusable_diffusion = 0;
  priors.acquisition.motion_mm = {0.05, 0.02};
  priors.acquisition.motion_deg = {0.05, 0.02};
  phantom::Patient patient = phantom::DrawPatient(priors, 16, 3, "warthin");
  patient.lesions.resize(1);
  phantom::Lesion& lesion = patient.lesions[0];
  lesion.cysts = phantom::Cysts::kNone;
  lesion.necrosis = lesion.haemorrhage = lesion.capsule = false;
  const Examination examination =
      Scan(patient, priors, {.field = phantom::FieldStrength::k3T, .kind = ProtocolKind::kExtended});
  const dataset::Case as_case = ToCase(examination, priors);
  // The truth without its rim: partial volume is not what is tested.
  image::LabelVolume inner = examination.lesions;
  const auto& size = inner.geometry.size;
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 3; j + 3 < size[1]; ++j) {
      for (std::int64_t i = 3; i + 3 < size[0]; ++i) {
        for (int d = -3; d <= 3; ++d) {
          if (examination.lesions.At(i + d, j, k) != 1 || examination.lesions.At(i, j + d, k) != 1)
            inner.At(i, j, k) = 0;
        }
      }
    }
  }
  EXPECT_NEAR(MedianIn(*as_case.Find(dataset::kDiffusivity), inner) / lesion.diffusion.diffusivity_um2_s, 1, 0.12);
  EXPECT_NEAR(MedianIn(*as_case.Find(dataset::kKurtosis), inner), lesion.diffusion.kurtosis, 0.25);
  EXPECT_NEAR(MedianIn(*as_case.Find(dataset::kPerfusionFraction), inner), lesion.diffusion.perfusion_fraction, 0.06);
  EXPECT_NEAR(MedianIn(*as_case.Find(dataset::kWashOut), inner), phantom::ShapeOf(lesion.kinetics).washout_percent, 6);
}

TEST(ContactSheet, HasOneRowPerCaseAndOneColumnPerChannel) {
  dataset::Case small;
  small.grid.size = {4, 3, 2};
  small.channel_names = {"T2", "ADC"};
  small.channels = {image::Volume(small.grid, 1.0f), image::Volume(small.grid, 2.0f)};
  const image::Picture row = ContactRow(small, 2);
  EXPECT_EQ(row.width, 16);
  const image::Picture sheet = Stack({row, row, row});
  EXPECT_EQ(sheet.height, 18);
  EXPECT_EQ(sheet.width, 16);
}

}  // namespace
}  // namespace parotis::physics
