// What LibTorch can compute on here. This header needs no LibTorch.
#pragma once

#include <string>
#include <vector>

namespace parotis::model {

std::string TorchVersion();
// One line per device: "cpu: AVX512, bfloat16, 8 threads" or "cuda:0: <name>".
std::vector<std::string> Devices();

}  // namespace parotis::model
