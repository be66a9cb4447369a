// `parotis info`: what a model bundle says about itself, without loading LibTorch.
#include <fmt/format.h>

#include <memory>

#include "app/command.h"
#include "app/commands.h"
#include "base/build_info.h"
#include "base/safetensors.h"
#include "plan/bundle_info.h"

namespace parotis::app {
namespace {

std::int64_t CountParameters(const std::filesystem::path& model) {
  std::int64_t parameters = 0;
  for (const auto& [name, tensor] : base::ReadSafetensors(model).tensors) parameters += tensor.count();
  return parameters;
}

void Print(const plan::BundleInfo& info, std::int64_t parameters) {
  const std::vector<std::string> classes(info.plan.labels.begin() + 1, info.plan.labels.end());
  const plan::PreparationPlan& preparation = info.plan.preparation;
  fmt::print("{}\n", info.name);
  fmt::print("  finds         {}\n", fmt::join(classes, ", "));
  fmt::print("  reads         {}{}\n", fmt::join(info.channels, ", "),
             info.contrast_set.empty() ? "" : fmt::format(" (contrast set {})", info.contrast_set));
  fmt::print("  network grid  {:.4g} × {:.4g} × {:.4g} mm\n", preparation.spacing_mm[0], preparation.spacing_mm[1],
             preparation.spacing_mm[2]);
  fmt::print("  weights       {} parameters, {} levels of {} channels{}\n", parameters, info.plan.network.widths.size(),
             fmt::join(info.plan.network.widths, ", "),
             info.members > 1 ? fmt::format(", in {} members", info.members) : "");
  fmt::print("  plan          {} (SHA-256 {})\n", info.plan.name, plan::HashOf(info.plan));
  fmt::print("  file          SHA-256 {}\n", info.file_hash);
  for (const auto& [key, value] : info.training.items()) {
    // Long lists (hashes of the training patients) are for --json.
    fmt::print("  {:<13} {}\n", key,
               value.is_structured() ? fmt::format("{} entries", value.size())
               : value.is_string()   ? value.get<std::string>()
                                     : value.dump());
  }
  fmt::print("{}\n{}\n", info.intended_use, base::kResearchUseOnly);
}

}  // namespace

std::function<int()> DefineInfo(CLI::App& app) {
  const auto model = std::make_shared<std::filesystem::path>();
  app.add_option("model,-m,--model", *model, "a model bundle (.safetensors)")->required();
  return [model] {
    const plan::BundleInfo info = plan::ReadBundleInfo(*model);
    const std::int64_t parameters = CountParameters(*model);
    if (!common().json) {
      Print(info, parameters);
      return kDone;
    }
    base::Json json = plan::ToJson(info);
    json["parameters"] = parameters;
    json["plan_hash"] = plan::HashOf(info.plan);
    json["file_hash"] = info.file_hash;
    fmt::print("{}", base::DumpJson(json));
    return kDone;
  };
}

}  // namespace parotis::app
