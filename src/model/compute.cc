#include "model/compute.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "base/parallel.h"
#include "model/devices.h"
#include "model/keep_memory.h"
#include "model/torch_compat.h"

namespace parotis::model {
namespace {

// bfloat16 pays where the CPU multiplies in it; elsewhere it is emulated and slower than float32.
bool CpuHasBfloat16() {
  std::ifstream cpuinfo("/proc/cpuinfo");
  std::string line;
  while (std::getline(cpuinfo, line)) {
    if (!line.starts_with("flags")) continue;
    return line.find(" avx512_bf16") != std::string::npos || line.find(" amx_bf16") != std::string::npos;
  }
  return false;
}

at::Device ParseDevice(const std::string& name) {
  const bool is_cuda =
      name == "cuda" || (name.starts_with("cuda:") && name.find_first_not_of("0123456789", 5) == std::string::npos &&
                         name.size() > 5 && name.size() < 8);
  if (name != "cpu" && !is_cuda) {
    base::Throw(base::ErrorKind::kUsage, fmt::format("the device \"{}\" is not known; use cpu, cuda or cuda:0", name));
  }
  const at::Device device(is_cuda && name == "cuda" ? "cuda:0" : name);
  if (is_cuda && (!torch::cuda::is_available() || device.index() >= static_cast<int>(torch::cuda::device_count()))) {
    base::Throw(
        base::ErrorKind::kUsage,
        fmt::format(
            "the device {} is not there: this LibTorch sees {} CUDA devices; use --device cpu, or see `parotis doctor`",
            name, torch::cuda::is_available() ? torch::cuda::device_count() : 0));
  }
  return device;
}

bool WantsBfloat16(const std::string& precision, const at::Device& device) {
  if (precision == "float32") return false;
  if (precision == "bfloat16") return true;
  if (precision == "auto") return device.is_cuda() || (TORCH_VERSION_MAJOR >= 2 && CpuHasBfloat16());
  base::Throw(base::ErrorKind::kUsage,
              fmt::format("the precision \"{}\" is not known; use auto, float32 or bfloat16", precision));
}

// LibTorch's public interface gives no device names; the driver's files do, in the order of the PCI bus.
std::vector<std::string> CudaNames() {
  std::vector<std::string> names;
  std::error_code ignored;
  std::vector<std::filesystem::path> folders;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/driver/nvidia/gpus", ignored))
    folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  for (const auto& folder : folders) {
    std::ifstream information(folder / "information");
    std::string line;
    while (std::getline(information, line)) {
      const std::size_t start = line.find_first_not_of(" \t", 6);
      if (line.starts_with("Model:") && start != std::string::npos) names.push_back(line.substr(start));
    }
  }
  return names;
}

}  // namespace

Compute ChooseCompute(const std::string& device, const std::string& precision, int threads) {
  KeepFreedMemory();
  Compute compute;
  compute.device = ParseDevice(device);
  compute.bfloat16 = WantsBfloat16(precision, compute.device);
  at::set_num_threads(threads > 0 ? threads : base::AvailableThreads());
  at::globalContext().setDeterministicAlgorithms(true, /*warn_only=*/true);
  compat::LeaveFreshMemoryAlone();
  at::globalContext().setBenchmarkCuDNN(false);
  at::globalContext().setDeterministicCuDNN(true);
  return compute;
}

AutocastScope::AutocastScope(const Compute& compute)
    : device_(compute.device.type()), previous_(compat::AutocastEnabled(device_)) {
  compat::SetAutocastEnabled(device_, compute.bfloat16);
  compat::SetAutocastType(device_, at::kBFloat16);
  at::autocast::increment_nesting();
}

AutocastScope::~AutocastScope() {
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  compat::SetAutocastEnabled(device_, previous_);
}

std::string TorchVersion() { return TORCH_VERSION; }

std::vector<std::string> Devices() {
  std::vector<std::string> lines = {fmt::format("cpu: {}{}, {} threads", compat::CpuCapability(),
                                                CpuHasBfloat16() ? ", bfloat16" : "", base::AvailableThreads())};
  if (!torch::cuda::is_available()) return lines;
  const std::vector<std::string> names = CudaNames();
  for (std::size_t i = 0; i < static_cast<std::size_t>(torch::cuda::device_count()); ++i) {
    lines.push_back(fmt::format("cuda:{}: {}", i, i < names.size() ? names[i] : "CUDA device"));
  }
  return lines;
}

}  // namespace parotis::model
