// What defacing removes and what it spares (docs/results/defacing.md).
//   parotis_bench_deface cohort PATIENTS        synthetic patients, in many poses and with spoilt images
//   parotis_bench_deface picture FILE.png       three synthetic patients before and after, in sections and from the
//   front parotis_bench_deface look FOLDER FILE...    what is seen of a face in images, and FOLDER/FILE without it
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/parallel.h"
#include "image/nifti.h"
#include "image/png.h"
#include "image/resample.h"
#include "image/threshold.h"
#include "privacy/deface.h"
#include "tests/support/face_phantom.h"

namespace {

using namespace parotis;
namespace fs = std::filesystem;

struct Kind {
  std::string name;
  test::FaceVariation variation;
};

std::vector<Kind> Kinds() {
  std::vector<Kind> kinds = {{"T2, 3 T", {}}};
  const auto add = [&](const std::string& name, const auto& change) {
    kinds.push_back({name, {}});
    change(kinds.back().variation);
  };
  add("T2, 1.5 T", [](auto& v) { v.field = phantom::FieldStrength::k15T; });
  add("T1C, fat-suppressed", [](auto& v) { v.after_contrast = true; });
  add("chin on the chest, 15 degrees", [](auto& v) { v.nod_deg = 15; });
  add("chin up, 15 degrees", [](auto& v) { v.nod_deg = -15; });
  add("turned aside, 12 degrees", [](auto& v) { v.turn_deg = 12; });
  add("tilted to a shoulder, 10 degrees", [](auto& v) { v.tilt_deg = 10; });
  add("head of a child, 80 %", [](auto& v) { v.size = 0.8; });
  add("large head, 110 %", [](auto& v) { v.size = 1.1; });
  add("ghost of 10 %", [](auto& v) { v.ghost = 0.1; });
  add("ghost of 30 %", [](auto& v) { v.ghost = 0.3; });
  add("four times the noise", [](auto& v) { v.more_noise = 4; });
  return kinds;
}

struct Result {
  bool flagged = false, defaced = false;
  test::Touched surface, gland, tumour;
};

Result Run(const Kind& kind, std::int64_t index) {
  const test::FacePhantom made = test::MakeFacePhantom(101, index, kind.variation);
  const auto [face, skin] = privacy::FindFace(made.image);
  Result result;
  result.flagged = face.recognisable();
  result.defaced = face.frame.has_value();
  image::LabelVolume removed(made.image.geometry);
  if (face.frame) removed = privacy::FaceRegion(face, skin).On(made.image.geometry);
  result.surface = test::CountTouched(made.surface, removed);
  result.gland = test::CountTouched(made.gland, removed);
  result.tumour = test::CountTouched(made.tumour, removed);
  return result;
}

void Cohort(std::int64_t patients) {
  fmt::print(
      "| images | flagged | defaced | surface removed: mean, least | below 90 % | gland voxels touched | tumour voxels "
      "touched |\n|---|---|---|---|---|---|---|\n");
  for (const Kind& kind : Kinds()) {
    std::vector<Result> results(static_cast<std::size_t>(patients));
    base::ParallelFor(patients, 0, [&](std::int64_t i) { results[static_cast<std::size_t>(i)] = Run(kind, i); });
    int flagged = 0, defaced = 0, below = 0;
    double sum = 0, least = 1;
    std::int64_t gland = 0, glands = 0, tumour = 0, tumours = 0;
    for (const Result& r : results) {
      flagged += r.flagged, defaced += r.defaced;
      const double share = r.surface.share();
      sum += share, least = std::min(least, share), below += share < 0.9;
      gland += r.gland.removed, glands += r.gland.all, tumour += r.tumour.removed, tumours += r.tumour.all;
    }
    fmt::print("| {} | {} of {} | {} | {:.1f} %, {:.1f} % | {} | {} of {} | {} of {} |\n", kind.name, flagged, patients,
               defaced, 100 * sum / static_cast<double>(patients), 100 * least, below, gland, glands, tumour, tumours);
  }
}

constexpr int kPanel = 200;  // pixels; 1 mm each

// `grey` of a place in mm from the panel's middle, up being positive.
void Fill(image::Picture& picture, int panel, int row, const std::function<double(double, double)>& grey) {
  for (int y = 0; y < kPanel; ++y) {
    for (int x = 0; x < kPanel; ++x) {
      const double value = grey(x - 0.5 * kPanel, 0.5 * kPanel - y);
      const auto level = static_cast<std::uint8_t>(255 * std::clamp(value, 0.0, 1.0));
      picture.Set(panel * kPanel + x, row * kPanel + y, {level, level, level});
    }
  }
}

// The first body met from the front, lit from there: what a rendering shows.
std::vector<double> Rendered(const privacy::Skin& skin) {
  const auto& size = skin.grid().size;
  const auto nx = static_cast<std::size_t>(size[0]), nz = static_cast<std::size_t>(size[2]);
  std::vector<double> depth(nx * nz, -1), light(nx * nz, 0);
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t i = 0; i < size[0]; ++i) {
      for (std::int64_t j = size[1] - 1; j >= 0; --j) {
        if (skin.Body(i, j, k)) depth[static_cast<std::size_t>(k * size[0] + i)] = static_cast<double>(j);
      }
    }
  }
  for (std::size_t k = 1; k + 1 < nz; ++k) {
    for (std::size_t i = 1; i + 1 < nx; ++i) {
      const std::size_t at = k * nx + i;
      if (depth[at] < 0) continue;
      const double across = 0.5 * (depth[at + 1] - depth[at - 1]), up = 0.5 * (depth[at + nx] - depth[at - nx]);
      light[at] = (1 - 0.004 * depth[at]) / std::sqrt(1 + across * across + up * up);
    }
  }
  return light;
}

void DrawRow(image::Picture& picture, int first, int row, const image::Volume& volume, double bright) {
  const privacy::Skin skin = privacy::FindSkin(volume);
  const image::Geometry& grid = skin.grid();
  const image::Volume on_grid = image::Resample(volume, grid, image::Interpolation::kLinear);
  image::Vector3 middle{};
  for (int a = 0; a < 3; ++a) middle[a] = 0.5 * static_cast<double>(grid.size[a] - 1);
  const auto at = [&](double x_mm, double y_mm, double z_mm) {
    const std::array<double, 3> mm = {x_mm, y_mm, z_mm};
    std::array<std::int64_t, 3> index{};
    for (int a = 0; a < 3; ++a) {
      index[a] = std::llround(middle[a] + mm[a] / grid.spacing_mm[a]);
      if (index[a] < 0 || index[a] >= grid.size[a]) return 0.0;
    }
    return std::sqrt(on_grid.At(index[0], index[1], index[2]) / bright);
  };
  const std::vector<double> light = Rendered(skin);
  Fill(picture, first, row, [&](double x, double up) { return at(x, -up, 10); });
  Fill(picture, first + 1, row, [&](double x, double up) { return at(0, x, up); });
  Fill(picture, first + 2, row, [&](double x, double up) { return at(x, -75, up); });
  Fill(picture, first + 3, row, [&](double x, double up) {
    const std::int64_t i = std::llround(middle[0] + x / grid.spacing_mm[0]);
    const std::int64_t k = std::llround(middle[2] + up / grid.spacing_mm[2]);
    if (i < 0 || k < 0 || i >= grid.size[0] || k >= grid.size[2]) return 0.0;
    return light[static_cast<std::size_t>(k * grid.size[0] + i)];
  });
}

// Axial, sagittal and coronal section and the view from the front; left before, right after.
void DrawPicture(const fs::path& file) {
  const std::vector<test::FaceVariation> variations = {{}, {.nod_deg = -10}, {.size = 0.85}};
  image::Picture picture(8 * kPanel, static_cast<int>(variations.size()) * kPanel);
  for (std::size_t n = 0; n < variations.size(); ++n) {
    image::Volume volume = test::MakeFacePhantom(101, static_cast<std::int64_t>(n), variations[n]).image;
    const auto [face, skin] = privacy::FindFace(volume);
    const double bright = image::Quantiles(volume.voxels, std::array{0.995})[0];
    DrawRow(picture, 0, static_cast<int>(n), volume, bright);
    const image::LabelVolume removed = privacy::FaceRegion(face, skin).On(volume.geometry);
    for (std::size_t v = 0; v < removed.voxels.size(); ++v) {
      if (removed.voxels[v] != 0) volume.voxels[v] = 0;
    }
    DrawRow(picture, 4, static_cast<int>(n), volume, bright);
  }
  base::WriteFile(file, image::EncodePng(picture));
}

void Look(const fs::path& folder, const fs::path& file) {
  image::Volume volume = image::ReadNiftiSeries(file).front();
  const auto [face, skin] = privacy::FindFace(volume);
  fmt::print("{:<24} {} {}\n", file.filename().string(), face.recognisable() ? "FACE" : "----",
             privacy::Describe(face));
  if (!face.frame) return;
  const image::LabelVolume removed = privacy::FaceRegion(face, skin).On(volume.geometry);
  for (std::size_t v = 0; v < removed.voxels.size(); ++v) {
    if (removed.voxels[v] != 0) volume.voxels[v] = 0;
  }
  image::WriteNifti(folder / file.filename(), volume);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() == 2 && arguments[0] == "cohort") {
    Cohort(std::stoll(arguments[1]));
  } else if (arguments.size() == 2 && arguments[0] == "picture") {
    DrawPicture(arguments[1]);
  } else if (arguments.size() > 2 && arguments[0] == "look") {
    for (std::size_t n = 2; n < arguments.size(); ++n) Look(arguments[1], arguments[n]);
  } else {
    fmt::print(stderr, "parotis_bench_deface cohort PATIENTS | picture FILE | look FOLDER FILE...\n");
    return 2;
  }
  return 0;
}
