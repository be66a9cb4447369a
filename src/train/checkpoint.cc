#include "train/checkpoint.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json.h"
#include "base/safetensors.h"
#include "model/bundle.h"

namespace parotis::train {
namespace {

constexpr const char* kKey = "parotis_checkpoint";

base::Json ToJson(const Progression& p) {
  return {{"iteration", p.iteration}, {"last_dice", p.last_dice},
          {"best_dice", p.best_dice}, {"best_iteration", p.best_iteration},
          {"log_bytes", p.log_bytes}, {"seconds", p.seconds},
          {"images", p.images},       {"identity", p.identity}};
}

Progression FromJson(const base::Json& json, const std::string& name) {
  base::JsonObject object(json, name);
  Progression p;
  object.ReadRequired("iteration", p.iteration);
  object.ReadRequired("last_dice", p.last_dice);
  object.ReadRequired("best_dice", p.best_dice);
  object.ReadRequired("best_iteration", p.best_iteration);
  object.ReadRequired("log_bytes", p.log_bytes);
  object.ReadRequired("seconds", p.seconds);
  object.ReadRequired("images", p.images);
  object.ReadRequired("identity", p.identity);
  object.Finish();
  return p;
}

}  // namespace

void SaveCheckpoint(const std::filesystem::path& path, const Progression& progression,
                    const std::map<std::string, torch::Tensor>& state) {
  std::vector<torch::Tensor> keep;
  std::map<std::string, base::Tensor> tensors;
  for (const auto& [name, tensor] : state) tensors[name] = model::FromTorch(tensor, base::DType::kF32, keep);
  base::WriteSafetensors(path, {{kKey, ToJson(progression).dump()}}, tensors);
}

std::optional<Progression> LoadCheckpoint(const std::filesystem::path& path, const std::string& identity,
                                          const std::map<std::string, torch::Tensor>& state) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  return base::WithContext(path.string(), [&] {
    const base::Safetensors file = base::ReadSafetensors(path);
    const auto metadata = file.metadata.find(kKey);
    if (metadata == file.metadata.end())
      base::Throw(base::ErrorKind::kInput, "the file is no checkpoint; remove it to start again");
    const Progression progression = FromJson(base::ParseJson(metadata->second, "checkpoint"), "checkpoint");
    if (progression.identity != identity) {
      base::Throw(base::ErrorKind::kUsage,
                  "the run folder holds another training (plan, seed, cases or their files differ); give another "
                  "folder with -o, or remove this one");
    }
    const torch::NoGradGuard no_gradient;
    for (const auto& [name, tensor] : state) {
      const torch::Tensor stored = model::ToTorch(file.at(name));
      if (stored.sizes() != tensor.sizes())
        base::Throw(base::ErrorKind::kInput, fmt::format("the tensor {} has another shape than the network", name));
      torch::Tensor(tensor).copy_(stored);
    }
    return std::optional(progression);
  });
}

}  // namespace parotis::train
