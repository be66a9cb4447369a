#include "app/machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <system_error>

#include "base/parallel.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

// The text behind "key : " in a file of /proc; empty when absent.
std::string ProcValue(const fs::path& file, const std::string& key) {
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    if (!line.starts_with(key)) continue;
    const std::size_t colon = line.find(':');
    const std::size_t start = colon == std::string::npos ? colon : line.find_first_not_of(" \t", colon + 1);
    if (start != std::string::npos) return line.substr(start);
  }
  return {};
}

std::uint64_t MemInfoBytes(const std::string& key) {
  std::istringstream stream(ProcValue("/proc/meminfo", key));
  std::uint64_t kibibytes = 0;
  stream >> kibibytes;
  return kibibytes * 1024;
}

// Containers and batch systems limit memory below what the machine has (control groups v2, then v1).
std::uint64_t ControlGroupLimit() {
  for (const char* file : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::ifstream stream(file);
    std::uint64_t bytes = 0;
    if (stream >> bytes) return bytes;
  }
  return UINT64_MAX;
}

std::vector<std::string> FeaturesThatMatter() {
  const std::string flags = " " + ProcValue("/proc/cpuinfo", "flags") + " ";
  std::vector<std::string> present;
  for (const char* feature : {"avx2", "avx512f", "avx512_bf16", "amx_bf16"}) {
    if (flags.find(fmt::format(" {} ", feature)) != std::string::npos) present.emplace_back(feature);
  }
  return present;
}

std::vector<std::string> NvidiaGpus() {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/proc/driver/nvidia/gpus", ignored)) {
    const std::string model = ProcValue(entry.path() / "information", "Model");
    names.push_back(model.empty() ? entry.path().filename().string() : model);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

Machine ExamineMachine() {
  Machine machine;
  machine.cpu_model = ProcValue("/proc/cpuinfo", "model name");
  machine.cpu_features = FeaturesThatMatter();
  machine.threads = base::AvailableThreads();
  machine.memory_bytes = std::min(MemInfoBytes("MemTotal"), ControlGroupLimit());
  machine.memory_available_bytes = std::min(MemInfoBytes("MemAvailable"), machine.memory_bytes);
  machine.gpus = NvidiaGpus();
  return machine;
}

std::uint64_t FreeDiskBytes(const fs::path& folder) {
  std::error_code code;
  const fs::space_info space = fs::space(folder, code);
  return code ? 0 : space.available;
}

fs::path ProgramFolder() { return fs::read_symlink("/proc/self/exe").parent_path(); }

std::vector<fs::path> DataFolders() {
  const fs::path program = ProgramFolder();
  return {program, program / ".." / "share" / "parotis", program / ".." / ".."};
}

std::string FormatBytes(std::uint64_t bytes) {
  if (bytes >= 1'000'000'000) return fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9);
  if (bytes >= 1'000'000) return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
  return fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1e3);
}

}  // namespace parotis::app
