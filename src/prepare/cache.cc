#include "prepare/cache.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/log.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "dataset/mask_diagnosis.h"

namespace parotis::prepare {
namespace {

constexpr int kFormat = 1;  // of the file, and of what Prepare computes: raise it when either changes
constexpr std::size_t kHashDigits = 16;
constexpr const char* kMetadataKey = "parotis";

// Names everything the prepared case follows from.
std::string KeyOf(const dataset::Dataset& dataset, const std::string& case_id, const plan::Plan& plan,
                  const std::string& preparation_hash) {
  const dataset::CaseFiles& files = dataset.Find(case_id);
  base::Sha256 hash;
  hash.Update(fmt::format("format {}\nplan {}\n", kFormat, preparation_hash));
  for (const plan::ChannelPlan& channel : plan.channels) {
    const auto name = std::find(dataset.channel_names.begin(), dataset.channel_names.end(), channel.name);
    const auto at = static_cast<std::size_t>(name - dataset.channel_names.begin());
    if (at >= files.channels.size() || files.channels[at].empty()) continue;  // reading the case says what is wrong
    hash.Update(fmt::format("channel {} {}\n", channel.name, base::HashOfFile(files.channels[at])));
  }
  if (!files.label.empty()) hash.Update("label " + base::HashOfFile(files.label) + "\n");
  return hash.Hex();
}

std::uint32_t ChecksumOf(const base::Tensor& image, const base::Tensor& label) {
  const auto update = [](uLong crc, std::span<const std::byte> bytes) {
    return crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  };
  return static_cast<std::uint32_t>(update(update(crc32_z(0, nullptr, 0), image.bytes), label.bytes));
}

std::vector<std::int64_t> VoxelsPerLabel(const std::vector<std::uint8_t>& labels, std::size_t label_count) {
  std::vector<std::int64_t> counts(label_count);
  for (const std::uint8_t label : labels) {
    if (label < label_count) ++counts[label];
  }
  return counts;
}

base::Json ToJson(const image::Geometry& grid) {
  return {{"size", grid.size},
          {"spacing_mm", grid.spacing_mm},
          {"origin_world", grid.origin_world},
          {"direction", grid.direction}};
}

image::Geometry GridFromJson(base::JsonObject json) {
  image::Geometry grid;
  json.ReadRequired("size", grid.size);
  json.ReadRequired("spacing_mm", grid.spacing_mm);
  json.ReadRequired("origin_world", grid.origin_world);
  json.ReadRequired("direction", grid.direction);
  json.Finish();
  return grid;
}

void WriteCase(const PreparedCase& prepared, const plan::Plan& plan, const std::string& key,
               const std::filesystem::path& path) {
  std::vector<std::uint16_t> halves(prepared.image.size());
  std::transform(prepared.image.begin(), prepared.image.end(), halves.begin(), base::HalfFromFloat);
  const std::int64_t channels = static_cast<std::int64_t>(prepared.channel_names.size());
  std::map<std::string, base::Tensor> tensors;
  tensors["image"] =
      base::TensorOf<std::uint16_t>(halves, {prepared.slices(), channels, prepared.rows(), prepared.columns()});
  if (!prepared.labels.empty()) {
    tensors["label"] =
        base::TensorOf<std::uint8_t>(prepared.labels, {prepared.slices(), prepared.rows(), prepared.columns()});
  }
  const base::Json metadata = {{"format", kFormat},
                               {"case", prepared.id},
                               {"key", key},
                               {"channels", prepared.channel_names},
                               {"grid", ToJson(prepared.network_grid)},
                               {"case_grid", ToJson(prepared.case_grid)},
                               {"voxels_per_label", VoxelsPerLabel(prepared.labels, plan.labels.size())},
                               {"checksum", ChecksumOf(tensors["image"], tensors["label"])}};
  if (prepared.labels.empty()) tensors.erase("label");
  base::WriteSafetensors(path, {{kMetadataKey, metadata.dump()}}, tensors);
}

std::string DiagnosisOf(const dataset::Dataset& dataset, const plan::Plan& plan, const CachedCase& cached,
                        const std::vector<std::int64_t>& voxels_per_label) {
  const dataset::Participant* participant = dataset.FindParticipant(cached.id);
  if (participant != nullptr && !participant->diagnosis.empty()) return participant->diagnosis;
  if (cached.label.bytes.empty()) return "";
  return dataset::DiagnosisShown(voxels_per_label, plan.labels);
}

// Throws kInput when the file is not what WriteCase wrote under this key.
CachedCase Open(const std::filesystem::path& path, const std::string& key, const dataset::Dataset& dataset,
                const plan::Plan& plan, const std::string& case_id) {
  const base::Safetensors file = base::ReadSafetensors(path);
  const auto text = file.metadata.find(kMetadataKey);
  if (text == file.metadata.end()) base::Throw(base::ErrorKind::kInput, path.string() + " is no prepared case");
  const base::Json metadata = base::ParseJson(text->second, path.string());
  base::JsonObject json(metadata, path.string());
  CachedCase cached;
  cached.id = case_id;
  cached.patient_id = dataset.PatientOf(case_id);
  json.ReadRequired("channels", cached.channel_names);
  cached.network_grid = GridFromJson(json.Object("grid"));
  cached.image = file.at("image");
  if (file.tensors.contains("label")) cached.label = file.at("label");
  cached.file = path;
  cached.owner = file.owner;
  const auto voxels_per_label = json.Get<std::vector<std::int64_t>>("voxels_per_label");
  if (json.Get<std::string>("key") != key || voxels_per_label.size() != plan.labels.size() ||
      json.Get<std::uint64_t>("checksum") != ChecksumOf(cached.image, cached.label)) {
    base::Throw(base::ErrorKind::kInput, path.string() + " is damaged");
  }
  cached.diagnosis = DiagnosisOf(dataset, plan, cached, voxels_per_label);
  return cached;
}

std::optional<CachedCase> TryOpen(const std::filesystem::path& path, const std::string& key,
                                  const dataset::Dataset& dataset, const plan::Plan& plan, const std::string& case_id) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  try {
    CachedCase cached = Open(path, key, dataset, plan, case_id);
    cached.reused = true;
    return cached;
  } catch (const base::Error& error) {
    base::Warn("the cached file of case {} is made anew: {}", case_id, error.what());
    return std::nullopt;
  }
}

std::vector<std::string> ChannelNames(const plan::Plan& plan) {
  std::vector<std::string> names;
  for (const plan::ChannelPlan& channel : plan.channels) names.push_back(channel.name);
  return names;
}

CachedCase PrepareCase(const dataset::Dataset& dataset, const std::string& case_id, const plan::Plan& plan,
                       const std::string& preparation_hash, const std::filesystem::path& folder) {
  const std::string key = KeyOf(dataset, case_id, plan, preparation_hash);
  const auto path = folder / fmt::format("{}-{}.safetensors", case_id, key.substr(0, kHashDigits));
  if (auto cached = TryOpen(path, key, dataset, plan, case_id)) return *std::move(cached);
  const std::vector<std::string> channels = ChannelNames(plan);
  const dataset::Case examination =
      base::WithContext("reading", [&] { return dataset::LoadCase(dataset, case_id, channels); });
  const PreparedCase prepared = base::WithContext("preparing", [&] { return Prepare(examination, plan, channels, 1); });
  return base::WithContext("writing " + path.string(), [&] {
    WriteCase(prepared, plan, key, path);
    return Open(path, key, dataset, plan, case_id);
  });
}

}  // namespace

std::vector<CachedCase> PrepareDataset(const dataset::Dataset& dataset, const std::vector<std::string>& case_ids,
                                       const plan::Plan& plan, const std::filesystem::path& cache_folder, int threads) {
  if (dataset.label_names != plan.labels) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("the labels of the plan are not those of the dataset {}; make the plan anew from it",
                            dataset.folder.string()));
  }
  base::CreateFolder(cache_folder);
  const std::string preparation_hash = plan::PreparationHashOf(plan);
  std::vector<CachedCase> cases(case_ids.size());
  base::Progress progress("preparing cases", static_cast<std::int64_t>(case_ids.size()));
  base::ParallelFor(static_cast<std::int64_t>(case_ids.size()), threads, [&](std::int64_t at) {
    const std::string& id = case_ids[static_cast<std::size_t>(at)];
    cases[static_cast<std::size_t>(at)] =
        base::WithContext("case " + id, [&] { return PrepareCase(dataset, id, plan, preparation_hash, cache_folder); });
    progress.Advance();
  });
  return cases;
}

std::filesystem::path DefaultCacheFolder(const dataset::Dataset& dataset) { return dataset.folder / ".parotis-cache"; }

}  // namespace parotis::prepare
