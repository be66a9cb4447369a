#include "dataset/dataset_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/number.h"
#include "base/text.h"

namespace parotis::dataset {
namespace {

using base::ErrorKind;
using base::Json;
using base::Throw;

constexpr std::size_t kMaxLabels = 256;
constexpr const char* kBackground = "background";
constexpr const char* kIgnore = "ignore";  // nnU-Net's name for voxels that nobody labelled

std::optional<int> WholeNumber(const std::string& text) {
  const auto number = base::NumberFrom<int>(text);
  return number && *number >= 0 ? number : std::nullopt;
}

// Names in order of their numbers, which must be 0 … n−1.
std::vector<std::string> InOrder(const std::map<int, std::string>& names, const std::string& path) {
  std::vector<std::string> list;
  for (const auto& [number, name] : names) {
    if (number != static_cast<int>(list.size())) {
      Throw(ErrorKind::kInput, fmt::format("{} has no entry {} but an entry {}; number them 0, 1, 2, … without a gap",
                                           path, list.size(), number));
    }
    list.push_back(name);
  }
  return list;
}

void Insert(std::map<int, std::string>& names, int number, const std::string& name, const std::string& path) {
  if (!names.emplace(number, name).second) {
    Throw(ErrorKind::kInput,
          fmt::format("{} gives the number {} twice; give every name a number of its own", path, number));
  }
}

const Json& RequireObject(const Json& json, const std::string& path, const std::string& example) {
  if (!json.is_object() || json.empty())
    Throw(ErrorKind::kInput, fmt::format("{} must be an object such as {}", path, example));
  return json;
}

std::vector<std::string> ReadChannelNames(const Json& json, const std::string& file) {
  const std::string key = json.contains("channel_names") ? "channel_names" : "modality";
  const std::string path = file + ": " + key;
  if (!json.contains(key))
    Throw(ErrorKind::kInput, file + ": channel_names is missing; name each channel, as in {\"0\": \"T2\"}");
  std::map<int, std::string> names;
  for (const auto& [number, name] : RequireObject(json.at(key), path, "{\"0\": \"T2\"}").items()) {
    const std::optional<int> channel = WholeNumber(number);
    if (!channel || !name.is_string()) {
      Throw(ErrorKind::kInput,
            fmt::format("{}.{} must be the number of a channel with its name, as in \"0\": \"T2\"", path, number));
    }
    Insert(names, *channel, name.get<std::string>(), path);
  }
  return InOrder(names, path);
}

std::optional<int> LabelValue(const Json& value, const std::string& path) {
  if (value.is_array()) {
    Throw(ErrorKind::kInput,
          path + " is a region made of several labels, which is not supported; give every class one label value");
  }
  if (value.is_string()) return WholeNumber(value.get<std::string>());
  if (value.is_number_integer() && value.get<std::int64_t>() >= 0 &&
      value.get<std::int64_t>() < static_cast<int>(kMaxLabels)) {
    return value.get<int>();
  }
  return std::nullopt;
}

std::vector<std::string> ReadLabelNames(const Json& json, const std::string& file) {
  const std::string path = file + ": labels";
  if (!json.contains("labels"))
    Throw(ErrorKind::kInput, path + " is missing; list them, as in {\"background\": 0, \"tumour\": 1}");
  std::map<int, std::string> names;
  for (const auto& [key, value] :
       RequireObject(json.at("labels"), path, "{\"background\": 0, \"tumour\": 1}").items()) {
    // The Decathlon's own files have it the other way round: {"0": "background"}.
    const bool is_keyed_by_value = WholeNumber(key) && value.is_string() && !WholeNumber(value.get<std::string>());
    const std::string name = is_keyed_by_value ? value.get<std::string>() : key;
    const std::optional<int> number = is_keyed_by_value ? WholeNumber(key) : LabelValue(value, path + "." + key);
    if (!number)
      Throw(ErrorKind::kInput, fmt::format("{}.{} must be a label's name with its value, 0 to 255", path, key));
    Insert(names, *number, name, path);
  }
  std::vector<std::string> list = InOrder(names, path);
  if (base::AsciiLower(list[0]) == kBackground) list[0] = kBackground;
  return list;
}

std::string TextOr(const Json& json, const std::string& key, const std::string& fallback, const std::string& file) {
  if (!json.contains(key)) return fallback;
  if (!json.at(key).is_string()) Throw(ErrorKind::kInput, fmt::format("{}: {} must be a text", file, key));
  return json.at(key).get<std::string>();
}

void CheckDistinct(const std::vector<std::string>& names, const std::string& what, const std::string& where) {
  std::set<std::string> seen;
  for (const std::string& name : names) {
    const bool is_plain = std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (name.empty() || !is_plain)
      Throw(ErrorKind::kInput, fmt::format("{}: the {} \"{}\" is no plain name; rename it", where, what, name));
    if (!seen.insert(name).second)
      Throw(ErrorKind::kInput, fmt::format("{}: the {} {} occurs twice; rename one", where, what, name));
  }
}

}  // namespace

void CheckNames(const std::vector<std::string>& channel_names, const std::vector<std::string>& label_names,
                const std::string& where) {
  if (channel_names.empty()) Throw(ErrorKind::kInput, where + ": there is no channel; name at least one");
  CheckDistinct(channel_names, "channel", where);
  if (label_names.size() < 2 || label_names.size() > kMaxLabels || label_names[0] != kBackground) {
    Throw(ErrorKind::kInput, where + ": labels must be \"background\" with the value 0, and 1 to 255 further ones");
  }
  CheckDistinct(label_names, "label", where);
  for (const std::string& name : label_names) {
    if (name == kTumourFree) {
      Throw(ErrorKind::kInput,
            fmt::format("{}: \"{}\" says that there is no tumour and cannot name a label; rename it", where, name));
    }
    if (name == kIgnore) {
      Throw(ErrorKind::kInput,
            where + ": the label \"ignore\" is not supported; label these voxels or leave their cases out");
    }
  }
}

Dataset ReadDatasetJson(const std::filesystem::path& path) {
  const std::string file = path.string();
  const Json json = base::ReadJson(path);
  if (!json.is_object()) Throw(ErrorKind::kInput, file + " must be an object, as nnU-Net v2 writes it");
  Dataset dataset;
  dataset.folder = path.parent_path();
  dataset.name =
      TextOr(json, "name", std::filesystem::absolute(dataset.folder).lexically_normal().filename().string(), file);
  dataset.channel_names = ReadChannelNames(json, file);
  dataset.label_names = ReadLabelNames(json, file);
  CheckNames(dataset.channel_names, dataset.label_names, file);
  dataset.file_ending = TextOr(json, "file_ending", ".nii.gz", file);
  if (dataset.file_ending != ".nii.gz" && dataset.file_ending != ".nii") {
    Throw(ErrorKind::kInput, fmt::format("{}: file_ending \"{}\" is not supported; convert the images to .nii.gz", file,
                                         dataset.file_ending));
  }
  return dataset;
}

void WriteDatasetJson(const std::filesystem::path& path, const Dataset& dataset, const std::string& description,
                      std::int64_t case_count) {
  Json channels = Json::object();
  for (std::size_t c = 0; c < dataset.channel_names.size(); ++c) channels[std::to_string(c)] = dataset.channel_names[c];
  Json labels = Json::object();
  for (std::size_t value = 0; value < dataset.label_names.size(); ++value) labels[dataset.label_names[value]] = value;
  base::WriteJson(path, {{"name", dataset.name},
                         {"description", description},
                         {"channel_names", std::move(channels)},
                         {"labels", std::move(labels)},
                         {"numTraining", case_count},
                         {"file_ending", dataset.file_ending}});
}

}  // namespace parotis::dataset
