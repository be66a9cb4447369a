#include "model/transfer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "base/error.h"
#include "model/bundle.h"
#include "model/transfer_surgery.h"
#include "weights/matching.h"
#include "weights/named_tensors.h"

namespace parotis::model {
namespace {

using base::ErrorKind;
using base::Throw;
using enum TransferOutcome;

// The file and what it says about itself; empty lists when it is not a bundle.
struct Source {
  weights::NamedTensors file;
  std::vector<std::string> channels, labels;
};

Source OpenSource(const std::filesystem::path& path) {
  Source source;
  source.file = weights::ReadNamedTensors(path);
  if (source.file.metadata.contains("parotis")) {
    const plan::BundleInfo info = plan::ReadBundleInfo(path);
    source.channels = info.channels;
    source.labels = info.plan.labels;
  }
  return source;
}

std::string Shape(const torch::Tensor& tensor) { return fmt::format("[{}]", fmt::join(tensor.sizes().vec(), ", ")); }

torch::Tensor Values(const weights::NamedTensor& stored) {
  torch::Tensor values = ToTorch(stored.tensor);
  if (at::isFloatingType(values.scalar_type()) && !torch::isfinite(values).all().item<bool>())
    Throw(ErrorKind::kInput, fmt::format("the tensor {} holds values that are not finite", stored.name));
  return values;
}

class Transfer {
 public:
  Transfer(const Source& source, const plan::BundleInfo& info, UNet& network)
      : source_(source), info_(info), state_(StateOf(*network)) {
    std::vector<weights::NetworkTensor> tensors;
    for (const auto& [name, tensor] : state_) tensors.push_back({name, tensor.sizes().vec()});
    matching_ = weights::MatchTensors(source.file, tensors);
  }

  TransferReport Run() {
    TransferReport report;
    report.format = source_.file.format;
    report.project = matching_.project;
    report.prefix = matching_.prefix;
    report.difference = matching_.difference;
    report.wrapper = source_.file.wrapper;
    for (const auto& [key, count] : source_.file.left_out)
      report.beside.push_back(fmt::format("{}: {} tensor{}", key, count, count == 1 ? "" : "s"));
    for (const weights::MatchedTensor& matched : matching_.tensors) report.rows.push_back(RowOf(matched));
    // The running means have their values now.
    for (const weights::MatchedTensor& matched : matching_.tensors) UseBias(matched);
    for (std::size_t i = 0; i < source_.file.tensors.size(); ++i) {
      const std::string& name = source_.file.tensors[i].name;
      if (!used_.contains(i)) report.rows.push_back({"", name, kNotUsed, WhyNotUsed(i)});
    }
    return report;
  }

 private:
  TransferRow RowOf(const weights::MatchedTensor& matched) {
    if (!matched.from) return {matched.name, "", kFresh, "not in the file"};
    const weights::NamedTensor& stored = source_.file.tensors[*matched.from];
    const Surgery surgery = Operate(matched, Values(stored));
    if (surgery.outcome == kFresh) {
      reasons_[*matched.from] = surgery.what;
      return {matched.name, "", kFresh, surgery.what};
    }
    used_[*matched.from] = matched.name;
    return {matched.name, stored.name, surgery.outcome, surgery.what};
  }

  Surgery Operate(const weights::MatchedTensor& matched, torch::Tensor from) {
    torch::Tensor to = state_.at(matched.name);
    if (!at::isFloatingType(from.scalar_type())) return {kFresh, "the file's are whole numbers"};
    const bool is_stem = matched.name == "encoder_0.0.convolution.weight";
    std::string note;
    if (from.dim() == 5 && to.dim() == 4) from = Flattened(from, matched.name, note);
    if (matched.skip_first && from.dim() == 4 && from.size(1) == to.size(1)) {
      from = SwapHalves(from);
      note += std::string(note.empty() ? "" : "; ") +
              "input channels reordered: the file's network reads the encoder's first";
    }
    Surgery surgery = Fit(matched.name, from, to, is_stem);
    if (surgery.outcome == kFresh || note.empty()) return surgery;
    return {kAdapted, surgery.what == "copied" ? note : note + "; " + surgery.what};
  }

  Surgery Fit(const std::string& name, const torch::Tensor& from, torch::Tensor to, bool is_stem) const {
    const bool same_kernel = from.dim() == to.dim() && (from.dim() < 3 || from.sizes().slice(2) == to.sizes().slice(2));
    const plan::TransferPlan& rules = info_.plan.transfer;
    if (is_stem && same_kernel && from.size(0) == to.size(0))
      return AdaptChannels(from, source_.channels, to, info_.channels, rules.channels);
    const bool is_per_label = name.starts_with("head_") || name.starts_with("patient_head.classify");
    if (is_per_label && same_kernel && from.sizes().slice(1) == to.sizes().slice(1))
      return AdaptLabels(from, source_.labels, to, info_.plan.labels, rules);
    if (from.sizes() != to.sizes()) return {kFresh, fmt::format("{} in the file, {} here", Shape(from), Shape(to))};
    to.copy_(from);
    return {};
  }

  torch::Tensor Flattened(const torch::Tensor& from, const std::string& name, std::string& note) const {
    const std::int64_t planes = 2 * info_.plan.network.neighbour_slices + 1;
    if (name == "encoder_0.0.convolution.weight" && planes > 1) {
      if (const torch::Tensor slices = DepthAsSlices(from, planes); slices.defined()) {
        note = fmt::format("the kernel's depth of {} became the neighbouring slices", planes);
        return slices;
      }
    }
    return WithoutDepth(from, state_.at(name).sizes().slice(2), name.starts_with("up_"), note);
  }

  // A bias that is added before a norm: instance norm takes it away again, batch norm's running mean can hold it.
  void UseBias(const weights::MatchedTensor& matched) {
    if (!matched.bias || !matched.from || !used_.contains(*matched.from)) return;
    switch (info_.plan.network.norm) {
      case plan::NetworkNorm::kInstance: reasons_[*matched.bias] = "without effect before instance norm"; return;
      case plan::NetworkNorm::kGroup: reasons_[*matched.bias] = "no place for it before group norm"; return;
      case plan::NetworkNorm::kBatch: break;
    }
    const std::string layer = matched.name.substr(0, matched.name.rfind(".convolution"));
    torch::Tensor mean = state_.at(layer + ".running_mean");
    const torch::Tensor bias = Values(source_.file.tensors[*matched.bias]);
    if (bias.sizes() != mean.sizes()) return;
    mean.sub_(bias);
    reasons_[*matched.bias] = "taken off the running mean, which has the same effect";
  }

  std::string WhyNotUsed(std::size_t place) const {
    if (const auto reason = reasons_.find(place); reason != reasons_.end()) return reason->second;
    const weights::NamedTensor& tensor = source_.file.tensors[place];
    if (tensor.name.ends_with("num_batches_tracked")) return "a counter";
    for (const auto& [other, name] : used_) {
      const base::Tensor& used = source_.file.tensors[other].tensor;
      if (used.shape == tensor.tensor.shape && used.dtype == tensor.tensor.dtype &&
          std::ranges::equal(used.bytes, tensor.tensor.bytes))
        return "the same values under another name";
    }
    if (tensor.name.ends_with("running_mean") || tensor.name.ends_with("running_var"))
      return "this network's norm keeps no running statistics";
    return "no tensor of this network belongs to it";
  }

  const Source& source_;
  const plan::BundleInfo& info_;
  std::map<std::string, torch::Tensor> state_;
  weights::Matching matching_;
  std::map<std::size_t, std::string> used_;     // by place in the file: the network's tensor
  std::map<std::size_t, std::string> reasons_;  // by place in the file: why it was not used
};

}  // namespace

int TransferReport::Count(TransferOutcome outcome) const {
  return static_cast<int>(
      std::count_if(rows.begin(), rows.end(), [&](const TransferRow& row) { return row.outcome == outcome; }));
}

TransferReport TransferWeights(const std::filesystem::path& path, const plan::BundleInfo& info, UNet& network) {
  return base::WithContext(path.string(), [&] {
    const torch::NoGradGuard no_gradient;
    const Source source = OpenSource(path);
    TransferReport report = Transfer(source, info, network).Run();
    report.file = path.filename().string();
    if (report.Count(kCopied) + report.Count(kAdapted) == 0) {
      Throw(ErrorKind::kInput, fmt::format("no tensor of {} fits the network of this plan; compare network.widths and "
                                           "the tensors' names",
                                           report.file));
    }
    return report;
  });
}

}  // namespace parotis::model
