#include "view/view_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/files.h"
#include "base/json.h"
#include "image/nifti.h"
#include "intake/describe.h"
#include "view/channel_scale.h"
#include "view/model_facts.h"

namespace parotis::view {
namespace {

namespace fs = std::filesystem;
using base::Json;

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
    const auto [window, step, unit] = ScaleOf(name, volume);
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
                    {"unit", unit},
                    {"window", window},
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
