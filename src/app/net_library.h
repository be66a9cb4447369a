// The way to everything behind LibTorch's fence. libparotis_net.so lies beside the program, or where a package puts it
// (../lib/parotis), and is loaded on first use: LibTorch costs about half a second and 150 MB, which `inspect`,
// `doctor` and `--help` must not pay.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "infer/predictor.h"
#include "train/measure.h"
#include "train/train.h"

namespace parotis::app {

struct NetFunctions {
  std::unique_ptr<infer::Predictor> (*load_predictor)(const std::filesystem::path& bundle,
                                                      const infer::InferenceOptions& options);
  train::TrainSummary (*train)(const train::TrainRequest& request);
  train::Cost (*measure_cost)(const dataset::Case& examination, const plan::Plan& plan, const std::string& contrast_set,
                              const std::string& device, int threads);
  std::string (*torch_version)();
  // One line per device ("cpu: AVX512, bf16"; "cuda:0: NVIDIA …, 80 GB"), for doctor.
  std::vector<std::string> (*devices)();
};

// Where the library is, or would be beside the program.
std::filesystem::path NetLibraryFile();

// Throws kIo with the loader's reason and the remedy when the library or LibTorch cannot be loaded.
const NetFunctions& Net();

// The symbol through which the library hands over its functions.
inline constexpr const char* kNetEntrySymbol = "ParotisNetFunctions";

}  // namespace parotis::app
