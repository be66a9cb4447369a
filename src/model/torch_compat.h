// The differences between the LibTorch versions this project compiles with (1.13, 2.11, 2.13), and nothing else.
#pragma once

#include <ATen/autocast_mode.h>
#include <torch/version.h>

#include <string>
#include <string_view>

#include "model/torch.h"

namespace parotis::model::compat {

#if TORCH_VERSION_MAJOR >= 2

inline bool AutocastEnabled(at::DeviceType device) { return at::autocast::is_autocast_enabled(device); }
inline void SetAutocastEnabled(at::DeviceType device, bool enabled) {
  at::autocast::set_autocast_enabled(device, enabled);
}
inline void SetAutocastType(at::DeviceType device, at::ScalarType type) {
  at::autocast::set_autocast_dtype(device, type);
}

// Deterministic algorithms would fill all fresh memory, for programs that read it before writing it.
inline void LeaveFreshMemoryAlone() { at::globalContext().setDeterministicFillUninitializedMemory(false); }

// "AVX512", "AVX2", …: what LibTorch's own kernels use on this machine.
inline std::string CpuCapability() { return at::get_cpu_capability(); }

#else

inline bool AutocastEnabled(at::DeviceType device) {
  return device == at::kCPU ? at::autocast::is_cpu_enabled() : at::autocast::is_enabled();
}
inline void SetAutocastEnabled(at::DeviceType device, bool enabled) {
  device == at::kCPU ? at::autocast::set_cpu_enabled(enabled) : at::autocast::set_enabled(enabled);
}
inline void SetAutocastType(at::DeviceType device, at::ScalarType type) {
  device == at::kCPU ? at::autocast::set_autocast_cpu_dtype(type) : at::autocast::set_autocast_gpu_dtype(type);
}

inline void LeaveFreshMemoryAlone() {}

inline std::string CpuCapability() {
  constexpr std::string_view kKey = "CPU capability usage: ";
  const std::string text = at::show_config();
  const std::size_t found = text.find(kKey);
  if (found == std::string::npos) return "unknown";
  const std::size_t start = found + kKey.size();
  return text.substr(start, text.find('\n', start) - start);
}

#endif

}  // namespace parotis::model::compat
