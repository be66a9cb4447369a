#include "view/view_files.h"

#include <algorithm>
#include <utility>

#include "base/files.h"
#include "base/json.h"
#include "image/nifti.h"
#include "intake/describe.h"
#include "view/model_facts.h"
#include "view/view_volumes.h"

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
    base::WriteJson(folder_ / kManifest,
                    {{"view", ViewOf(input_.examination.grid, std::move(channels), kLesions, kProbability)},
                     {"series", SeriesOf(input_.study, input_.roles)},
                     {"model", ModelFacts(input_.model)}});
  }

 private:
  fs::path Path(const std::string& volume) const { return folder_ / FileOf(volume); }

  Json Channel(std::size_t c) const {
    const std::string& name = input_.examination.channel_names[c];
    const image::Volume* by_header = input_.by_header == nullptr ? nullptr : input_.by_header->Find(name);
    Json channel = WriteChannel(folder_, c, name, input_.examination.channels[c], by_header);
    const auto& reads = input_.model.channels;
    channel["in_model"] = std::find(reads.begin(), reads.end(), name) != reads.end();
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

void WriteViewFiles(const fs::path& folder, const ViewInput& input) { Writer(folder, input).Write(); }

void WriteReasons(const fs::path& folder, const dicom::Study& study, const intake::StudyRoles& roles,
                  const plan::BundleInfo& model) {
  base::CreateFolder(folder);
  base::WriteJson(folder / kManifest,
                  {{"view", nullptr}, {"series", SeriesOf(study, roles)}, {"model", ModelFacts(model)}});
}

}  // namespace parotis::view
