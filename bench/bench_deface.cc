// What defacing removes and what it spares (docs/results/defacing.md).
//   parotis_bench_deface cohort PATIENTS        synthetic patients, in many poses and with spoilt images
//   parotis_bench_deface look FOLDER FILE...    what is seen of a face in images, and FOLDER/FILE without it
#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/parallel.h"
#include "image/nifti.h"
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
  } else if (arguments.size() > 2 && arguments[0] == "look") {
    for (std::size_t n = 2; n < arguments.size(); ++n) Look(arguments[1], arguments[n]);
  } else {
    fmt::print(stderr, "parotis_bench_deface cohort PATIENTS | look FOLDER FILE...\n");
    return 2;
  }
  return 0;
}
