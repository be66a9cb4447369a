#include "model/bundle.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>
#include <set>

#include "base/error.h"

namespace parotis::model {
namespace {

using base::DType;
using base::ErrorKind;
using base::Throw;

at::ScalarType TorchType(DType type) {
  switch (type) {
    case DType::kF64: return at::kDouble;
    case DType::kF32: return at::kFloat;
    case DType::kF16: return at::kHalf;
    case DType::kBF16: return at::kBFloat16;
    case DType::kI64: return at::kLong;
    case DType::kI32: return at::kInt;
    case DType::kI16: return at::kShort;
    case DType::kI8: return at::kChar;
    case DType::kU8: return at::kByte;
    case DType::kBool: return at::kBool;
  }
  return at::kFloat;
}

void CopyChecked(const base::Safetensors& file, const std::string& name, torch::Tensor target) {
  const base::Tensor& stored = file.at(name);
  if (stored.shape != target.sizes().vec()) {
    Throw(ErrorKind::kInput, fmt::format("the tensor {} has shape [{}], the network of this bundle's plan needs [{}]",
                                         name, fmt::join(stored.shape, ", "), fmt::join(target.sizes().vec(), ", ")));
  }
  const torch::Tensor values = ToTorch(stored);
  if (!at::isFloatingType(values.scalar_type()))
    Throw(ErrorKind::kInput, fmt::format("the tensor {} holds no floating-point numbers", name));
  if (!torch::isfinite(values).all().item<bool>())
    Throw(ErrorKind::kInput, fmt::format("the tensor {} holds values that are not finite", name));
  target.copy_(values);
}

}  // namespace

UNet MakeNetwork(const plan::BundleInfo& info, std::uint64_t seed) {
  return UNet(info.plan.network, static_cast<std::int64_t>(info.channels.size()),
              static_cast<std::int64_t>(info.plan.labels.size()), seed);
}

torch::Tensor ToTorch(const base::Tensor& stored) {
  const torch::Tensor values = torch::empty(stored.shape, TorchType(stored.dtype));
  if (!stored.bytes.empty()) std::memcpy(values.data_ptr(), stored.bytes.data(), stored.bytes.size());
  return at::isFloatingType(values.scalar_type()) ? values.to(at::kFloat) : values;
}

base::Tensor FromTorch(const torch::Tensor& tensor, DType stored, std::vector<torch::Tensor>& keep) {
  keep.push_back(tensor.detach().to(at::kCPU).to(TorchType(stored)).contiguous());
  const torch::Tensor& values = keep.back();
  return {stored, values.sizes().vec(), {static_cast<const std::byte*>(values.data_ptr()), values.nbytes()}};
}

void SaveBundle(const std::filesystem::path& path, const plan::BundleInfo& info, const torch::nn::Module& network,
                DType stored) {
  std::vector<torch::Tensor> keep;
  std::map<std::string, base::Tensor> tensors;
  for (const auto& [name, tensor] : StateOf(network)) {
    tensors[name] = FromTorch(tensor, stored, keep);
    if (!torch::isfinite(keep.back()).all().item<bool>()) {
      Throw(ErrorKind::kInput, fmt::format("{} cannot be written: the tensor {} holds values that are not finite as {}",
                                           path.string(), name, base::NameOf(stored)));
    }
  }
  base::WriteSafetensors(path, plan::MetadataOf(info), tensors);
}

ModelBundle LoadBundle(const std::filesystem::path& path) {
  ModelBundle bundle;
  bundle.info = plan::ReadBundleInfo(path);
  const base::Safetensors file = base::ReadSafetensors(path);
  base::WithContext(path.string(), [&] {
    const torch::NoGradGuard no_gradient;
    std::set<std::string> known;
    for (int member = 0; member < bundle.info.members; ++member) {
      bundle.networks.push_back(MakeNetwork(bundle.info, /*seed=*/0));
      bundle.networks.back()->eval();
      for (const auto& [name, tensor] : StateOf(*bundle.networks.back())) {
        const std::string stored = plan::MemberPrefix(bundle.info, member) + name;
        CopyChecked(file, stored, tensor);
        known.insert(stored);
      }
    }
    for (const auto& [name, tensor] : file.tensors) {
      if (!known.contains(name))
        Throw(ErrorKind::kInput, fmt::format("the tensor {} belongs to no part of the network", name));
    }
  });
  return bundle;
}

}  // namespace parotis::model
