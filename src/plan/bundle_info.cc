#include "plan/bundle_info.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/safetensors.h"

namespace parotis::plan {
namespace {

using base::ErrorKind;
using base::Json;
using base::JsonObject;
using base::Throw;

constexpr int kFormat = 1;  // raised when an older program could misread the bundle
constexpr const char* kMetadataKey = "parotis";

}  // namespace

BundleInfo ReadBundleInfo(const std::filesystem::path& path) {
  const base::Safetensors file = base::ReadSafetensors(path);
  const auto found = file.metadata.find(kMetadataKey);
  if (found == file.metadata.end()) {
    Throw(ErrorKind::kInput,
          fmt::format("{} holds weights but no description of a parotis model; name a bundle made by `parotis train`",
                      path.string()));
  }
  BundleInfo info = BundleInfoFromJson(base::ParseJson(found->second, path.string()), path.string());
  info.file_hash = base::HashOfFile(path);
  return info;
}

std::map<std::string, std::string> MetadataOf(const BundleInfo& info) { return {{kMetadataKey, ToJson(info).dump()}}; }

void RewriteBundle(const std::filesystem::path& from, const BundleInfo& info, const std::filesystem::path& to) {
  const base::Safetensors file = base::ReadSafetensors(from);
  base::WriteSafetensors(to, MetadataOf(info), file.tensors);
}

Json ToJson(const BundleInfo& info) {
  return {{"format", kFormat},
          {"name", info.name},
          {"contrast_set", info.contrast_set},
          {"channels", info.channels},
          {"intended_use", info.intended_use},
          {"training", info.training},
          {"plan", ToJson(info.plan)}};
}

BundleInfo BundleInfoFromJson(const Json& json, const std::string& name) {
  JsonObject object(json, name);
  const int format = object.Get<int>("format");
  if (format > kFormat) {
    Throw(ErrorKind::kInput,
          fmt::format("{} was made by a newer parotis (bundle format {}, this one reads {}); update parotis", name,
                      format, kFormat));
  }
  if (format < 1)
    Throw(ErrorKind::kInput, fmt::format("{}: the bundle format {} does not exist; the file is damaged", name, format));
  BundleInfo info;
  object.ReadRequired("name", info.name);
  object.ReadRequired("contrast_set", info.contrast_set);
  object.ReadRequired("channels", info.channels);
  object.ReadRequired("intended_use", info.intended_use);
  object.ReadRequired("training", info.training);
  info.plan = PlanFromJson(object.Require("plan"), object.PathOf("plan"));
  object.Finish();
  if (!info.training.is_object()) Throw(ErrorKind::kInput, object.PathOf("training") + " must be an object");
  if (info.plan.ChannelsOf(info.contrast_set) != info.channels) {
    Throw(ErrorKind::kInput,
          fmt::format("{}: the channels {} are not those of the contrast set \"{}\" in its plan; the file is damaged",
                      name, fmt::join(info.channels, ", "), info.contrast_set));
  }
  return info;
}

}  // namespace parotis::plan
