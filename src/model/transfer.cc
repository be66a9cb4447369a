// Weights of another network as a start: TransferWeights of model/bundle.h.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "model/bundle.h"

namespace parotis::model {
namespace {

// What the file says about itself; empty lists when it is not a bundle.
struct Source {
  base::Safetensors file;
  std::vector<std::string> channels;
  std::vector<std::string> labels;
};

Source OpenSource(const std::filesystem::path& path) {
  Source source;
  source.file = base::ReadSafetensors(path);
  if (source.file.metadata.contains("parotis")) {
    const plan::BundleInfo info = plan::ReadBundleInfo(path);
    source.channels = info.channels;
    source.labels = info.plan.labels;
  }
  return source;
}

std::int64_t IndexOf(const std::vector<std::string>& names, const std::string& name) {
  return std::distance(names.begin(), std::find(names.begin(), names.end(), name));
}

// Weights [out, slices · channels, 3, 3], neighbouring slices outermost.
std::string AdaptChannels(const torch::Tensor& from, const std::vector<std::string>& from_names, torch::Tensor to,
                          const std::vector<std::string>& to_names) {
  const torch::Tensor mean = from.mean(1) * (static_cast<double>(from.size(1)) / static_cast<double>(to.size(1)));
  const auto count = static_cast<std::int64_t>(to_names.size());
  const bool same_slices =
      !from_names.empty() && from.size(1) * count == to.size(1) * static_cast<std::int64_t>(from_names.size());
  int copied = 0;
  for (std::int64_t plane = 0; plane < to.size(1); ++plane) {
    const std::int64_t found =
        same_slices ? IndexOf(from_names, to_names[static_cast<std::size_t>(plane % count)]) : -1;
    const bool known = found >= 0 && found < static_cast<std::int64_t>(from_names.size());
    to.select(1, plane).copy_(
        known ? from.select(1, plane / count * static_cast<std::int64_t>(from_names.size()) + found) : mean);
    copied += known ? 1 : 0;
  }
  return fmt::format("{} of {} input channels copied by name, the rest averaged", copied, to.size(1));
}

std::string AdaptLabels(const torch::Tensor& from, const std::vector<std::string>& from_names, torch::Tensor to,
                        const std::vector<std::string>& to_names) {
  int copied = 0;
  for (std::size_t label = 0; label < to_names.size(); ++label) {
    const std::int64_t found = IndexOf(from_names, to_names[label]);
    if (found >= static_cast<std::int64_t>(from_names.size()) || found >= from.size(0)) continue;
    to.select(0, static_cast<std::int64_t>(label)).copy_(from.select(0, found));
    ++copied;
  }
  return fmt::format("{} of {} labels copied by name, the rest fresh", copied, to_names.size());
}

// What became of the tensor `name` of the network.
std::string Transfer(const Source& source, const std::string& name, torch::Tensor to, const plan::BundleInfo& info) {
  const auto found = source.file.tensors.find(name);
  if (found == source.file.tensors.end()) return "fresh: not in the file";
  const torch::Tensor from = ToTorch(found->second);
  const bool is_stem = name.starts_with("encoder_0.0.convolution") && from.dim() == 4 && from.size(0) == to.size(0);
  const bool is_head =
      name.starts_with("head_") && from.dim() == to.dim() && (from.dim() == 1 || from.size(1) == to.size(1));
  const bool same_names = !source.channels.empty() ? (is_stem && source.channels == info.channels) ||
                                                         (is_head && source.labels == info.plan.labels)
                                                   : true;
  if (from.sizes() == to.sizes() && (same_names || (!is_stem && !is_head))) {
    to.copy_(from);
    return "copied";
  }
  if (is_stem) return AdaptChannels(from, source.channels, to, info.channels);
  if (is_head && !source.labels.empty()) return AdaptLabels(from, source.labels, to, info.plan.labels);
  return fmt::format("fresh: [{}] in the file, [{}] here", fmt::join(from.sizes().vec(), ", "),
                     fmt::join(to.sizes().vec(), ", "));
}

}  // namespace

std::vector<TransferRow> TransferWeights(const std::filesystem::path& path, const plan::BundleInfo& info,
                                         UNet& network) {
  const torch::NoGradGuard no_gradient;
  const Source source = OpenSource(path);
  const auto state = StateOf(*network);
  std::vector<TransferRow> rows;
  bool any = false;
  for (const auto& [name, tensor] : state) {
    rows.push_back(
        {name, base::WithContext(path.string() + ": " + name, [&] { return Transfer(source, name, tensor, info); })});
    any |= !rows.back().what.starts_with("fresh");
  }
  for (const auto& [name, tensor] : source.file.tensors) {
    if (!state.contains(name)) rows.push_back({name, "not used"});
  }
  if (!any) {
    base::Throw(
        base::ErrorKind::kInput,
        fmt::format("no tensor of {} fits the network of this plan; compare network.widths and the tensors' names",
                    path.string()));
  }
  return rows;
}

}  // namespace parotis::model
