#include "view/view_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/files.h"
#include "base/json.h"
#include "image/nifti.h"
#include "image/threshold.h"
#include "intake/describe.h"
#include "view/model_facts.h"

namespace parotis::view {
namespace {

namespace fs = std::filesystem;
using base::Json;

constexpr float kStepsShown = 4096;
constexpr std::array kShownQuantiles = {0.01, 0.995};
constexpr std::size_t kMostSamples = 200'000;
constexpr float kAdcWindow_um2_s = 3000;

struct Window {
  float low = 0, high = 1;
};

float GreatestOf(const image::Volume& volume) {
  float greatest = 0;
  for (const float value : volume.voxels) greatest = std::max(greatest, std::abs(value));
  return greatest;
}

// What is shown at first: of the voxels that hold something.
Window WindowOf(const std::string& channel, const image::Volume& volume) {
  if (channel == dataset::kAdc) return {0, kAdcWindow_um2_s};
  std::vector<float> values;
  const std::size_t stride = std::max<std::size_t>(1, volume.voxels.size() / kMostSamples);
  for (std::size_t v = 0; v < volume.voxels.size(); v += stride) {
    if (volume.voxels[v] != 0) values.push_back(volume.voxels[v]);
  }
  if (values.empty()) return {};
  const std::vector<float> limits = image::Quantiles(std::move(values), kShownQuantiles);
  const float low = dataset::IsQuantity(channel) ? std::min(0.0F, limits[0]) : limits[0];
  return {low, limits[1] > low ? limits[1] : low + 1};
}

float StepOf(const std::string& channel, const image::Volume& volume, const Window& window) {
  constexpr float kMost = 32767;
  const float needed = GreatestOf(volume) / kMost;
  if (channel == dataset::kAdc) return std::max(1.0F, needed);
  const float wanted = dataset::IsQuantity(channel) ? needed : (window.high - window.low) / kStepsShown;
  return std::max({wanted, needed, 1e-6F});
}

std::string UnitOf(const std::string& channel) {
  if (channel == dataset::kAdc || channel == dataset::kDiffusivity || channel == dataset::kPseudoDiffusion)
    return "µm²/s";
  if (channel == dataset::kTimeToPeak) return "s";
  if (channel == dataset::kWashIn) return "%/s";
  return channel == dataset::kWashOut ? "%" : "";
}

Json SeriesOf(const dicom::Study& study, const intake::StudyRoles& roles) {
  Json series = Json::array();
  for (const Json& each : intake::SeriesToJson(study, roles)) {
    series.push_back({{"number", each.value("number", Json())},
                      {"description", each.value("description", std::string())},
                      {"modality", each.value("modality", std::string())},
                      {"images", each.value("files", 0)},
                      {"weighting", each.value("role", std::string())},
                      {"plane", each.value("plane", std::string())},
                      {"channels", each.value("channels", Json::array())},
                      {"why", each.value("reason", std::string())}});
  }
  return series;
}

class Writer {
 public:
  Writer(const fs::path& folder, const ViewInput& input) : folder_(folder), input_(input) {}

  void Write() {
    base::CreateFolder(folder_);
    Json channels = Json::array();
    for (std::size_t c = 0; c < input_.examination.channels.size(); ++c) channels.push_back(Channel(c));
    image::WriteNifti(Path(kLesions), input_.result.lesion_map);
    image::WriteNiftiInSteps(Path(kProbability), input_.tumour_probability, 1.0F / 255, image::Whole::kUint8);
    const image::Geometry& grid = input_.examination.grid;
    base::WriteJson(folder_ / kManifest, {{"view",
                                           {{"size", grid.size},
                                            {"spacing_mm", grid.spacing_mm},
                                            {"slice_axis", image::SliceAxis(grid.spacing_mm)},
                                            {"channels", channels},
                                            {"lesions", kLesions},
                                            {"probability", kProbability}}},
                                          {"series", SeriesOf(input_.study, input_.roles)},
                                          {"model", ModelFacts(input_.model)}});
  }

 private:
  fs::path Path(const std::string& volume) const { return folder_ / FileOf(volume); }

  Json Channel(std::size_t c) const {
    const std::string& name = input_.examination.channel_names[c];
    const image::Volume& volume = input_.examination.channels[c];
    const Window window = WindowOf(name, volume);
    const float step = StepOf(name, volume, window);
    // A channel's name comes from a model; the file's does not.
    const std::string file = fmt::format("channel-{}", c);
    image::WriteNiftiInSteps(Path(file), volume, step, image::Whole::kInt16);
    Json before = nullptr;
    const image::Volume* by_header = input_.by_header == nullptr ? nullptr : input_.by_header->Find(name);
    if (by_header != nullptr && by_header->voxels != volume.voxels) {
      before = file + "-before";
      image::WriteNiftiInSteps(Path(file + "-before"), *by_header, step, image::Whole::kInt16);
    }
    const auto& reads = input_.model.channels;
    Json channel = {{"name", name},
                    {"title", name},
                    {"unit", UnitOf(name)},
                    {"window", {window.low, window.high}},
                    {"in_model", std::find(reads.begin(), reads.end(), name) != reads.end()},
                    {"quantity", dataset::IsQuantity(name)},
                    {"volume", file},
                    {"before", before},
                    {"bytes", fs::file_size(Path(file))}};
    AddSource(name, channel);
    return channel;
  }

  void AddSource(const std::string& name, Json& channel) const {
    const auto channels = input_.examination.provenance.find("channels");
    const Json from =
        channels == input_.examination.provenance.end() ? Json::object() : channels->value(name, Json::object());
    channel["series_number"] = from.value("series_number", Json());
    channel["series_description"] = from.value("description", std::string());
  }

  const fs::path& folder_;
  const ViewInput& input_;
};

}  // namespace

std::string FileOf(const std::string& volume) { return volume + ".nii.gz"; }

void WriteViewFiles(const fs::path& folder, const ViewInput& input) { Writer(folder, input).Write(); }

void WriteReasons(const fs::path& folder, const dicom::Study& study, const intake::StudyRoles& roles,
                  const plan::BundleInfo& model) {
  base::CreateFolder(folder);
  base::WriteJson(folder / kManifest,
                  {{"view", nullptr}, {"series", SeriesOf(study, roles)}, {"model", ModelFacts(model)}});
}

}  // namespace parotis::view
