// Five landmarks of a patient, acquired along each of the 48 ways to lay axes, straight and oblique, with the slices
// sorted, shuffled and reversed: DICOM in, the network's grid, and NIfTI out must all leave them where they are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "dicom/index.h"
#include "image/nifti.h"
#include "intake/load_case.h"
#include "intake/select_study.h"
#include "prepare/prepare.h"
#include "tests/support/dicom_file.h"
#include "tests/support/geometries.h"
#include "tests/support/temporary_folder.h"

namespace parotis {
namespace {

using image::Geometry;
using image::Vector3;

enum class Order { kSorted, kShuffled, kReversed };

constexpr double kTolerance_mm = 1e-3;
constexpr int kLandmarks = 5;
constexpr float kFirstValue = 1001;  // of landmark 0; the rest of the patient is darker
const std::array<std::array<std::int64_t, 3>, kLandmarks> kVoxels = {
    {{2, 1, 0}, {7, 3, 1}, {4, 9, 3}, {8, 8, 5}, {1, 6, 6}}};

// A rotation by 17°, −23° and 31° about x, y and z: no axis stays near the body's.
image::Matrix3 Oblique() {
  const auto about = [](int axis, double degrees) {
    const double angle = degrees * 3.14159265358979323846 / 180;
    image::Matrix3 m = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    const int a = (axis + 1) % 3;
    const int b = (axis + 2) % 3;
    m[a][a] = m[b][b] = std::cos(angle);
    m[a][b] = -std::sin(angle);
    m[b][a] = std::sin(angle);
    return m;
  };
  const auto times = [](const image::Matrix3& x, const image::Matrix3& y) {
    image::Matrix3 product{};
    for (int r = 0; r < 3; ++r) {
      for (int c = 0; c < 3; ++c) {
        for (int n = 0; n < 3; ++n) product[r][c] += x[r][n] * y[n][c];
      }
    }
    return product;
  };
  return times(about(2, 31), times(about(1, -23), about(0, 17)));
}

// The acquisition's own axes, of either handedness: k counts the slices in the order in which they were taken.
Geometry AcquisitionGrid(const image::Matrix3& axes, bool oblique) {
  Geometry grid;
  grid.size = {10, 12, 7};
  grid.spacing_mm = {1.1, 0.9, 3.3};
  grid.origin_world = {-31.25, 17.5, 42.125};
  grid.direction = axes;
  if (!oblique) return grid;
  const image::Matrix3 rotation = Oblique();
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) {
      grid.direction[r][c] = 0;
      for (int n = 0; n < 3; ++n) grid.direction[r][c] += rotation[r][n] * axes[n][c];
    }
  }
  return grid;
}

image::Volume Anatomy(const Geometry& grid) {
  image::Volume volume(grid);
  for (std::size_t n = 0; n < volume.voxels.size(); ++n) volume.voxels[n] = static_cast<float>(100 + n % 97);
  for (int m = 0; m < kLandmarks; ++m)
    volume.At(kVoxels[m][0], kVoxels[m][1], kVoxels[m][2]) = kFirstValue + static_cast<float>(m);
  return volume;
}

// File names and instance numbers in the given order; neither may decide where a slice lies.
void WriteStack(const std::filesystem::path& folder, const image::Volume& anatomy, Order order) {
  const Geometry& grid = anatomy.geometry;
  std::vector<std::int64_t> slices;
  for (std::int64_t k = 0; k < grid.size[2]; ++k) slices.push_back(k);
  if (order == Order::kReversed) std::reverse(slices.begin(), slices.end());
  base::Random random(7);
  if (order == Order::kShuffled) random.Shuffle(slices);
  const auto& d = grid.direction;
  for (std::size_t n = 0; n < slices.size(); ++n) {
    const std::int64_t k = slices[n];
    const Vector3 p = image::WorldFromVoxel(grid, {0, 0, static_cast<double>(k)});
    test::DicomItem item = test::MrSlice(static_cast<int>(n) + 1, 0);
    item.Set(0x0008, 0x103e, "LO", "t2_tse").Set(0x0018, 0x0050, "DS", "3.3");
    item.Set(0x0020, 0x0032, "DS", fmt::format("{:.9g}\\{:.9g}\\{:.9g}", p[0], p[1], p[2]));
    item.Set(0x0020, 0x0037, "DS",
             fmt::format("{:.10g}\\{:.10g}\\{:.10g}\\{:.10g}\\{:.10g}\\{:.10g}", d[0][0], d[1][0], d[2][0], d[0][1],
                         d[1][1], d[2][1]));
    item.Set(0x0028, 0x0030, "DS", fmt::format("{}\\{}", grid.spacing_mm[1], grid.spacing_mm[0]));
    item.SetUs(0x0028, 0x0010, static_cast<int>(grid.size[1])).SetUs(0x0028, 0x0011, static_cast<int>(grid.size[0]));
    std::string pixels;
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i)
        pixels += test::LittleEndian(static_cast<std::uint32_t>(anatomy.At(i, j, k)), 2);
    }
    item.Set(0x7fe0, 0x0010, "OW", pixels);
    test::WriteDicom(folder / fmt::format("{:03}", n), item);
  }
}

// Where the voxels with the landmarks' values lie, and NaN for one that is gone.
std::array<Vector3, kLandmarks> Found(const Geometry& grid, const float* values) {
  std::array<Vector3, kLandmarks> places;
  places.fill({NAN, NAN, NAN});
  for (std::int64_t n = 0; n < grid.voxel_count(); ++n) {
    const float landmark = values[n] - kFirstValue;
    if (landmark < 0 || landmark >= kLandmarks || landmark != std::floor(landmark)) continue;
    const std::int64_t i = n % grid.size[0];
    const std::int64_t j = n / grid.size[0] % grid.size[1];
    const std::int64_t k = n / grid.size[0] / grid.size[1];
    places[static_cast<std::size_t>(landmark)] =
        image::WorldFromVoxel(grid, {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
  }
  return places;
}

double ErrorMm(const std::array<Vector3, kLandmarks>& found, const Geometry& truth) {
  double worst = 0;
  for (int m = 0; m < kLandmarks; ++m) {
    const Vector3 expected = image::WorldFromVoxel(
        truth,
        {static_cast<double>(kVoxels[m][0]), static_cast<double>(kVoxels[m][1]), static_cast<double>(kVoxels[m][2])});
    double squares = 0;
    for (int a = 0; a < 3; ++a) squares += std::pow(found[m][a] - expected[a], 2);
    worst = std::isnan(squares) ? INFINITY : std::max(worst, std::sqrt(squares));
  }
  return worst;
}

plan::Plan PlanOfThisGrid() {
  plan::Plan plan;
  plan.labels = {"background", "a", "b", "c", "d", "e"};
  plan.channels = {{"T2", plan::Normalisation::kNone, 0, 1}};
  // No coarser than the acquisition along any axis: a network of thick slices loses single voxels by design.
  plan.preparation.spacing_mm = {0.5, 0.5, 0.9};
  plan.preparation.crop = plan::CropRule::kNone;
  return plan;
}

// The landmarks as the network would label them, brought back to the case's grid.
image::Volume Predicted(const dataset::Case& examination) {
  dataset::Case labelled = examination;
  labelled.truth.emplace(examination.grid);
  for (std::size_t n = 0; n < labelled.truth->voxels.size(); ++n) {
    const float landmark = examination.channels[0].voxels[n] - kFirstValue;
    if (landmark >= 0) labelled.truth->voxels[n] = static_cast<std::uint8_t>(landmark + 1);
  }
  const prepare::PreparedCase prepared = prepare::Prepare(labelled, PlanOfThisGrid(), {"T2"});
  std::vector<float> probabilities((kLandmarks + 1) * prepared.labels.size());
  for (std::size_t n = 0; n < prepared.labels.size(); ++n)
    probabilities[prepared.labels[n] * prepared.labels.size() + n] = 1;
  const auto restored = prepare::Restore(prepared, probabilities, kLandmarks + 1);
  // The peak of a landmark's probability becomes its value: the in-plane resolution of the network is another.
  image::Volume map(examination.grid);
  for (int m = 0; m < kLandmarks; ++m) {
    const auto& voxels = restored[static_cast<std::size_t>(m) + 1].voxels;
    const auto peak = std::max_element(voxels.begin(), voxels.end());
    if (*peak > 0) map.voxels[static_cast<std::size_t>(peak - voxels.begin())] = kFirstValue + static_cast<float>(m);
  }
  return map;
}

class Torture : public testing::TestWithParam<std::tuple<bool, Order>> {};

TEST_P(Torture, FiveLandmarksStayWhereTheyAreThroughImportNetworkGridAndNifti) {
  const auto [oblique, order] = GetParam();
  int orientations = 0;
  for (const image::Matrix3& axes : test::AxisOrientations()) {
    const test::TemporaryFolder folder;
    const image::Volume anatomy = Anatomy(AcquisitionGrid(axes, oblique));
    WriteStack(folder.path() / "in", anatomy, order);
    const dicom::Index index = dicom::IndexDicom(folder.path() / "in");
    const dataset::Case loaded = intake::LoadCase(intake::SelectStudy(index, "in"), {"T2"});
    EXPECT_LE(ErrorMm(Found(loaded.grid, loaded.channels[0].voxels.data()), anatomy.geometry), kTolerance_mm);
    const image::Volume predicted = Predicted(loaded);
    EXPECT_LE(ErrorMm(Found(predicted.geometry, predicted.voxels.data()), anatomy.geometry), kTolerance_mm);
    image::WriteNifti(folder.path() / "out.nii.gz", predicted);
    const image::Volume read = image::ReadNifti(folder.path() / "out.nii.gz");
    EXPECT_LE(ErrorMm(Found(read.geometry, read.voxels.data()), anatomy.geometry), kTolerance_mm);
    ++orientations;
  }
  EXPECT_EQ(orientations, 48);
}

INSTANTIATE_TEST_SUITE_P(All, Torture,
                         testing::Combine(testing::Bool(),
                                          testing::Values(Order::kSorted, Order::kShuffled, Order::kReversed)));

// NIfTI files written by others come in all 48 orientations, with sform, qform or both.
TEST(Torture, NiftiOfAnyOrientationGivesTheSamePlaces) {
  for (const bool oblique : {false, true}) {
    for (const image::Matrix3& axes : test::AxisOrientations()) {
      const test::TemporaryFolder folder;
      const image::Volume anatomy = Anatomy(AcquisitionGrid(axes, oblique));
      image::WriteNifti(folder.path() / "x.nii", anatomy);
      std::string bytes = base::ReadFile(folder.path() / "x.nii");
      for (const int erased_code_offset : {0, 252, 254}) {  // none, qform_code, sform_code
        std::string file = bytes;
        if (erased_code_offset > 0) file[static_cast<std::size_t>(erased_code_offset)] = 0;
        base::WriteFile(folder.path() / "y.nii", std::string_view(file));
        const image::Volume read = image::ReadNifti(folder.path() / "y.nii");
        EXPECT_LE(ErrorMm(Found(read.geometry, read.voxels.data()), anatomy.geometry), kTolerance_mm);
      }
    }
  }
}

}  // namespace
}  // namespace parotis
