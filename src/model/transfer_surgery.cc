#include "model/transfer_surgery.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace parotis::model {
namespace {

std::int64_t IndexOf(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? -1 : std::distance(names.begin(), found);
}

// [label of ours] the file's label that it starts from; −1: none.
std::vector<std::int64_t> SourcesOf(const std::vector<std::string>& from_names,
                                    const std::vector<std::string>& to_names, const plan::TransferPlan& rules) {
  std::vector<std::int64_t> sources;
  for (const std::string& name : to_names) {
    std::int64_t found = IndexOf(from_names, name);
    const auto other = rules.label_sources.find(name);
    if (found < 0 && other != rules.label_sources.end()) found = IndexOf(from_names, other->second);
    sources.push_back(found);
  }
  return sources;
}

}  // namespace

torch::Tensor WithoutDepth(const torch::Tensor& kernels, at::IntArrayRef plane, bool transposed, std::string& note) {
  std::int64_t axis = 2;
  for (std::int64_t candidate = 4; candidate >= 2; --candidate) {
    if (kernels.size(candidate) == 1 && kernels.select(candidate, 0).sizes().slice(2) == plane) axis = candidate;
  }
  const std::string shape = fmt::format("{}", fmt::join(kernels.sizes().slice(2).vec(), "×"));
  if (kernels.size(axis) == 1) {
    note = fmt::format("kernel {} without its axis of length 1", shape);
    return kernels.squeeze(axis);
  }
  note = fmt::format("kernel {} {} over its first axis, the depth", shape, transposed ? "averaged" : "summed");
  return transposed ? kernels.mean(axis) : kernels.sum(axis);
}

torch::Tensor DepthAsSlices(const torch::Tensor& kernels, std::int64_t planes) {
  if (kernels.dim() != 5 || kernels.size(2) != planes) return {};
  return kernels.permute({0, 2, 1, 3, 4})
      .reshape({kernels.size(0), planes * kernels.size(1), kernels.size(3), kernels.size(4)});
}

Surgery AdaptChannels(const torch::Tensor& from, const std::vector<std::string>& from_names, torch::Tensor to,
                      const std::vector<std::string>& to_names, plan::ChannelTransfer rule) {
  if (rule == plan::ChannelTransfer::kFresh) return {TransferOutcome::kFresh, "transfer.channels is \"fresh\""};
  const bool by_name = rule == plan::ChannelTransfer::kByName;
  if (by_name && from.sizes() == to.sizes() && (from_names.empty() || from_names == to_names)) {
    to.copy_(from);
    return {TransferOutcome::kCopied,
            from_names.empty() ? "copied; channels in the file's order, which does not name them" : "copied"};
  }
  // Rescaled so that the sum of the responses keeps its size.
  const torch::Tensor mean = from.mean(1) * (static_cast<double>(from.size(1)) / static_cast<double>(to.size(1)));
  const auto count = static_cast<std::int64_t>(to_names.size()), known = static_cast<std::int64_t>(from_names.size());
  const bool same_slices = by_name && known > 0 && from.size(1) * count == to.size(1) * known;
  int copied = 0;
  for (std::int64_t plane = 0; plane < to.size(1); ++plane) {
    const std::int64_t found =
        same_slices ? IndexOf(from_names, to_names[static_cast<std::size_t>(plane % count)]) : -1;
    to.select(1, plane).copy_(found < 0 ? mean : from.select(1, plane / count * known + found));
    copied += found < 0 ? 0 : 1;
  }
  if (copied == to.size(1)) return {TransferOutcome::kAdapted, "channels put in this network's order, by name"};
  return {TransferOutcome::kAdapted, fmt::format("{} of {} input channels copied by name, the others are the mean of "
                                                 "the file's {}",
                                                 copied, to.size(1), from.size(1))};
}

Surgery AdaptLabels(const torch::Tensor& from, const std::vector<std::string>& from_names, torch::Tensor to,
                    const std::vector<std::string>& to_names, const plan::TransferPlan& rules) {
  if (rules.classes == plan::ClassTransfer::kFresh) return {TransferOutcome::kFresh, "transfer.classes is \"fresh\""};
  if (from.sizes() == to.sizes() && (from_names.empty() || from_names == to_names)) {
    to.copy_(from);
    return {TransferOutcome::kCopied,
            from_names.empty() ? "copied; labels in the file's order, which does not name them" : "copied"};
  }
  if (from_names.empty())
    return {TransferOutcome::kFresh,
            fmt::format("{} labels without names in the file, {} here", from.size(0), to.size(0))};
  const std::vector<std::int64_t> sources = SourcesOf(from_names, to_names, rules);
  int copied = 0;
  for (std::size_t label = 0; label < to_names.size(); ++label) {
    const std::int64_t source = sources[label];
    if (source < 0 || source >= from.size(0)) continue;
    const auto sharing = static_cast<double>(std::count(sources.begin(), sources.end(), source));
    const torch::Tensor row = from.select(0, source);
    to.select(0, static_cast<std::int64_t>(label)).copy_(to.dim() == 1 ? row - std::log(sharing) : row);
    ++copied;
  }
  if (copied == 0) return {TransferOutcome::kFresh, "the file has none of these labels"};
  return {TransferOutcome::kAdapted, fmt::format("{} of {} labels copied{}, the others are fresh", copied, to.size(0),
                                                 rules.label_sources.empty() ? " by name" : "")};
}

torch::Tensor SwapHalves(const torch::Tensor& kernels) {
  const std::int64_t half = kernels.size(1) / 2;
  return torch::cat({kernels.narrow(1, half, kernels.size(1) - half), kernels.narrow(1, 0, half)}, 1);
}

}  // namespace parotis::model
