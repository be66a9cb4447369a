#include "plan/bundle_info.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/safetensors.h"
#include "plan/patient_history.h"

namespace parotis::plan {
namespace {

using base::ErrorKind;
using base::Json;
using base::JsonObject;
using base::Throw;

constexpr int kFormat = 2;  // raised when an older program could misread the bundle
constexpr const char* kMetadataKey = "parotis";
constexpr int kMostMembers = 1000;

void CheckSameNetwork(const BundleInfo& first, const BundleInfo& other, const std::filesystem::path& path) {
  const auto differs = [&](const char* what) {
    Throw(ErrorKind::kInput, fmt::format("{} cannot join the ensemble: its {} are not those of the first member; "
                                         "join models that were trained with one plan on one contrast set",
                                         path.string(), what));
  };
  if (other.plan.labels != first.plan.labels) differs("labels");
  if (other.channels != first.channels) differs("channels");
  const Json first_plan = ToJson(first.plan), other_plan = ToJson(other.plan);
  for (const char* part : {"channels", "preparation", "network"}) {
    if (other_plan[part] != first_plan[part]) differs(fmt::format("plan's {}", part).c_str());
  }
}

// Where a member came from, without the list of its patients, which stands once for all.
Json OriginOf(const BundleInfo& member) {
  Json origin = member.training;
  origin.erase(kTrainingPatients);
  origin["name"] = member.name;
  origin["sha256"] = member.file_hash;
  return origin;
}

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

std::string MemberPrefix(const BundleInfo& info, int member) {
  return info.members == 1 ? "" : fmt::format("member_{}/", member);
}

void WriteEnsemble(std::span<const std::filesystem::path> bundles, BundleInfo info, const std::filesystem::path& to) {
  if (bundles.empty()) Throw(ErrorKind::kUsage, "an ensemble needs at least one model");
  std::vector<BundleInfo> parts;
  Json origins = Json::array();
  info.members = 0;
  for (const std::filesystem::path& path : bundles) {
    parts.push_back(ReadBundleInfo(path));
    CheckSameNetwork(info, parts.back(), path);
    info.members += parts.back().members;
    origins.push_back(OriginOf(parts.back()));
  }
  info.training["members"] = std::move(origins);
  JoinHistories(parts, info);
  std::map<std::string, base::Tensor> tensors;
  std::vector<base::Safetensors> files;  // they own the bytes
  int member = 0;
  for (std::size_t part = 0; part < parts.size(); ++part) {
    files.push_back(base::ReadSafetensors(bundles[part]));
    for (int own = 0; own < parts[part].members; ++own, ++member) {
      const std::string from = MemberPrefix(parts[part], own);
      for (const auto& [name, tensor] : files.back().tensors) {
        if (name.starts_with(from)) tensors[MemberPrefix(info, member) + name.substr(from.size())] = tensor;
      }
    }
  }
  base::WriteSafetensors(to, MetadataOf(info), tensors);
}

Json ToJson(const BundleInfo& info) {
  return {{"format", kFormat},         {"name", info.name},        {"contrast_set", info.contrast_set},
          {"channels", info.channels}, {"members", info.members},  {"intended_use", info.intended_use},
          {"training", info.training}, {"plan", ToJson(info.plan)}};
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
  object.Read("members", info.members);
  object.ReadRequired("intended_use", info.intended_use);
  object.ReadRequired("training", info.training);
  info.plan = PlanFromJson(object.Require("plan"), object.PathOf("plan"));
  object.Finish();
  if (info.members < 1 || info.members > kMostMembers) {
    Throw(ErrorKind::kInput,
          fmt::format("{} is {}; it must lie between 1 and {}", object.PathOf("members"), info.members, kMostMembers));
  }
  if (!info.training.is_object()) Throw(ErrorKind::kInput, object.PathOf("training") + " must be an object");
  if (info.plan.ChannelsOf(info.contrast_set) != info.channels) {
    Throw(ErrorKind::kInput,
          fmt::format("{}: the channels {} are not those of the contrast set \"{}\" in its plan; the file is damaged",
                      name, fmt::join(info.channels, ", "), info.contrast_set));
  }
  return info;
}

}  // namespace parotis::plan
