// What this machine offers, asked of the operating system only: fast, and without loading LibTorch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace parotis::app {

struct Machine {
  std::string cpu_model;
  std::vector<std::string> cpu_features;  // of those that matter here: avx2, avx512f, avx512_bf16, amx_bf16
  int threads = 1;                        // CPUs this process may run on
  std::uint64_t memory_bytes = 0;         // the smaller of the machine's and the control group's limit
  std::uint64_t memory_available_bytes = 0;
  std::vector<std::string> gpus;  // NVIDIA device names as the driver lists them
};

Machine ExamineMachine();

// Free bytes for an ordinary user on the file system that holds `folder`; 0 when it cannot be asked.
std::uint64_t FreeDiskBytes(const std::filesystem::path& folder);

// The folder of the running program, links resolved.
std::filesystem::path ProgramFolder();

// Where models/ and configs/ that come with the program may lie, the likeliest first: beside it, where a package
// installs them, in the source tree it was built from.
std::vector<std::filesystem::path> DataFolders();

// "23.4 GB"
std::string FormatBytes(std::uint64_t bytes);

}  // namespace parotis::app
